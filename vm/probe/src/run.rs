//! Runs checks one after the other, each in a process of its own, and says how each ended.
//!
//! The lines are read by `cargo eg vm`: `check NAME`, then `ok NAME` or `FAILED NAME: reason`.

use std::io::Read;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, bail};
use eg_hal::clock;

use crate::check::{Check, User};

/// A check that takes longer hangs. An emulated machine is slow: the slowest takes some seconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// Between two looks at a check that runs.
const LOOK: Duration = Duration::from_millis(5);

/// The user and group of nobody on Debian.
const NOBODY: u32 = 65_534;

/// Runs them all, whatever fails.
pub(crate) fn all(checks: impl Iterator<Item = &'static Check>) {
    for check in checks {
        let name = check.full_name();
        println!("check {name}");
        match in_a_process(check) {
            Ok(()) => println!("ok {name}"),
            Err(why) => println!("FAILED {name}: {}", one_line(&format!("{why:#}"))),
        }
    }
}

/// Runs the check of that name here; what is wrong goes to standard error.
pub(crate) fn one(mut checks: impl Iterator<Item = &'static Check>, name: &str) -> ExitCode {
    let Some(check) = checks.find(|check| check.full_name() == name) else {
        eprintln!("no check called {name}");
        return ExitCode::FAILURE;
    };
    match (check.run)() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why:#}");
            ExitCode::FAILURE
        }
    }
}

fn in_a_process(check: &Check) -> anyhow::Result<()> {
    let mut command = Command::new("/proc/self/exe");
    command.args(["check", &check.full_name()]);
    command.stdin(Stdio::null()).stderr(Stdio::piped());
    match check.user {
        User::Root => {}
        User::Nobody => {
            command.uid(NOBODY).gid(NOBODY);
        }
    }
    let mut child = command.spawn().context("cannot start the check")?;
    let mut errors = child.stderr.take().context("no pipe to the check")?;
    let reader = thread::spawn(move || {
        let mut text = Vec::new();
        errors.read_to_end(&mut text).map(|_| text)
    });
    let deadline = clock::now() + PATIENCE;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break Some(status);
        }
        if clock::now() > deadline {
            child.kill()?;
            child.wait()?;
            break None;
        }
        thread::sleep(LOOK);
    };
    let said = reader.join().ok().context("reading from the check panicked")??;
    let said = String::from_utf8_lossy(&said);
    match status {
        Some(status) if status.success() => Ok(()),
        Some(_) if !said.trim().is_empty() => bail!("{}", said.trim()),
        Some(status) => bail!("{status}"),
        None => bail!("did not end within {PATIENCE:?} {said}"),
    }
}

/// The text on one line, so that it is one verdict.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

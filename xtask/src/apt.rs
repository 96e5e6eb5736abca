//! `apt-get` as root, which waits while another program installs: a fresh machine updates itself in its first minutes.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, BufRead, BufReader, IsTerminal};
use std::os::unix::fs::MetadataExt;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use crate::terminal::say_duration;
use crate::tools;

/// Longest wait for apt's locks. `unattended-upgrades` on a slow card takes that long.
const LOCK_TIMEOUT: Duration = Duration::from_mins(15);
/// Time between two tries: nothing tells when a lock of another user's process is let go.
const RETRY: Duration = Duration::from_secs(2);

/// Runs `apt-get` with these arguments, as root; waits up to [`LOCK_TIMEOUT`] while another program holds apt's locks,
/// and says which.
///
/// # Errors
/// When `apt-get` fails for another reason, or the locks are still held at the end.
pub(crate) fn get(arguments: &[&str], path: &OsStr) -> anyhow::Result<()> {
    get_within(LOCK_TIMEOUT, RETRY, arguments, path)
}

fn get_within(
    timeout: Duration,
    retry: Duration,
    arguments: &[&str],
    path: &OsStr,
) -> anyhow::Result<()> {
    #[expect(clippy::disallowed_methods, reason = "the wait for a real program")]
    let started = Instant::now();
    let mut told = None;
    loop {
        let mut command = as_root("apt-get", path)?;
        // apt itself waits for dpkg's locks, but not for those of its lists and its archives.
        let wait = format!("--option=DPkg::Lock::Timeout={}", timeout.as_secs());
        let (status, held) = run(command.arg(wait).args(arguments))?;
        if status.success() {
            return Ok(());
        }
        let Some(held) = held.filter(|_| started.elapsed() < timeout) else {
            anyhow::bail!("{command:?}: {status} after {}", say_duration(started.elapsed()));
        };
        if told.as_ref() != Some(&held) {
            println!("waiting for apt: {held}");
            told = Some(held);
        }
        thread::sleep(retry);
    }
}

/// Runs it and passes on what it says; the lock that another program holds, if that is why it failed.
fn run(command: &mut Command) -> anyhow::Result<(ExitStatus, Option<String>)> {
    let context = format!("cannot start {command:?}");
    let mut child = command.stderr(Stdio::piped()).spawn().context(context)?;
    let mut held = None;
    if let Some(errors) = child.stderr.take() {
        for line in BufReader::new(errors).lines() {
            let line = line?;
            if held.is_none() && is_held_lock(&line) {
                held = Some(line.trim_start_matches("E: ").to_owned());
            } else if held.is_none() {
                eprintln!("{line}");
            }
        }
    }
    Ok((child.wait()?, held))
}

/// Returns `true` if apt says that another program holds a lock, not that it may not take it.
fn is_held_lock(line: &str) -> bool {
    line.starts_with("E: Could not get lock") && line.contains("held by")
}

/// A command of root's: ours if we are root, else through sudo, which may ask for a password on a terminal only.
///
/// # Errors
/// When we are not root and there is no sudo.
pub(crate) fn as_root(program: &str, path: &OsStr) -> anyhow::Result<Command> {
    let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    let mut command = if is_root {
        Command::new("env")
    } else {
        ensure!(
            tools::find("sudo", path).is_some(),
            "{program} wants root and there is no sudo: run it as root yourself"
        );
        let mut sudo = Command::new("sudo");
        if !io::stdin().is_terminal() {
            sudo.arg("--non-interactive");
        }
        sudo.arg("env");
        sudo
    };
    command.args(["DEBIAN_FRONTEND=noninteractive", "LC_ALL=C", program]).env("PATH", path);
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsString;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    const HELD: &str =
        "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 7 (apt-get)";

    /// A folder with an `apt-get` that runs this script, in front of the PATH.
    fn apt_get(folder: &Path, script: &str) -> OsString {
        for name in ["apt-get", "sudo"] {
            let program = folder.join(name);
            let runs = if name == "sudo" { "shift; exec \"$@\"" } else { script };
            fs::write(&program, format!("#!/bin/sh\n{runs}\n")).unwrap();
            fs::set_permissions(program, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let mut path = folder.as_os_str().to_owned();
        path.push(":/usr/bin:/bin");
        path
    }

    #[test]
    fn waits_while_another_program_holds_a_lock_of_apt() {
        let folder = tempfile::tempdir().unwrap();
        let tries = folder.path().join("tries");
        let script = format!(
            "echo x >> {tries}; [ $(wc -l < {tries}) -ge 3 ] || {{ echo '{HELD}' >&2; exit 100; }}",
            tries = tries.display()
        );
        let path = apt_get(folder.path(), &script);

        get_within(Duration::from_mins(1), Duration::ZERO, &["update"], &path).unwrap();

        assert_eq!(fs::read_to_string(tries).unwrap().lines().count(), 3);
    }

    #[test]
    fn gives_up_at_once_when_apt_fails_for_another_reason() {
        let folder = tempfile::tempdir().unwrap();
        let path = apt_get(folder.path(), "echo 'E: Unable to locate package x' >&2; exit 100");

        let error =
            get_within(Duration::from_mins(1), Duration::from_mins(1), &["install", "x"], &path);

        assert!(error.unwrap_err().to_string().contains("exit status: 100"));
    }

    #[test]
    fn gives_up_when_the_lock_is_never_let_go() {
        let folder = tempfile::tempdir().unwrap();
        let path = apt_get(folder.path(), &format!("echo '{HELD}' >&2; exit 100"));

        assert!(get_within(Duration::ZERO, Duration::ZERO, &["update"], &path).is_err());
    }

    #[test]
    fn a_lock_that_we_may_not_take_is_not_waited_for() {
        assert!(is_held_lock(HELD));
        assert!(!is_held_lock(
            "E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)"
        ));
    }
}

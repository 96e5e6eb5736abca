//! The machine while it runs: QEMU without hardware help, two serial lines, a time after which it is switched off.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;

/// Parts of the machine.
pub(crate) struct Guest {
    /// QEMU with its settings. What it says on standard output is what the checks say.
    pub(crate) qemu: Command,
    /// Where the kernel's own messages go.
    pub(crate) kernel_log: PathBuf,
    /// Where the lines of the checks go, as they come.
    pub(crate) check_log: PathBuf,
}

impl Guest {
    /// Boots it and hands each line over as it comes. Ends when the machine is off, or `patience` is over: then it is
    /// switched off. Says how it ended.
    ///
    /// # Errors
    /// When QEMU does not start, or the log cannot be written.
    pub(crate) fn run(
        mut self,
        patience: Duration,
        mut hear: impl FnMut(&str),
    ) -> anyhow::Result<String> {
        let mut log = create(&self.check_log)?;
        create(&self.kernel_log)?;
        let qemu = self.qemu.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut machine = qemu.spawn().context("QEMU does not start")?;
        let lines = machine.stdout.take().context("no pipe to QEMU")?;
        let (send, receive) = mpsc::channel();
        let reader = thread::spawn(move || {
            for line in BufReader::new(lines).split(b'\n').map_while(Result::ok) {
                if send.send(line).is_err() {
                    break;
                }
            }
        });
        let deadline = now() + patience;
        let late = loop {
            match receive.recv_timeout(deadline.saturating_duration_since(now())) {
                Ok(line) => {
                    let line = String::from_utf8_lossy(&line).trim_end().to_owned();
                    writeln!(log, "{line}")?;
                    hear(&line);
                }
                Err(RecvTimeoutError::Disconnected) => break false,
                Err(RecvTimeoutError::Timeout) => break true,
            }
        };
        if late {
            machine.kill()?;
        }
        drop(receive);
        let status = machine.wait()?;
        drop(reader.join());
        Ok(if late {
            format!("the machine was switched off after {} s", patience.as_secs())
        } else {
            format!("the machine ended ({status})")
        })
    }
}

fn create(path: &Path) -> anyhow::Result<File> {
    File::create(path).with_context(|| format!("cannot write {}", path.display()))
}

#[expect(clippy::disallowed_methods, reason = "a clock for a machine that may hang")]
fn now() -> Instant {
    Instant::now()
}

//! Programs that run, are killed, stopped and started again.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, anyhow};
use rustix::process::{Pid, Signal, kill_process};

use super::disk::Disk;
use super::truth::Life;

/// Time within which a program ends after SIGTERM.
const STOPS: Duration = Duration::from_secs(20);

/// Program that may be started many times.
pub(super) struct Program {
    /// Name in findings and of the log.
    pub(super) name: String,
    command: Box<dyn Fn() -> Command>,
    log: PathBuf,
    /// Disk under it.
    pub(super) disk: Option<Disk>,
    child: Option<Child>,
    /// An end was asked for.
    ending: bool,
    stopped: bool,
}

impl Program {
    /// Describes a program; nothing is started.
    pub(super) fn new(
        name: &str,
        folder: &Path,
        disk: Option<Disk>,
        command: impl Fn() -> Command + 'static,
    ) -> Self {
        let log = folder.join(format!("{name}.log"));
        let command = Box::new(command);
        let name = name.to_owned();
        Self { name, command, log, disk, child: None, ending: false, stopped: false }
    }

    /// Starts it. An agent, which is given a life, tells its events on standard output: they are read for that life.
    pub(super) fn start(&mut self, life: Option<Arc<Life>>) -> anyhow::Result<()> {
        let log = fs::File::options().create(true).append(true).open(&self.log)?;
        let mut command = tied_to_us(&(self.command)());
        if let Some(disk) = &self.disk {
            disk.under(&mut command);
        }
        command.stdin(Stdio::null()).stderr(log.try_clone()?);
        match &life {
            Some(_) => command.stdout(Stdio::piped()),
            None => command.stdout(log),
        };
        let mut child = command.spawn().with_context(|| format!("{} does not start", self.name))?;
        if let (Some(life), Some(out)) = (life, child.stdout.take()) {
            thread::spawn(move || {
                // Ends with the agent.
                for line in BufReader::new(out).lines().map_while(Result::ok) {
                    life.told(&line);
                }
            });
        }
        (self.child, self.ending, self.stopped) = (Some(child), false, false);
        Ok(())
    }

    /// Returns the cause when it ended although nobody asked it to.
    pub(super) fn ended_by_itself(&mut self) -> Option<String> {
        if self.ending {
            return None;
        }
        let status = self.child.as_mut()?.try_wait().ok()??;
        self.child = None;
        Some(format!("{} ended by itself: {status}", self.name))
    }

    /// Kills it at once, as a power cut would.
    pub(super) fn kill(&mut self) {
        self.ending = true;
        if let Some(mut child) = self.child.take() {
            // It has ended already.
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Returns the number of its process while it runs.
    pub(super) fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// Asks it to end.
    pub(super) fn terminate(&mut self) -> anyhow::Result<()> {
        self.ending = true;
        self.signal(Signal::TERM)
    }

    /// Stops it in its tracks, or lets it go on.
    pub(super) fn stop(&mut self, stops: bool) -> anyhow::Result<()> {
        self.stopped = stops;
        self.signal(if stops { Signal::STOP } else { Signal::CONT })
    }

    fn signal(&self, signal: Signal) -> anyhow::Result<()> {
        let Some(child) = &self.child else { return Ok(()) };
        let pid = Pid::from_raw(i32::try_from(child.id())?).context("no process")?;
        kill_process(pid, signal).map_err(|error| anyhow!("{} {signal:?}: {error}", self.name))
    }

    /// Waits until it has ended. `true` if it had to be killed.
    pub(super) fn join(&mut self) -> bool {
        let until = eg_clock::monotonic() + STOPS;
        while let Some(child) = &mut self.child {
            if !matches!(child.try_wait(), Ok(None)) {
                self.child = None;
            } else if eg_clock::monotonic() >= until {
                self.kill();
                return true;
            } else {
                thread::sleep(Duration::from_millis(5));
            }
        }
        false
    }

    /// Returns the lines of its log that tell of a panic.
    pub(super) fn panics(&self) -> Vec<String> {
        let log = fs::read(&self.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let panics = log.lines().filter(|line| line.contains("panicked at"));
        panics.map(|line| format!("{}: {line}", self.name)).collect()
    }
}

/// Wraps a command so that its program dies with us, whatever ends us (`setpriv` of util-linux becomes the program).
fn tied_to_us(command: &Command) -> Command {
    let mut tied = Command::new("setpriv");
    tied.args(["--pdeathsig", "KILL"]).arg(command.get_program()).args(command.get_args());
    tied.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    tied
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

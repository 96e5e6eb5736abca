//! One named step of `cargo eg test`: a cargo command, its output, its end.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};

use crate::count::Count;
use crate::terminal::Terminal;
use crate::test::In;
use crate::tools::Tool;

/// The exit code of a step whose tests could not run here, and which counts them as skipped.
pub(crate) const SKIPPED: u8 = 3;

/// A cargo command with a name.
pub(crate) struct Step {
    /// Name for `--only` and `--skip`.
    pub(crate) name: &'static str,
    /// Tiers that run it.
    pub(crate) tier: In,
    /// Arguments of cargo.
    pub(crate) cargo: &'static [&'static str],
    /// Environment variables of the command.
    pub(crate) env: &'static [(&'static str, &'static str)],
    /// Programs that must be present first.
    pub(crate) needs: &'static [&'static Tool],
    /// Reader of the closing lines of a step that runs tests: its output is then passed on through us. Else it has the
    /// terminal itself.
    pub(crate) count: Option<ReadCount>,
}

/// Reads a line of output, if it is a closing line.
pub(crate) type ReadCount = fn(&str) -> Option<Count>;

/// End of a step.
pub(crate) struct Outcome {
    /// Name in the table.
    pub(crate) name: &'static str,
    /// Cause of a failure, in one line.
    pub(crate) failure: Option<String>,
    /// Time that the step took.
    pub(crate) took: Duration,
    /// The tests that it ran, when it counts them and got so far.
    pub(crate) count: Option<Count>,
}

impl Outcome {
    /// Returns `true` if the step could not run here: it has tests, and none of them ran.
    pub(crate) fn is_skipped(&self) -> bool {
        let none_ran = |count: Count| count.passed + count.failed == 0 && count.skipped > 0;
        self.failure.is_none() && self.count.is_some_and(none_ran)
    }
}

impl Step {
    /// The command as a person would type it.
    pub(crate) fn command_line(&self) -> String {
        let env = self.env.iter().map(|(name, value)| format!("{name}='{value}' "));
        format!("{}cargo {}", env.collect::<String>(), self.cargo.join(" "))
    }

    /// Runs the command to its end with this `PATH`; its output flows to standard output and standard error. Unless it
    /// may `install`, what it misses stays missing.
    pub(crate) fn run(&self, path: &OsStr, terminal: Terminal, install: bool) -> Outcome {
        let mut command = cargo();
        command.args(self.cargo).envs(self.env.iter().copied()).env("PATH", path);
        terminal.pass_on(&mut command);
        if terminal.is_ci() {
            command.env("NEXTEST_PROFILE", "ci");
            // Nobody builds there a second time from what an incremental build would keep.
            command.env("CARGO_INCREMENTAL", "0");
        }
        if !install {
            command.env("EG_NO_INSTALL", "true");
        }
        timed(self.name, || match self.count {
            Some(count) => run_counted(command, count),
            None => run(command),
        })
    }
}

/// Does the work and notes how it ended and how long it took.
#[expect(clippy::disallowed_methods, reason = "a clock for the person who waits")]
pub(crate) fn timed(
    name: &'static str,
    work: impl FnOnce() -> anyhow::Result<Option<Count>>,
) -> Outcome {
    let start = Instant::now();
    let (failure, count) = match work() {
        Ok(Some(count)) if count.failed > 0 => {
            (Some(format!("{} failed", count.failed)), Some(count))
        }
        Ok(count) => (None, count),
        Err(error) => match error.downcast::<Failed>() {
            Ok(failed) => (Some(failed.to_string()), failed.count),
            Err(error) => (Some(format!("{error:#}")), None),
        },
    };
    Outcome { name, failure, took: start.elapsed(), count }
}

/// The cargo that runs us, in the workspace's folder.
pub(crate) fn cargo() -> Command {
    let mut command = eg_scaffold::cargo();
    command.current_dir(crate::root());
    command
}

/// A command that ended with something else than 0.
#[derive(Debug)]
struct Failed {
    status: std::process::ExitStatus,
    count: Option<Count>,
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.count {
            Some(count) if count.failed > 0 => write!(f, "{} failed", count.failed),
            Some(_) | None => write!(f, "{}", self.status),
        }
    }
}

impl std::error::Error for Failed {}

fn run(mut command: Command) -> anyhow::Result<Option<Count>> {
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    if status.success() { Ok(None) } else { Err(Failed { status, count: None }.into()) }
}

fn run_counted(mut command: Command, count: ReadCount) -> anyhow::Result<Option<Count>> {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {command:?}"))?;
    let (Some(out), Some(err)) = (child.stdout.take(), child.stderr.take()) else {
        return Err(anyhow!("the pipes to {command:?} are missing"));
    };
    let errors = thread::spawn(move || pass_on(err, io::stderr(), count));
    let from_out = pass_on(out, io::stdout(), count)?;
    let from_err = errors.join().map_err(|_| anyhow!("reading standard error panicked"))??;
    let count = from_out.into_iter().chain(from_err).reduce(|mut sum, more| {
        sum += more;
        sum
    });
    let status = child.wait()?;
    let skipped = status.code() == Some(SKIPPED.into())
        && count.is_some_and(|count| count.failed == 0 && count.skipped > 0);
    if status.success() || skipped { Ok(count) } else { Err(Failed { status, count }.into()) }
}

/// Copies line by line until the end and adds up the closing lines.
fn pass_on(from: impl Read, mut to: impl Write, count: ReadCount) -> io::Result<Option<Count>> {
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    let mut sum: Option<Count> = None;
    while from.read_until(b'\n', &mut line)? > 0 {
        to.write_all(&line)?;
        if let Some(more) = count(&String::from_utf8_lossy(&line)) {
            *sum.get_or_insert_default() += more;
        }
        line.clear();
    }
    to.flush()?;
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_every_byte_on_and_adds_the_counts_up() {
        let text =
            b"test result: ok. 2 passed; 0 failed\n\xff\ntest result: ok. 3 passed; 1 failed";
        let mut passed_on = Vec::new();

        let count = pass_on(&text[..], &mut passed_on, Count::from_cargo_test).unwrap();

        assert_eq!(passed_on, text);
        assert_eq!(count, Some(Count { passed: 5, failed: 1, skipped: 0 }));
    }

    #[test]
    fn a_command_that_fails_is_a_failure_with_its_status() {
        let outcome = timed("false", || run(Command::new("false")));

        assert_eq!(outcome.failure.as_deref(), Some("exit status: 1"));
    }

    #[test]
    fn a_missing_program_is_a_failure_and_not_a_skip() {
        let outcome =
            timed("missing", || run_counted(Command::new("/no/such/program"), Count::from_nextest));

        let failure = outcome.failure.unwrap();
        assert!(failure.starts_with("cannot start"), "{failure}");
    }
}

//! Checks that run one after the other on something that takes long to make, and what they come to.

use std::process::ExitCode;

use crate::count::Count;
use crate::step::SKIPPED;
use crate::terminal::{Terminal, Tone};

/// A check of something, by its promise.
pub(crate) type Check<T> = (&'static str, fn(&T) -> anyhow::Result<()>);

/// Runs every check, whatever the others say, and tells how each ended.
pub(crate) fn run<T>(of: &T, checks: &[Check<T>], terminal: Terminal) -> Count {
    let mut count = Count::default();
    for (name, check) in checks {
        match check(of) {
            Ok(()) => {
                count.passed += 1;
                println!("{} {name}", terminal.paint(Tone::Good, "ok"));
            }
            Err(why) => {
                count.failed += 1;
                println!("{}", terminal.paint(Tone::Bad, &format!("FAILED {name}: {why:#}")));
            }
        }
    }
    count
}

/// Says why nothing can be checked here. Where it was required, that is a failure.
pub(crate) fn skip(why: &anyhow::Error, all: usize, require: bool, terminal: Terminal) -> Count {
    let what = if require { "FAILED" } else { "skipped" };
    println!("{}", terminal.paint(Tone::Bad, &format!("{what}: {why:#}")));
    let all = all as u64;
    match require {
        true => Count { failed: all, ..Count::default() },
        false => Count { skipped: all, ..Count::default() },
    }
}

/// Closes with the line that counts, and the exit code that tells a skip from a success.
pub(crate) fn close(what: &str, count: Count) -> ExitCode {
    println!("{what} checks: {count}");
    match count {
        Count { failed: 1.., .. } => ExitCode::FAILURE,
        Count { passed: 0, skipped: 1.., .. } => ExitCode::from(SKIPPED),
        Count { .. } => ExitCode::SUCCESS,
    }
}

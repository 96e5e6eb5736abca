//! End of a command: its exit code, and the words on standard error.

use eg_config::{Problem, Problems};
use std::collections::BTreeSet;
use std::process::ExitCode;

/// Exit code of a command that did not work.
pub(super) const FAILED: u8 = 1;
/// Exit code of a mistake in a file, a variable or the command itself.
pub(super) const MISTAKE: u8 = 2;

/// Tells what went wrong, in one line.
pub(super) fn finish(done: anyhow::Result<()>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!("{error:#}");
            ExitCode::from(FAILED)
        }
    }
}

/// Prints the mistakes on standard error, as a compiler does.
pub(super) fn complain(problems: &Problems) -> ExitCode {
    let mistakes = match problems.len() {
        1 => "1 mistake".to_owned(),
        count => format!("{count} mistakes"),
    };
    for problem in problems {
        anstream::eprintln!("{problem:#}\n");
    }
    let files = problems.iter().map(|problem: &Problem| problem.file.as_str());
    let files: BTreeSet<_> = files.collect();
    anstream::eprintln!("{mistakes} in {}", files.into_iter().collect::<Vec<_>>().join(", "));
    ExitCode::from(MISTAKE)
}

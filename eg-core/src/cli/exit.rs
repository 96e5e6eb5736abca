//! Ends of commands: exit codes, and errors as people read them.

use eg_config::Problems;
use std::process::ExitCode;

/// Exit code of a command that failed.
pub(super) const FAILED: u8 = 1;
/// Exit code for a mistake in the file, a variable or the command itself.
pub(super) const MISTAKE: u8 = 2;

/// Prints the mistakes on standard error, as a compiler does.
pub(super) fn complain(problems: &Problems) -> ExitCode {
    for problem in problems {
        anstream::eprintln!("{problem:#}\n");
    }
    let count = problems.len();
    anstream::eprintln!("{count} mistake{}", if count == 1 { "" } else { "s" });
    ExitCode::from(MISTAKE)
}

/// Prints the error, if any, in one line; returns the exit code.
pub(super) fn finish(done: anyhow::Result<()>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!("{error:#}");
            ExitCode::from(FAILED)
        }
    }
}

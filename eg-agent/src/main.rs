//! The agent's command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    eg_agent::cli::main()
}

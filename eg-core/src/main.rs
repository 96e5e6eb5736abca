//! The core's command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    eg_core::cli::main()
}

//! A core with this game in it, beside those of EG.

use {{ident}} as _;

fn main() -> std::process::ExitCode {
    eg_core::cli::main()
}

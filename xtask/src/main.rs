//! The tasks of this workspace, behind the alias `cargo eg`.

mod bench;
mod count;
mod install;
mod new;
mod plugin;
mod step;
mod terminal;
mod test;
mod tools;
mod vm;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The tasks of the EG workspace.
#[derive(Parser)]
#[command(name = "cargo eg", bin_name = "cargo eg")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Make a driver or a game that builds and keeps its promises as it stands
    New(new::Args),
    /// Build a driver as a shared library, which an agent loads
    BuildPlugin(plugin::Args),
    /// Install what is missing, then run every check that CI runs
    Test(test::Args),
    /// Run the drivers on a real kernel: Debian's, in an emulated machine with simulated chips
    Vm(vm::Args),
    /// Measure core and agent, each figure as a ratio to a control in the same run
    Bench(bench::Args),
}

fn main() -> ExitCode {
    let ended = match Cli::parse().task {
        Task::New(args) => new::run(&args),
        Task::BuildPlugin(args) => plugin::run(&args),
        Task::Test(args) => test::run(&args),
        Task::Vm(args) => vm::run(&args),
        Task::Bench(args) => bench::run(&args),
    };
    ended.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

/// The folder of the workspace, whatever folder the task was started from.
fn root() -> PathBuf {
    let mut root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.pop();
    root
}

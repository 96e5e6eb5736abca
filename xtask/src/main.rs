//! The tasks of this workspace, behind the alias `cargo eg`.

mod apt;
mod arm;
mod bench;
mod checks;
mod clean;
mod containers;
mod count;
mod debian;
mod docs;
mod fuzz;
mod graph;
mod install;
mod interleavings;
mod net;
mod new;
mod package;
mod pictures;
mod plugin;
mod release;
mod repository;
mod sdk;
mod step;
mod systemd;
mod terminal;
mod test;
mod tools;
mod torture;
mod trial;
mod vm;
mod workflows;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The tasks of the EG workspace.
#[derive(Parser)]
#[command(name = "cargo eg", bin_name = "cargo eg", version = version())]
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
    /// Run a driver on simulated wires, with the page on which its buttons are pressed
    Try(trial::Args),
    /// Install what is missing, then run every check that CI runs
    Test(test::Args),
    /// Run the drivers on a real kernel: Debian's, in an emulated machine with simulated chips
    Vm(vm::Args),
    /// Build and package the agent as a Pi runs it, and press it under emulation
    Arm(arm::Args),
    /// Make Debian packages of agent and core
    Package(package::Args),
    /// Publish packages in an apt repository and install them from it in a clean Debian
    Repository(repository::Args),
    /// Live through the packages' life in a machine under systemd, from their installation to their end
    Systemd(systemd::Args),
    /// Play a night in the containers that `deploy/` makes of the packages
    Containers(containers::Args),
    /// Gather what is attached to a release: packages, bill of materials, digests, signature
    Release(release::Args),
    /// Check the files under .github/workflows
    Workflows(workflows::Args),
    /// Press buttons close together on slow links, in network namespaces with real processes
    Net(net::Args),
    /// Kill, stop, cut, starve and lie to real processes while buttons are pressed, and hold the journal against the truth
    Torture(torture::Args),
    /// Try out schedules of the threads of agent and core, thousands for each promise
    Interleavings,
    /// Feed arbitrary bytes to whatever reads a stranger's: messages, payloads, files
    Fuzz(fuzz::Args),
    /// Show which files of a crate import which, and the circles in that
    Imports(graph::Args),
    /// Write the documentation of all crates, with a page that leads to each
    Docs,
    /// Take a picture of every page: three widths, light and dark, French and English
    Pictures(pictures::Args),
    /// Package the SDK, build from the packages in an empty folder, and compare the API with the recorded one
    Sdk(sdk::Args),
    /// Measure core and agent, each figure as a ratio to a control in the same run
    Bench(bench::Args),
}

/// Version of the workspace, with the commit of the checkout that it stands in.
fn version() -> &'static str {
    let commit = new::commit(&root()).map_or_else(String::new, |commit| format!(" ({commit})"));
    format!("{}{commit}", env!("CARGO_PKG_VERSION")).leak()
}

fn main() -> ExitCode {
    let ended = match Cli::parse().task {
        Task::New(args) => new::run(&args),
        Task::BuildPlugin(args) => plugin::run(&args),
        Task::Try(args) => trial::run(&args),
        Task::Test(args) => test::run(&args),
        Task::Vm(args) => vm::run(&args),
        Task::Arm(args) => arm::run(&args),
        Task::Package(args) => package::run(&args),
        Task::Repository(args) => repository::run(&args),
        Task::Systemd(args) => systemd::run(&args),
        Task::Containers(args) => containers::run(&args),
        Task::Release(args) => release::run(&args),
        Task::Workflows(args) => workflows::run(&args),
        Task::Net(args) => net::run(&args),
        Task::Torture(args) => torture::run(&args),
        Task::Interleavings => interleavings::run(),
        Task::Fuzz(args) => fuzz::run(&args),
        Task::Imports(args) => graph::run(&args),
        Task::Docs => docs::run(),
        Task::Pictures(args) => pictures::run(&args),
        Task::Sdk(args) => sdk::run(&args),
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

/// Folder in which cargo puts what it builds.
fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), Into::into)
}

/// Folder below [`target`] in which cargo puts what it builds in a profile.
fn folder_of(profile: &str) -> &str {
    if profile == "dev" { "debug" } else { profile }
}

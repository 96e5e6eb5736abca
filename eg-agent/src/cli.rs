//! The command line: `run`, `init`, `check`, `safe`, `drivers`, `schema`, `completions`, `man`, `probe`, `scan`, `monitor`, `doctor`.
//!
//! Exit codes: 0 done, 1 it did not work, 2 a mistake in a file, a variable or the command itself.

mod check;
mod doctor;
mod drivers;
mod exit;
mod init;
mod monitor;
mod new_driver;
mod probe;
mod run;
mod safe;
mod scan;
mod schema;
mod sources;

use crate::config::{Hal, Overrides};
use crate::library::{Catalog, Libraries};
use anyhow::Context;
use clap::{CommandFactory, Parser, Subcommand};
use eg_config::Problems;
use exit::{MISTAKE, complain, finish};
use run::EventFormat;
use sources::Environment;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Commands that people begin with, at the end of `--help`.
const EXAMPLES: &str = "\
Examples:
  eg-agent init                                  write a slot's file, by questions
  eg-agent check slot.yaml                       every mistake in it
  eg-agent run --hal sim slot.yaml               without hardware
  eg-agent doctor slot.yaml                      what is wrong, from the wire up";

/// The agent of a slot: drivers in, numbered events out.
#[derive(Debug, Parser)]
#[command(name = "eg-agent", version = env!("EG_VERSION"), arg_required_else_help = true, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the slots of these files until SIGTERM; SIGHUP reads them again. CORE_HOST, SLOT_ID and MQTT_PORT in the environment win over a file.
    Run {
        /// A slot's YAML file, or several.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Open the devices on this instead of what the file says: `sim` needs no hardware.
        #[arg(long)]
        hal: Option<Hal>,
        /// Host of the core, instead of what the file and CORE_HOST say.
        #[arg(long, value_name = "HOST")]
        core: Option<String>,
        /// Port of the slot page; further slots get the following ones.
        #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
        page_port: Option<u16>,
        /// Play this scenario on the simulated boards: presses and faults, see docs/scenarios.md.
        #[arg(long, value_name = "FILE")]
        scenario: Option<PathBuf>,
        /// Print each event on a line of standard output as it happens.
        #[arg(long)]
        events: bool,
        /// Print each event as a JSON object, with its slot.
        #[arg(long, requires = "events")]
        json: bool,
        #[command(flatten)]
        plugins: Plugins,
    },
    /// Check these files and tell every mistake. Nothing is started and no hardware is touched.
    Check {
        /// A slot's YAML file, or several that run together.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Print the mistakes as a JSON array.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        plugins: Plugins,
    },
    /// Write a slot's file: asks its id, its core and its boards at a terminal, or takes them from flags. Nothing is
    /// overwritten.
    Init(init::Args),
    /// Bring every output of these files to its safe state, once: for when an agent died and could not.
    Safe {
        /// A slot's YAML file, or several.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Open the devices on this instead of what the file says.
        #[arg(long)]
        hal: Option<Hal>,
        #[command(flatten)]
        plugins: Plugins,
    },
    /// List the drivers in this agent and in its libraries.
    Drivers {
        /// Print a JSON array, each with its schema.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        plugins: Plugins,
    },
    /// Print the JSON Schema of a slot's file, for editors.
    Schema {
        #[command(flatten)]
        plugins: Plugins,
    },
    /// Print a script by which a shell completes commands and flags. The packages install it for bash, zsh and fish.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Write the manual's pages, for `man`. The packages install them.
    #[command(hide = true)]
    Man {
        /// Folder that takes them.
        folder: PathBuf,
    },
    /// Explain a driver library: what it was built with, what is in it, and why it is refused.
    Probe {
        /// The library, *.so.
        file: PathBuf,
        /// Print a JSON object.
        #[arg(long)]
        json: bool,
        /// Load it into this process, and not into one of its own.
        #[arg(long, hide = true)]
        here: bool,
    },
    /// Make a driver's crate that builds and keeps its promises as it stands, to be made yours.
    NewDriver(new_driver::Wanted),
    /// Print the inputs of a slot as they change, before and after the normalizer: those of the agent that runs here, or, where
    /// none runs, of the boards themselves, without a core.
    Monitor(monitor::Args),
    /// Look what hangs on this machine's wires, and print it as YAML for a slot's file. Chips are asked as i2cdetect does: no
    /// register is written, and addresses of the kernel's drivers are left alone.
    Scan {
        /// I2C buses to ask, such as i2c-1; those of a header when they are left out.
        #[arg(value_name = "BUS")]
        buses: Vec<String>,
        /// Print a JSON object.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        plugins: Plugins,
    },
    /// Look at a slot from the wire up: its file, buses and what answers, lines and who holds them, disk, clock, the way to the
    /// core step by step, and what both sides have to agree on. Each finding says what to do.
    Doctor {
        /// The core's host, or the YAML file of a slot, whose core is tried; /etc/eg/slot.yaml when it is left out. CORE_HOST
        /// and MQTT_PORT of the environment, and of agent.env beside the file, win over the file.
        #[arg(value_name = "HOST|FILE")]
        target: Option<String>,
        /// TCP port of its MQTT broker.
        #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
        port: Option<u16>,
        /// Print a JSON object.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        plugins: Plugins,
    },
}

/// The driver libraries of a command.
#[derive(Debug, Clone, clap::Args)]
struct Plugins {
    /// Load this driver library too, or every one of a folder; may be said several times.
    #[arg(long = "plugin", value_name = "FILE")]
    plugins: Vec<PathBuf>,
}

impl Plugins {
    /// Lets this very program try the libraries, whatever has become of its file since it was started.
    fn libraries(self) -> Libraries {
        Libraries { extra: self.plugins, agent: Some(PathBuf::from("/proc/self/exe")) }
    }

    /// The drivers of this agent and of the libraries.
    fn catalog(self) -> Result<Catalog, Problems> {
        let (catalog, problems) = self.libraries().catalog();
        problems.or(catalog)
    }
}

/// Does what the process's arguments ask for.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let environment: Environment = eg_config::variables().collect();
    if let Some(twins) = eg_hal::duplicate_kind(&eg_hal::drivers()) {
        anstream::eprintln!("{twins}");
        return ExitCode::from(MISTAKE);
    }
    let overrides = Overrides::of_environment(&environment);
    let done = match cli.command {
        Command::Check { files, json, plugins } => {
            return check::check(&files, with(overrides, plugins), json);
        }
        Command::Init(args) => {
            return init::init(&args, &Catalog::linked(), doctor::language(&environment));
        }
        Command::Monitor(args) => {
            return monitor::monitor(&args, overrides, doctor::language(&environment));
        }
        Command::NewDriver(wanted) => new_driver::make(&wanted),
        Command::Safe { files, hal, plugins } => {
            let overrides = overrides.map(|said| Overrides { hal, ..said });
            return safe::safe(&files, with(overrides, plugins));
        }
        Command::Doctor { target, port, json, plugins } => match plugins.catalog() {
            Ok(catalog) => {
                let wanted = doctor::DoctorRequest { target: target.as_deref(), port, json };
                return doctor::doctor(&wanted, &catalog, &environment);
            }
            Err(problems) => return complain(&problems),
        },
        Command::Drivers { json, plugins } => match plugins.catalog() {
            Ok(catalog) if json => drivers::json(&catalog),
            Ok(catalog) => drivers::table(&catalog),
            Err(problems) => return complain(&problems),
        },
        Command::Schema { plugins } => match plugins.catalog() {
            Ok(catalog) => schema::print(&catalog),
            Err(problems) => return complain(&problems),
        },
        Command::Completions { shell } => {
            let (mut command, mut to) = (Cli::command(), std::io::stdout());
            clap_complete::generate(shell, &mut command, "eg-agent", &mut to);
            Ok(())
        }
        Command::Man { folder } => manual(&folder),
        Command::Scan { buses, json, plugins } => match plugins.catalog() {
            Ok(catalog) => return scan::scan(&catalog, &buses, json),
            Err(problems) => return complain(&problems),
        },
        Command::Probe { file, json, here } => return probe::probe(&file, json, here),
        Command::Run { files, hal, core, page_port, scenario, events, json, plugins } => {
            let overrides = with(overrides, plugins).map(|said| {
                let core_host = core.or(said.core_host.clone());
                Overrides { hal, core_host, page_port, ..said }
            });
            let events = events.then_some(if json { EventFormat::Json } else { EventFormat::Text });
            return run::run(files, overrides, scenario.as_deref(), events, &environment);
        }
    };
    finish(done)
}

fn with(overrides: Result<Overrides, Problems>, plugins: Plugins) -> Result<Overrides, Problems> {
    overrides.map(|said| Overrides { libraries: plugins.libraries(), ..said })
}

fn manual(folder: &Path) -> anyhow::Result<()> {
    let command = Cli::command().version(env!("CARGO_PKG_VERSION"));
    clap_mangen::generate_to(command, folder)
        .with_context(|| format!("the manual's pages cannot be written to {}", folder.display()))
}

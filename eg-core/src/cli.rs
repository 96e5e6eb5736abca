//! Command line: `run`, `init`, `check`, `doctor`, `cert`, `login-link`, `users`, `audit`, `slots`, `acl`, `mosquitto-config`, `games`, `import-old`, `schema`, `completions`, `man`, `replay`, `export`, `archive`, `backup`, `restore`, `demo`.
//!
//! Exit codes: 0 done, 1 failed, 2 a mistake in the file, a variable or the command itself.

mod account_file;
mod acl;
mod archive;
mod audit;
mod backup;
mod cert;
mod check;
mod config_file;
mod doctor;
mod exit;
mod export;
mod games;
mod identities;
mod import_old;
mod init;
mod login_link;
mod mosquitto_config;
#[cfg(feature = "demo")]
mod rehearse;
mod replay;
mod restore;
mod run;
mod settings;
mod slots;
mod users;

use crate::config::CoreConfig;
use anyhow::Context;
use clap::{CommandFactory, Parser, Subcommand};
use config_file::ConfigFile;
use exit::finish;
#[cfg(feature = "demo")]
use settings::log;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Log filter of a demo, whose output is for people.
#[cfg(feature = "demo")]
const QUIETLY: &str = "warn,mqtt5=error";

/// Commands that people begin with, at the end of `--help`.
const EXAMPLES: &str = "\
Examples:
  eg-core demo                     a whole room, simulated
  eg-core init                     write a core's file, by questions
  eg-core check core.yaml          every mistake in it
  eg-core run core.yaml            serve rooms
  eg-core backup --folder backups  copy journal and accounts";

/// The core of a room: broker, journal, games, API and operator page.
#[derive(Debug, Parser)]
#[command(name = "eg-core", version = env!("EG_VERSION"), arg_required_else_help = true, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the core until it is told to stop. Without a file everything has its default. MQTT_HOST, MQTT_PORT,
    /// MQTT_PASSWORD_FILE, CORE_DEVICE_ID, DB_PATH, NIGHT_EXPECTED_VOTES and EG_OPERATOR_PASSWORD in the environment win over a file.
    /// SIGHUP checks the file again and says in the log whether a restart would take it.
    Run {
        #[command(flatten)]
        file: ConfigFile,
    },
    /// Write a core's file: asks room, slots and game at a terminal, or takes them from flags. Nothing is overwritten.
    Init(init::Args),
    /// Check the file and the environment, and print every mistake. Nothing is started.
    Check {
        #[command(flatten)]
        file: ConfigFile,
        /// Print the mistakes as a JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Look at a core from its file up to its slots: disk, journal, ports, broker, slots that wait, old topics, clock. Each
    /// finding says what to do.
    Doctor(doctor::Args),
    /// Print a link that signs one browser in as the operator, for anyone who may read the core's data. A running core
    /// need not be stopped; a core that starts within the hour takes the link too.
    LoginLink(login_link::Args),
    /// Make a room's own authority and the certificate of its core, for `tls` in the core's YAML.
    Cert(cert::Args),
    /// List, invite, remove and change users, for anyone who may read and write the core's data. A running core need not
    /// be stopped: it takes changes over within a second.
    Users(users::Args),
    /// Print who did what to accounts and slots, the latest first: logins and refused ones, users, roles, passwords,
    /// tokens, adoptions. For anyone who may read and write the core's data.
    Audit(audit::Args),
    /// Say who may speak as which slot: list those that are adopted and those that wait, adopt, revoke, name, or prepare
    /// cards. A running core need not be stopped.
    Slots(slots::Args),
    /// Print who may publish and subscribe to which topic, by the rules of this core and of a Mosquitto beside it.
    Acl(acl::Args),
    /// Write settings, passwords and rules for a Mosquitto that serves as the broker, with the slots that are adopted.
    MosquittoConfig(mosquitto_config::Args),
    /// List the games in this core.
    Games {
        /// Print a JSON array, each with its schema.
        #[arg(long)]
        json: bool,
    },
    /// Take over the wallets and payouts of an older installation, once each. Stop the core first.
    ImportOld(import_old::Args),
    /// Print the JSON Schema of the core's file, for editors.
    Schema,
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
    /// Replay every recorded session and compare the outcome with the record: one line for each session, with the
    /// first difference. The journal is only read; a core may be writing it.
    Replay(replay::Args),
    /// Move old sessions and entries out of the journal, into one file a month. A running core does so by itself.
    Archive(archive::Args),
    /// Copy the journal and the accounts, also while a core runs: a backup that opens as a journal. Into a file, or into a
    /// folder that keeps the latest copies.
    Backup(backup::Args),
    /// Put a backup in the place of the journal and the accounts. Stop the core first. What was there is moved aside.
    Restore(restore::Args),
    /// Print a recorded session as one JSON file, secrets included: `replay FILE` replays it.
    Export(export::Args),
    /// Play a whole room under virtual time, thousands of times faster than the night: slots, boards, people, troubles
    /// and expectations, from YAML files, or made up from a seed.
    #[cfg(feature = "demo")]
    Rehearse(rehearse::Args),
    /// Run a whole room in one process: broker, core, and simulated slots whose players press like people.
    #[cfg(feature = "demo")]
    Demo(crate::demo::Args),
}

/// Runs the command that the process's arguments name, and returns its exit code.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match cli.command {
        Command::Run { file } => run::run(file.path()),
        Command::Check { file, json } => check::check(file.path(), json),
        Command::Init(args) => init::init(&args),
        Command::Doctor(args) => doctor::examine(&args),
        Command::LoginLink(args) => login_link::print(&args),
        Command::Cert(args) => cert::make(&args),
        Command::Users(args) => users::run(&args),
        Command::Audit(args) => audit::print(&args),
        Command::Slots(args) => slots::slots(&args),
        Command::Acl(args) => acl::print(&args),
        Command::MosquittoConfig(args) => mosquitto_config::write(&args),
        Command::Games { json: false } => games::table(),
        Command::Games { json: true } => games::json(),
        Command::ImportOld(args) => import_old::import(&args),
        #[cfg(feature = "demo")]
        Command::Rehearse(args) => rehearse::rehearse(&args),
        #[cfg(feature = "demo")]
        Command::Demo(args) => finish(log(QUIETLY).and_then(|_| crate::demo::run(&args))),
        Command::Replay(args) => replay::replay(&args),
        Command::Archive(args) => archive::archive(&args),
        Command::Backup(args) => backup::backup(&args),
        Command::Restore(args) => restore::restore(&args),
        Command::Export(args) => export::export(&args),
        Command::Schema => {
            anstream::println!("{:#}", CoreConfig::schema().to_value());
            ExitCode::SUCCESS
        }
        Command::Completions { shell } => {
            let (mut command, mut to) = (Cli::command(), std::io::stdout());
            clap_complete::generate(shell, &mut command, "eg-core", &mut to);
            ExitCode::SUCCESS
        }
        Command::Man { folder } => finish(manual(&folder)),
    }
}

fn manual(folder: &Path) -> anyhow::Result<()> {
    let command = Cli::command().version(env!("CARGO_PKG_VERSION"));
    clap_mangen::generate_to(command, folder)
        .with_context(|| format!("the manual's pages cannot be written to {}", folder.display()))
}

//! `cargo eg try`: a driver on simulated wires, with the page on which a hand presses its buttons.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context, ensure};

use crate::plugin;
use crate::step;

/// Port of the page, if nothing else has it.
const PAGE: u16 = 5173;

/// Arguments of `cargo eg try`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A driver of this workspace by name, or the folder of a driver's crate anywhere
    #[arg(value_name = "CRATE")]
    krate: PathBuf,
    /// File of the slot; slot.yaml of the crate, or configs/boards/CRATE.yaml, if nothing is said
    #[arg(long, value_name = "FILE")]
    slot: Option<PathBuf>,
    /// Check the file and end, instead of running it
    #[arg(long)]
    check: bool,
    /// Further arguments of `eg-agent run`, e.g. --scenario FILE
    #[arg(last = true)]
    rest: Vec<String>,
}

/// Builds the driver, as a library if it stands outside this workspace, and runs an agent with it until Ctrl-C.
///
/// # Errors
/// When there is no such crate, it does not build, or it has no slot file.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let krate = plugin::find(&args.krate)?;
    let slot = match &args.slot {
        Some(slot) => slot.clone(),
        None => {
            let folder = krate.manifest.parent().and_then(|folder| folder.file_name());
            let folder = folder.unwrap_or_default().to_string_lossy();
            let board = crate::root().join("configs/boards").join(format!("{folder}.yaml"));
            let own = krate.manifest.with_file_name("slot.yaml");
            [own, board].into_iter().find(|file| file.exists()).with_context(|| {
                format!("{} has no slot.yaml; name the file of a slot: --slot FILE", krate.name)
            })?
        }
    };
    let mut agent = step::cargo();
    agent.args(["run", "--quiet", "--package", "eg-agent", "--"]);
    agent.arg(if args.check { "check" } else { "run" }).arg(slot.canonicalize()?);
    if !krate.linked {
        let built = plugin::build(&krate, None, true)?;
        agent.arg("--plugin").arg(built);
    }
    if !args.check {
        let port = port()?;
        agent.args(["--events", "--hal", "sim", "--page-port", &port.to_string()]).args(&args.rest);
        let page = format!("http://127.0.0.1:{port}");
        println!("{} on simulated wires; press its buttons on {page} (Ctrl-C ends it)", krate.name);
        open(&page);
    }
    let status = agent.status().context("cannot start cargo")?;
    ensure!(status.success(), "the agent ended with {status}");
    Ok(ExitCode::SUCCESS)
}

/// The usual port of a slot's page, or a free one where that is taken.
fn port() -> anyhow::Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", PAGE));
    let listener = listener.or_else(|_| TcpListener::bind(("127.0.0.1", 0)))?;
    Ok(listener.local_addr()?.port())
}

/// Lets the desktop open a page once the agent serves it; without a desktop the line above says where it is.
fn open(page: &str) {
    if std::env::var_os("DISPLAY").is_some() || std::env::var_os("WAYLAND_DISPLAY").is_some() {
        let mut shell = Command::new("sh");
        // The agent is built first: the page waits for it.
        let wait = "for _ in $(seq 600); do curl -fso /dev/null \"$1\" && exec xdg-open \"$1\"; sleep 1; done";
        drop(shell.args(["-c", wait, "sh", page]).spawn());
    }
}

//! `cert`: makes a room's authority and the certificate of its core.

use super::exit::finish;
use crate::clock::{Clock as _, SteadyClock};
use crate::tls::{CA_FILE, CERT_FILE, KEY_FILE, RoomFiles};
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folder for authority, certificate and keys. An authority that is there already signs the new certificate.
    #[arg(long, value_name = "DIR", default_value = "tls")]
    out: PathBuf,
    /// Further name or address under which slots and browsers reach this core; may be given several times. This
    /// machine's own are in the certificate anyway.
    #[arg(long = "name", value_name = "NAME")]
    names: Vec<String>,
    /// Print the names and paths as one JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) fn make(args: &Args) -> ExitCode {
    finish(give(args))
}

fn give(args: &Args) -> anyhow::Result<()> {
    let room = RoomFiles::new(&args.out);
    let names = room.make(&args.names, SteadyClock::default().now())?;
    let path = |name| std::path::absolute(room.file(name)).context("this folder has no path");
    let (ca, cert, key) = (path(CA_FILE)?, path(CERT_FILE)?, path(KEY_FILE)?);
    if args.json {
        let told = serde_json::json!({ "names": names, "cert": cert, "key": key, "ca": ca });
        anstream::println!("{told}");
        return Ok(());
    }
    anstream::println!("The certificate holds for {}.\n", names.join(", "));
    anstream::println!("Write into the core's YAML, and restart the core:\n");
    let line = |path: &Path| path.display().to_string();
    anstream::println!(
        "tls: {{ cert: {}, key: {}, ca: {} }}\n",
        line(&cert),
        line(&key),
        line(&ca)
    );
    anstream::println!(
        "Slots: `core: {{ tls: true }}`; they pin the authority when they are adopted."
    );
    anstream::println!("Browsers: http://…:3000 explains how they take {}.", line(&ca));
    Ok(())
}

//! `mosquitto-config`: writes settings, passwords and rules for a Mosquitto that serves as the broker.

use super::config_file::ConfigFile;
use super::exit::{complain, finish};
use super::identities::open;
use super::settings::read;
use crate::access::mosquitto::{CORE_SECRET, MosquittoFiles};
use crate::config::CoreConfig;
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    file: ConfigFile,
    /// Folder for the files.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Tell a running Mosquitto to read passwords and rules again: its process id, or else its systemd service.
    #[arg(long, value_name = "PID")]
    reload: Option<Option<u32>>,
}

pub(super) fn write(args: &Args) -> ExitCode {
    match read(args.file.path()) {
        Ok(config) => finish(write_files(args, &config)),
        Err(problems) => complain(&problems),
    }
}

fn write_files(args: &Args, config: &CoreConfig) -> anyhow::Result<()> {
    let access = open(config)?;
    let out = absolute(&args.out)?;
    let files = MosquittoFiles::new(&out, &config.device_id, config.compat);
    let cannot = || format!("cannot write the files of Mosquitto in {}", out.display());
    files.write_settings().with_context(cannot)?;
    let changed = files.write(access.acl(), &access.adopted()).with_context(cannot)?;
    let slots = access.adopted().len();
    anstream::println!("{} has the passwords and rules of {slots} slots.", out.display());
    anstream::println!("  mosquitto -c {}", files.path("mosquitto.conf").display());
    anstream::println!(
        "  the core: MQTT_PASSWORD_FILE={} or `broker: {{ host, password_file, mosquitto: {{ files: {} }} }}`",
        files.path(CORE_SECRET).display(),
        out.display()
    );
    match args.reload {
        Some(pid) => reload(pid),
        None if changed => {
            anstream::println!(
                "A running Mosquitto reads them at SIGHUP: systemctl reload mosquitto"
            );
            Ok(())
        }
        None => Ok(()),
    }
}

/// Returns the path as Mosquitto finds it from any folder.
fn absolute(out: &Path) -> anyhow::Result<PathBuf> {
    std::path::absolute(out).with_context(|| format!("no folder {}", out.display()))
}

fn reload(pid: Option<u32>) -> anyhow::Result<()> {
    let mut command = match pid {
        Some(pid) => {
            let mut command = Command::new("kill");
            command.args(["-HUP".to_owned(), pid.to_string()]);
            command
        }
        None => {
            let mut command = Command::new("systemctl");
            command.args(["reload", "mosquitto"]);
            command
        }
    };
    let status = command.status().context("cannot tell Mosquitto to reload")?;
    anyhow::ensure!(status.success(), "Mosquitto was not told to reload: {status}");
    Ok(())
}

//! A container engine of our own, with its own images, that ends when it is dropped.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, ensure};
use rustix::process::{Pid, Signal, kill_process};

use crate::clean::Clean;
use crate::net::adoption::until;
use crate::{debian, package, tools};

/// Name of the image that the others are built on.
const BASE: &str = "eg-base";

/// A running dockerd, and a copy of `deploy/` to work in.
pub(super) struct Engine {
    daemon: Child,
    folder: PathBuf,
}

impl Engine {
    /// Starts one, with no bridge and no rules of the firewall, and gives it the clean Debian as the base of images.
    ///
    /// # Errors
    /// When it does not come up: its last words.
    pub(super) fn start(base: &Clean) -> anyhow::Result<Self> {
        let folder = crate::target().join("containers");
        debian::remove(&folder)?;
        fs::create_dir_all(&folder)?;
        let log = folder.join("dockerd.log");
        let output = fs::File::create(&log)?;
        let daemon = Command::new("dockerd")
            .args(["--iptables=false", "--bridge=none", "--group", "root"])
            .arg(format!("--host={}", socket(&folder)))
            .arg("--data-root")
            .arg(folder.join("data"))
            .arg("--exec-root")
            .arg(folder.join("exec"))
            .arg("--pidfile")
            .arg(folder.join("pid"))
            .env("PATH", tools::path())
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .context("dockerd does not start")?;
        let mut engine = Self { daemon, folder };
        let up = until("the engine answers", || {
            let ended = engine.daemon.try_wait().ok()?.is_some();
            (ended || engine.docker(&["info"]).is_ok()).then_some(ended)
        })?;
        if up {
            let said = fs::read_to_string(&log)?;
            anyhow::bail!("no engine runs here: {}", said.lines().last().unwrap_or_default());
        }
        engine.docker(&["import", &base.archive.display().to_string(), BASE])?;
        let copied = Command::new("cp")
            .arg("-r")
            .args([crate::root().join("deploy"), engine.place()])
            .status()?;
        ensure!(copied.success(), "cp: {copied}");
        Ok(engine)
    }

    /// Runs one of the scripts that bring a part of the room up.
    ///
    /// # Errors
    /// With what it said, when it fails.
    pub(super) fn deploy(&self, script: &str, settings: &[(&str, &str)]) -> anyhow::Result<()> {
        self.script(&format!("scripts/{script}"), &[], settings).map(drop)
    }

    /// Runs a file of `deploy/` and gives what it printed.
    ///
    /// # Errors
    /// With what it said, when it fails.
    pub(super) fn script(
        &self,
        file: &str,
        arguments: &[&str],
        settings: &[(&str, &str)],
    ) -> anyhow::Result<String> {
        let mut command = Command::new(self.place().join(file));
        command.args(arguments).envs(settings.iter().copied());
        command.env("EG_BASE", BASE).env("EG_PACKAGES", package::folder());
        self.said(command)
    }

    /// Runs a command of docker and gives what it printed.
    ///
    /// # Errors
    /// With what it said, when it fails.
    pub(super) fn docker(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let mut command = Command::new("docker");
        command.args(arguments);
        self.said(command)
    }

    /// Waits until a container says that it is healthy.
    ///
    /// # Errors
    /// With its log, when it does not.
    pub(super) fn healthy(&self, name: &str) -> anyhow::Result<()> {
        let state = ["inspect", "--format", "{{.State.Health.Status}}", name];
        let healthy = || self.docker(&state).is_ok_and(|state| state.trim() == "healthy");
        until(&format!("{name} is healthy"), || healthy().then_some(()))
            .with_context(|| self.docker(&["logs", name]).unwrap_or_default())
    }

    fn place(&self) -> PathBuf {
        self.folder.join("deploy")
    }

    fn said(&self, mut command: Command) -> anyhow::Result<String> {
        command.env("DOCKER_HOST", socket(&self.folder)).env("PATH", tools::path());
        let ended = command.stdin(Stdio::null()).output()?;
        let why = String::from_utf8_lossy(&ended.stderr);
        ensure!(ended.status.success(), "{command:?}: {}", why.trim());
        Ok(String::from_utf8_lossy(&ended.stdout).into_owned())
    }
}

/// Where it listens.
fn socket(folder: &std::path::Path) -> String {
    format!("unix://{}", folder.join("engine.sock").display())
}

impl Drop for Engine {
    fn drop(&mut self) {
        if let Ok(names) = self.docker(&["ps", "--all", "--quiet"]) {
            for name in names.lines() {
                drop(self.docker(&["rm", "--force", name]));
            }
        }
        if let Some(pid) = i32::try_from(self.daemon.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process(pid, Signal::TERM);
        }
        drop(self.daemon.wait());
        drop(debian::remove(&self.folder));
    }
}

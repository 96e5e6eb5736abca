//! A child process under measurement. It is killed when dropped.

use crate::control::started;
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;
use tokio::process::{Child, Command};

pub(crate) struct Process {
    child: Child,
    pid: u32,
}

impl Process {
    /// Starts a program with its log in `log`.
    pub(crate) fn start(program: &Path, args: &[&str], log: &Path) -> Result<Self> {
        let log = fs::File::create(log).context("cannot write the log")?;
        let child = Command::new(program)
            .args(args)
            .env("EG_OPERATOR_PASSWORD", "bench")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let pid = child.id().context("the process ended at once")?;
        Ok(Self { child, pid })
    }

    /// Says so when it has ended.
    pub(crate) fn still_runs(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            Some(status) => bail!("it ended: {status}"),
            None => Ok(()),
        }
    }

    /// Processor time of all its threads so far (`/proc/<pid>/task/*/schedstat`, first field, ns).
    pub(crate) fn cpu(&self) -> Result<Duration> {
        let mut nanos = 0;
        for task in fs::read_dir(format!("/proc/{}/task", self.pid))? {
            let stat = fs::read_to_string(task?.path().join("schedstat"))?;
            nanos += stat.split(' ').next().unwrap_or("0").parse::<u64>()?;
        }
        Ok(Duration::from_nanos(nanos))
    }

    /// Resident memory in MB (`VmRSS` of `/proc/<pid>/status`).
    pub(crate) fn rss_mb(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid))?;
        let line =
            status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kb: f64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kb / 1_024.0)
    }

    pub(crate) async fn stop(mut self) -> Result<()> {
        self.child.kill().await.context("cannot stop it")
    }
}

/// Waits up to 20 s until something is there; how long that takes is not what is measured.
pub(crate) fn until_there(mut is_there: impl FnMut() -> bool) -> Result<()> {
    let start = started();
    while !is_there() {
        ensure!(start.elapsed() < Duration::from_secs(20), "it did not start within 20 s");
        sleep(Duration::from_millis(10));
    }
    Ok(())
}

/// Ports that are free at this moment.
pub(crate) fn free_ports<const N: usize>() -> Result<[u16; N]> {
    let mut held = Vec::new();
    let mut ports = [0; N];
    for port in &mut ports {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        *port = listener.local_addr()?.port();
        held.push(listener);
    }
    Ok(ports)
}

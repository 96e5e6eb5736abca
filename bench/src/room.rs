//! A core under measurement: nine slots, the night vote without grace, the old contract open.

use crate::process::Process;
use crate::wire::Station;
use anyhow::{Context, Result, bail};
use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

pub(crate) struct Room {
    pub(crate) core: Process,
    pub(crate) folder: TempDir,
    pub(crate) mqtt: u16,
    api: u16,
}

impl Room {
    /// Starts a core on free ports and waits until it answers.
    pub(crate) async fn open(program: &Path, durability: &str) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let [mqtt, websocket, api, page] = free_ports()?;
        let slots: Vec<String> = (1..=9).map(|n| format!("slot-{n:02}")).collect();
        let yaml = format!(
            "listen: 127.0.0.1\n\
             ports: {{ mqtt: {mqtt}, websocket: {websocket}, api: {api}, page: {page} }}\n\
             db: {}/eg.db\n\
             durability: {durability}\n\
             compat: true\n\
             rooms:\n  main:\n    slots: [{}]\n    game: night-vote\n    config: {{ grace: 0s }}\n",
            folder.path().display(),
            slots.join(", "),
        );
        let file = folder.path().join("core.yaml");
        fs::write(&file, yaml)?;
        let file = file.display().to_string();
        let log = folder.path().join("core.log");
        let mut core = Process::start(program, &["run", "--config", &file], &log)?;
        let answered = async {
            while get(api, "/health").await.is_err() {
                core.still_runs()?;
                sleep(Duration::from_millis(20)).await;
            }
            anyhow::Ok(())
        };
        let ready = timeout(Duration::from_secs(20), answered).await;
        if !matches!(ready, Ok(Ok(()))) {
            bail!("the core did not come up:\n{}", fs::read_to_string(&log)?);
        }
        Ok(Self { core, folder, mqtt, api })
    }

    /// Opens a step as the old contract does.
    pub(crate) async fn step(&self, step: u32) -> Result<()> {
        let body = format!(r#"{{"step":{step},"question":"Who?","options":["A","B","C"]}}"#);
        request(self.api, "POST", "/api/night/step", &body).await
    }

    pub(crate) async fn station(&self, id: &str, filters: &[&str]) -> Result<Station> {
        Station::connect(self.mqtt, id, filters).await
    }

    pub(crate) async fn close(self) -> Result<()> {
        self.core.stop().await
    }
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

async fn get(port: u16, path: &str) -> Result<()> {
    request(port, "GET", path, "").await
}

async fn request(port: u16, method: &str, path: &str, body: &str) -> Result<()> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let length = body.len();
    let text = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    stream.write_all(text.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let status = answer.split(' ').nth(1).context("no HTTP answer")?;
    if status.starts_with('2') { Ok(()) } else { bail!("{method} {path}: {answer}") }
}

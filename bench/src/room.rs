//! A core under measurement: its settings, the night vote without grace, the old contract open.

use crate::process::{Process, free_ports};
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

/// Largest number of slots for which a core draws secrets at once.
const BATCH: usize = 900;

pub(crate) struct Room {
    pub(crate) core: Process,
    folder: TempDir,
    pub(crate) mqtt: u16,
    api: u16,
    /// `true` if slots show a secret.
    adopts: bool,
}

impl Room {
    /// Starts a core on free ports and waits until it answers. These slots are adopted first, if it adopts any and has its
    /// own broker; the first nine of them play. With a port it uses the broker there, which asks nobody.
    ///
    /// # Errors
    /// When it does not come up.
    pub(crate) async fn open(
        program: &Path,
        durability: &str,
        slots: &[String],
        broker: Option<u16>,
    ) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let [mqtt, websocket, api, page] = free_ports()?;
        let external = broker.map(|port| format!("broker: {{ host: 127.0.0.1, port: {port} }}\n"));
        let yaml = format!(
            "listen: 127.0.0.1\n\
             ports: {{ mqtt: {mqtt}, websocket: {websocket}, api: {api}, page: {page} }}\n\
             db: {}/eg.db\n\
             durability: {durability}\n\
             compat: true\n\
             {}rooms:\n  main:\n    slots: [{}]\n    game: night-vote\n    config: {{ grace: 0s }}\n",
            folder.path().display(),
            external.unwrap_or_default(),
            slots.get(..9).unwrap_or(slots).join(", "),
        );
        let file = folder.path().join("core.yaml");
        fs::write(&file, yaml)?;
        let adopts = broker.is_none() && adopts(program)?;
        if adopts {
            adopt(program, &file, slots, &folder.path().join("secrets"))?;
        }
        let file = file.display().to_string();
        let log = folder.path().join("core.log");
        let mut core = Process::start(program, &["run", "--config", &file], &log)?;
        let answered = async {
            while ask(api, "GET", "/health", "").await.is_err() {
                core.still_runs()?;
                sleep(Duration::from_millis(20)).await;
            }
            anyhow::Ok(())
        };
        let ready = timeout(Duration::from_secs(60), answered).await;
        if !matches!(ready, Ok(Ok(()))) {
            bail!("the core did not come up:\n{}", fs::read_to_string(&log)?);
        }
        Ok(Self { core, folder, mqtt: broker.unwrap_or(mqtt), api, adopts })
    }

    /// Returns the secret of a slot, where the core asks for one.
    pub(crate) fn secret(&self, slot: &str) -> Option<String> {
        let file = self.folder.path().join("secrets").join(format!("{slot}.secret"));
        let secret = self.adopts.then(|| fs::read_to_string(file).ok()).flatten()?;
        Some(secret.trim().to_owned())
    }

    /// Opens a step as the old contract does.
    ///
    /// # Errors
    /// When the core refuses.
    pub(crate) async fn step(&self, step: u32) -> Result<()> {
        let body = format!(r#"{{"step":{step},"question":"Who?","options":["A","B","C"]}}"#);
        ask(self.api, "POST", "/api/night/step", &body).await.map(drop)
    }

    pub(crate) async fn close(self) -> Result<()> {
        self.core.stop().await
    }
}

/// Returns `true` if this core lets in only slots that it adopted; an older one asks nobody.
fn adopts(program: &Path) -> Result<bool> {
    let asked = Command::new(program).args(["slots", "batch", "--help"]).output()?;
    Ok(asked.status.success())
}

fn adopt(program: &Path, config: &Path, slots: &[String], out: &Path) -> Result<()> {
    for some in slots.chunks(BATCH) {
        let (Some(first), Some(last)) = (some.first(), some.last()) else { continue };
        let mut command = Command::new(program);
        command.args(["slots", "batch", &format!("{first}..{last}"), "--out"]).arg(out);
        let made = command.arg("--config").arg(config).output()?;
        let said = String::from_utf8_lossy(&made.stderr);
        ensure!(made.status.success(), "no secrets for {first}..{last}: {said}");
    }
    Ok(())
}

/// Asks by HTTP and returns the whole answer.
///
/// # Errors
/// When nobody answers, or something else than success.
pub(crate) async fn ask(port: u16, method: &str, path: &str, body: &str) -> Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let length = body.len();
    let text = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    stream.write_all(text.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).context("no HTTP answer")?;
    if status.starts_with('2') { Ok(answer) } else { bail!("{method} {path}: {answer}") }
}

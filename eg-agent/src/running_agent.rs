//! The agent that runs on this machine, by its page.

use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Time that a page of this machine may take.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(2);
/// Longest answer that is read.
const LONGEST: u64 = 4_096;

/// Answer of a running agent's page at `/about`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Slot that it runs.
    pub slot: String,
    /// Version of its program.
    pub version: String,
}

/// Asks whose page is at a port of this machine; `None` where it is no agent's.
pub async fn about(listen: IpAddr, port: u16) -> Option<About> {
    timeout(ANSWER_TIMEOUT, ask(listen, port)).await.ok().flatten()
}

async fn ask(listen: IpAddr, port: u16) -> Option<About> {
    let mut answer = Vec::new();
    let page = open(listen, port, "/about").await.ok()?;
    page.take(LONGEST).read_to_end(&mut answer).await.ok()?;
    let answer = String::from_utf8(answer).ok()?;
    let (_, body) = answer.split_once("\r\n\r\n")?;
    serde_json::from_str(body).ok()
}

/// Asks a page of this machine for a path, in HTTP/1.0: its answer ends with the connection, and has no chunks.
///
/// # Errors
/// The system's, where nobody listens.
pub(crate) async fn open(listen: IpAddr, port: u16, path: &str) -> std::io::Result<TcpStream> {
    let here = if listen.is_unspecified() { Ipv4Addr::LOCALHOST.into() } else { listen };
    let mut page = TcpStream::connect(SocketAddr::new(here, port)).await?;
    page.write_all(format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes()).await?;
    Ok(page)
}

//! As much HTTP as it takes to press a button and to ask a core.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, bail, ensure};

/// Nobody takes longer to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// An answer: its head and its body.
pub(crate) struct Answer {
    pub(crate) head: String,
    pub(crate) body: String,
}

/// Asks, and reads the answer to its end.
pub(crate) fn ask(
    at: SocketAddr,
    method: &str,
    path: &str,
    cookie: &str,
    body: &str,
) -> anyhow::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&at, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    let length = body.len();
    let text = format!(
        "{method} {path} HTTP/1.1\r\nHost: {at}\r\nCookie: {cookie}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    stream.write_all(text.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("no HTTP answer")?;
    let status = head.split(' ').nth(1).context("no status")?;
    if !status.starts_with('2') {
        bail!("{method} {path}: {status} {body}");
    }
    Ok(Answer { head: head.to_owned(), body: body.to_owned() })
}

/// Signs in as the operator and gives the cookie.
pub(crate) fn login(at: SocketAddr, password: &str) -> anyhow::Result<String> {
    let body = format!("{{\"password\":\"{password}\"}}");
    let answer = ask(at, "POST", "/api/login", "", &body)?;
    let line = |line: &&str| line.to_ascii_lowercase().starts_with("set-cookie:");
    let line = answer.head.lines().find(line).context("no cookie")?;
    let cookie = line.split_once(':').map(|(_, value)| value.trim()).unwrap_or_default();
    let cookie = cookie.split(';').next().unwrap_or_default();
    ensure!(!cookie.is_empty(), "an empty cookie");
    Ok(cookie.to_owned())
}

/// Presses the simulated button of the slot whose page this is, or lets it go. Between which two moments of this
/// machine's clock that was: the request is sent after the first, and answered before the second.
pub(super) fn press(at: SocketAddr, down: bool) -> anyhow::Result<(Duration, Duration)> {
    let mut stream = TcpStream::connect_timeout(&at, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    let body = format!("{{\"down\":{down}}}");
    let text = format!(
        "POST /poke/panel/red HTTP/1.1\r\nHost: {at}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let before = eg_clock::monotonic();
    stream.write_all(text.as_bytes())?;
    let mut first = [0; 12];
    stream.read_exact(&mut first)?;
    let after = eg_clock::monotonic();
    ensure!(first.starts_with(b"HTTP/1.1 2"), "{at}: {}", String::from_utf8_lossy(&first));
    Ok((before, after))
}

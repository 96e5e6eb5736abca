//! Hands that press the simulated inputs of a slot, over its page.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, bail};

use super::plan::Chance;
use super::truth::{SentPress, Touched};

/// A page that does not answer within this is given up.
const PATIENCE: Duration = Duration::from_secs(3);
/// Pause before a page that is away is asked again.
const AWAY: Duration = Duration::from_millis(50);
/// Boards of a slot that read tags.
pub(super) const READERS: [&str; 2] = ["reader-1", "reader-2"];

/// One kept connection to a page.
pub(super) struct Page {
    at: SocketAddr,
    stream: Option<TcpStream>,
}

impl Page {
    /// Names a page; nothing is connected.
    pub(super) fn new(at: SocketAddr) -> Self {
        Self { at, stream: None }
    }

    /// Names the same page, for a connection of its own.
    pub(super) fn another(&self) -> Self {
        Self::new(self.at)
    }

    /// Connects, if it is not.
    pub(super) fn connect(&mut self) -> anyhow::Result<()> {
        if self.stream.is_none() {
            let stream = TcpStream::connect_timeout(&self.at, PATIENCE)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            stream.set_write_timeout(Some(PATIENCE))?;
            stream.set_nodelay(true)?;
            self.stream = Some(stream);
        }
        Ok(())
    }

    /// Asks, and returns status and body. After an error the connection is made anew.
    pub(super) fn ask(
        &mut self,
        method: &str,
        path: &str,
        more: &str,
        body: &str,
    ) -> anyhow::Result<(u16, String)> {
        self.connect()?;
        let mut stream = self.stream.take().context("not connected")?;
        let text = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nAccept-Language: en\r\n{more}\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.at,
            body.len()
        );
        stream.write_all(text.as_bytes())?;
        let (status, head, body) = answer(&mut stream)?;
        if !head.contains("connection: close") {
            self.stream = Some(stream);
        }
        // A cookie is all that is ever wanted of a head.
        let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: "));
        let cookie = cookie.and_then(|line| line.split(';').next()).unwrap_or_default();
        Ok((status, if path == "/api/login" { cookie.to_owned() } else { body }))
    }
}

/// Reads one answer: status, head with its names in lower case, body.
fn answer(stream: &mut TcpStream) -> anyhow::Result<(u16, String, String)> {
    let mut bytes = Vec::new();
    let mut some = [0; 16 << 10];
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        match stream.read(&mut some)? {
            0 => bail!("the page hung up"),
            length => bytes.extend_from_slice(&some[..length]),
        }
    };
    let head: Vec<String> = String::from_utf8_lossy(&bytes[..end])
        .lines()
        .map(|line| match line.split_once(": ") {
            Some((name, value)) => format!("{}: {value}", name.to_ascii_lowercase()),
            None => line.to_owned(),
        })
        .collect();
    let head = head.join("\n");
    let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).context("no status")?;
    let said = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let mut body = bytes.split_off(end + 4);
    let length = said("content-length:").and_then(|length| length.parse::<usize>().ok());
    let is_whole = |body: &[u8]| match length {
        Some(length) => body.len() >= length,
        None => status == 204 || body.ends_with(b"0\r\n\r\n"),
    };
    while !is_whole(&body) {
        match stream.read(&mut some)? {
            0 => bail!("the page hung up"),
            length => body.extend_from_slice(&some[..length]),
        }
    }
    Ok((status, head, String::from_utf8_lossy(&body).into_owned()))
}

/// Presses so far, for whoever watches.
pub(super) type Counter = Arc<AtomicUsize>;

/// Hand at one slot.
pub(super) struct Hand {
    over: Arc<AtomicBool>,
    thread: JoinHandle<Vec<SentPress>>,
}

impl Hand {
    /// Presses at intervals of `pace`, until [`end`](Self::end). Every tag of a run is another.
    pub(super) fn start(
        slot: usize,
        page: SocketAddr,
        pace: Duration,
        seed: u64,
        taken: Counter,
    ) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let end = Arc::clone(&over);
        let thread = thread::spawn(move || {
            let mut worker =
                Worker { slot, page: Page::new(page), number: 0, presses: Vec::new(), held: true };
            let mut chance = Chance::new(seed ^ (slot as u64 + 1));
            let mut next = eg_clock::monotonic();
            while !end.load(Ordering::Relaxed) {
                let now = eg_clock::monotonic();
                thread::sleep(next.saturating_sub(now));
                // What an outage has held up is not caught up with.
                next = next.max(now.saturating_sub(Duration::from_millis(200))) + pace;
                match worker.press(&mut chance) {
                    Ok(()) => {
                        taken.fetch_add(1, Ordering::Relaxed);
                    }
                    Err(_) => thread::sleep(AWAY),
                }
            }
            worker.presses
        });
        Self { over, thread }
    }

    /// Lets the hand rest, and returns all that it did.
    pub(super) fn end(self) -> Vec<SentPress> {
        self.over.store(true, Ordering::Relaxed);
        self.thread.join().unwrap_or_default()
    }
}

struct Worker {
    slot: usize,
    page: Page,
    number: u64,
    presses: Vec<SentPress>,
    /// The button may be down.
    held: bool,
}

impl Worker {
    fn press(&mut self, chance: &mut Chance) -> anyhow::Result<()> {
        self.page.connect()?;
        if chance.below(5) == 0 {
            return self.button();
        }
        self.number += 1;
        let reader = usize::try_from(chance.below(READERS.len() as u64)).unwrap_or(0);
        let uid = format!("A{:03X}{reader:02X}{:010X}", self.slot, self.number);
        let (path, body) =
            (format!("/poke/{}/tag", READERS[reader]), format!("{{\"tag\":\"{uid}\"}}"));
        self.touch(Touched::Tag { device: READERS[reader], uid }, &path, &body)
    }

    /// Lets the button go first when it may be down: a press of a button that is down is none.
    fn button(&mut self) -> anyhow::Result<()> {
        if self.held {
            self.page.ask("POST", "/poke/panel/red", "", "{\"down\":false}")?;
            self.held = false;
            return Ok(());
        }
        self.held = true;
        self.touch(Touched::Button, "/poke/panel/red", "{\"down\":true}")
    }

    fn touch(&mut self, touched: Touched, path: &str, body: &str) -> anyhow::Result<()> {
        let asked = eg_clock::monotonic();
        let answered = self.page.ask("POST", path, "", body);
        let taken = matches!(answered, Ok((204, _))).then(eg_clock::monotonic);
        self.presses.push(SentPress { touched, asked, taken });
        match answered? {
            (204, _) => Ok(()),
            (status, why) => bail!("{status} {why}"),
        }
    }
}

/// Runs of presses that can be shared while they are made.
pub(super) type Shared<T> = Arc<Mutex<T>>;

/// Returns the value of a lock, whoever panicked while holding it.
pub(super) fn locked<T>(shared: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

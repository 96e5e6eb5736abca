//! Attacks, each bounded in what it sends and in how long it holds on.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::Context;

use super::Target;
use crate::torture::mad::{self, Mad};
use crate::torture::mqtt::Client;
use crate::torture::plan::{Chance, Kind, SLOTS};
use crate::torture::{slots, stuck};

/// Time for which connections that do nothing are held.
const HELD: Duration = Duration::from_secs(10);
/// Subscribers that never read.
const DEAF: u32 = 20;
/// Connections that do nothing, on each port.
const SILENT: usize = 300;

/// Attack on a core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attack {
    Deep,
    Gaps,
    Boards,
    Logins,
    Deaf,
    Displays,
    Small,
    HalfOpen,
    Retained,
    MadSlot,
    Log,
}

impl Attack {
    /// Every attack, in the order of the table.
    pub(super) const ALL: [Self; 11] = [
        Self::Deep,
        Self::Gaps,
        Self::Boards,
        Self::Logins,
        Self::Deaf,
        Self::Displays,
        Self::Small,
        Self::HalfOpen,
        Self::Retained,
        Self::MadSlot,
        Self::Log,
    ];

    /// Returns the words of the table.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Deep => "one deep message",
            Self::Gaps => "20,000 events with every other number",
            Self::Boards => "80,000 invented boards",
            Self::Logins => "50 addresses, 5 logins each",
            Self::Deaf => "20 subscribers that never read, 1,000 messages of 200 kB",
            Self::Displays => "256 open display streams",
            Self::Small => "30,000 messages of 400 bytes, 20 subscribers that never read",
            Self::HalfOpen => "300 half-open connections on each of 4 ports",
            Self::Retained => "retained commands, 300 of them",
            Self::MadSlot => "a mad slot: floods, gaps, depth, boards and garbage",
            Self::Log => "a flood for the log: 20,000 senseless messages, 300 refusals",
        }
    }

    /// Attacks, and holds on for as long as that hurts.
    ///
    /// # Errors
    /// When the core breaks it off.
    pub(super) fn hit(self, target: &Target) -> anyhow::Result<()> {
        match self {
            Self::Deep => mad(target).act(Kind::Deep, 7),
            Self::Gaps => gaps(target),
            Self::Boards => (0..160).try_for_each(|chance| mad(target).act(Kind::Boards, chance)),
            Self::Logins => logins(target.ports[2]),
            Self::Deaf => deaf(target.broker, 10, 100, 200_000),
            Self::Displays => displays(target.ports[3]),
            Self::Small => deaf(target.broker, 4, 7_500, 400),
            Self::HalfOpen => half_open(&target.ports),
            Self::Retained => (0..10).try_for_each(|chance| mad(target).act(Kind::Poison, chance)),
            Self::MadSlot => {
                let kinds = [Kind::Flood, Kind::Gaps, Kind::Deep, Kind::Boards, Kind::Garbage];
                for chance in 0..25 {
                    // Garbage ends its connection.
                    let _ = mad(target).act(kinds[chance % 5], chance as u64);
                }
                Ok(())
            }
            Self::Log => log(target),
        }
    }
}

fn mad(target: &Target) -> Mad {
    Mad { broker: target.broker, secret: target.secrets.of(&slots::name(SLOTS)), forges: false }
}

/// Connects as the slot that nobody compares.
fn connect(target: &Target) -> anyhow::Result<(String, Client)> {
    let own = slots::name(SLOTS);
    let secret = target.secrets.of(&own).context("no secret")?;
    let client = Client::connect(target.broker, &own, Some((&own, &secret)))?;
    Ok((own, client))
}

fn gaps(target: &Target) -> anyhow::Result<()> {
    let (own, mut client) = connect(target)?;
    let boot = mad::boot(&mut Chance::new(3));
    for seq in (2..=40_000).step_by(2) {
        let event = mad::event(&boot, seq, "A0FF");
        client.publish(&format!("eg/dev/{own}/input/event"), event.as_bytes(), false)?;
    }
    thread::sleep(HELD);
    Ok(())
}

/// Tries passwords from many addresses of this machine.
fn logins(api: SocketAddr) -> anyhow::Result<()> {
    let mut tries = Vec::new();
    for last in 2..52 {
        for _ in 0..5 {
            let mut curl = Command::new("curl");
            curl.args(["--silent", "--max-time", "30", "--interface", &format!("127.0.0.{last}")]);
            curl.args(["--header", "Content-Type: application/json"]);
            curl.args(["--data", "{\"password\":\"wrong\"}", &format!("http://{api}/api/login")]);
            curl.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            tries.push(curl.spawn().context("curl does not start")?);
        }
    }
    for mut one in tries {
        one.wait()?;
    }
    Ok(())
}

/// Guests who never read, and others who talk: several, because one alone is slowed down.
fn deaf(broker: SocketAddr, talkers: u32, messages: u32, bytes: usize) -> anyhow::Result<()> {
    let deaf = |number| stuck::deaf(broker, &format!("deaf-{number}"));
    let listening = (0..DEAF).map(deaf).collect::<anyhow::Result<Vec<_>>>()?;
    let talk = |number| {
        thread::spawn(move || {
            let mut loud = Client::connect(broker, &format!("loud-{number}"), None)?;
            let payload = vec![b'x'; bytes];
            let topic = format!("{}/all", stuck::NOISE);
            (0..messages).try_for_each(|_| loud.publish(&topic, &payload, false))
        })
    };
    let talking: Vec<_> = (0..talkers).map(talk).collect();
    for one in talking {
        one.join().map_err(|_| anyhow::anyhow!("a guest panicked"))??;
    }
    thread::sleep(HELD);
    drop(listening);
    Ok(())
}

fn displays(page: SocketAddr) -> anyhow::Result<()> {
    let mut open = Vec::new();
    for _ in 0..256 {
        let mut stream = TcpStream::connect(page)?;
        let head = format!("GET /display/main/live HTTP/1.1\r\nHost: {page}\r\n\r\n");
        stream.write_all(head.as_bytes())?;
        open.push(stream);
    }
    thread::sleep(HELD);
    Ok(())
}

fn half_open(ports: &[SocketAddr]) -> anyhow::Result<()> {
    let mut open = Vec::new();
    for port in ports {
        for _ in 0..SILENT {
            open.push(TcpStream::connect(port)?);
        }
    }
    thread::sleep(HELD);
    Ok(())
}

fn log(target: &Target) -> anyhow::Result<()> {
    let (own, mut client) = connect(target)?;
    for number in 0..20_000 {
        let topic = if number % 2 == 0 { "input/event" } else { "hello" };
        client.publish(&format!("eg/dev/{own}/{topic}"), b"{\"sense\": none}", false)?;
    }
    for number in 0..100 {
        let name = format!("stranger-{number}");
        // It is refused.
        let _ = Client::connect(target.broker, &name, Some((&name, "guess")));
    }
    for port in &target.ports[1..3] {
        for _ in 0..100 {
            let mut stream = TcpStream::connect(port)?;
            stream.set_read_timeout(Some(Duration::from_secs(2)))?;
            stream.write_all(b"GET /mqtt HTTP/9\r\nUpgrade: nothing\r\n\r\n")?;
            // It is refused.
            let _ = stream.read(&mut [0; 64]);
        }
    }
    thread::sleep(HELD);
    Ok(())
}

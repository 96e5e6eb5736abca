//! The core's clock, watched from outside: pings of our own over MQTT, each between two looks at this machine's clock.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::Value;

/// From one ping to the next.
const PAUSE: Duration = Duration::from_millis(100);
/// Nobody takes longer to answer.
const PATIENCE: Duration = Duration::from_secs(3);
/// A ping tells of the time so long before it and after it.
const NEAR: Duration = Duration::from_secs(6);
/// Two clocks drift apart by one part in so many at the most: 200 ppm.
const DRIFT: i64 = 5_000;
/// We are a slot that nobody seats.
const SLOT: &str = "net-watch";

/// One ping that was answered.
struct Seen {
    before: i64,
    after: i64,
    /// Times at which the core had the ping and answered it, by its clock.
    core: (i64, i64),
    boot: String,
}

/// Readings of the core's clock.
#[derive(Clone, Default)]
pub(super) struct Watch {
    seen: Arc<Mutex<Vec<Seen>>>,
    over: Arc<AtomicBool>,
}

impl Watch {
    /// Pings the core at this address until this is dropped, whatever becomes of it.
    pub(super) fn start(at: SocketAddr) -> Self {
        let watch = Self::default();
        let (seen, over) = (Arc::clone(&watch.seen), Arc::clone(&watch.over));
        thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                // The core is away: it is tried again.
                let _ = ask(at, &seen, &over);
                thread::sleep(PAUSE);
            }
        });
        watch
    }

    /// Converts a moment between these of this machine's clock to the clock of the core of this start; of any, where
    /// none is named. `None`: nothing was seen of it near enough.
    pub(super) fn core(
        &self,
        from: Duration,
        to: Duration,
        boot: Option<&str>,
    ) -> Option<(i64, i64)> {
        let (from, to) = (micros(from), micros(to));
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let near = seen.iter().filter(|seen| boot.is_none_or(|boot| boot == seen.boot));
        let far = |seen: &Seen| (seen.before - to).max(from - seen.after).max(0);
        let near = near.filter(|seen| far(seen) < micros(NEAR));
        let ahead = near.map(|seen| {
            let doubt = far(seen) / DRIFT + 1;
            (seen.core.1 - seen.after - doubt, seen.core.0 - seen.before + doubt)
        });
        let both = |one: (i64, i64), other: (i64, i64)| (one.0.max(other.0), one.1.min(other.1));
        let (low, high) = ahead.reduce(both).filter(|(low, high)| low <= high)?;
        Some((from + low, to + high))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

fn ask(at: SocketAddr, seen: &Mutex<Vec<Seen>>, over: &AtomicBool) -> anyhow::Result<()> {
    let mut stream = TcpStream::connect_timeout(&at, PATIENCE)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    // CONNECT, level 4, clean session, no keep-alive (MQTT 3.1.1, 3.1).
    let mut connect = vec![0, 4, b'M', b'Q', b'T', b'T', 4, 2, 0, 0];
    text(&mut connect, SLOT);
    send(&mut stream, 0x10, &connect)?;
    receive(&mut stream, 0x20)?;
    let mut subscribe = vec![0, 1];
    text(&mut subscribe, &format!("eg/dev/{SLOT}/clock/pong"));
    subscribe.push(0);
    send(&mut stream, 0x82, &subscribe)?;
    receive(&mut stream, 0x90)?;
    let mut number = 0;
    while !over.load(Ordering::Relaxed) {
        number += 1;
        let mut ping = Vec::new();
        text(&mut ping, &format!("eg/dev/{SLOT}/clock/ping"));
        ping.extend(format!("{{\"n\":{number},\"t1_us\":0}}").bytes());
        let before = micros(eg_clock::monotonic());
        send(&mut stream, 0x30, &ping)?;
        let answer = receive(&mut stream, 0x30)?;
        let after = micros(eg_clock::monotonic());
        let body = answer.iter().position(|byte| *byte == b'{').context("no JSON")?;
        let pong: Value = serde_json::from_slice(&answer[body..])?;
        if pong["n"] == number {
            let stamp = |name: &str| pong[name].as_i64().context("no stamp");
            let core = (stamp("t2_us")?, stamp("t3_us")?);
            let boot = pong["boot"].as_str().unwrap_or_default().to_owned();
            let one = Seen { before, after, core, boot };
            seen.lock().unwrap_or_else(PoisonError::into_inner).push(one);
        }
        thread::sleep(PAUSE);
    }
    Ok(())
}

fn text(packet: &mut Vec<u8>, text: &str) {
    packet.extend(u16::try_from(text.len()).unwrap_or(u16::MAX).to_be_bytes());
    packet.extend(text.bytes());
}

/// A packet of less than 128 bytes: its length is one byte.
fn send(stream: &mut TcpStream, kind: u8, body: &[u8]) -> anyhow::Result<()> {
    let length =
        u8::try_from(body.len()).ok().filter(|length| *length < 128).context("too long")?;
    let packet: Vec<u8> = [kind, length].into_iter().chain(body.iter().copied()).collect();
    Ok(stream.write_all(&packet)?)
}

fn receive(stream: &mut TcpStream, kind: u8) -> anyhow::Result<Vec<u8>> {
    let mut byte = [0];
    stream.read_exact(&mut byte)?;
    ensure!(byte[0] & 0xf0 == kind & 0xf0, "packet {:#x} instead of {kind:#x}", byte[0]);
    let (mut length, mut shift) = (0, 0);
    loop {
        stream.read_exact(&mut byte)?;
        length |= usize::from(byte[0] & 0x7f) << shift;
        shift += 7;
        if byte[0] & 0x80 == 0 || shift > 21 {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok(body)
}

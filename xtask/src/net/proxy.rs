//! A slow link in user space: bytes between an agent and the core arrive later than they were sent, in their order.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;

/// The least and the most that bytes take, in microseconds.
pub(super) type Way = (u64, u64);

/// Listens at `at` and passes what comes on to `to`, and back. Ends with the process.
pub(super) fn start(
    at: SocketAddr,
    to: SocketAddr,
    out: Way,
    back: Way,
    seed: u64,
) -> anyhow::Result<()> {
    let listener = TcpListener::bind(at).with_context(|| format!("cannot listen on {at}"))?;
    thread::spawn(move || {
        for agent in listener.incoming().flatten() {
            // An agent whose core is away tries again.
            let Ok(core) = TcpStream::connect(to) else { continue };
            if let (Ok(agent_again), Ok(core_again)) = (agent.try_clone(), core.try_clone()) {
                pass(agent, core_again, out, seed);
                pass(core, agent_again, back, seed ^ 1);
            }
        }
    });
    Ok(())
}

fn pass(from: TcpStream, to: TcpStream, way: Way, seed: u64) {
    let (late, due) = channel();
    thread::spawn(move || take(from, &late, way, seed));
    thread::spawn(move || give(to, &due));
}

#[expect(clippy::disallowed_methods, reason = "a link takes real time")]
fn take(mut from: TcpStream, late: &Sender<(Instant, Vec<u8>)>, way: Way, mut chance: u64) {
    let mut bytes = vec![0; 64 << 10];
    let mut last = Instant::now();
    while let Ok(length @ 1..) = from.read(&mut bytes) {
        chance = next(chance);
        let took = way.0 + chance % (way.1 - way.0).max(1);
        last = last.max(Instant::now() + Duration::from_micros(took));
        if late.send((last, bytes[..length].to_vec())).is_err() {
            return;
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a link takes real time")]
fn give(mut to: TcpStream, due: &Receiver<(Instant, Vec<u8>)>) {
    // A link that cannot switch Nagle off is only slower.
    let _ = to.set_nodelay(true);
    for (at, bytes) in due {
        thread::sleep(at.saturating_duration_since(Instant::now()));
        if to.write_all(&bytes).is_err() {
            return;
        }
    }
    // The other end has gone already.
    let _ = to.shutdown(Shutdown::Both);
}

/// The next of a row of numbers that look like chance (Marsaglia 2003, xorshift64).
pub(super) fn next(state: u64) -> u64 {
    let state = state.max(1);
    let state = state ^ (state << 13);
    let state = state ^ (state >> 7);
    state ^ (state << 17)
}

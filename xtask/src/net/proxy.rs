//! A slow link in user space: bytes between an agent and the core arrive later than they were sent, in their order. It
//! can stall, give its bytes in batches as a radio that saves power does, and be cut.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::Context;

/// Delays of bytes in one direction, by the machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Way {
    /// Least and greatest delay.
    pub(super) takes: (Duration, Duration),
    /// Stalls: the period, the time within it at which nothing arrives any more, and the length.
    pub(super) stalls: Option<(Duration, Duration, Duration)>,
    /// Period at whose ends alone bytes arrive.
    pub(super) batches: Option<Duration>,
    /// Growth of the delay, and the time over which it grows before it falls back.
    pub(super) grows: Option<(Duration, Duration)>,
}

impl Way {
    /// Returns a way with a delay between these, in microseconds.
    pub(super) fn micros(least: u64, most: u64) -> Self {
        Self {
            takes: (Duration::from_micros(least), Duration::from_micros(most)),
            ..Self::default()
        }
    }

    /// Returns the time at which bytes arrive that were sent `now`.
    fn arrives(&self, now: Duration, chance: u64) -> Duration {
        let spread = u64::try_from((self.takes.1.saturating_sub(self.takes.0)).as_micros());
        let drawn = Duration::from_micros(chance % spread.unwrap_or(0).max(1));
        let mut at = now + self.takes.0 + drawn;
        if let Some((by, over)) = self.grows {
            at += by.mul_f64(rest(now, over).as_secs_f64() / over.as_secs_f64());
        }
        if let Some((every, after, long)) = self.stalls {
            let into = rest(at, every);
            if into >= after && into < after + long {
                at += after + long - into;
            }
        }
        match self.batches {
            Some(every) => at + every - rest(at, every),
            None => at,
        }
    }
}

fn rest(at: Duration, every: Duration) -> Duration {
    let nanos = at.as_nanos() % every.as_nanos().max(1);
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(0))
}

/// Cuts a link, and mends it.
#[derive(Clone, Debug, Default)]
pub(super) struct Switch(Arc<Mutex<(bool, Vec<TcpStream>)>>);

impl Switch {
    /// Nothing goes through any more: connections end, and new ones too.
    pub(super) fn cut(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.0 = true;
        for stream in state.1.drain(..) {
            // It has ended already.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Connections can be made again.
    pub(super) fn mend(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0 = false;
    }

    /// Returns `true` if this connection may stand; it is cut with the others.
    fn admits(&self, ends: [&TcpStream; 2]) -> bool {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !state.0 {
            state.1.extend(ends.into_iter().filter_map(|end| end.try_clone().ok()));
        }
        !state.0
    }
}

/// Listens at `at` and passes what comes on to `to`, and back. Ends with the process.
pub(super) fn start(
    at: SocketAddr,
    to: SocketAddr,
    out: Way,
    back: Way,
    seed: u64,
) -> anyhow::Result<Switch> {
    let listener = TcpListener::bind(at).with_context(|| format!("cannot listen on {at}"))?;
    let switch = Switch::default();
    let admits = switch.clone();
    thread::spawn(move || {
        for agent in listener.incoming().flatten() {
            // An agent whose core is away tries again.
            let Ok(core) = TcpStream::connect(to) else { continue };
            if !admits.admits([&agent, &core]) {
                continue;
            }
            if let (Ok(agent_again), Ok(core_again)) = (agent.try_clone(), core.try_clone()) {
                pass(agent, core_again, out, seed);
                pass(core, agent_again, back, seed ^ 1);
            }
        }
    });
    Ok(switch)
}

fn pass(from: TcpStream, to: TcpStream, way: Way, seed: u64) {
    let (late, due) = channel();
    thread::spawn(move || take(from, &late, way, seed));
    thread::spawn(move || give(to, &due));
}

fn take(mut from: TcpStream, late: &Sender<(Duration, Vec<u8>)>, way: Way, mut chance: u64) {
    let mut bytes = vec![0; 64 << 10];
    let mut last = Duration::ZERO;
    while let Ok(length @ 1..) = from.read(&mut bytes) {
        chance = next(chance);
        last = last.max(way.arrives(eg_clock::monotonic(), chance));
        if late.send((last, bytes[..length].to_vec())).is_err() {
            return;
        }
    }
}

fn give(mut to: TcpStream, due: &Receiver<(Duration, Vec<u8>)>) {
    // A link that cannot switch Nagle off is only slower.
    let _ = to.set_nodelay(true);
    for (at, bytes) in due {
        thread::sleep(at.saturating_sub(eg_clock::monotonic()));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn a_stall_holds_what_comes_in_it_and_nothing_else() {
        let stalls = Some((ms(1_000), ms(400), ms(300)));
        let way = Way { stalls, ..Way::micros(5_000, 5_000) };

        let arrive = [100, 396, 600, 694, 710].map(|at| way.arrives(ms(5_000 + at), 0));

        assert_eq!(arrive, [5_105, 5_700, 5_700, 5_700, 5_715].map(ms));
    }

    #[test]
    fn a_radio_that_sleeps_gives_what_it_has_when_it_wakes() {
        let way = Way { batches: Some(ms(100)), ..Way::default() };

        assert_eq!([1, 99, 101].map(|at| way.arrives(ms(at), 0)), [100, 100, 200].map(ms));
    }
}

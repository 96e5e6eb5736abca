//! A link between a slot and the broker that can be cut, frozen and slowed, in user space.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::Context;

/// State of a link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Mode {
    /// Bytes pass at once.
    #[default]
    Open,
    /// Connections were reset, and new ones are.
    Cut,
    /// Connections stand, and nothing passes.
    Frozen,
    /// Whatever is read at once passes so much later.
    Slow(Duration),
}

/// One link. Clones are the same link.
#[derive(Clone, Debug, Default)]
pub(super) struct Link(Arc<(Mutex<State>, Condvar)>);

#[derive(Debug, Default)]
struct State {
    mode: Mode,
    streams: Vec<TcpStream>,
}

impl Link {
    /// Listens at `at` and passes what comes on to `to`, and back. Ends with this process.
    pub(super) fn open(at: SocketAddr, to: SocketAddr) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(at).with_context(|| format!("cannot listen on {at}"))?;
        Ok(Self::on(listener, to))
    }

    fn on(listener: TcpListener, to: SocketAddr) -> Self {
        let link = Self::default();
        let own = link.clone();
        thread::spawn(move || {
            for agent in listener.incoming().flatten() {
                // Whose broker is away tries again.
                let Ok(broker) = TcpStream::connect(to) else { continue };
                own.join(agent, broker);
            }
        });
        link
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes how bytes pass.
    pub(super) fn set(&self, mode: Mode) {
        let mut state = self.state();
        state.mode = mode;
        if mode == Mode::Cut {
            for stream in state.streams.drain(..) {
                // It has ended already.
                let _ = stream.shutdown(Shutdown::Both);
            }
        }
        self.0.1.notify_all();
    }

    fn join(&self, agent: TcpStream, broker: TcpStream) {
        let ends = [agent.try_clone(), broker.try_clone()];
        let [Ok(agent_again), Ok(broker_again)] = ends else { return };
        let mut state = self.state();
        if state.mode == Mode::Cut {
            return;
        }
        // Those that have ended are of no use to a cut.
        state.streams.retain(|stream| stream.peer_addr().is_ok());
        let ends = [&agent, &broker].into_iter().filter_map(|end| end.try_clone().ok());
        state.streams.extend(ends);
        drop(state);
        for (from, to) in [(agent, broker_again), (broker, agent_again)] {
            let link = self.clone();
            thread::spawn(move || link.pass(from, to));
        }
    }

    fn pass(&self, mut from: TcpStream, mut to: TcpStream) {
        // A link that cannot switch Nagle off is only slower.
        let _ = to.set_nodelay(true);
        let mut bytes = vec![0; 64 << 10];
        while let Ok(length @ 1..) = from.read(&mut bytes) {
            let frozen = |state: &mut State| state.mode == Mode::Frozen;
            let state = self.0.1.wait_while(self.state(), frozen);
            let mode = state.unwrap_or_else(PoisonError::into_inner).mode;
            if let Mode::Slow(by) = mode {
                thread::sleep(by);
            }
            if to.write_all(&bytes[..length]).is_err() {
                break;
            }
        }
        // The other end has gone already.
        let _ = to.shutdown(Shutdown::Both);
        let _ = from.shutdown(Shutdown::Both);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linked() -> (Link, SocketAddr, TcpListener) {
        let broker = TcpListener::bind("127.0.0.1:0").unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        (Link::on(listener, broker.local_addr().unwrap()), at, broker)
    }

    #[test]
    fn a_frozen_link_holds_bytes_and_gives_them_when_it_thaws() {
        let (link, at, broker) = linked();
        let mut agent = TcpStream::connect(at).unwrap();
        let mut other = broker.accept().unwrap().0;
        let mut bytes = [0; 3];

        link.set(Mode::Frozen);
        agent.write_all(b"one").unwrap();
        other.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        let held = other.read(&mut bytes);
        link.set(Mode::Open);
        other.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        other.read_exact(&mut bytes).unwrap();

        assert!(held.is_err(), "{held:?}");
        assert_eq!(&bytes, b"one");
    }

    #[test]
    fn a_cut_link_ends_what_stands_and_lets_nobody_in() {
        let (link, at, broker) = linked();
        let mut agent = TcpStream::connect(at).unwrap();
        let _other = broker.accept().unwrap();

        link.set(Mode::Cut);
        let stood = agent.read(&mut [0]);
        let came = TcpStream::connect(at).unwrap().read(&mut [0]);

        assert!(matches!(stood, Ok(0) | Err(_)), "{stood:?}");
        assert!(matches!(came, Ok(0) | Err(_)), "{came:?}");
    }
}

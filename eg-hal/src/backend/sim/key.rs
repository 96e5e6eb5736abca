//! Virtual keyboards.

use super::signal::Signal;
use super::time::Time;
use crate::backend::KeyPort;
use crate::backend::keys_down::KeysDown;
use crate::{BoardError, KeyEdge, KeyError, Moment, Source};
use std::collections::{BTreeSet, VecDeque};
use std::os::fd::BorrowedFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Changes that wait for the driver. One more, and all are dropped and the states read back, as evdev does it.
const QUEUED_KEYS: usize = 64;

/// The keys of a keyboard of a [`Bench`](super::Bench). Clones are the same keyboard. It is plugged in from the start.
#[derive(Clone, Debug)]
pub struct Keyboard {
    name: Arc<str>,
    time: Time,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    unplugged: bool,
    /// The most keys that are told at once.
    most: Option<usize>,
    /// The keys that fingers hold.
    held: BTreeSet<u16>,
    /// The keys that it tells as down.
    down: BTreeSet<u16>,
    open: Option<Opened>,
}

#[derive(Debug)]
struct Opened {
    hung_up: bool,
    queue: VecDeque<KeyEdge>,
    dropped: bool,
    signal: Signal,
}

impl Keyboard {
    pub(super) fn new(name: &str, time: Time) -> Self {
        Self { name: name.into(), time, state: Arc::default() }
    }

    /// Presses a key or lets it go, by its code of the Linux uAPI. A state it has already is no change.
    pub fn set(&self, code: u16, down: bool) {
        let mut state = self.state();
        if down {
            state.held.insert(code);
        } else {
            state.held.remove(&code);
        }
        state.tell(self.time.now());
    }

    /// A fault, and the way of most keyboards: it tells at most so many keys at once. With more of them held nothing
    /// changes until fingers leave; then what is still held is told. `None` ends it.
    pub fn roll_over(&self, keys: Option<usize>) {
        let mut state = self.state();
        state.most = keys;
        state.tell(self.time.now());
    }

    /// `true` if a key is reported as down.
    pub fn is_down(&self, code: u16) -> bool {
        self.state().down.contains(&code)
    }

    /// Pulls the plug: every key is up, the open reader hangs up, and opening is refused until [`plug`](Self::plug).
    pub fn unplug(&self) {
        let mut state = self.state();
        state.unplugged = true;
        state.down.clear();
        state.held.clear();
        if let Some(open) = &mut state.open {
            open.hung_up = true;
            open.signal.raise();
        }
    }

    /// Puts the plug back. A reader that was open stays dead; the keyboard can be opened anew.
    pub fn plug(&self) {
        self.state().unplugged = false;
    }

    pub(super) fn open(&self) -> Result<KeyboardPort, BoardError> {
        let signal = Signal::new(&self.name)?;
        let mut state = self.state();
        let refused = |cause: &str| {
            let what = format!("keyboard {}", self.name);
            Err(BoardError::Refused { what, cause: cause.to_owned() })
        };
        if state.unplugged {
            return refused("it does not exist; is it plugged in?");
        }
        if state.open.is_some() {
            return refused("it is open already");
        }
        let known = KeysDown::new(state.down.iter().copied());
        let queue = VecDeque::with_capacity(QUEUED_KEYS);
        state.open = Some(Opened { hung_up: false, queue, dropped: false, signal: signal.clone() });
        Ok(KeyboardPort { keyboard: self.clone(), signal, known, lost: 0 })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Tells the keys that are held, the released ones first.
    fn tell(&mut self, at: Moment) {
        if self.most.is_some_and(|most| self.held.len() > most) {
            return;
        }
        let released = self.down.difference(&self.held).map(|code| (*code, false));
        let pressed = self.held.difference(&self.down).map(|code| (*code, true));
        let changes: Vec<_> = released.chain(pressed).collect();
        self.down.clone_from(&self.held);
        if let Some(open @ Opened { hung_up: false, .. }) = &mut self.open {
            for (code, down) in changes {
                open.hear(KeyEdge { code, down, at, src: Source::Synthetic });
            }
        }
    }
}

impl Opened {
    fn hear(&mut self, edge: KeyEdge) {
        if self.queue.len() == QUEUED_KEYS {
            self.queue.clear();
            self.dropped = true;
        }
        if !self.dropped {
            self.queue.push_back(edge);
        }
        self.signal.raise();
    }
}

/// The driver's end.
pub(super) struct KeyboardPort {
    keyboard: Keyboard,
    signal: Signal,
    known: KeysDown,
    lost: u64,
}

impl KeyboardPort {
    fn hung_up(&self) -> KeyError {
        KeyError { keyboard: self.keyboard.name.to_string(), cause: "hung up".to_owned() }
    }
}

impl KeyPort for KeyboardPort {
    fn next_key(&mut self) -> Result<Option<KeyEdge>, KeyError> {
        let mut state = self.keyboard.state();
        let State { down, open, .. } = &mut *state;
        let Some(open @ Opened { hung_up: false, .. }) = open else {
            return Err(self.hung_up());
        };
        if std::mem::take(&mut open.dropped) {
            self.lost += 1;
            let at = self.keyboard.time.now();
            let changes = self.known.resync(down.iter().copied()).into_iter();
            open.queue =
                changes.map(|(code, down)| KeyEdge { code, down, at, src: Source::Poll }).collect();
        }
        let edge = open.queue.pop_front();
        if open.queue.is_empty() {
            self.signal.lower();
        }
        if let Some(edge) = edge {
            self.known.note(edge.code, edge.down);
        }
        Ok(edge)
    }

    fn is_down(&mut self, code: u16) -> Result<bool, KeyError> {
        let state = self.keyboard.state();
        match &state.open {
            Some(Opened { hung_up: false, .. }) => Ok(self.known.contains(code)),
            Some(Opened { hung_up: true, .. }) | None => Err(self.hung_up()),
        }
    }

    fn take_lost(&mut self) -> u64 {
        std::mem::take(&mut self.lost)
    }

    fn fd(&self) -> Option<BorrowedFd<'_>> {
        Some(self.signal.fd())
    }
}

impl Drop for KeyboardPort {
    fn drop(&mut self) {
        self.keyboard.state().open = None;
    }
}

//! Virtual wires.

use super::signal::Signal;
use super::time::Time;
use crate::backend::{InputPort, OutputPort};
use crate::{BoardError, Edge, LineError, Moment, Pull, Source};
use std::collections::VecDeque;
use std::fmt;
use std::os::fd::BorrowedFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Edges that wait for the driver. As in the kernel, the newest stay and the oldest are lost.
const QUEUED_EDGES: usize = 64;
/// Changes of level that a wire remembers for tests and models.
const REMEMBERED_LEVELS: usize = 1024;

/// One end of a wire of a [`Bench`](super::Bench): a model drives it, a test looks at it. Clones are the same wire.
///
/// Its level is, in this order: where it is stuck, what an opened output drives, what a model drives, where the pull of
/// an opened input holds it, low.
#[derive(Clone)]
pub struct Wire {
    name: Arc<str>,
    time: Time,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    stuck: Option<bool>,
    output: Option<bool>,
    driven: Option<bool>,
    pull: Pull,
    holder: Option<String>,
    listener: Option<Listener>,
    high: bool,
    levels: VecDeque<(Moment, bool)>,
}

struct Listener {
    queue: VecDeque<Edge>,
    last_seq: u32,
    signal: Signal,
}

impl Wire {
    pub(super) fn new(name: &str, time: Time) -> Self {
        Self { name: name.into(), time, state: Arc::default() }
    }

    /// The line's name on the bench.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The level now; `true` is high.
    pub fn level(&self) -> bool {
        self.state().high
    }

    /// The changes of level so far, oldest first, each with its moment; the newest 1024 of them.
    pub fn history(&self) -> Vec<(Moment, bool)> {
        self.state().levels.iter().copied().collect()
    }

    /// Drives the wire from the model's side; `true` is high.
    pub fn drive(&self, high: bool) {
        self.change(|state| state.driven = Some(high));
    }

    /// Lets go of the wire: the pull decides again.
    pub fn release(&self) {
        self.change(|state| state.driven = None);
    }

    /// A fault: the wire stays at this level whatever drives it, until [`unstick`](Self::unstick).
    pub fn stick(&self, high: bool) {
        self.change(|state| state.stuck = Some(high));
    }

    /// Ends the fault: the wire takes the level it would have.
    pub fn unstick(&self) {
        self.change(|state| state.stuck = None);
    }

    pub(super) fn open_input(&self, pull: Pull, consumer: &str) -> Result<Input, BoardError> {
        let signal = Signal::new(&self.name)?;
        self.hold(consumer)?;
        // The pull takes hold before anybody listens: it makes no edge, as on a chip.
        self.change(|state| (state.pull, state.output) = (pull, None));
        let queue = VecDeque::with_capacity(QUEUED_EDGES);
        self.state().listener = Some(Listener { queue, last_seq: 0, signal: signal.clone() });
        Ok(Input { wire: self.clone(), signal })
    }

    pub(super) fn open_output(&self, high: bool, consumer: &str) -> Result<Output, BoardError> {
        self.hold(consumer)?;
        self.change(|state| state.output = Some(high));
        Ok(Output { wire: self.clone() })
    }

    /// One line can have two names, so the wire itself knows who holds it, as the kernel does.
    fn hold(&self, consumer: &str) -> Result<(), BoardError> {
        let mut state = self.state();
        if let Some(holder) = &state.holder {
            let what = format!("line {}", self.name);
            return Err(BoardError::Refused { what, cause: format!("it is in use by {holder}") });
        }
        state.holder = Some(consumer.to_owned());
        Ok(())
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.state();
        change(&mut state);
        state.settle(self.time.now());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").field("name", &self.name).field("high", &self.level()).finish()
    }
}

impl State {
    fn settle(&mut self, at: Moment) {
        let driven = self.stuck.or(self.output).or(self.driven);
        let high = driven.unwrap_or(self.pull == Pull::Up);
        if high == self.high {
            return;
        }
        self.high = high;
        if self.levels.len() == REMEMBERED_LEVELS {
            self.levels.pop_front();
        }
        self.levels.push_back((at, high));
        if let Some(listener) = &mut self.listener {
            listener.hear(high, at);
        }
    }
}

impl Listener {
    fn hear(&mut self, high: bool, at: Moment) {
        self.last_seq = self.last_seq.wrapping_add(1);
        if self.queue.len() == QUEUED_EDGES {
            self.queue.pop_front();
        }
        self.queue.push_back(Edge { high, at, src: Source::Synthetic, seq: self.last_seq });
        self.signal.raise();
    }
}

/// An opened input end. Dropping it closes the line.
pub(super) struct Input {
    wire: Wire,
    signal: Signal,
}

impl InputPort for Input {
    fn level(&mut self) -> Result<bool, LineError> {
        Ok(self.wire.level())
    }

    fn next_edge(&mut self) -> Result<Option<Edge>, LineError> {
        let mut state = self.wire.state();
        let Some(listener) = &mut state.listener else { return Ok(None) };
        let edge = listener.queue.pop_front();
        if listener.queue.is_empty() {
            listener.signal.lower();
        }
        Ok(edge)
    }

    fn fd(&self) -> Option<BorrowedFd<'_>> {
        Some(self.signal.fd())
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        let mut state = self.wire.state();
        (state.listener, state.holder) = (None, None);
    }
}

/// An opened output end. Dropping it closes the line, which keeps its level, as on a Pi.
pub(super) struct Output {
    wire: Wire,
}

impl OutputPort for Output {
    fn drive(&mut self, high: bool) -> Result<(), LineError> {
        self.wire.change(|state| state.output = Some(high));
        Ok(())
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        self.wire.state().holder = None;
    }
}

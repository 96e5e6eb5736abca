//! Virtual wires.

use super::bounce::{Bounce, Chatter};
use super::listener::Listener;
use super::time::Time;
use crate::{Moment, Pull, catch_panic};
use std::cell::Cell;
use std::collections::{BTreeSet, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Changes of level that a wire remembers for tests and models.
const REMEMBERED_LEVELS: usize = 1024;
/// Wires that may change because another one did, one after the other.
const LONGEST_RIPPLE: u32 = 32;

/// One end of a wire of a [`Bench`](super::Bench): a model drives it, a test looks at it. Clones are the same wire.
///
/// Its level is, in this order: where it is stuck, what an opened output drives, low while an open-drain output sinks
/// it, what a model drives, where the pull of an opened input holds it, low.
#[derive(Clone)]
pub struct Wire {
    pub(super) name: Arc<str>,
    pub(super) time: Time,
    pub(super) state: Arc<Mutex<State>>,
}

#[derive(Default)]
pub(super) struct State {
    stuck: Option<bool>,
    pub(super) output: Option<bool>,
    /// The open-drain outputs that sink it, by number.
    pub(super) sinks: BTreeSet<u64>,
    pub(super) driven: Option<bool>,
    pub(super) pull: Pull,
    pub(super) holder: Option<String>,
    pub(super) listener: Option<Listener>,
    watchers: Vec<Watcher>,
    bounce: Option<Chatter>,
    /// Counts what a model drove, so that bounce of an older change ends when a new one comes.
    driven_times: u64,
    /// Edges that nobody shall hear of.
    lose: u32,
    high: bool,
    levels: VecDeque<(Moment, bool)>,
}

type Watcher = Arc<dyn Fn(bool) + Send + Sync>;

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

    /// An opened output drives it.
    pub(super) fn is_output(&self) -> bool {
        self.state().output.is_some()
    }

    /// The changes of level so far, oldest first, each with its moment; the newest 1024 of them.
    pub fn history(&self) -> Vec<(Moment, bool)> {
        self.state().levels.iter().copied().collect()
    }

    /// Drives the wire from the model's side; `true` is high.
    pub fn drive(&self, high: bool) {
        self.drive_as(Some(high));
    }

    /// Lets go of the wire: the pull decides again.
    pub fn release(&self) {
        self.drive_as(None);
    }

    fn drive_as(&self, driven: Option<bool>) {
        let mut chatter = Vec::new();
        let mut change = 0;
        self.change(|state| {
            state.driven_times += 1;
            change = state.driven_times;
            let before = state.level();
            state.driven = driven;
            if state.level() != before
                && let Some(bounce) = &mut state.bounce
            {
                chatter = bounce.chatter();
            }
        });
        let high = self.level();
        for (number, after) in chatter.into_iter().enumerate() {
            let wire = self.clone();
            let level = if number.is_multiple_of(2) { Some(!high) } else { driven };
            self.time.after(after, move || {
                wire.change(|state| {
                    if state.driven_times == change {
                        state.driven = level;
                    }
                });
            });
        }
    }

    /// Calls this after each change of level, with the new one; never while the wire is locked. On a live bench a panic
    /// of it ends there.
    ///
    /// # Panics
    /// Later, when watchers change wires in a ring that never comes to rest.
    pub fn watch(&self, watcher: impl Fn(bool) + Send + Sync + 'static) {
        let watcher: Watcher = if self.time.is_live() {
            Arc::new(move |high| drop(catch_panic(|| watcher(high))))
        } else {
            Arc::new(watcher)
        };
        self.state().watchers.push(watcher);
    }

    /// A fault: every change that a model drives bounces from now on; `None` ends it.
    pub fn bounce(&self, bounce: Option<Bounce>) {
        self.state().bounce = bounce.map(Chatter::new);
    }

    /// A fault: the next edges are not heard by the driver, although the level changes. An interrupt gets lost so.
    pub fn lose(&self, edges: u32) {
        self.state().lose = edges;
    }

    /// A fault: the wire stays at this level whatever drives it, until [`unstick`](Self::unstick).
    pub fn stick(&self, high: bool) {
        self.change(|state| state.stuck = Some(high));
    }

    /// Ends the fault: the wire takes the level it would have.
    pub fn unstick(&self) {
        self.change(|state| state.stuck = None);
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.state();
        change(&mut state);
        let Some(high) = state.settle(self.time.now()) else { return };
        let watchers = state.watchers.clone();
        drop(state);
        if !watchers.is_empty() {
            Ripple::begin(&self.name);
            watchers.iter().for_each(|watcher| watcher(high));
            Ripple::end();
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").field("name", &self.name).field("high", &self.level()).finish()
    }
}

impl State {
    fn level(&self) -> bool {
        let sunk = (!self.sinks.is_empty()).then_some(false);
        let driven = self.stuck.or(self.output).or(sunk).or(self.driven);
        driven.unwrap_or(self.pull == Pull::Up)
    }

    /// Takes the level that it now has; tells it when it is another one.
    fn settle(&mut self, at: Moment) -> Option<bool> {
        let high = self.level();
        if high == self.high {
            return None;
        }
        self.high = high;
        if self.levels.len() == REMEMBERED_LEVELS {
            self.levels.pop_front();
        }
        self.levels.push_back((at, high));
        if self.lose > 0 {
            self.lose -= 1;
        } else if let Some(listener) = &mut self.listener {
            listener.hear(high, at);
        }
        Some(high)
    }
}

thread_local! {
    /// Number of watched wires that are changing because another one did, on this thread.
    static RIPPLES: Cell<u32> = const { Cell::new(0) };
}

/// One wire's change spreads to others.
struct Ripple;

impl Ripple {
    fn begin(wire: &str) {
        let depth = RIPPLES.get() + 1;
        if depth > LONGEST_RIPPLE {
            RIPPLES.set(0);
            panic!("wire {wire} changes in a ring of watchers that never comes to rest");
        }
        RIPPLES.set(depth);
    }

    fn end() {
        RIPPLES.set(RIPPLES.get().saturating_sub(1));
    }
}

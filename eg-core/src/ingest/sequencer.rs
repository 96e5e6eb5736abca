//! Sequencer of each slot's events: duplicates are dropped, and an event that came too early waits for those before it.
//!
//! Numbers that do not come within [`HOLD`] are a gap: waiting events go on, and the gap is stored. Acknowledgements do
//! not pass it for [`GRACE`], because the slot may still have the missing events on its disk and send them again.

use crate::journal::StreamRow;
use eg_proto::{Ack, Boot, Event, SlotId, Timestamp};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

/// Time for which an early event waits for those before it.
pub(crate) const HOLD: Duration = Duration::from_millis(300);
/// Time for which skipped numbers may still come before they count as lost.
pub(crate) const GRACE: Duration = Duration::from_secs(30);
/// Number of early events of one slot that may wait.
const HELD: usize = 1_000;
/// Number of streams kept in memory while nothing about them is open.
const STREAMS: usize = 10_000;

type Key = (SlotId, Boot);

/// Streams of all slots.
#[derive(Debug, Default)]
pub(crate) struct Streams {
    all: HashMap<Key, Order>,
    /// Former state of each stream that was changed in this transaction; `None` if it was not known.
    before: HashMap<Key, Option<Order>>,
    /// Streams in which something waits, and perhaps others.
    open: HashSet<Key>,
}

/// Sequence of events of one start of one slot's agent.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) stream: i64,
    high: u64,
    /// Highest number whose event has left the journal, which no longer recognizes duplicates up to it.
    left: u64,
    awaited: Vec<Awaited>,
    held: BTreeMap<u64, (Timestamp, Event)>,
}

/// Range of numbers that were skipped and may still come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Awaited {
    first: u64,
    last: u64,
    until: Timestamp,
}

impl Streams {
    /// Begins a transaction: changes from here on can be rolled back.
    pub(crate) fn begin(&mut self) {
        self.before.clear();
        if self.all.len() > STREAMS {
            self.all.retain(|_, order| !order.held.is_empty() || !order.awaited.is_empty());
        }
    }

    pub(crate) fn rollback(&mut self) {
        for (key, order) in self.before.drain() {
            match order {
                Some(order) => self.all.insert(key, order),
                None => self.all.remove(&key),
            };
        }
    }

    pub(crate) fn knows(&self, key: &Key) -> bool {
        self.all.contains_key(key)
    }

    pub(crate) fn learn(&mut self, key: Key, row: StreamRow, now: Timestamp) {
        let until = now + GRACE;
        let awaited = row.awaited.into_iter().map(|(first, last)| Awaited { first, last, until });
        let (stream, high, left) = (row.id, row.high, row.left);
        let order = Order { stream, high, left, awaited: awaited.collect(), held: BTreeMap::new() };
        self.before.insert(key.clone(), None);
        self.open.insert(key.clone());
        self.all.insert(key, order);
    }

    /// Returns a stream to change, and remembers its former state.
    pub(crate) fn change(&mut self, key: &Key) -> Option<&mut Order> {
        let order = self.all.get_mut(key)?;
        self.before.entry(key.clone()).or_insert_with(|| Some(order.clone()));
        if !self.open.contains(key) {
            self.open.insert(key.clone());
        }
        Some(order)
    }

    /// Notes the highest number of each stream that was removed from the journal.
    pub(crate) fn forgotten(&mut self, streams: &BTreeMap<i64, u64>) {
        for order in self.all.values_mut() {
            let left = streams.get(&order.stream).copied().unwrap_or_default();
            order.left = order.left.max(left);
        }
    }

    /// Returns the acknowledgement of a stream: up to the first hole that may still be filled. `None` before the first
    /// event.
    pub(crate) fn ack(&self, key: &Key) -> Option<Ack> {
        let seq = self.all.get(key)?.through();
        (seq > 0).then_some(Ack { boot: key.1, seq })
    }

    /// Returns the streams with something to do at `now`.
    pub(crate) fn due(&mut self, now: Timestamp) -> Vec<Key> {
        let Self { all, open, .. } = self;
        let deadline = |key: &Key| all.get(key).and_then(Order::deadline);
        open.retain(|key| deadline(key).is_some());
        let due = open.iter().filter(|key| deadline(key).is_some_and(|at| at <= now));
        let mut due: Vec<_> = due.cloned().collect();
        due.sort_unstable();
        due
    }

    /// Returns the time at which a stream has something to do next.
    pub(crate) fn deadline(&self) -> Option<Timestamp> {
        self.open.iter().filter_map(|key| self.all.get(key)?.deadline()).min()
    }
}

/// Decision about an event.
#[derive(Debug, PartialEq)]
pub(crate) enum Admission {
    /// Event to store: the next one, a missing one, or a duplicate, which the journal recognizes.
    Store,
    /// Event to drop: it waits already, or has left the journal.
    Repeat,
    /// Event that waits for those before it.
    Wait,
}

impl Order {
    /// Decides what to do with an event, and holds it if it comes too early.
    pub(crate) fn admit(&mut self, event: &Event, at: Timestamp) -> Admission {
        let seq = event.seq;
        let awaited = || self.awaited.iter().any(|gap| (gap.first..=gap.last).contains(&seq));
        if seq <= self.left && !awaited() {
            return Admission::Repeat;
        }
        if seq <= self.high + 1 {
            return Admission::Store;
        }
        if self.held.contains_key(&seq) {
            return Admission::Repeat;
        }
        self.held.insert(seq, (at, event.clone()));
        Admission::Wait
    }

    /// Notes that a number is stored. Returns `true` if it was awaited in a gap.
    pub(crate) fn stored(&mut self, seq: u64) -> bool {
        if seq > self.high {
            self.high = seq;
            return false;
        }
        let Some(place) = self.awaited.iter().position(|g| (g.first..=g.last).contains(&seq))
        else {
            return false;
        };
        let gap = self.awaited.remove(place);
        let after = Awaited { first: seq + 1, ..gap };
        let before = Awaited { last: seq - 1, ..gap };
        for rest in [after, before].into_iter().filter(|rest| rest.first <= rest.last) {
            self.awaited.insert(place, rest);
        }
        true
    }

    /// Removes and returns the next held event, if it is its turn.
    pub(crate) fn next_held(&mut self) -> Option<Event> {
        let (_, event) = self.held.remove(&(self.high + 1))?;
        Some(event)
    }

    /// Gives up waiting for numbers that did not come in time. Returns the gap, first and last.
    pub(crate) fn give_up(&mut self, now: Timestamp) -> Option<(u64, u64)> {
        let (first_held, (at, _)) = self.held.first_key_value()?;
        if *at + HOLD > now && self.held.len() < HELD {
            return None;
        }
        let gap = (self.high + 1, first_held - 1);
        self.awaited.push(Awaited { first: gap.0, last: gap.1, until: now + GRACE });
        self.high = gap.1;
        Some(gap)
    }

    /// Counts awaited numbers as lost whose time is over. Returns `true` if there were any.
    pub(crate) fn write_off(&mut self, now: Timestamp) -> bool {
        let before = self.awaited.len();
        self.awaited.retain(|gap| gap.until > now);
        self.awaited.len() < before
    }

    pub(crate) fn awaited(&self) -> Vec<(u64, u64)> {
        self.awaited.iter().map(|gap| (gap.first, gap.last)).collect()
    }

    fn through(&self) -> u64 {
        self.awaited.iter().map(|gap| gap.first - 1).min().unwrap_or(self.high)
    }

    fn deadline(&self) -> Option<Timestamp> {
        let held = self.held.values().map(|(at, _)| *at + HOLD).min();
        let lost = self.awaited.iter().map(|gap| gap.until).min();
        held.into_iter().chain(lost).min()
    }
}

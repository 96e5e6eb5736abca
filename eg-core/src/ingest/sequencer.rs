//! Sequencer of each slot's events: duplicates are dropped, and an event that came too early waits for those before it.
//!
//! At the first hole the slot is asked to send again what is not acknowledged. Numbers that do not come within [`ORDER`]
//! are a gap: waiting events go on, and the gap is stored. Acknowledgements do not pass it while the slot may still have
//! the missing events on its disk: not before it has gone past them once more, [`GRACE`] later.

use crate::journal::StreamRow;
use eg_proto::{Ack, Boot, Event, Presence, SlotId, Timestamp};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

/// Time for which an early event waits for those before it, while both links stand.
pub(crate) const ORDER: Duration = Duration::from_secs(5);
/// Longest time for which an early event waits for a slot that has left.
const AWAY: Duration = Duration::from_secs(600);
/// Time for which skipped numbers are awaited at least, before they can count as lost.
pub(crate) const GRACE: Duration = Duration::from_secs(30);
/// Shortest interval between two requests to one slot to send again.
const ASKED: Duration = Duration::from_secs(1);
/// Number of early events of one start of a slot that may wait.
const HELD: usize = 1_000;
/// Number of starts of one slot in which events may wait.
const OPEN: usize = 16;
/// Number of skipped ranges of one start of a slot that may be awaited; beyond it, the oldest counts as lost.
const AWAITED: usize = 64;
/// Largest step between two numbers: more events than that no slot has lost.
const STEP: u64 = 1_000_000_000;
/// Number of streams kept in memory while nothing waits in them.
const STREAMS: usize = 10_000;

type Key = (SlotId, Boot);

/// Streams of all slots.
#[derive(Debug, Default)]
pub(crate) struct Streams {
    all: HashMap<Key, Order>,
    /// Former state of each stream that was changed in this transaction; `None` if it was not known.
    before: HashMap<Key, Option<Order>>,
    /// Streams in which something waits, and perhaps others.
    open: BTreeSet<Key>,
    links: Links,
}

/// Links over which missing events may still come.
#[derive(Debug)]
struct Links {
    /// Time from which the core's own link to the broker stands; `None` while it is lost.
    up: Option<Timestamp>,
    /// Presence of each slot, and since when.
    slots: BTreeMap<SlotId, (Presence, Timestamp)>,
}

impl Default for Links {
    fn default() -> Self {
        Self { up: Some(Timestamp::default()), slots: BTreeMap::new() }
    }
}

/// Sequence of events of one start of one slot's agent.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) stream: i64,
    high: u64,
    /// Highest number whose event has left the journal, which no longer recognizes duplicates up to it.
    left: u64,
    awaited: Vec<Awaited>,
    /// Events that wait, with their arrival.
    held: BTreeMap<u64, (Timestamp, Event)>,
    /// Time at which a missing event last came.
    filled: Timestamp,
    /// Time at which the slot was last asked to send again.
    asked: Option<Timestamp>,
}

/// Range of numbers that were skipped and may still come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Awaited {
    first: u64,
    last: u64,
    /// Time until which the range cannot count as lost.
    until: Timestamp,
}

impl Streams {
    /// Begins a transaction: changes from here on can be rolled back.
    pub(crate) fn begin(&mut self) {
        self.before.clear();
        if self.all.len() > STREAMS {
            self.all.retain(|_, order| !order.held.is_empty());
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
        let (awaited, held) = (awaited.collect(), BTreeMap::new());
        let order = Order { stream, high, left, awaited, held, filled: now, asked: None };
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

    /// Notes that the core's own link to the broker stands from `at` on; `None`: that it is lost.
    pub(crate) fn linked(&mut self, at: Option<Timestamp>) {
        self.links.up = at;
    }

    /// Notes that a slot came or left at `at`.
    pub(crate) fn noticed(&mut self, slot: &SlotId, presence: Presence, at: Timestamp) {
        self.links.slots.insert(slot.clone(), (presence, at));
    }

    /// Returns the acknowledgement of a stream: up to the first hole that may still be filled, with the request to send
    /// again if events wait behind it, or if it has been awaited for long enough to count as lost once the slot leaves it
    /// out again. `None` while there is nothing to say.
    pub(crate) fn ack(&mut self, key: &Key, now: Timestamp) -> Option<Ack> {
        let order = self.all.get_mut(key)?;
        let lacks = match order.held.is_empty() {
            false => Some(ASKED),
            true => order.awaited.iter().any(|gap| gap.until <= now).then_some(GRACE),
        };
        let long_ago = |pause| order.asked.is_none_or(|asked| now.since(asked) >= pause);
        let again = lacks.is_some_and(long_ago);
        if again || lacks.is_none() {
            order.asked = again.then_some(now);
        }
        let seq = order.through();
        (seq > 0 || again).then_some(Ack { boot: key.1, seq, again })
    }

    /// Returns the streams that have waited for long enough at `now`.
    pub(crate) fn due(&mut self, now: Timestamp) -> Vec<Key> {
        let Self { all, open, .. } = self;
        open.retain(|key| all.get(key).is_some_and(|order| !order.held.is_empty()));
        let due = self.open.iter().filter(|key| self.until(key).is_some_and(|at| at <= now));
        due.cloned().collect()
    }

    /// Returns the time at which a stream has waited for long enough.
    pub(crate) fn deadline(&self) -> Option<Timestamp> {
        self.open.iter().filter_map(|key| self.until(key)).min()
    }

    /// Returns `true` if events of a stream have waited for long enough, or too many wait.
    pub(crate) fn is_due(&self, key: &Key, now: Timestamp) -> bool {
        let crowded = || {
            let first = (key.0.clone(), Boot(ulid::Ulid::nil()));
            let waits = |key: &&Key| self.all.get(key).is_some_and(|order| !order.held.is_empty());
            let own = self.open.range(first..).take_while(|open| open.0 == key.0).filter(waits);
            own.take(OPEN + 1).count() > OPEN
        };
        let full = self.all.get(key).is_some_and(|order| order.held.len() >= HELD);
        full || self.until(key).is_some_and(|at| at <= now) || crowded()
    }

    /// Returns the time until which the events of a stream wait; `None` while nothing waits there, and while nothing can
    /// come because the core's own link is lost.
    fn until(&self, key: &Key) -> Option<Timestamp> {
        let order = self.all.get(key)?;
        let (_, (arrived, _)) = order.held.first_key_value()?;
        let until = (*arrived).max(order.filled).max(self.links.up?) + ORDER;
        Some(match self.links.slots.get(&key.0) {
            Some((Presence::Online, at)) => until.max(*at + ORDER),
            Some((Presence::Offline, at)) => until.max(*at + AWAY),
            None => until,
        })
    }

    /// Returns `true` if a repeat that comes at `now` shows that its slot has sent everything before it: the core has
    /// listened for long enough.
    pub(crate) fn hears_all(&self, now: Timestamp) -> bool {
        self.links.up.is_some_and(|up| now.since(up) >= ORDER)
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
    /// Event to set aside: its number is too far from the last one, which is returned.
    Absurd(u64),
}

impl Order {
    /// Returns `true` if an event of this number has come before.
    pub(crate) fn repeats(&self, seq: u64) -> bool {
        self.held.contains_key(&seq) || (seq <= self.high && !self.awaits(seq))
    }

    fn awaits(&self, seq: u64) -> bool {
        self.awaited.iter().any(|gap| (gap.first..=gap.last).contains(&seq))
    }

    /// Decides what to do with an event, and holds it if it comes too early.
    pub(crate) fn admit(&mut self, event: &Event, at: Timestamp) -> Admission {
        let seq = event.seq;
        if seq <= self.left && !self.awaits(seq) {
            return Admission::Repeat;
        }
        // `high` may be anything that a stranger has sent: nothing is added to it unchecked.
        let step = seq.saturating_sub(self.high);
        if step <= 1 {
            if step == 1 && !self.held.is_empty() {
                self.filled = at;
            }
            return Admission::Store;
        }
        if step > STEP {
            return Admission::Absurd(self.high);
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
        let after = Awaited { first: seq.saturating_add(1), ..gap };
        let before = Awaited { last: seq.saturating_sub(1), ..gap };
        for rest in [after, before].into_iter().filter(|rest| rest.first <= rest.last) {
            self.awaited.insert(place, rest);
        }
        true
    }

    /// Removes and returns the next held event, if it is its turn.
    pub(crate) fn next_held(&mut self) -> Option<Event> {
        let (_, event) = self.held.remove(&self.high.checked_add(1)?)?;
        Some(event)
    }

    /// Gives up waiting for the first hole. Returns the gap, first and last.
    pub(crate) fn give_up(&mut self, now: Timestamp) -> Option<(u64, u64)> {
        let (first_held, _) = self.held.first_key_value()?;
        let gap = (self.high.checked_add(1)?, first_held.checked_sub(1)?);
        if self.awaited.len() >= AWAITED {
            self.awaited.remove(0);
        }
        self.awaited.push(Awaited { first: gap.0, last: gap.1, until: now + GRACE });
        self.high = gap.1;
        Some(gap)
    }

    /// Counts awaited numbers as lost that the slot has left out again, as this number that it repeats shows. Returns
    /// `true` if there were any.
    pub(crate) fn write_off(&mut self, repeated: u64, now: Timestamp) -> bool {
        let before = self.awaited.len();
        self.awaited.retain(|gap| gap.until > now || gap.last >= repeated);
        self.awaited.len() < before
    }

    pub(crate) fn awaited(&self) -> Vec<(u64, u64)> {
        self.awaited.iter().map(|gap| (gap.first, gap.last)).collect()
    }

    fn through(&self) -> u64 {
        self.awaited.iter().map(|gap| gap.first.saturating_sub(1)).min().unwrap_or(self.high)
    }
}

#[cfg(test)]
mod tests;

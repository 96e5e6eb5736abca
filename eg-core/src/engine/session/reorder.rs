//! Reorder buffer: holds inputs until nothing earlier can come. Pure: time is an argument.
//!
//! Inputs whose intervals touch, directly or through others, form a tie group: nobody can tell which of them was first.
//! A group is released whole, in order of time, once everything that may belong to it would have arrived.

use eg_game::Input;
use eg_proto::{SlotId, Timestamp};
use std::collections::BTreeMap;
use std::time::Duration;

/// Longest time for which an input is held while every slot is linked, whatever the clocks and the network do.
pub(in crate::engine) const MOST: Duration = Duration::from_millis(300);
/// Longest time for which an input is held for a slot that is missed: one whose link was lost, or that a core that was
/// just started has not heard again.
pub(in crate::engine) const MISSED: Duration = Duration::from_millis(2_500);
/// Time after the loss of a slot during which inputs of others are held for it.
const LOST: Duration = Duration::from_secs(30);
/// Time after the loss of a slot during which inputs from an outbox are held for it: others were cut off then too.
const LOST_WITH_OTHERS: Duration = Duration::from_secs(600);

/// Durations that decide how long to wait for earlier inputs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::engine) struct ReorderWindow {
    /// Largest uncertainty of a clock among the players' slots.
    pub(in crate::engine) unc: Duration,
    /// Time that a message takes from a slot to the core.
    pub(in crate::engine) transit: Duration,
    /// Time since which the slot that was lost last is missed; `None` when none is.
    pub(in crate::engine) missed: Option<Timestamp>,
    /// Time at which this core started: inputs that it found waiting wait anew.
    pub(in crate::engine) started: Timestamp,
}

impl ReorderWindow {
    /// Returns the time until which an input that came at `at` is held for a missed slot that was lost less than
    /// `mindful` before it; `None` if there is no such slot.
    fn back(self, at: Timestamp, mindful: Duration) -> Option<Timestamp> {
        let missed = self.missed.is_some_and(|since| at.since(since) < mindful);
        missed.then(|| at.max(self.started) + MISSED)
    }
}

/// Held inputs of a session, and the moment of the last one released.
#[derive(Debug, Default)]
pub(in crate::engine) struct ReorderBuffer {
    /// Held inputs, in the order in which they are to be released.
    held: Vec<Held>,
    /// Latest moment of each slot: its inputs stay in the order in which it sent them.
    latest: BTreeMap<SlotId, Timestamp>,
    /// Latest moment of anything that was released.
    told: Timestamp,
}

#[derive(Debug)]
struct Held {
    /// Moment of the input, or of an input that its slot sent before it, if that was later.
    place: Timestamp,
    input: Input,
}

impl Held {
    /// Returns the latest moment at which the input can have happened: its arrival at the latest, however uncertain its
    /// time.
    fn latest(&self) -> Timestamp {
        self.input.latest().min(self.input.now)
    }
}

impl ReorderBuffer {
    /// Adds an input.
    pub(in crate::engine) fn push(&mut self, input: Input) {
        let latest = self.latest.entry(input.slot.clone()).or_default();
        let place = input.at.max(*latest);
        *latest = place;
        let after = self.held.partition_point(|known| known.place <= place);
        self.held.insert(after, Held { place, input });
    }

    /// Returns the time at which the first tie group is to be released.
    pub(in crate::engine) fn due(&self, window: ReorderWindow) -> Option<Timestamp> {
        if let Some(late) = self.held.first().filter(|held| held.place < self.told) {
            return Some(late.input.now);
        }
        let group = self.tie_group();
        let settled = group.iter().map(Held::latest).max()?;
        // What stands behind it may have waited for longer.
        let arrived = self.held.iter().map(|held| held.input.now).min()?;
        let due = (settled + window.unc + window.transit).min(arrived + MOST);
        let from_outbox = group.iter().any(|held| held.input.late);
        let mindful = if from_outbox { LOST_WITH_OTHERS } else { LOST };
        Some(window.back(arrived, mindful).map_or(due, |back| due.max(back)))
    }

    /// Returns the time from which on nothing can come that happened by `moment`. A slot that is missed may still
    /// report some.
    pub(in crate::engine) fn horizon(moment: Timestamp, window: ReorderWindow) -> Timestamp {
        let due = (moment + window.unc + window.transit).min(moment + MOST);
        window.back(moment, LOST).map_or(due, |back| due.max(back))
    }

    /// Returns the moment of the input that is released next.
    pub(in crate::engine) fn next_place(&self) -> Option<Timestamp> {
        self.held.first().map(|held| held.place)
    }

    /// Returns the latest moment of these inputs.
    pub(in crate::engine) fn last_place(&self, ids: &[i64]) -> Option<Timestamp> {
        let these = self.held.iter().filter(|held| ids.contains(&held.input.id));
        these.map(|held| held.place).max()
    }

    /// Returns the numbers of inputs held with a moment by `until`, in order; of all inputs if `until` is `None`.
    pub(in crate::engine) fn by(&self, until: Option<Timestamp>) -> Vec<i64> {
        let free =
            self.held.iter().take_while(|held| until.is_none_or(|until| held.place <= until));
        free.map(|held| held.input.id).collect()
    }

    /// Notes that a timer of this moment was released: inputs from before it have lost their turn.
    pub(in crate::engine) fn pass(&mut self, moment: Timestamp) {
        self.told = self.told.max(moment);
    }

    /// Returns the numbers of the first tie group, in order, if it is due at `now`; otherwise none.
    pub(in crate::engine) fn ready(&self, now: Timestamp, window: ReorderWindow) -> Vec<i64> {
        match self.due(window) {
            Some(due) if due <= now => self.tie_group().iter().map(|held| held.input.id).collect(),
            Some(_) | None => Vec::new(),
        }
    }

    /// Removes an input and returns it as released at `now`; `None` if it is not held.
    pub(in crate::engine) fn take(&mut self, id: i64, now: Timestamp) -> Option<Input> {
        let place = self.held.iter().position(|held| held.input.id == id)?;
        let Held { place, input } = self.held.remove(place);
        let overtaken = place < self.told;
        self.told = self.told.max(place);
        Some(Input { now, overtaken, ..input })
    }

    /// Returns `true` if this input is held and comes too late for its moment.
    pub(in crate::engine) fn is_overtaken(&self, id: i64) -> bool {
        self.held.iter().any(|held| held.input.id == id && held.place < self.told)
    }

    pub(in crate::engine) fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    pub(in crate::engine) fn clear(&mut self) {
        self.held.clear();
    }

    /// Returns a held input.
    pub(in crate::engine) fn held(&self, id: i64) -> Option<&Input> {
        self.held.iter().map(|held| &held.input).find(|input| input.id == id)
    }

    /// Returns the slot and the arrival time of a held input.
    pub(in crate::engine) fn waiting(&self, id: i64) -> Option<(&SlotId, Timestamp)> {
        self.held(id).map(|input| (&input.slot, input.now))
    }

    /// Returns the inputs that are released together: those that come too late for their moment, otherwise the first
    /// tie group.
    fn tie_group(&self) -> &[Held] {
        let late = self.held.partition_point(|held| held.place < self.told);
        if late > 0 {
            return &self.held[..late];
        }
        let mut end = usize::from(!self.held.is_empty());
        loop {
            let latest = self.held[..end].iter().map(Held::latest).max();
            let touches = |held: &Held| {
                let earliest = held.input.at - Duration::from_micros(held.input.unc_us);
                latest.is_some_and(|latest| earliest <= latest)
            };
            let last = self.held.iter().rposition(touches).map_or(0, |place| place + 1);
            if last <= end {
                return &self.held[..end];
            }
            end = last;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eg_game::InputData;

    const PATIENCE: ReorderWindow = ReorderWindow {
        unc: Duration::from_micros(500),
        transit: Duration::from_millis(10),
        missed: None,
        started: Timestamp(0),
    };

    fn ms(millis: u64) -> Timestamp {
        Timestamp::default() + Duration::from_millis(1_000 + millis)
    }

    /// Builds an input of this slot at `at` ± `unc_us` that arrived at `now`.
    fn input(id: i64, slot: &str, at: Timestamp, unc_us: u64, now: Timestamp) -> Input {
        let what = InputData::Choice { step: 1, choice: "A".to_owned() };
        let slot = SlotId::new(slot).unwrap();
        Input { id, slot, what, at, unc_us, now, late: false, overtaken: false, sim: false }
    }

    fn queue(inputs: impl IntoIterator<Item = Input>) -> ReorderBuffer {
        let mut queue = ReorderBuffer::default();
        inputs.into_iter().for_each(|input| queue.push(input));
        queue
    }

    #[test]
    fn waits_for_the_largest_uncertainty_and_the_transit() {
        let queue = queue([input(1, "a", ms(100), 200, ms(104))]);

        let due = queue.due(PATIENCE).unwrap();

        assert_eq!(due, Timestamp(ms(100).0 + 200 + 500 + 10_000));
        assert!(queue.ready(Timestamp(due.0 - 1), PATIENCE).is_empty());
        assert_eq!(queue.ready(due, PATIENCE), [1]);
    }

    #[test]
    fn hands_over_by_time_and_not_by_arrival() {
        let mut queue =
            queue([input(1, "a", ms(105), 100, ms(106)), input(2, "b", ms(100), 100, ms(109))]);

        assert_eq!(queue.ready(ms(113), PATIENCE), [2]);
        assert!(!queue.take(2, ms(113)).unwrap().overtaken);
        assert!(queue.ready(ms(113), PATIENCE).is_empty());
        assert_eq!(queue.ready(ms(117), PATIENCE), [1]);
    }

    #[test]
    fn what_cannot_be_told_apart_goes_together_through_others_too() {
        let queue = queue([
            input(1, "a", ms(100), 1_000, ms(101)),
            input(2, "b", ms(103), 1_000, ms(104)),
            input(3, "c", ms(104), 4_000, ms(105)),
            input(4, "d", ms(112), 1_000, ms(113)),
        ]);

        let due = queue.due(PATIENCE).unwrap();

        assert_eq!(queue.ready(due, PATIENCE), [1, 2, 3]);
        assert_eq!(due, Timestamp(ms(105).0 + 10_500), "the last of them had arrived by then");
    }

    #[test]
    fn what_comes_after_something_later_was_handed_over_says_so() {
        let mut queue = queue([input(1, "a", ms(100), 100, ms(101))]);
        queue.take(1, ms(112)).unwrap();

        queue.push(input(2, "b", ms(95), 100, ms(150)));

        assert!(queue.is_overtaken(2));
        assert_eq!(queue.ready(ms(150), PATIENCE), [2], "it waits for nothing more");
        assert!(queue.take(2, ms(150)).unwrap().overtaken);
    }

    #[test]
    fn a_slot_is_heard_in_the_order_in_which_it_spoke() {
        let mut queue = queue([
            input(1, "a", ms(100), 100, ms(101)),
            input(2, "a", Timestamp(ms(100).0 - 300), 100, ms(102)),
        ]);

        assert_eq!(queue.ready(ms(120), PATIENCE), [1, 2]);
        queue.take(1, ms(120)).unwrap();
        assert!(!queue.take(2, ms(120)).unwrap().overtaken);
    }

    #[test]
    fn nobody_waits_for_ever() {
        let queue = queue([input(1, "a", ms(100), 5_000_000, ms(101))]);

        assert_eq!(queue.due(vague()), Some(ms(101) + MOST));
    }

    fn vague() -> ReorderWindow {
        ReorderWindow { unc: Duration::from_secs(9), transit: Duration::from_secs(9), ..PATIENCE }
    }

    #[test]
    fn nobody_waits_longer_because_somebody_earlier_came_later() {
        let mut queue = queue([input(1, "a", ms(100), 100, ms(105))]);
        queue.push(input(2, "b", ms(90), 100, ms(390)));

        let due = queue.due(vague()).unwrap();
        assert_eq!((due, queue.ready(due, vague())), (ms(105) + MOST, vec![2]));
        queue.take(2, due).unwrap();

        assert_eq!(queue.ready(due, vague()), [1]);
    }

    #[test]
    fn what_has_no_time_waits_from_its_arrival_and_no_longer() {
        let queue = queue([input(1, "a", ms(100), 30_000_000, ms(100))]);

        assert_eq!(queue.due(PATIENCE), Some(ms(100) + Duration::from_micros(10_500)));
    }

    #[test]
    fn a_slot_that_is_missed_is_waited_for_until_it_is_back_or_the_limit_is_over() {
        let queue = queue([input(1, "a", ms(100), 100, ms(101))]);
        let missed = ReorderWindow { missed: Some(ms(0)), ..PATIENCE };

        assert_eq!(queue.due(missed), Some(ms(101) + MISSED));
        assert_eq!(queue.due(PATIENCE), Some(Timestamp(ms(110).0 + 600)));
    }

    #[test]
    fn what_an_outbox_held_waits_for_those_that_were_cut_off_long_ago_too() {
        let long_ago = ReorderWindow { missed: Some(ms(0)), ..PATIENCE };
        let at = ms(60_000);
        let late = Input { late: true, ..input(1, "a", at, 100, at) };

        assert_eq!(queue([late.clone()]).due(long_ago), Some(at + MISSED));
        let live = Input { late: false, ..late };
        assert!(queue([live]).due(long_ago).unwrap() < at + MOST);
    }

    #[test]
    fn what_a_core_that_was_just_started_finds_waits_anew() {
        let queue = queue([input(1, "a", ms(100), 100, ms(101))]);
        let started = ReorderWindow { missed: Some(ms(9_000)), started: ms(9_000), ..PATIENCE };

        assert_eq!(queue.due(started), Some(ms(9_000) + MISSED));
    }
}

//! Inputs that wait until nothing earlier can come. Pure: time is an argument.
//!
//! Inputs whose intervals touch, directly or through others, form a heat: nobody can tell which of them was first. A
//! heat is handed over whole, in the order of time, once whatever may still belong to it would have arrived.

use eg_game::Input;
use eg_proto::{SlotId, Timestamp};
use std::collections::BTreeMap;
use std::time::Duration;

/// Whatever the clocks and the network do, nobody waits longer for a verdict while every slot is linked.
pub(super) const MOST: Duration = Duration::from_millis(300);
/// Nobody waits longer for a slot that is missed: one whose link was lost, or that a core that was just started has not
/// heard again.
pub(super) const MISSED: Duration = Duration::from_millis(2_500);
/// For so long after a slot was lost, what others press is held for it.
const LOST: Duration = Duration::from_secs(30);
/// The same for what comes from an outbox: others were cut off then too.
const LOST_WITH_OTHERS: Duration = Duration::from_secs(600);

/// How long to wait for what may be earlier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Patience {
    /// The largest uncertainty of a clock at the table.
    pub(super) unc: Duration,
    /// What a message takes from a slot to the core.
    pub(super) transit: Duration,
    /// Since when the slot that was lost last is missed, when one is.
    pub(super) missed: Option<Timestamp>,
    /// When this core was started: what it found waiting waits anew.
    pub(super) started: Timestamp,
}

impl Patience {
    /// Until when what came at this moment is held for a slot that is missed and was lost so long before it at the most.
    fn back(self, at: Timestamp, mindful: Duration) -> Option<Timestamp> {
        let missed = self.missed.is_some_and(|since| at.since(since) < mindful);
        missed.then(|| at.max(self.started) + MISSED)
    }
}

/// What waits in a session, and what was handed over last.
#[derive(Debug, Default)]
pub(super) struct Queue {
    /// In the order in which it is to be handed over.
    held: Vec<Held>,
    /// The latest moment of each slot: its inputs stay in the order in which it sent them.
    latest: BTreeMap<SlotId, Timestamp>,
    /// The latest moment of anything that was handed over.
    told: Timestamp,
}

#[derive(Debug)]
struct Held {
    /// Its moment, or that of an input that its slot sent before it, when that was later.
    place: Timestamp,
    input: Input,
}

impl Held {
    /// The latest moment at which it can have happened: by the time it arrived, however little is known of it.
    fn latest(&self) -> Timestamp {
        self.input.latest().min(self.input.now)
    }
}

impl Queue {
    /// Takes an input in.
    pub(super) fn push(&mut self, input: Input) {
        let latest = self.latest.entry(input.slot.clone()).or_default();
        let place = input.at.max(*latest);
        *latest = place;
        let after = self.held.partition_point(|known| known.place <= place);
        self.held.insert(after, Held { place, input });
    }

    /// When the first heat is to be handed over.
    pub(super) fn due(&self, patience: Patience) -> Option<Timestamp> {
        if let Some(late) = self.held.first().filter(|held| held.place < self.told) {
            return Some(late.input.now);
        }
        let heat = self.heat();
        let settled = heat.iter().map(Held::latest).max()?;
        // What stands behind it may have waited for longer.
        let arrived = self.held.iter().map(|held| held.input.now).min()?;
        let due = (settled + patience.unc + patience.transit).min(arrived + MOST);
        let from_outbox = heat.iter().any(|held| held.input.late);
        let mindful = if from_outbox { LOST_WITH_OTHERS } else { LOST };
        Some(patience.back(arrived, mindful).map_or(due, |back| due.max(back)))
    }

    /// When nothing that happened by `moment` can come any more. A slot that is missed may still tell of it.
    pub(super) fn horizon(moment: Timestamp, patience: Patience) -> Timestamp {
        let due = (moment + patience.unc + patience.transit).min(moment + MOST);
        patience.back(moment, LOST).map_or(due, |back| due.max(back))
    }

    /// The place of the input that has its turn next.
    pub(super) fn next_place(&self) -> Option<Timestamp> {
        self.held.first().map(|held| held.place)
    }

    /// The place of the last of these inputs.
    pub(super) fn last_place(&self, ids: &[i64]) -> Option<Timestamp> {
        let these = self.held.iter().filter(|held| ids.contains(&held.input.id));
        these.map(|held| held.place).max()
    }

    /// The numbers of what waits with a place by `until`, in order; of all when that is none.
    pub(super) fn by(&self, until: Option<Timestamp>) -> Vec<i64> {
        let free =
            self.held.iter().take_while(|held| until.is_none_or(|until| held.place <= until));
        free.map(|held| held.input.id).collect()
    }

    /// A timer of this moment was handed over: what happened before it has lost its turn.
    pub(super) fn pass(&mut self, moment: Timestamp) {
        self.told = self.told.max(moment);
    }

    /// The numbers of the first heat, in order, when it is time.
    pub(super) fn ready(&self, now: Timestamp, patience: Patience) -> Vec<i64> {
        match self.due(patience) {
            Some(due) if due <= now => self.heat().iter().map(|held| held.input.id).collect(),
            Some(_) | None => Vec::new(),
        }
    }

    /// Hands this input over at `now`. Nothing when it does not wait.
    pub(super) fn take(&mut self, id: i64, now: Timestamp) -> Option<Input> {
        let place = self.held.iter().position(|held| held.input.id == id)?;
        let Held { place, input } = self.held.remove(place);
        let overtaken = place < self.told;
        self.told = self.told.max(place);
        Some(Input { now, overtaken, ..input })
    }

    /// Whether this input comes too late for its place.
    pub(super) fn is_overtaken(&self, id: i64) -> bool {
        self.held.iter().any(|held| held.input.id == id && held.place < self.told)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.held.clear();
    }

    /// Where it waits: its slot, and since when.
    pub(super) fn waiting(&self, id: i64) -> Option<(&SlotId, Timestamp)> {
        let held = self.held.iter().find(|held| held.input.id == id)?;
        Some((&held.input.slot, held.input.now))
    }

    /// What goes together: a heat, or, before it, what comes too late for its place and waits for nothing.
    fn heat(&self) -> &[Held] {
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

    const PATIENCE: Patience = Patience {
        unc: Duration::from_micros(500),
        transit: Duration::from_millis(10),
        missed: None,
        started: Timestamp(0),
    };

    fn ms(millis: u64) -> Timestamp {
        Timestamp::default() + Duration::from_millis(1_000 + millis)
    }

    /// An input of this slot at `at` ± `unc_us`, that arrived at `now`.
    fn input(id: i64, slot: &str, at: Timestamp, unc_us: u64, now: Timestamp) -> Input {
        let what = InputData::Choice { step: 1, choice: "A".to_owned() };
        let slot = SlotId::new(slot).unwrap();
        Input { id, slot, what, at, unc_us, now, late: false, overtaken: false, sim: false }
    }

    fn queue(inputs: impl IntoIterator<Item = Input>) -> Queue {
        let mut queue = Queue::default();
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

    fn vague() -> Patience {
        Patience { unc: Duration::from_secs(9), transit: Duration::from_secs(9), ..PATIENCE }
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
        let missed = Patience { missed: Some(ms(0)), ..PATIENCE };

        assert_eq!(queue.due(missed), Some(ms(101) + MISSED));
        assert_eq!(queue.due(PATIENCE), Some(Timestamp(ms(110).0 + 600)));
    }

    #[test]
    fn what_an_outbox_held_waits_for_those_that_were_cut_off_long_ago_too() {
        let long_ago = Patience { missed: Some(ms(0)), ..PATIENCE };
        let at = ms(60_000);
        let late = Input { late: true, ..input(1, "a", at, 100, at) };

        assert_eq!(queue([late.clone()]).due(long_ago), Some(at + MISSED));
        let live = Input { late: false, ..late };
        assert!(queue([live]).due(long_ago).unwrap() < at + MOST);
    }

    #[test]
    fn what_a_core_that_was_just_started_finds_waits_anew() {
        let queue = queue([input(1, "a", ms(100), 100, ms(101))]);
        let started = Patience { missed: Some(ms(9_000)), started: ms(9_000), ..PATIENCE };

        assert_eq!(queue.due(started), Some(ms(9_000) + MISSED));
    }
}

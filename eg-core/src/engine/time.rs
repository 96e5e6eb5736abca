//! Time of the engine: no entry is earlier than the one before.

use crate::clock::Clock;
use eg_proto::{Boot, Event, Timestamp};
use std::borrow::Cow;
use std::sync::Arc;

/// Longest time for which a link holds back a live event, µs: one that is silent for longer is given up.
const LIVE: u64 = 30_000_000;

/// Clock of the core, and times that rounds go by.
pub(in crate::engine) struct Time {
    pub(in crate::engine) clock: Arc<dyn Clock>,
    /// Time of the latest entry.
    pub(in crate::engine) last: Timestamp,
    /// Time at which this core was started.
    pub(in crate::engine) started: Timestamp,
    /// Time at which the journal last learnt that the core is alive.
    pub(in crate::engine) alive: Timestamp,
    /// Boot ids of all cores that share this one's clock, this core last; empty while this core's own is not known.
    pub(in crate::engine) boots: Vec<Boot>,
}

impl Time {
    pub(in crate::engine) fn new(clock: Arc<dyn Clock>, now: Timestamp) -> Self {
        Self { clock, last: now, started: now, alive: now, boots: Vec::new() }
    }

    /// Reads the core's clock.
    pub(in crate::engine) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Returns the time for a new entry: `at`, or that of the entry before if that is later.
    pub(in crate::engine) fn tick(&mut self, at: Timestamp) -> Timestamp {
        self.last = self.last.max(at);
        self.last
    }

    /// Returns an event that arrived at `at`, without its time if that goes by the clock of an unrelated core.
    /// A live event that was dated longer before its arrival than a link may hold it back happened at any time since:
    /// its clock was wrong, or the broker kept it while the core was away.
    pub(in crate::engine) fn believed<'a>(
        &self,
        event: &'a Event,
        at: Timestamp,
    ) -> Cow<'a, Event> {
        let mut event = Cow::Borrowed(event);
        let foreign = |core: &Boot| !self.boots.is_empty() && !self.boots.contains(core);
        if event.t.core.as_ref().is_some_and(foreign) {
            event.to_mut().t.core_us = None;
        }
        let age = event.t.core_us.map(|happened| at.since(happened)).unwrap_or_default();
        let age = u64::try_from(age.as_micros()).unwrap_or(u64::MAX);
        if !event.late && age > LIVE.saturating_add(event.t.unc_us) {
            let t = &mut event.to_mut().t;
            (t.core_us, t.unc_us) = (None, t.unc_us.saturating_add(age));
        }
        event
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::StoppedClock;

    fn time() -> Time {
        Time::new(Arc::new(StoppedClock::at(Timestamp(0))), Timestamp(1_000))
    }

    #[test]
    fn no_entry_is_earlier_than_the_one_before() {
        let mut time = time();

        assert_eq!(time.tick(Timestamp(5_000)), Timestamp(5_000));
        assert_eq!(time.tick(Timestamp(2_000)), Timestamp(5_000));
    }

    #[test]
    fn an_event_keeps_a_time_of_this_core_and_loses_that_of_another() {
        let boot = |text: &str| text.parse::<Boot>().unwrap();
        let own = boot("01KA000000000000000000000A");
        let other = boot("01KA000000000000000000000B");
        let mut time = time();
        time.boots.push(own);
        let dated = |core| {
            let text = r#"{"v":1,"boot":"01KA000000000000000000000A","seq":1,"device":"panel","input":"a",
                "kind":"press","t":{"core_us":7,"unc_us":2,"src":"kernel"}}"#;
            let mut event: Event = serde_json::from_str(text).unwrap();
            event.t.core = Some(core);
            event
        };

        let now = Timestamp(1_000);
        assert_eq!(time.believed(&dated(own), now).t.core_us, Some(Timestamp(7)));
        assert_eq!(time.believed(&dated(other), now).t.core_us, None);
    }

    #[test]
    fn a_live_event_that_is_dated_long_before_its_arrival_happened_at_any_time_since() {
        let time = time();
        let text = r#"{"v":1,"boot":"01KA000000000000000000000A","seq":1,"device":"panel","input":"a",
            "kind":"press","t":{"core_us":7,"unc_us":815,"src":"kernel"}}"#;
        let mut event: Event = serde_json::from_str(text).unwrap();
        let hour = Timestamp(3_600_000_007);

        let stale = time.believed(&event, hour).t;
        let fresh = time.believed(&event, Timestamp(29_000_000)).t;
        event.late = true;
        let late = time.believed(&event, hour).t;

        assert_eq!((stale.core_us, stale.unc_us), (None, 3_600_000_815));
        assert_eq!((fresh.core_us, fresh.unc_us), (Some(Timestamp(7)), 815));
        assert_eq!((late.core_us, late.unc_us), (Some(Timestamp(7)), 815));
    }
}

//! Time at a table: what is on its way, what waits for its turn, and timers.

use super::timer::Timer;
use super::{Cause, Entry, Table};
use crate::effect::Followed;
use crate::{Effect, Input, Order, TimerId, Timestamp};
use std::time::Duration;

/// Next thing that happens as time passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Next {
    /// An input on its way arrives: its place.
    Arrives(usize),
    /// An input that was held back has its turn.
    Turn,
    /// A timer runs out that was due then.
    Rings(Timestamp, TimerId, bool),
}

impl Table {
    /// A player presses an input, now, and the message takes so long: it arrives while time [passes](Self::pass).
    #[track_caller]
    pub fn press_on_its_way(&mut self, slot: &str, input: &str, takes: Duration) {
        let press = self.a_press(slot, input);
        self.way.push((self.now + takes, press));
    }

    /// Lets time pass. What is on its way arrives, and timers run when their time comes.
    #[track_caller]
    pub fn pass(&mut self, span: Duration) {
        let end = self.now + span;
        for _ in 0..10_000 {
            match self.next().filter(|(at, _)| *at <= end) {
                Some((at, next)) => {
                    self.now = self.now.max(at);
                    self.take(next);
                }
                None => {
                    self.now = end;
                    return;
                }
            }
        }
        panic!("G7: 10000 timers ran in {span:?}: does the game start one with no delay?");
    }

    fn next(&self) -> Option<(Timestamp, Next)> {
        let way = self.way.iter().enumerate().map(|(place, (at, _))| (*at, Next::Arrives(place)));
        let rings = self.timers.iter().filter_map(|(timer, running)| {
            let Timer { due, waits } = *running;
            let earlier = waits && self.queue.iter().any(|input| input.at <= due);
            let at = if waits { due + self.wait } else { due };
            (!earlier).then_some((at, Next::Rings(due, *timer, waits)))
        });
        let turn = self.queue.first().and_then(|first| match self.session.order() {
            Order::ByTime => Some((first.latest() + self.wait, Next::Turn)),
            Order::Arrival => (!self.awaits_before(first.at)).then_some((self.now, Next::Turn)),
        });
        way.chain(rings).chain(turn).min()
    }

    #[track_caller]
    fn take(&mut self, next: Next) {
        match next {
            Next::Arrives(place) => {
                let (_, input) = self.way.remove(place);
                self.deliver(input);
            }
            Next::Turn => self.hand_over(),
            Next::Rings(due, timer, waits) => {
                self.timers.remove(&timer);
                self.happen_at(Cause::Timer(timer), if waits { due } else { self.now });
            }
        }
    }

    /// Hands over what has its turn: in the order of time, what cannot be told apart together.
    #[track_caller]
    fn hand_over(&mut self) {
        let mut heat = vec![self.queue.remove(0)];
        while self.session.order() == Order::ByTime
            && let Some(next) = self.queue.first()
            && heat
                .iter()
                .any(|known| next.at - Duration::from_micros(next.unc_us) <= known.latest())
        {
            heat.push(self.queue.remove(0));
        }
        let place = heat.iter().map(|input| input.at).max().unwrap_or(self.now);
        let by_time = self.session.order() == Order::ByTime;
        let now = if by_time { place.max(self.moment) } else { self.now };
        for input in heat {
            let overtaken = by_time && input.at < self.told;
            self.told = self.told.max(input.at);
            let input = Input { id: self.next_id(), now, overtaken, ..input };
            self.happen_at(Cause::Input(input), now);
        }
    }

    /// `true` while a deadline before this moment has not run out.
    fn awaits_before(&self, at: Timestamp) -> bool {
        self.timers.values().any(|timer| timer.waits && timer.due < at)
    }

    /// Keeps an input that must wait for its turn; `true` if it does.
    pub(super) fn holds_back(&mut self, input: &Input) -> bool {
        let has_turn = input.what.has_turn();
        let by_time = self.session.order() == Order::ByTime && !self.wait.is_zero();
        let waits = by_time || self.awaits_before(input.at);
        if !has_turn || !waits || self.roster.rules() < 2 || self.finished().is_some() {
            return false;
        }
        let place = self.queue.partition_point(|known| known.at <= input.at);
        self.queue.insert(place, input.clone());
        true
    }

    /// Lets it happen at this moment of the session, and keeps the timers that it starts.
    #[track_caller]
    pub(super) fn happen_at(&mut self, cause: Cause, at: Timestamp) -> &[Effect] {
        let over = self.finished().is_some();
        let effects = if over { Vec::new() } else { cause.happen(&mut *self.session, at) };
        let waits = self.roster.rules() > 1;
        let by_time = waits && self.session.order() == Order::ByTime;
        if by_time && matches!(cause, Cause::Timer(_)) {
            self.told = self.told.max(at);
        }
        for effect in &effects {
            match effect.followed() {
                Some(Followed::Starts { timer, delay, deadline }) => {
                    let waits = if deadline { waits } else { by_time };
                    self.timers.insert(timer, Timer { due: at + delay, waits });
                }
                Some(Followed::Cancels(timer)) => {
                    self.timers.remove(&timer);
                }
                Some(Followed::Ends) => self.timers.clear(),
                Some(Followed::Roster(..)) | None => {}
            }
        }
        self.moment = self.moment.max(at);
        self.journal.push(Entry { at, cause, effects });
        self.last_effects()
    }

    /// Lets every timer end so much later.
    pub(super) fn delay_timers(&mut self, span: Duration) {
        self.timers.values_mut().for_each(|timer| timer.due = timer.due + span);
    }
}

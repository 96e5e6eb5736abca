//! Presses, releases, and what comes of them.

use crate::{HELD, LET_GO, Press, Stage, Together, vague};
use eg_game::prelude::*;

impl Together {
    fn counts(&self, slot: &SlotId, key: &InputName) -> bool {
        let places = &self.config.places;
        let named = places.iter().any(|place| place.slot == *slot && place.input == *key);
        (places.is_empty() || named) && self.roster.seat(slot).is_some_and(|seat| seat.plays())
    }

    pub(crate) fn press(&mut self, input: &Input, key: &InputName, effects: &mut Effects) {
        if !self.counts(&input.slot, key) {
            return;
        }
        if input.late {
            let why = Text::new("appui retenu par une panne", "held back by an outage");
            return effects.refuse_for(RefusalReason::TooLate, why);
        }
        let window = u64::try_from(self.config.window.as_micros()).unwrap_or(u64::MAX);
        if input.unc_us.saturating_mul(2) > window {
            let unc = input.unc_us;
            self.too_vague = Some(unc);
            effects.cue(&input.slot, Cue::Refused);
            return effects.refuse(vague(unc, window));
        }
        self.too_vague = None;
        let press = Press { when: When::of(input), at: input.at, down: true };
        self.presses.insert((input.slot.clone(), key.clone()), press);
        effects.cue(&input.slot, Cue::Accepted);
        match self.stage {
            Stage::Waiting => {
                if self.within_window(input.at) >= self.needed() {
                    self.begin(input.now, effects);
                }
            }
            Stage::Holding { .. } => self.check_hold(effects),
            Stage::Solved(_) | Stage::Over => {}
        }
    }

    fn begin(&mut self, now: Timestamp, effects: &mut Effects) {
        let hold = self.config.hold.get();
        if hold.is_zero() {
            let why = self.how();
            return self.solve(why, effects);
        }
        self.stage = Stage::Holding { until: now + hold, slipping: false };
        effects.after(HELD, hold);
    }

    pub(crate) fn release(&mut self, input: &Input, key: &InputName, effects: &mut Effects) {
        if let Some(press) = self.presses.get_mut(&(input.slot.clone(), key.clone())) {
            press.down = false;
            self.check_hold(effects);
        }
    }

    /// Starts the release time unless enough still hold it.
    pub(crate) fn check_hold(&mut self, effects: &mut Effects) {
        let enough = self.down() >= self.needed();
        let span = self.config.release.get();
        let Stage::Holding { slipping, .. } = &mut self.stage else { return };
        match (enough, *slipping) {
            (true, true) => {
                *slipping = false;
                effects.cancel(LET_GO);
            }
            (false, false) if span.is_zero() => {
                self.abandon(Text::new("lâché trop tôt", "let go too early"), effects);
            }
            (false, false) => {
                *slipping = true;
                effects.after(LET_GO, span);
            }
            (true, false) | (false, true) => {}
        }
    }

    pub(crate) fn lose(&mut self, slot: &SlotId, effects: &mut Effects) {
        self.lost.insert(slot.clone());
        let before = self.presses.len();
        self.presses.retain(|(known, _), _| known != slot);
        if self.presses.len() < before && matches!(self.stage, Stage::Holding { .. }) {
            let why = Text::new(format!("{slot} est perdu"), format!("{slot} is lost"));
            self.abandon(why, effects);
        }
    }

    /// The hold is broken: everybody lets go and begins again.
    pub(crate) fn abandon(&mut self, why: Text, effects: &mut Effects) {
        effects.cancel(HELD);
        effects.cancel(LET_GO);
        effects.note(why);
        self.presses.clear();
        self.stage = Stage::Waiting;
    }

    pub(crate) fn solve(&mut self, why: Text, effects: &mut Effects) {
        effects.cancel(HELD);
        effects.cancel(LET_GO);
        let needed = u32::try_from(self.needed()).unwrap_or(u32::MAX);
        let result = StepResult::success("together", why.clone());
        effects.result(StepResult { votes: needed, expected: needed, ..result });
        self.stage = Stage::Solved(why);
        effects.finish(Finish::Done);
    }
}

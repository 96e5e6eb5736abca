//! A press of a buzzer.

use crate::config::Early;
use crate::{Buzzer, Earlier, Stage, WINDOW};
use eg_game::millis;
use eg_game::prelude::*;

impl Buzzer {
    pub(crate) fn press(&mut self, input: &Input, effects: &mut Effects) {
        let taken = self.take(TimedPress::of(input), input, effects);
        if !input.late {
            let cue = if taken.is_ok() { Cue::Accepted } else { Cue::Refused };
            effects.cue(&input.slot, cue);
        }
        if let Err((reason, why)) = taken {
            effects.refuse_for(reason, why);
        }
    }

    fn take(
        &mut self,
        press: TimedPress,
        input: &Input,
        effects: &mut Effects,
    ) -> Result<(), Refused> {
        let slot = press.slot.clone();
        match &self.stage {
            Stage::RollCall => {
                self.present.insert(slot);
                return Ok(());
            }
            Stage::Reading => return Err(self.too_early(&press)),
            Stage::Dead => {
                let why = Text::new("la question est finie", "the question is over");
                return Err((RefusalReason::TooLate, why));
            }
            Stage::Armed { since } | Stage::Window { since, .. } | Stage::Locked { since, .. } => {
                // A live press gets the benefit of its clock's doubt; one that an outage held back does not.
                let at = if input.late { press.earliest() } else { press.latest() };
                if at < *since {
                    return Err(self.too_early(&press));
                }
            }
        }
        if self.tried.contains(&slot) {
            let why = Text::new(
                "ce joueur n'a plus droit à cette question",
                "this player may not try this question again",
            );
            return Err((RefusalReason::NotYourTurn, why));
        }
        if self.locked_out.get(&slot).is_some_and(|until| press.latest() < *until) {
            let why = Text::new(
                "appui juste après un appui trop tôt",
                "pressed just after pressing too early",
            );
            return Err((RefusalReason::TooEarly, why));
        }
        match &mut self.stage {
            Stage::Armed { since } => {
                let since = *since;
                let mut race = Race::default();
                race.enter(press);
                self.stage = Stage::Window { since, race };
                effects.after(WINDOW, self.config.window.get());
                Ok(())
            }
            Stage::Window { race, .. } => {
                race.enter(press);
                Ok(())
            }
            Stage::Locked { .. } => self.beaten(press, effects),
            Stage::RollCall | Stage::Reading | Stage::Dead => Ok(()),
        }
    }

    /// A press after the decision: of somebody who is shown, who was slower, or who was earlier and came too late.
    fn beaten(&mut self, press: TimedPress, effects: &mut Effects) -> Result<(), Refused> {
        let Stage::Locked { first, race, earlier, why, .. } = &mut self.stage else {
            return Ok(());
        };
        let slot = press.slot.clone();
        if first.contains(&slot) {
            return Ok(());
        }
        let new = !race.has(&slot);
        let best = race.order().iter().find(|known| first.contains(&known.slot));
        // The first revision of the rules did not tell of one that may have been earlier.
        let perhaps = self.roster.rules() > 1;
        let earlier_than =
            |best: &TimedPress| press.at < best.at || (perhaps && !best.surely_before(&press));
        if let Some(best) = best.filter(|best| earlier_than(best) && new) {
            let by_us = micros(best.at.since(press.at));
            let line = too_late_by_rule(&slot, by_us, press.unc_us);
            if !earlier.iter().any(|known| known.press.slot == slot) {
                effects.note(line.clone());
                earlier.push(Earlier { press, by_us });
            }
            return Err((RefusalReason::TooLate, line));
        }
        let alone = race.order().len() == 1;
        race.enter(press);
        if alone && first.len() == 1 && race.has(&first[0]) {
            // The second to press says by how much the first was first.
            let ruling = race.rule(&eg_game::Tie::All);
            *why = ruling.said();
            effects.ruling(ruling);
        }
        let why = Text::new("un autre a été plus rapide", "somebody else was faster");
        Err((RefusalReason::TooLate, why))
    }

    /// A press before the arming, and what it costs.
    fn too_early(&mut self, press: &TimedPress) -> Refused {
        let why = match self.config.early {
            Early::Lockout(span) => {
                let until = press.at + span.get();
                let known = self.locked_out.entry(press.slot.clone()).or_insert(until);
                *known = until.max(*known);
                Text::new("trop tôt : bloqué un instant", "too early: locked out for a moment")
            }
            Early::Out => {
                self.tried.insert(press.slot.clone());
                Text::new("trop tôt : hors de cette question", "too early: out for this question")
            }
        };
        (RefusalReason::TooEarly, why)
    }
}

/// Kind and words of the reason for which a press does not count.
type Refused = (RefusalReason, Text);

pub(crate) fn micros(span: Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}

fn too_late_by_rule(slot: &SlotId, by_us: u64, unc_us: u64) -> Text {
    let (by, unc) = (millis(by_us), millis(unc_us));
    Text::new(
        format!(
            "{slot} a appuyé {} plus tôt (± {}), arrivé trop tard selon la règle",
            by.fr, unc.fr
        ),
        format!("{slot} was {} earlier (± {}), too late by rule", by.en, unc.en),
    )
}

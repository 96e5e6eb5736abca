//! A press of a buzzer.

use crate::config::Early;
use crate::{Buzzer, Earlier, Press, Stage, WINDOW};
use eg_game::ballot::When;
use eg_game::prelude::*;

impl Buzzer {
    pub(crate) fn press(&mut self, input: &Input, effects: &mut Effects) {
        let press = Press {
            slot: input.slot.clone(),
            when: When::of(input),
            at: input.at,
            unc_us: input.unc_us,
        };
        let taken = self.take(press, input, effects);
        if !input.late {
            let cue = if taken.is_ok() { Cue::Accepted } else { Cue::Refused };
            effects.cue(&input.slot, cue);
        }
        if let Err(why) = taken {
            effects.refuse(why);
        }
    }

    fn take(&mut self, press: Press, input: &Input, effects: &mut Effects) -> Result<(), Say> {
        let slot = press.slot.clone();
        match &self.stage {
            Stage::RollCall => {
                self.present.insert(slot);
                return Ok(());
            }
            Stage::Reading => return Err(self.too_early(&press)),
            Stage::Dead => {
                return Err(Say::new("la question est finie", "the question is over"));
            }
            Stage::Armed { since } | Stage::Window { since, .. } | Stage::Locked { since, .. } => {
                // A live press gets the benefit of its clock's doubt; one that an outage held back does not.
                let at = if input.late { press.when.earliest } else { press.when.latest };
                if at < *since {
                    return Err(self.too_early(&press));
                }
            }
        }
        if self.tried.contains(&slot) {
            return Err(Say::new(
                "ce joueur n'a plus droit à cette question",
                "this player may not try this question again",
            ));
        }
        if self.locked_out.get(&slot).is_some_and(|until| press.when.latest < *until) {
            return Err(Say::new(
                "appui juste après un appui trop tôt",
                "pressed just after pressing too early",
            ));
        }
        match &mut self.stage {
            Stage::Armed { since } => {
                let since = *since;
                self.stage = Stage::Window { since, presses: vec![press] };
                effects.after(WINDOW, self.config.window.get());
                Ok(())
            }
            Stage::Window { presses, .. } => {
                // The first press of a player is the one that counts, whichever arrives first.
                match presses.iter_mut().find(|known| known.slot == slot) {
                    Some(known) if press.at < known.at => *known = press,
                    Some(_) => {}
                    None => presses.push(press),
                }
                Ok(())
            }
            Stage::Locked { first, presses, earlier, .. } => {
                let best = first.iter().map(|known| known.at).min();
                if first.iter().any(|known| known.slot == slot) {
                    return Ok(());
                }
                let new = !presses.iter().any(|known| known.slot == slot);
                if let Some(best) = best.filter(|best| press.at < *best && new) {
                    let by_us = micros(best.since(press.at));
                    let line = too_late_by_rule(&slot, by_us, press.unc_us);
                    if !earlier.iter().any(|known| known.press.slot == slot) {
                        effects.note(line.clone());
                        earlier.push(Earlier { press, by_us });
                    }
                    return Err(line);
                }
                Err(Say::new("un autre a été plus rapide", "somebody else was faster"))
            }
            Stage::RollCall | Stage::Reading | Stage::Dead => Ok(()),
        }
    }

    /// A press before the arming, and what it costs.
    fn too_early(&mut self, press: &Press) -> Say {
        match self.config.early {
            Early::Lockout(span) => {
                let until = press.at + span.get();
                let known = self.locked_out.entry(press.slot.clone()).or_insert(until);
                *known = until.max(*known);
                Say::new("trop tôt : bloqué un instant", "too early: locked out for a moment")
            }
            Early::Out => {
                self.tried.insert(press.slot.clone());
                Say::new("trop tôt : hors de cette question", "too early: out for this question")
            }
        }
    }
}

pub(crate) fn micros(span: std::time::Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}

/// So many microseconds as milliseconds with one decimal, e.g. `12.3 ms`.
pub(crate) fn millis(us: u64) -> String {
    let tenths = us.div_ceil(100);
    format!("{}.{} ms", tenths / 10, tenths % 10)
}

fn too_late_by_rule(slot: &SlotId, by_us: u64, unc_us: u64) -> Say {
    let (by, unc) = (millis(by_us), millis(unc_us));
    Say::new(
        format!("{slot} a appuyé {by} plus tôt (± {unc}), arrivé trop tard selon la règle"),
        format!("{slot} was {by} earlier (± {unc}), too late by rule"),
    )
}

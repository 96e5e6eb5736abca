//! Votes that an outage held back, and that wait for the operator.

use crate::held_back::HeldBack;
use crate::refusal::Refusal;
use crate::{NightVote, words};
use eg_game::prelude::*;

#[derive(Deserialize)]
pub(crate) struct LateArgs {
    pub(crate) slot: SlotId,
    #[serde(default, deserialize_with = "crate::acts::step_number")]
    pub(crate) step: Option<u32>,
}

impl NightVote {
    /// Lets a vote wait for the operator; a later one of the same player takes its place.
    pub(crate) fn hold_back(&mut self, number: u32, held: HeldBack, effects: &mut Effects) {
        let Some(step) = self.step_mut(number) else { return };
        let slot = held.slot.clone();
        let known = step.held_back.iter_mut().find(|known| known.slot == slot);
        match known {
            Some(known) if known.vote == held.vote => {}
            Some(known) if held.when.latest < known.when.earliest => {}
            Some(known) => *known = held,
            None => {
                step.held_back.push(held);
                effects.note(words::held_back(&slot));
            }
        }
    }

    pub(crate) fn act_late(
        &mut self,
        args: &LateArgs,
        accept: bool,
        act: &Act,
        effects: &mut Effects,
    ) -> Result<(), Text> {
        let waits = |held: &HeldBack| held.slot == args.slot;
        let number =
            self.pick(args.step, |step| step.is_live() && step.held_back.iter().any(waits))?;
        let Some(step) = self.step_mut(number) else { return Err(words::not_now()) };
        let Some(place) = step.held_back.iter().position(waits) else {
            return Err(words::not_now());
        };
        let HeldBack { slot, vote, when } = step.held_back.remove(place);
        if !accept {
            effects.note(words::late_refused(&slot, &act.by));
            return Ok(());
        }
        match step.poll.ballot_mut().cast(&slot, vote, when) {
            Ok(cast) => {
                effects.note(words::late_accepted(&slot, &act.by));
                if cast != Cast::Same {
                    self.voted(number, act.at, effects);
                }
            }
            // It may have been overtaken by a vote of the same player that came since: nothing is lost by that.
            Err(error) => effects.note(Refusal::Cast(error).say()),
        }
        Ok(())
    }
}

//! A press becomes a vote, or is refused with its reason.

use crate::NightVote;
use crate::config::{Late, Secrecy};
use crate::step::{Stage, Step};
use eg_game::ballot::{Cast, CastError, KeyMap, Vote, When};
use eg_game::prelude::*;

/// Why an input is not a vote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// No question has been opened.
    NothingOpen,
    /// The session is over.
    Over,
    /// The result is out.
    Sealed,
    /// It was given before the question opened.
    NotYetOpen,
    /// It was given after the question closed.
    TooLate,
    /// An outage held it back, and the settings drop such presses.
    HeldBack,
    /// It is meant for another step.
    OtherStep { meant: u32, open: u32 },
    /// It means none of the options.
    NoMeaning(String),
    /// The ballot did not take it.
    Cast(CastError),
}

impl NightVote {
    pub(crate) fn vote(&mut self, input: &Input, effects: &mut Effects) {
        if !is_attempt(input) {
            return;
        }
        let masked = self.feels_alike(input);
        let cast = self.try_vote(input);
        if let Err(refusal) = &cast {
            effects.refuse(refusal.say());
        }
        if !input.late {
            let taken = masked || cast.is_ok();
            effects.cue(&input.slot, if taken { Cue::Accepted } else { Cue::Refused });
        }
        match cast {
            Ok(Cast::Taken | Cast::Changed | Cast::Unconfirmed) => self.voted(input.now, effects),
            Ok(Cast::Same) | Err(_) => {}
        }
    }

    fn try_vote(&mut self, input: &Input) -> Result<Cast, Refusal> {
        if self.over.is_some() {
            return Err(Refusal::Over);
        }
        let step = self.step.as_mut().ok_or(Refusal::NothingOpen)?;
        if step.stage == Stage::Closed {
            return Err(Refusal::Sealed);
        }
        if input.late && self.config.late == Late::Drop {
            return Err(Refusal::HeldBack);
        }
        let vote = meaning(&self.keys, step, input)?;
        let when = When::of(input);
        step.was_open(when, input.late)?;
        step.ballot.cast(&input.slot, vote, when).map_err(Refusal::Cast)
    }

    /// Whether this input must feel like every other: in a hidden ballot nobody may notice who is asked.
    fn feels_alike(&self, input: &Input) -> bool {
        let open = self.step.as_ref().filter(|step| step.is_open());
        self.config.secrecy == Secrecy::Hidden
            && self.over.is_none()
            && open.is_some_and(|step| meaning(&self.keys, step, input).is_ok())
    }
}

/// Whether a player wanted to choose something: other inputs are no business of a vote.
fn is_attempt(input: &Input) -> bool {
    input.pressed().is_some() || matches!(input.what, What::Choice { .. })
}

fn meaning(keys: &KeyMap, step: &Step, input: &Input) -> Result<Vote, Refusal> {
    let options = step.ballot.options();
    match &input.what {
        What::Choice { step: meant, .. } if *meant != step.number => {
            Err(Refusal::OtherStep { meant: *meant, open: step.number })
        }
        What::Choice { choice, .. } => {
            keys.word(choice, options).ok_or_else(|| Refusal::NoMeaning(choice.clone()))
        }
        What::Event { input, .. } => {
            keys.press(input, options).ok_or_else(|| Refusal::NoMeaning(input.to_string()))
        }
    }
}

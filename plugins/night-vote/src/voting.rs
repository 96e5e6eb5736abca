//! A press becomes a vote, or is refused with its reason.

use crate::config::{Illegal, Late, Secrecy};
use crate::hands::Down;
use crate::held_back::HeldBack;
use crate::refusal::Refusal;
use crate::step::Step;
use crate::{NightVote, words};
use eg_game::prelude::*;

/// Effect of a press that was taken.
enum Taken {
    /// A vote in this step.
    Cast(u32, Cast),
    /// A vote that waits for the operator.
    Waits,
}

impl NightVote {
    /// Takes in whatever happened at a slot.
    pub(crate) fn hear(&mut self, input: &Input, effects: &mut Effects) {
        if let Some(line) = self.hands.hear(input) {
            effects.note(line);
        }
        if let InputData::Slot(presence) = input.what {
            match presence {
                Presence::Offline => self.lost.insert(input.slot.clone()),
                Presence::Online => self.lost.remove(&input.slot),
            };
        }
        // Anything else that boards tell is no business of a vote.
        if input.pressed().is_some() || matches!(input.what, InputData::Choice { .. }) {
            self.vote(input, effects);
        }
    }

    fn vote(&mut self, input: &Input, effects: &mut Effects) {
        let masked = self.feels_alike(input);
        let taken = self.try_vote(input, effects);
        if let Err(refusal) = &taken {
            effects.refuse_for(refusal.reason(), refusal.say());
        }
        if !input.late {
            // What a hand did is told, whoever it was; what a vote may not be is not.
            let told = matches!(taken, Err(Refusal::AtOnce | Refusal::Stuck(_)));
            let well = taken.is_ok() || (masked && !told);
            effects.cue(&input.slot, if well { Cue::Accepted } else { Cue::Refused });
        }
        match taken {
            Ok(Taken::Cast(step, Cast::Taken | Cast::Changed | Cast::Unconfirmed)) => {
                self.soft_close(step, input.now, effects);
                self.voted(step, input.now, effects);
            }
            Err(Refusal::AtOnce) => {
                if let Some((step, paper)) = self.hands.take_before(&input.slot)
                    && let Some(open) = self.step_mut(step).filter(|open| open.is_open())
                {
                    open.poll.ballot_mut().lay_back(&input.slot, paper);
                    self.voted(step, input.now, effects);
                }
            }
            Ok(Taken::Cast(_, Cast::Same) | Taken::Waits) | Err(_) => {}
        }
    }

    fn try_vote(&mut self, input: &Input, effects: &mut Effects) -> Result<Taken, Refusal> {
        if self.over.is_some() {
            return Err(Refusal::Over);
        }
        let number = self.meant(input)?;
        let step = self.step(number).filter(|step| step.is_live()).ok_or(Refusal::Sealed)?;
        if input.late && self.config.late == Late::Drop {
            return Err(Refusal::HeldBack);
        }
        let vote = meaning(step, input)?;
        let (slot, when) = (&input.slot, When::of(input));
        let illegal = self.illegal(step, slot, vote);
        if let Some(key) = input.pressed() {
            if self.hands.is_stuck(slot, key) {
                return Err(Refusal::Stuck(key.to_string()));
            }
            if self.hands.at_once(slot, key, when, self.config.at_once.get()) {
                return Err(Refusal::AtOnce);
            }
            let before = step.ballot().paper(slot).map(|paper| (number, paper));
            self.hands.press(slot, Down { input: key.clone(), when, before });
        }
        if let Some(step) = self.step_mut(number) {
            if illegal.is_some() {
                step.illegal.insert(slot.clone());
            } else {
                step.illegal.remove(slot);
            }
        }
        if let Some(refusal) = illegal {
            return Err(refusal);
        }
        let late = self.config.late;
        let step = self.step_mut(number).ok_or(Refusal::Sealed)?;
        match late {
            Late::Accept | Late::Ask if input.late => {
                if !step.poll.may_have_been_open(when) {
                    return Err(Refusal::NotYetOpen);
                }
            }
            Late::AcceptIfOpen | Late::Accept | Late::Ask | Late::Drop => {
                step.poll.was_open(when, input.late)?;
            }
        }
        if input.late && late == Late::Ask {
            if !step.ballot().asks(slot) {
                return Err(Refusal::Cast(CastError::NotAsked));
            }
            self.hold_back(number, HeldBack { slot: slot.clone(), vote, when }, effects);
            return Ok(Taken::Waits);
        }
        let cast = step.poll.cast(slot, vote, when).map_err(Refusal::Cast)?;
        Ok(Taken::Cast(number, cast))
    }

    /// Number of the step that an input is meant for.
    fn meant(&self, input: &Input) -> Result<u32, Refusal> {
        if self.steps.is_empty() {
            return Err(Refusal::NothingOpen);
        }
        let numbers = || self.live().map(|step| step.number);
        let Some(open) = numbers().next() else { return Err(Refusal::Sealed) };
        if let InputData::Choice { step: meant, .. } = input.what {
            let known = self.step(meant).is_some();
            return if known { Ok(meant) } else { Err(Refusal::OtherStep { meant, open }) };
        }
        let mut means: Vec<&Step> =
            self.live().filter(|step| meaning(step, input).is_ok()).collect();
        // Whoever is asked by one of them means that one.
        means.sort_by_key(|step| !step.ballot().asks(&input.slot));
        Ok(means.first().map_or(open, |step| step.number))
    }

    /// `true` if this input must feel like every other: in a hidden ballot nobody may notice who is asked.
    fn feels_alike(&self, input: &Input) -> bool {
        self.config.secrecy == Secrecy::Hidden
            && self.live().any(|step| step.is_open() && meaning(step, input).is_ok())
    }

    /// Reason for which this player may not choose that player; `None` if they may.
    pub(crate) fn illegal(&self, step: &Step, slot: &SlotId, vote: Vote) -> Option<Refusal> {
        let Vote::For(choice) = vote else { return None };
        let target = match step.ballot().player(choice) {
            Some(slot) => self.roster.seat(slot)?,
            None => self.target(step.ballot().options().get(choice)?)?,
        };
        let name = target.name.clone();
        let role = self.roster.seat(slot).and_then(|seat| seat.role.as_ref());
        self.config.illegal.iter().find_map(|rule| match rule {
            Illegal::Dead => (!target.alive).then(|| Refusal::Dead(name.clone())),
            Illegal::Oneself => (target.slot == *slot).then_some(Refusal::Oneself),
            Illegal::Pack => {
                let own =
                    role.is_some() && target.role.as_ref() == role && step.role.as_ref() == role;
                own.then(|| Refusal::Pack(name.clone()))
            }
        })
    }

    /// The player whom an option names.
    fn target(&self, option: &str) -> Option<&Seat> {
        let option = option.trim().to_lowercase();
        let is_target = |seat: &&Seat| {
            seat.name.trim().to_lowercase() == option || seat.slot.as_str() == option
        };
        self.roster.seats.iter().find(is_target)
    }

    /// The slots of the roster that are lost now.
    pub(crate) fn lost_players(&self) -> Vec<String> {
        let seats = self.roster.seats.iter().filter(|seat| self.lost.contains(&seat.slot));
        seats.map(|seat| seat.slot.to_string()).collect()
    }

    /// The numbers of the steps of which this is true; the one that is named, or the only one.
    pub(crate) fn pick(
        &self,
        named: Option<u32>,
        wanted: impl Fn(&Step) -> bool,
    ) -> Result<u32, Text> {
        let fit: Vec<u32> =
            self.steps.iter().filter(|step| wanted(step)).map(|step| step.number).collect();
        match (named, fit.as_slice()) {
            (Some(number), _) if fit.contains(&number) => Ok(number),
            (None, [only]) => Ok(*only),
            (Some(_), _) | (None, []) => Err(words::not_now()),
            (None, [..]) => {
                let here = fit.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
                Err(Text::new(
                    format!("quelle étape ? ici : {here}"),
                    format!("which step? here: {here}"),
                ))
            }
        }
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "nothing else means an option")]
fn meaning(step: &Step, input: &Input) -> Result<Vote, Refusal> {
    let options = step.ballot().options();
    let (vote, said) = match &input.what {
        InputData::Choice { step: meant, .. } if *meant != step.number => {
            return Err(Refusal::OtherStep { meant: *meant, open: step.number });
        }
        InputData::Choice { choice, .. } => (step.keys.word(choice, options), choice.clone()),
        InputData::Event { input: key, .. } => {
            (step.keys.press(&input.slot, key, options), key.to_string())
        }
        _ => (None, String::new()),
    };
    vote.ok_or(Refusal::NoMeaning(said))
}

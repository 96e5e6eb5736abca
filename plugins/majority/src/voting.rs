//! A press becomes a vote; the vote closes.

use crate::pick::Picked;
use crate::{GRACE, Majority, TIMEOUT};
use eg_game::prelude::*;

impl Majority {
    pub(crate) fn hear(&mut self, input: &Input, effects: &mut Effects) {
        if !input.is_deed() {
            return;
        }
        let vote = match self.meaning(input) {
            Ok(Some(vote)) => self.cast(input, vote),
            Ok(None) => Ok(Cast::Unconfirmed),
            Err(why) => Err(why),
        };
        let cue = if vote.is_ok() { Cue::Accepted } else { Cue::Refused };
        if !input.late {
            effects.cue(&input.slot, cue);
        }
        match vote {
            Err((reason, why)) => effects.refuse_for(reason, why),
            Ok(Cast::Taken | Cast::Changed) => {
                if self.poll.voted(input.now, effects) {
                    self.close(input.now, effects);
                }
            }
            Ok(Cast::Same | Cast::Unconfirmed) => {}
        }
    }

    /// The vote that an input is; nothing when it is half of one.
    fn meaning(&mut self, input: &Input) -> Result<Option<Vote>, Refused> {
        let no_meaning = |what: &str| {
            let why = Text::new(
                format!("« {what} » n'est pas un choix de cette question"),
                format!("{what:?} is no choice of this question"),
            );
            (RefusalReason::NotAnOption, why)
        };
        if !self.is_open() {
            let why = Text::new("le vote est clos", "the vote is closed");
            return Err((RefusalReason::TooLate, why));
        }
        if !self.poll.ballot().asks(&input.slot) {
            return Err(not_asked());
        }
        let options = self.poll.ballot().options();
        match &input.what {
            InputData::Choice { choice, .. } => {
                let vote = self.keys.word(choice, options).ok_or_else(|| no_meaning(choice))?;
                self.pick.forget(&input.slot);
                Ok(Some(vote))
            }
            InputData::Event { .. } => {
                let Some(key) = input.pressed() else { return Err(no_meaning("?")) };
                if !self.pick.has_keys() || !self.pick_knows(key) {
                    let vote = self.keys.press(&input.slot, key, options);
                    let vote = vote.filter(|it| !self.pick.has_keys() || *it == Vote::Abstain);
                    let vote = vote.ok_or_else(|| no_meaning(key.as_str()))?;
                    self.pick.forget(&input.slot);
                    return Ok(Some(vote));
                }
                match self.pick.press(&input.slot, key) {
                    Some(Picked::Option(option)) => Ok(Some(Vote::For(option))),
                    Some(Picked::Group(_)) => Ok(None),
                    Some(Picked::Nothing) | None => Err(no_meaning(key.as_str())),
                }
            }
            InputData::Slot(_) | InputData::Board { .. } | InputData::Controls(_) => Ok(None),
            _ => Ok(None),
        }
    }

    fn pick_knows(&self, key: &eg_game::InputName) -> bool {
        self.config.keys.contains(key)
    }

    fn cast(&mut self, input: &Input, vote: Vote) -> Result<Cast, Refused> {
        let when = When::of(input);
        if self.poll.was_open(when, input.late) == Err(NotOpen::TooEarly) {
            let why =
                Text::new("appui fait avant l'ouverture du vote", "pressed before the vote opened");
            return Err((RefusalReason::TooEarly, why));
        }
        self.poll.cast(&input.slot, vote, when).map_err(|error| match error {
            CastError::Out => other(Text::new(
                "ce joueur est hors jeu et ne peut pas être choisi",
                "this player is out of the game and cannot be chosen",
            )),
            CastError::Overtaken => other(Text::new(
                "un choix plus récent de ce joueur compte déjà",
                "a later choice of this player already counts",
            )),
            CastError::NotAsked | CastError::NoSuchOption | CastError::Final => not_asked(),
            unknown => other(Text::same(unknown.to_string())),
        })
    }

    /// Counts what is in.
    pub(crate) fn close(&mut self, at: Timestamp, effects: &mut Effects) {
        let outcome = self.outcome();
        let carried: Vec<_> = outcome.carried.into_iter().collect();
        let result = self.poll.conclude(1, &carried, outcome.why);
        // Both timers are cancelled whether they run or not: journals hold it so.
        self.poll.close(at, &mut Effects::default());
        effects.cancel(GRACE);
        effects.cancel(TIMEOUT);
        effects.result(result.clone());
        self.pick.forget_all();
        self.result = Some(result);
    }
}

/// Kind and words of the reason for which a press is no vote.
type Refused = (RefusalReason, Text);

fn not_asked() -> Refused {
    let why = Text::new("ce vote n'est pas pour ce joueur", "this player is not asked");
    (RefusalReason::NotYourTurn, why)
}

fn other(why: Text) -> Refused {
    (RefusalReason::Other, why)
}

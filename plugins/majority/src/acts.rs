//! What the operator does, and what players leaving does.

use crate::{Majority, Stage, TIMEOUT};
use eg_game::ballot::{Lacking, Vote, When};
use eg_game::prelude::*;
use eg_game::{RosterChange, Seat};

impl Majority {
    pub(crate) fn act(&mut self, act: &Act, effects: &mut Effects) -> Result<(), Say> {
        match (act.name.as_str(), &self.stage) {
            ("start", _) => {
                self.open(act.at, effects);
                Ok(())
            }
            ("close", Stage::Open { .. }) => {
                self.close(effects);
                Ok(())
            }
            ("reopen", Stage::Closed(_)) => {
                self.open(act.at, effects);
                effects.note(Say::new(
                    "vote rouvert : le résultat précédent ne vaut plus",
                    "the vote is open again: the earlier result no longer holds",
                ));
                Ok(())
            }
            ("finish", Stage::Closed(_)) => {
                effects.finish(Finish::Done);
                Ok(())
            }
            ("close" | "reopen" | "finish", _) => Err(not_now()),
            (other, _) => Err(Say::new(
                format!("ce jeu ne connaît pas l'action « {other} »"),
                format!("this game has no act {other:?}"),
            )),
        }
    }

    fn open(&mut self, at: Timestamp, effects: &mut Effects) {
        self.opened.get_or_insert(at);
        self.follow(effects);
        let ends = self.config.timeout.map(|timeout| at + timeout.get());
        self.stage = Stage::Open { grace: None, ends };
        effects.open(self.question());
        if let Some(lacking) = Lacking::say(&self.lacking()) {
            effects.note(lacking);
        }
        if let Some(timeout) = self.config.timeout {
            effects.deadline(TIMEOUT, timeout.get());
        }
    }

    /// Lets options that are players follow the roster: votes for one who is out are withdrawn, and those who gave them
    /// may vote again.
    fn follow(&mut self, effects: &mut Effects) {
        let mut struck = self.ballot.follow(&self.roster);
        struck.retain(|slot| self.roster.seat(slot).is_some_and(Seat::plays));
        if struck.is_empty() {
            return;
        }
        effects.note(Say::new(
            format!("votes retirés, le joueur choisi est hors jeu : {}", struck.len()),
            format!("votes withdrawn, the player chosen is out of the game: {}", struck.len()),
        ));
        struck.iter().for_each(|slot| effects.cue(slot, Cue::Refused));
        self.struck.extend(struck);
        if let Stage::Open { grace, .. } = &mut self.stage
            && grace.take().is_some()
        {
            effects.cancel(crate::GRACE);
        }
        self.asks_to_close = false;
    }

    pub(crate) fn offered(&self) -> Vec<Offer> {
        match &self.stage {
            Stage::Open { .. } => {
                let close = Offer::new("close", Say::new("Clore et compter", "Close and count"));
                // It ends the vote, so it asks once more: since the second revision of the rules.
                vec![if self.roster.rules() >= 2 { close.grave() } else { close }]
            }
            Stage::Closed(_) => vec![
                Offer::new("reopen", Say::new("Rouvrir le vote", "Reopen the vote"))
                    .with_reason()
                    .grave(),
                Offer::new("finish", Say::new("Finir", "End")).grave(),
            ],
        }
    }

    pub(crate) fn players_changed(
        &mut self,
        change: &RosterChange,
        act: &Act,
        effects: &mut Effects,
    ) {
        self.ballot.reseat(change);
        if let RosterChange::Reseated { .. } = change {
            self.pick.forget_all();
            for slot in &mut self.gone {
                *slot = change.seat_of(slot).clone();
            }
            self.struck = self.struck.iter().map(|slot| change.seat_of(slot).clone()).collect();
        }
        let Stage::Open { .. } = self.stage else { return };
        self.follow(effects);
        let Stage::Open { grace, .. } = &mut self.stage else { return };
        if let Some(slot) = change.gone() {
            self.pick.forget(slot);
            if self.ballot.withdraw(slot) {
                self.gone.push(slot.clone());
                if grace.take().is_some() {
                    effects.cancel(crate::GRACE);
                }
                if self.is_complete() {
                    self.asks_to_close = true;
                    effects.note(self.explain());
                }
            }
        }
        if let Some(slot) = change.back()
            && self.gone.contains(slot)
            && let Some(seat) = self.roster.seat(slot).filter(|seat| seat.plays())
        {
            self.gone.retain(|gone| gone != slot);
            self.ballot.admit(seat);
            self.voted(act.at, effects);
        }
        if let RosterChange::Proxy { slot, choice } = change {
            let place = self.config.options.iter().position(|option| option == choice);
            let vote = place.map_or(Vote::Abstain, Vote::For);
            let before = self.ballot.vote_of(slot);
            self.pick.forget(slot);
            if self.ballot.put(slot, vote, When::exactly(act.at)).is_err() {
                return effects.refuse_act(not_now());
            }
            self.struck.remove(slot);
            if before != Some(vote) {
                self.voted(act.at, effects);
            }
        }
    }
}

fn not_now() -> Say {
    Say::new("cette action n'est pas possible maintenant", "this cannot be done now")
}

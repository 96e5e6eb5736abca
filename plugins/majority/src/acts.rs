//! Acts of the operator, and the consequences of players leaving.

use crate::Majority;
use eg_game::prelude::*;

impl Majority {
    pub(crate) fn act(&mut self, act: &Act, effects: &mut Effects) -> Result<(), Text> {
        match (act.name.as_str(), self.is_open()) {
            ("start", _) => {
                self.open(act.at, effects);
                Ok(())
            }
            ("close", true) => {
                self.close(act.at, effects);
                Ok(())
            }
            ("reopen", false) => {
                self.open(act.at, effects);
                effects.note(Text::new(
                    "vote rouvert : le résultat précédent ne vaut plus",
                    "the vote is open again: the earlier result no longer holds",
                ));
                Ok(())
            }
            ("finish", false) => {
                effects.finish(Finish::Done);
                Ok(())
            }
            ("close" | "reopen" | "finish", _) => Err(not_now()),
            (other, _) => Err(Text::new(
                format!("ce jeu ne connaît pas l'action « {other} »"),
                format!("this game has no act {other:?}"),
            )),
        }
    }

    fn open(&mut self, at: Timestamp, effects: &mut Effects) {
        self.poll.follow(&self.roster, effects);
        self.poll.open(at);
        self.result = None;
        effects.open(self.question());
        if let Some(lacking) = Lacking::say(&self.lacking()) {
            effects.note(lacking);
        }
        self.poll.start_clock(at, effects);
    }

    pub(crate) fn offered(&self) -> Vec<Offer> {
        if self.is_open() {
            let close = Offer::new("close", Text::new("Clore et compter", "Close and count"));
            // It ends the vote, so it asks once more: since the second revision of the rules.
            return vec![if self.roster.rules() >= 2 { close.grave() } else { close }];
        }
        let reopen = Offer::new("reopen", Text::new("Rouvrir le vote", "Reopen the vote"));
        let finish = Offer::new("finish", Text::new("Finir", "End"));
        vec![reopen.with_reason().grave(), finish.grave()]
    }

    pub(crate) fn players_changed(
        &mut self,
        change: &RosterChange,
        act: &Act,
        effects: &mut Effects,
    ) {
        if let RosterChange::Proxy { slot, .. }
        | RosterChange::Killed(slot)
        | RosterChange::Excused(slot) = change
        {
            self.pick.forget(slot);
        }
        if let RosterChange::Reseated { .. } = change {
            self.pick.forget_all();
        }
        if self.poll.on_roster(change, act, &self.roster, effects) {
            self.close(act.at, effects);
        }
    }
}

fn not_now() -> Text {
    Text::new("cette action n'est pas possible maintenant", "this cannot be done now")
}

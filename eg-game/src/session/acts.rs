//! The acts that every game has. An act that is refused changes nothing.

use super::GameSession;
use super::origin::Origin;
use super::players::said;
use crate::{Act, ActError, Effects, Finish, Game, InputFilter, RosterChange, SlotId, Text};
use serde::Deserialize;

#[derive(Deserialize)]
struct OnePlayer {
    slot: SlotId,
}

#[derive(Deserialize)]
struct Proxy {
    slot: SlotId,
    choice: String,
}

#[derive(Deserialize)]
struct Reseat {
    from: SlotId,
    to: SlotId,
}

impl<G: Game> GameSession<G> {
    pub(super) fn act(&mut self, act: &Act, effects: &mut Effects) -> Result<(), Text> {
        match act.name.as_str() {
            name if self.is_own(name) => {
                self.tell(act, effects);
                Ok(())
            }
            "pause" => self.pause(act, effects),
            "resume" => self.resume(act, effects),
            "abort" => {
                self.abort(act, effects);
                Ok(())
            }
            "start" => {
                self.tell(act, effects);
                Ok(())
            }
            name => match self.roster_change(name, act)? {
                Some(change) => self.change(&change, act, effects),
                None => {
                    self.tell(act, effects);
                    Ok(())
                }
            },
        }
    }

    fn tell(&mut self, act: &Act, effects: &mut Effects) {
        let mut asked = Effects::default();
        self.game.on_operator(act, &mut asked);
        self.hand_on(asked, Origin::of(act), effects);
    }

    fn pause(&mut self, act: &Act, effects: &mut Effects) -> Result<(), Text> {
        if self.time.is_paused() {
            return Err(Text::new("la partie est déjà en pause", "the session is paused already"));
        }
        self.time.pause(act.at, effects);
        effects.note(Text::new("partie en pause", "the session is paused"));
        Ok(())
    }

    fn resume(&mut self, act: &Act, effects: &mut Effects) -> Result<(), Text> {
        if !self.time.resume(act.at, effects) {
            return Err(Text::new("la partie n'est pas en pause", "the session is not paused"));
        }
        effects.note(Text::new("la partie reprend", "the session goes on"));
        Ok(())
    }

    /// Ends it whatever the game says; a game that has something to wind up does so.
    fn abort(&mut self, act: &Act, effects: &mut Effects) {
        let mut asked = Effects::default();
        self.game.on_operator(act, &mut asked);
        asked.forget_refusals();
        asked.finish(Finish::Aborted);
        self.hand_on(asked, Origin::of(act), effects);
    }

    /// The change that an act of this name asks for; nothing when it is no such act.
    fn roster_change(&self, name: &str, act: &Act) -> Result<Option<RosterChange>, Text> {
        if G::INPUTS == InputFilter::Everything {
            return Ok(None);
        }
        let one = || act.args::<OnePlayer>().map(|it| it.slot).map_err(unfit);
        Ok(Some(match name {
            "kill" => RosterChange::Killed(one()?),
            "revive" => RosterChange::Revived(one()?),
            "excuse" => RosterChange::Excused(one()?),
            "readmit" => RosterChange::Readmitted(one()?),
            "proxy" => {
                let Proxy { slot, choice } = act.args().map_err(unfit)?;
                RosterChange::Proxy { slot, choice }
            }
            "reseat" => {
                let Reseat { from, to } = act.args().map_err(unfit)?;
                RosterChange::Reseated { from, to }
            }
            _ => return Ok(None),
        }))
    }

    fn change(
        &mut self,
        change: &RosterChange,
        act: &Act,
        effects: &mut Effects,
    ) -> Result<(), Text> {
        let before = self.roster.clone();
        self.apply(change)?;
        let mut asked = Effects::default();
        self.game.on_roster(change, act, &self.roster, &mut asked);
        if asked.refuses_act() {
            self.roster = before;
        } else {
            effects.note(said(change, &act.by));
        }
        self.hand_on(asked, Origin::of(act), effects);
        Ok(())
    }

    pub(super) fn may_choose(&self, slot: &SlotId, choice: &str) -> Result<(), Text> {
        let choosing = self.game.proxy_choices().ok_or_else(|| {
            Text::new("il n'y a rien à choisir maintenant", "there is nothing to choose now")
        })?;
        if !choosing.slots.contains(slot) {
            return Err(Text::new(
                format!("{slot} n'a rien à choisir maintenant"),
                format!("{slot} has nothing to choose now"),
            ));
        }
        if !choosing.options.iter().any(|option| option == choice) {
            let dead = self.roster.called(choice).filter(|seat| !seat.alive);
            if let Some(seat) = dead.filter(|_| self.roster.rules() > 1) {
                let name = &seat.name;
                return Err(Text::new(
                    format!("{name} est hors jeu et ne peut pas être choisi"),
                    format!("{name} is out of the game and cannot be chosen"),
                ));
            }
            let here = choosing.options.join(", ");
            return Err(Text::new(
                format!("« {choice} » n'est pas un choix ; ici : {here}"),
                format!("{choice:?} is no choice; here: {here}"),
            ));
        }
        Ok(())
    }
}

fn unfit(error: ActError) -> Text {
    Text::new(format!("champ refusé : {error}"), error.to_string())
}

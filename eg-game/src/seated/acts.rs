//! The acts that every game has. An act that is refused changes nothing.

use super::Seated;
use crate::{Act, ActError, Effect, Effects, Finish, Game, Hears, RosterChange, Say, SlotId};
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

impl<G: Game> Seated<G> {
    pub(super) fn act(&mut self, act: &Act, effects: &mut Effects) -> Result<(), Say> {
        match act.name.as_str() {
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
        self.hand_on(asked, act.at, effects);
    }

    fn pause(&mut self, act: &Act, effects: &mut Effects) -> Result<(), Say> {
        if self.time.is_paused() {
            return Err(Say::new("la partie est déjà en pause", "the session is paused already"));
        }
        self.time.pause(act.at, effects);
        effects.note(Say::new("partie en pause", "the session is paused"));
        Ok(())
    }

    fn resume(&mut self, act: &Act, effects: &mut Effects) -> Result<(), Say> {
        if !self.time.resume(act.at, effects) {
            return Err(Say::new("la partie n'est pas en pause", "the session is not paused"));
        }
        effects.note(Say::new("la partie reprend", "the session goes on"));
        Ok(())
    }

    /// Ends it whatever the game says; a game that has something to wind up does so.
    fn abort(&mut self, act: &Act, effects: &mut Effects) {
        let mut asked = Effects::default();
        self.game.on_operator(act, &mut asked);
        let mut kept = Effects::default();
        for effect in asked.into_vec() {
            if !matches!(effect, Effect::RefuseAct { .. }) {
                kept.push(effect);
            }
        }
        kept.finish(Finish::Aborted);
        self.hand_on(kept, act.at, effects);
    }

    /// The change that an act of this name asks for; nothing when it is no such act.
    fn roster_change(&self, name: &str, act: &Act) -> Result<Option<RosterChange>, Say> {
        if G::HEARS == Hears::Everything {
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
    ) -> Result<(), Say> {
        self.apply(change)?;
        let mut asked = Effects::default();
        self.game.on_roster(change, act, &self.roster, &mut asked);
        if !asked.refuses_act() {
            effects.note(said(change, &act.by));
        }
        self.hand_on(asked, act.at, effects);
        Ok(())
    }

    fn apply(&mut self, change: &RosterChange) -> Result<(), Say> {
        match change {
            RosterChange::Killed(slot) => self.set(slot, |seat| &mut seat.alive, false),
            RosterChange::Revived(slot) => self.set(slot, |seat| &mut seat.alive, true),
            RosterChange::Excused(slot) => self.set(slot, |seat| &mut seat.excused, true),
            RosterChange::Readmitted(slot) => self.set(slot, |seat| &mut seat.excused, false),
            RosterChange::Proxy { slot, choice } => self.may_choose(slot, choice),
            RosterChange::Reseated { from, to } => {
                if from == to {
                    return Err(Say::new("c'est la même place", "that is the same place"));
                }
                self.roster.seat(from).ok_or_else(|| self.stranger(from))?;
                for seat in &mut self.roster.seats {
                    seat.slot = change.seat_of(&seat.slot).clone();
                }
                self.last.clear();
                Ok(())
            }
        }
    }

    fn set(
        &mut self,
        slot: &SlotId,
        field: fn(&mut crate::Seat) -> &mut bool,
        value: bool,
    ) -> Result<(), Say> {
        let stranger = self.stranger(slot);
        let field = field(self.roster.seat_mut(slot).ok_or(stranger)?);
        if *field == value {
            return Err(Say::new(
                format!("{slot} l'est déjà : rien ne change"),
                format!("{slot} is so already: nothing changes"),
            ));
        }
        *field = value;
        Ok(())
    }

    fn may_choose(&self, slot: &SlotId, choice: &str) -> Result<(), Say> {
        let choosing = self.game.choosing().ok_or_else(|| {
            Say::new("il n'y a rien à choisir maintenant", "there is nothing to choose now")
        })?;
        if !choosing.slots.contains(slot) {
            return Err(Say::new(
                format!("{slot} n'a rien à choisir maintenant"),
                format!("{slot} has nothing to choose now"),
            ));
        }
        if !choosing.options.iter().any(|option| option == choice) {
            let here = choosing.options.join(", ");
            return Err(Say::new(
                format!("« {choice} » n'est pas un choix ; ici : {here}"),
                format!("{choice:?} is no choice; here: {here}"),
            ));
        }
        Ok(())
    }

    fn stranger(&self, slot: &SlotId) -> Say {
        let here: Vec<_> = self.roster.seats.iter().map(|seat| seat.slot.as_str()).collect();
        let here = here.join(", ");
        Say::new(
            format!("{slot} ne joue pas ; ici : {here}"),
            format!("{slot} does not play; here: {here}"),
        )
    }
}

fn said(change: &RosterChange, by: &str) -> Say {
    match change {
        RosterChange::Killed(slot) => Say::new(
            format!("{slot} est hors jeu ({by})"),
            format!("{slot} is out of the game ({by})"),
        ),
        RosterChange::Revived(slot) => {
            Say::new(format!("{slot} revient en jeu ({by})"), format!("{slot} is back ({by})"))
        }
        RosterChange::Excused(slot) => {
            Say::new(format!("{slot} est excusé ({by})"), format!("{slot} is excused ({by})"))
        }
        RosterChange::Readmitted(slot) => Say::new(
            format!("{slot} n'est plus excusé ({by})"),
            format!("{slot} is no longer excused ({by})"),
        ),
        // Never the choice: a log is read by more people than a ballot.
        RosterChange::Proxy { slot, .. } => {
            Say::new(format!("{by} a choisi pour {slot}"), format!("{by} chose for {slot}"))
        }
        RosterChange::Reseated { from, to } => Say::new(
            format!("le joueur de {from} passe à {to} ({by})"),
            format!("the player of {from} moves to {to} ({by})"),
        ),
    }
}

fn unfit(error: ActError) -> Say {
    Say::new(format!("champ refusé : {error}"), error.to_string())
}

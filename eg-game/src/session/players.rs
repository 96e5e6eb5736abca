//! The players: how the roster changes, by an act of the operator or by the game itself.

use super::GameSession;
use super::origin::Origin;
use crate::{Act, Effect, Effects, Game, RosterChange, SlotId, Text};
use serde_json::{Map, Value};

/// Number of changes a seat that may follow from one thing: a game that asks for more never comes to an end.
const CHANGES_A_SEAT: usize = 4;

impl<G: Game> GameSession<G> {
    /// Takes a player out or back because the game asks for it, and tells it so.
    pub(super) fn change_by_game(
        &mut self,
        asked: Effect,
        change: &RosterChange,
        name: &str,
        origin: Origin,
        effects: &mut Effects,
    ) {
        if self.apply(change).is_err() {
            return;
        }
        self.changes += 1;
        assert!(
            self.changes <= CHANGES_A_SEAT * self.roster.seats.len(),
            "it takes players out and back without end"
        );
        effects.push(asked);
        effects.note(said(change, G::KIND));
        let Origin { entry: id, at } = origin;
        let (by, reason, name) = (G::KIND.to_owned(), None, name.to_owned());
        let slot = change.gone().or(change.back());
        let slot = slot.map(|slot| ("slot".to_owned(), Value::from(slot.as_str())));
        let args = Map::from_iter(slot);
        let act = Act { id, at, by, reason, name, args };
        let mut followed = Effects::default();
        self.game.on_roster(change, &act, &self.roster, &mut followed);
        followed.forget_refusals();
        self.hand_on(followed, origin, effects);
    }

    pub(super) fn apply(&mut self, change: &RosterChange) -> Result<(), Text> {
        match change {
            RosterChange::Killed(slot) => self.set(slot, |seat| &mut seat.alive, false),
            RosterChange::Revived(slot) => self.set(slot, |seat| &mut seat.alive, true),
            RosterChange::Excused(slot) => self.set(slot, |seat| &mut seat.excused, true),
            RosterChange::Readmitted(slot) => self.set(slot, |seat| &mut seat.excused, false),
            RosterChange::Proxy { slot, choice } => self.may_choose(slot, choice),
            RosterChange::Reseated { from, to } => {
                if from == to {
                    return Err(Text::new("c'est la même place", "that is the same place"));
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
    ) -> Result<(), Text> {
        let stranger = self.stranger(slot);
        let field = field(self.roster.seat_mut(slot).ok_or(stranger)?);
        if *field == value {
            return Err(Text::new(
                format!("{slot} l'est déjà : rien ne change"),
                format!("{slot} is so already: nothing changes"),
            ));
        }
        *field = value;
        Ok(())
    }

    pub(super) fn stranger(&self, slot: &SlotId) -> Text {
        let here: Vec<_> = self.roster.seats.iter().map(|seat| seat.slot.as_str()).collect();
        let here = here.join(", ");
        Text::new(
            format!("{slot} ne joue pas ; ici : {here}"),
            format!("{slot} does not play; here: {here}"),
        )
    }
}

pub(super) fn said(change: &RosterChange, by: &str) -> Text {
    match change {
        RosterChange::Killed(slot) => Text::new(
            format!("{slot} est hors jeu ({by})"),
            format!("{slot} is out of the game ({by})"),
        ),
        RosterChange::Revived(slot) => {
            Text::new(format!("{slot} revient en jeu ({by})"), format!("{slot} is back ({by})"))
        }
        RosterChange::Excused(slot) => {
            Text::new(format!("{slot} est excusé ({by})"), format!("{slot} is excused ({by})"))
        }
        RosterChange::Readmitted(slot) => Text::new(
            format!("{slot} n'est plus excusé ({by})"),
            format!("{slot} is no longer excused ({by})"),
        ),
        // Never the choice: a log is read by more people than a ballot.
        RosterChange::Proxy { slot, .. } => {
            Text::new(format!("{by} a choisi pour {slot}"), format!("{by} chose for {slot}"))
        }
        RosterChange::Reseated { from, to } => Text::new(
            format!("le joueur de {from} passe à {to} ({by})"),
            format!("the player of {from} moves to {to} ({by})"),
        ),
    }
}

//! Names for people: given, taken away, and told to the session that is played meanwhile.

use super::acts::{ActRequest, Attempt, no_room};
use crate::engine::command::{Actor, NewName, Refused, RefusedKind};
use crate::engine::transaction::Transaction;
use crate::engine::{Engine, text};
use crate::journal::{JournalError, Kind, NewEntry, json};
use crate::names::{NameError, Players, check};
use eg_proto::{RoomId, SlotId, Text};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Name of the act that names a slot or a room.
const NAME: &str = "name";
/// Name of the act that says who plays.
const PLAYERS: &str = "players";

impl Engine {
    /// Gives or takes away a name.
    pub(super) fn name(&mut self, tx: &mut Transaction, new: NewName, by: Actor) -> Attempt<()> {
        match new {
            NewName::Slot { slot, name } => self.name_slot(tx, &slot, &name, by),
            NewName::Room { room, name } => self.name_room(tx, &room, &name, by),
            NewName::Players { room, players } => self.seat(tx, &room, players, by),
        }
    }

    fn name_slot(
        &mut self,
        tx: &mut Transaction,
        slot: &SlotId,
        name: &str,
        by: Actor,
    ) -> Attempt<()> {
        if !self.slots.known.contains_key(slot) {
            return Ok(Err(Refused::unknown(
                format!("pas de poste « {slot} »"),
                format!("no slot called \"{slot}\""),
            )));
        }
        let name = match self.checked(name, Some(slot)) {
            Ok(name) => name,
            Err(refused) => return Ok(Err(refused)),
        };
        let args = text::args([("slot", json(slot)), ("name", name.as_str().into())]);
        self.write_name(tx, NAME, args, by)?;
        self.journal.name_slot(slot, &name)?;
        self.names.give_slot(slot, &name);
        Ok(Ok(()))
    }

    fn name_room(
        &mut self,
        tx: &mut Transaction,
        room: &RoomId,
        name: &str,
        by: Actor,
    ) -> Attempt<()> {
        if !self.rooms.config.contains_key(room) {
            return Ok(Err(no_room(room)));
        }
        let name = match self.checked(name, None) {
            Ok(name) => name,
            Err(refused) => return Ok(Err(refused)),
        };
        let args = text::args([("room", json(room)), ("name", name.as_str().into())]);
        self.write_name(tx, NAME, args, by)?;
        self.journal.name_room(room, &name)?;
        self.names.give_room(room, &name);
        Ok(Ok(()))
    }

    /// Says who plays at each slot of a room, in the place of whoever played there before.
    fn seat(
        &mut self,
        tx: &mut Transaction,
        room: &RoomId,
        players: BTreeMap<SlotId, String>,
        by: Actor,
    ) -> Attempt<()> {
        if !self.rooms.config.contains_key(room) {
            return Ok(Err(no_room(room)));
        }
        let seats = self.all_seats(room);
        let mut named = Players::new();
        for (slot, name) in players {
            if !seats.contains(&slot) {
                return Ok(Err(no_seat(room, &slot, &seats)));
            }
            match self.checked(&name, Some(&slot)) {
                Ok(name) if name.is_empty() => {}
                Ok(name) => drop(named.insert(slot, name)),
                Err(refused) => return Ok(Err(refused)),
            }
        }
        let args = text::args([("room", json(room)), ("players", json(&named))]);
        self.write_name(tx, PLAYERS, args, by)?;
        self.journal.seat(room, &named)?;
        self.note_players(tx, room, &named)?;
        self.names.seat(room, named);
        Ok(Ok(()))
    }

    /// Takes the label of an adopted slot for its name.
    pub(in crate::engine) fn take_label(
        &mut self,
        slot: &SlotId,
        label: &str,
    ) -> Result<(), JournalError> {
        let name: String = check(label).unwrap_or_default();
        self.journal.name_slot(slot, &name)?;
        self.names.give_slot(slot, &name);
        Ok(())
    }

    /// Returns the players of a room as a session that starts keeps them; `None` if nobody was named.
    pub(super) fn named_players(&self, room: &RoomId) -> Option<&Players> {
        self.names.shown().players.get(room)
    }

    /// Writes into a session that runs who plays now, so that its record tells it. The game does not learn of it.
    fn note_players(
        &mut self,
        tx: &mut Transaction,
        room: &RoomId,
        players: &Players,
    ) -> Result<(), JournalError> {
        let Some(session) = self.rooms.sessions.get(room).filter(|run| run.is_running()) else {
            return Ok(());
        };
        let session = Some(session.id);
        let at = self.time.tick(tx.now);
        let body = json!({ "players": players, "line": text::players(players) });
        let (kind, slot, cause, place) = (Kind::Note, None, None, None);
        self.add(tx, NewEntry { at, kind, slot, session, cause, place, body }).map(drop)
    }

    fn write_name(
        &mut self,
        tx: &mut Transaction,
        name: &str,
        args: serde_json::Map<String, serde_json::Value>,
        by: Actor,
    ) -> Result<(), JournalError> {
        let request = ActRequest { name: name.to_owned(), args, reason: None, by };
        self.write_act(tx, None, request).map(drop)
    }

    /// Checks a name, which must not be the id of another slot or of a room.
    fn checked(&self, name: &str, of: Option<&SlotId>) -> Result<String, Refused> {
        let name = check(name)
            .map_err(|error: NameError| Refused::new(RefusedKind::Invalid, error.told()))?;
        let other = |slot: &SlotId| Some(slot) != of && slot.as_str() == name;
        if self.slots.known.keys().any(other) {
            let fr = format!("« {name} » est déjà un poste ; choisissez un autre nom");
            let why = Text::new(fr, format!("\"{name}\" is a slot already; choose another name"));
            return Err(Refused::new(RefusedKind::Invalid, why));
        }
        Ok(name)
    }

    /// Returns the slots of a room, and those of the session that it plays.
    fn all_seats(&self, room: &RoomId) -> BTreeSet<SlotId> {
        let playing = self.rooms.sessions.get(room).filter(|run| run.is_running());
        let playing = playing.into_iter().flat_map(|run| &run.roster.seats);
        self.seats(room).into_iter().chain(playing.map(|seat| seat.slot.clone())).collect()
    }
}

fn no_seat(room: &RoomId, slot: &SlotId, seats: &BTreeSet<SlotId>) -> Refused {
    let here = seats.iter().map(SlotId::as_str).collect::<Vec<_>>().join(", ");
    let fr = format!("{slot} ne joue pas dans {room} ; ici : {here}");
    let en = format!("{slot} does not play in {room}; here: {here}");
    Refused::new(RefusedKind::Invalid, Text::new(fr, en))
}

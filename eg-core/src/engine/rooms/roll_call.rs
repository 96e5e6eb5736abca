//! Roll-call before a session: every player presses once, and those who did not are named.

use super::acts::{ActRequest, Attempt};
use crate::engine::command::{Actor, Refused, RefusedKind};
use crate::engine::read_model::RollCall;
use crate::engine::session::cause::input_of;
use crate::engine::transaction::Transaction;
use crate::engine::{Engine, text};
use crate::journal::Kind;
use crate::journal::{JournalError, json};
use eg_game::{Act, RULES};
use eg_proto::{Event, RoomId, SlotId, Text};
use serde_json::{Map, Value};

/// Name of the act that calls the roll.
const CALL: &str = "roll-call";
/// Name of the act that ends the roll-call without a session.
const END: &str = "roll-call-end";

impl Engine {
    /// Calls the roll of a room, or ends it.
    pub(in crate::engine) fn call_roll(
        &mut self,
        tx: &mut Transaction,
        room: &RoomId,
        on: bool,
        by: Actor,
    ) -> Attempt<()> {
        if !self.rooms.config.contains_key(room) {
            return Ok(Err(super::acts::no_room(room)));
        }
        if self.rooms.sessions.get(room).is_some_and(|run| run.is_running()) {
            return Ok(Err(Refused::conflict(
                format!("une partie est en cours dans {room} : l'appel se fait avant"),
                format!("a session runs in {room}: the roll is called before it"),
            )));
        }
        if !on {
            if self.rooms.roll_calls.contains_key(room) {
                let args = text::args([("room", json(room))]);
                self.write_act(tx, None, ActRequest { name: END.into(), args, reason: None, by })?;
                self.end_roll_call(room)?;
            }
            return Ok(Ok(()));
        }
        let asked = self.players(room);
        if asked.is_empty() {
            return Ok(Err(Refused::conflict(
                format!("personne n'est là dans {room} : aucun poste n'est en ligne"),
                format!("nobody is there in {room}: no slot is online"),
            )));
        }
        let args = text::args([("room", json(room)), ("slots", json(&asked))]);
        let at = self.time.tick(tx.now);
        let called = RollCall { at, by: by.0.clone(), present: Vec::new(), missing: asked };
        let (entry, _) =
            self.write_act(tx, None, ActRequest { name: CALL.into(), args, reason: None, by })?;
        self.journal.mark_roll_call(room, Some(entry))?;
        self.rooms.roll_calls.insert(room.clone(), called);
        Ok(Ok(()))
    }

    /// Removes the roll-call of a room, because its session starts or the operator ended it.
    pub(in crate::engine) fn end_roll_call(&mut self, room: &RoomId) -> Result<(), JournalError> {
        if self.rooms.roll_calls.remove(room).is_some() {
            self.journal.mark_roll_call(room, None)?;
        }
        Ok(())
    }

    /// Marks a slot as present in every roll-call, if the event is a player's deed and not late.
    pub(in crate::engine) fn answer_roll_call(&mut self, slot: &SlotId, event: &Event) {
        let input = input_of(0, self.time.last, slot.clone(), event.clone(), RULES);
        if !input.is_deed() || event.late {
            return;
        }
        self.rooms.roll_calls.values_mut().for_each(|roll| answer(roll, slot));
    }

    /// Checks that a session may start although players are missing: it needs a reason. Returns the missing players as
    /// fields of the start's act.
    pub(in crate::engine) fn start_without(
        &self,
        room: &RoomId,
        reason: Option<&str>,
    ) -> Result<Map<String, Value>, Refused> {
        let missing = self.rooms.roll_calls.get(room).map_or(&[][..], |roll| &roll.missing);
        if missing.is_empty() {
            return Ok(Map::new());
        }
        if reason.is_some() {
            return Ok(text::args([("without", json(&missing))]));
        }
        let names: Vec<_> = missing.iter().map(ToString::to_string).collect();
        let names = names.join(", ");
        let why = Text::new(
            format!(
                "n'ont pas répondu à l'appel : {names} ; pour commencer sans, donner une raison"
            ),
            format!("did not answer the roll-call: {names}; to start without them, give a reason"),
        );
        Err(Refused::new(RefusedKind::Conflict, why))
    }

    /// Restores open roll-calls, and who has answered them, from the journal.
    pub(in crate::engine) fn recall_roll_calls(&mut self) -> Result<(), JournalError> {
        self.rooms.roll_calls.clear();
        let rooms: Vec<RoomId> = self.rooms.config.keys().cloned().collect();
        for room in rooms {
            let Some(entry) = self.journal.roll_call(&room)? else { continue };
            let mut roll = None;
            self.journal.since(entry, |entry| match (&mut roll, entry.kind) {
                (None, Kind::Act) => roll = called(&entry.body),
                (Some(roll), Kind::Event) if entry.session.is_none() => {
                    let event = serde_json::from_value::<Event>(entry.body).ok();
                    let Some((slot, event)) = entry.slot.zip(event) else { return };
                    let input = input_of(entry.id, entry.at, slot.clone(), event, RULES);
                    if input.is_deed() && !input.late {
                        answer(roll, &slot);
                    }
                }
                _ => {}
            })?;
            self.rooms.roll_calls.extend(roll.map(|roll| (room, roll)));
        }
        Ok(())
    }
}

fn answer(roll: &mut RollCall, slot: &SlotId) {
    if let Some(place) = roll.missing.iter().position(|missing| missing == slot) {
        let slot = roll.missing.remove(place);
        let place = roll.present.partition_point(|present| *present < slot);
        roll.present.insert(place, slot);
    }
}

/// Parses a roll-call from the body of its act.
fn called(body: &Value) -> Option<RollCall> {
    let act: Act = serde_json::from_value(body.clone()).ok()?;
    let missing = serde_json::from_value(act.args.get("slots")?.clone()).ok()?;
    Some(RollCall { at: act.at, by: act.by, present: Vec::new(), missing })
}

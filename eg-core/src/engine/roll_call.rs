//! The roll-call before a session: everybody presses once, and whoever did not is named.

use super::cause::input_of;
use super::operator::{Asked, Deed};
use super::turn::Turn;
use super::{Engine, report};
use crate::handle::{Actor, Refused, RefusedKind};
use crate::journal::{JournalError, json};
use crate::state::RollCall;
use eg_game::{Act, RULES};
use eg_proto::{Event, RoomId, SlotId, Text};
use serde_json::{Map, Value};

/// The act that calls the roll.
const CALL: &str = "roll-call";
/// The act that ends it without a session.
const END: &str = "roll-call-end";

impl Engine {
    /// Calls the roll of a room, or ends it.
    pub(super) fn call_roll(
        &mut self,
        turn: &mut Turn,
        room: &RoomId,
        on: bool,
        by: Actor,
    ) -> Asked<()> {
        if !self.rooms.contains_key(room) {
            return Ok(Err(super::operator::no_room(room)));
        }
        if self.runs.get(room).is_some_and(|run| run.is_running()) {
            return Ok(Err(Refused::conflict(
                format!("une partie est en cours dans {room} : l'appel se fait avant"),
                format!("a session runs in {room}: the roll is called before it"),
            )));
        }
        if !on {
            if self.roll_calls.contains_key(room) {
                let args = report::args([("room", json(room))]);
                self.write_act(turn, None, Deed { name: END.into(), args, reason: None, by })?;
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
        let args = report::args([("room", json(room)), ("slots", json(&asked))]);
        let at = self.tick(turn.now);
        let called = RollCall { at, by: by.0.clone(), present: Vec::new(), missing: asked };
        let (entry, _) =
            self.write_act(turn, None, Deed { name: CALL.into(), args, reason: None, by })?;
        self.journal.mark_roll_call(room, Some(entry))?;
        self.roll_calls.insert(room.clone(), called);
        Ok(Ok(()))
    }

    /// The roll-call of a room is over: its session starts, or it was ended.
    pub(super) fn end_roll_call(&mut self, room: &RoomId) -> Result<(), JournalError> {
        if self.roll_calls.remove(room).is_some() {
            self.journal.mark_roll_call(room, None)?;
        }
        Ok(())
    }

    /// Somebody did something outside of a session: they are there.
    pub(super) fn answer_roll_call(&mut self, slot: &SlotId, event: &Event) {
        let input = input_of(0, self.last_at, slot.clone(), event.clone(), RULES);
        if !input.is_deed() || event.late {
            return;
        }
        self.roll_calls.values_mut().for_each(|roll| answer(roll, slot));
    }

    /// Whether a session may start in spite of who is missing: with a reason, which names them in the journal.
    pub(super) fn start_without(
        &self,
        room: &RoomId,
        reason: Option<&str>,
    ) -> Result<Map<String, Value>, Refused> {
        let missing = self.roll_calls.get(room).map_or(&[][..], |roll| &roll.missing);
        if missing.is_empty() {
            return Ok(Map::new());
        }
        if reason.is_some() {
            return Ok(report::args([("without", json(&missing))]));
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

    /// Finds the roll-calls that stood, and who has answered since.
    pub(super) fn recall_roll_calls(&mut self) -> Result<(), JournalError> {
        self.roll_calls.clear();
        let rooms: Vec<RoomId> = self.rooms.keys().cloned().collect();
        for room in rooms {
            let Some(entry) = self.journal.roll_call(&room)? else { continue };
            let mut roll = None;
            self.journal.since(entry, |entry| match (&mut roll, entry.kind) {
                (None, "act") => roll = called(&entry.body),
                (Some(roll), "event") if entry.session.is_none() => {
                    let event = serde_json::from_value::<Event>(entry.body).ok();
                    let Some((slot, event)) = entry.slot.zip(event) else { return };
                    let input = input_of(entry.id, entry.at, slot.clone(), event, RULES);
                    if input.is_deed() && !input.late {
                        answer(roll, &slot);
                    }
                }
                _ => {}
            })?;
            self.roll_calls.extend(roll.map(|roll| (room, roll)));
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

/// A roll-call as its act tells it.
fn called(body: &Value) -> Option<RollCall> {
    let act: Act = serde_json::from_value(body.clone()).ok()?;
    let missing = serde_json::from_value(act.args.get("slots")?.clone()).ok()?;
    Some(RollCall { at: act.at, by: act.by, present: Vec::new(), missing })
}

//! People who act at random: players who press something, and an operator who does anything that is offered.

use super::agenda::Held;
use super::world::World;
use crate::engine::read_model::{Session, SessionStatus};
use eg_agent::virtual_slot::{Act, What};
use eg_game::{Field, FieldKind};
use eg_proto::{RoomId, SlotId};
use rand::RngExt;
use rand::seq::IndexedRandom;
use serde_json::{Map, Value, json};
use std::time::Duration;

impl World {
    /// Lets every player of the room press one of these inputs at a random time within a span.
    pub(super) fn everybody(
        &mut self,
        room: &RoomId,
        press: &[(String, String)],
        within: Duration,
    ) {
        let Some(state) = self.state() else { return };
        let Some(slots) = state.rooms.get(room).map(|room| room.slots.clone()) else { return };
        for slot in slots {
            let Some((device, input)) = press.choose(&mut self.chance).cloned() else { return };
            self.someone(slot, device, input, within);
        }
    }

    fn someone(&mut self, slot: SlotId, device: String, input: String, within: Duration) {
        if self.seat(&slot).is_none() {
            return;
        }
        let micros = u64::try_from(within.as_micros()).unwrap_or(u64::MAX).max(1);
        let span = Duration::from_micros(self.chance.random_range(0..micros));
        let lasts = Some(Duration::from_millis(self.chance.random_range(60..180)));
        let what = What::Act { device, input, act: Act::Press };
        self.later(span, Held { slot, what, lasts });
    }

    /// Lets the operator do a random one of the acts that are offered now, or start a session when none runs. A
    /// refusal is no failure.
    pub(super) fn anything(&mut self, room: &RoomId) {
        let Some(state) = self.state() else { return };
        let Some(shown) = state.rooms.get(room) else { return };
        let because = Some("it is drawn".to_owned());
        let running = shown.session.as_ref().filter(|s| s.status == SessionStatus::Running);
        let Some(session) = running else {
            self.operate(room, "start", Map::new(), because);
            return;
        };
        let (name, args) = match self.chance.random_range(0..10) {
            0 => self.any_undo(session),
            1 => ("hint".to_owned(), fields(json!({ "text": "look up" }))),
            _ => self.any_offer(session),
        };
        self.operate(room, &name, args, because);
    }

    fn any_undo(&mut self, session: &Session) -> (String, Map<String, Value>) {
        let entry = session.acts.choose(&mut self.chance).map(|act| act.entry);
        ("undo".to_owned(), fields(json!({ "entry": entry })))
    }

    fn any_offer(&mut self, session: &Session) -> (String, Map<String, Value>) {
        // A night that is called off at once tells little.
        let offers: Vec<_> = session.offers.iter().filter(|offer| offer.name != "abort").collect();
        let Some(offer) = offers.choose(&mut self.chance) else {
            return ("reveal".to_owned(), Map::new());
        };
        let fields = offer.fields.iter();
        let args = fields.map(|field| (field.name.to_owned(), self.fill(field))).collect();
        (offer.name.to_owned(), args)
    }

    fn fill(&mut self, field: &Field) -> Value {
        match &field.kind {
            FieldKind::Text if field.value.is_empty() => "slot-02".into(),
            FieldKind::Text => field.value.clone().into(),
            FieldKind::Lines if field.name == "options" => json!(["A", "B", "C"]),
            FieldKind::Lines => field.value.lines().collect(),
            FieldKind::Number => match field.value.parse::<i64>() {
                Ok(number) => number.into(),
                Err(_) => self.chance.random_range(1..90).into(),
            },
            FieldKind::Tick => self.chance.random_bool(0.5).into(),
            FieldKind::OneOf(choices) => json!(choices.choose(&mut self.chance)),
        }
    }
}

/// Converts a JSON object into the fields of an act.
fn fields(value: Value) -> Map<String, Value> {
    serde_json::from_value(value).unwrap_or_default()
}

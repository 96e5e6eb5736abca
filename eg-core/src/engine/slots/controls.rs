//! Controls: inputs by which players choose, as slots report them in their hello and sessions keep them.

use crate::engine::read_model::{Device, Slot};
use crate::engine::transaction::Transaction;
use crate::engine::{Engine, text};
use crate::journal::{JournalError, json};
use eg_game::{Controls, Roster};
use eg_proto::{InputKind, SlotId, Timestamp};
use serde_json::json;

/// Kinds of drivers whose boards have other inputs than buttons, for agents up to 0.1.0, which do not report kinds of
/// inputs. Every input of any other board of theirs is taken for a button.
const NO_BUTTONS: [&str; 5] = ["serial-tag", "mfrc522", "pn532", "rotary", "ads1115"];

/// Returns the inputs by which a player can choose at a slot; `None` until the slot has reported its boards.
pub(in crate::engine) fn of(slot: &Slot) -> Option<Controls> {
    let told = |device: &&Device| !device.driver.is_empty();
    slot.devices.iter().find(told)?;
    let mut controls = Controls::default();
    for device in &slot.devices {
        for input in &device.inputs {
            let kind = match &device.kinds {
                Some(kinds) => kinds.get(input).copied(),
                None if NO_BUTTONS.contains(&device.driver.as_str()) => None,
                None => Some(InputKind::Press),
            };
            match kind {
                Some(InputKind::Press) => controls.add_press(input.clone()),
                Some(InputKind::Switch) => controls.add_switch(input.clone()),
                Some(
                    InputKind::Tag
                    | InputKind::Turn
                    | InputKind::Value
                    | InputKind::Text
                    | InputKind::Unknown,
                )
                | None => {}
            }
        }
    }
    Some(controls)
}

impl Engine {
    /// Adds to a roster the controls that its slots have.
    pub(in crate::engine) fn with_controls(&self, mut roster: Roster) -> Roster {
        let slots: Vec<SlotId> = roster.seats.iter().map(|seat| seat.slot.clone()).collect();
        for slot in slots {
            if let Some(controls) = self.slots.known.get(&slot).and_then(|known| of(known)) {
                roster.set_controls(slot, controls);
            }
        }
        roster
    }

    /// Tells the session that plays at a slot about its controls, if they differ from those that it knows. Sessions
    /// under the first revision of the rules are not told.
    pub(in crate::engine) fn tell_controls(
        &mut self,
        tx: &mut Transaction,
        at: Timestamp,
        slot: &SlotId,
    ) -> Result<(), JournalError> {
        let Some(controls) = self.slots.known.get(slot).and_then(|known| of(known)) else {
            return Ok(());
        };
        let Some(run) =
            self.rooms.playing(slot).and_then(|(room, _)| self.rooms.sessions.get(&room))
        else {
            return Ok(());
        };
        if run.roster.rules() < 2 || run.roster.controls(slot) == Some(&controls) {
            return Ok(());
        }
        let line = text::controls(slot, &controls);
        self.note_status(tx, at, slot, json!({ "controls": json(&controls), "line": line }))
    }
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::engine::read_model::Slot;
    use crate::engine::slots::registry::has;
    use eg_proto::{Hello, InputName};

    fn presses(hello: &str) -> Option<Vec<String>> {
        let mut slot = Slot::unheard();
        let hello: Hello = serde_json::from_str(hello).unwrap();
        has(&mut slot, &hello);
        Some(of(&slot)?.presses.iter().map(InputName::to_string).collect())
    }

    #[test]
    fn buttons_stand_in_the_order_of_the_file_over_all_boards() {
        let told = r#"{"type":"slot","devices":[
            {"name":"panel","driver":"button-row","inputs":["red","blue","lid"],
             "kinds":{"red":"press","blue":"press","lid":"switch"}},
            {"name":"dial","driver":"rotary","inputs":["knob","push"],
             "kinds":{"knob":"turn","push":"press","new":"something-later"}},
            {"name":"again","driver":"button-row","inputs":["red","green"],
             "kinds":{"red":"press","green":"press"}}]}"#;

        assert_eq!(presses(told).unwrap(), ["red", "blue", "push", "green"]);
    }

    #[test]
    fn an_agent_that_does_not_tell_kinds_has_buttons_where_its_driver_may() {
        let told = r#"{"type":"slot","version":"0.1.0","devices":[
            {"name":"reader","driver":"serial-tag","inputs":["tag"],"outputs":[]},
            {"name":"panel","driver":"button-row","inputs":["a","b"],"outputs":["lamp-a"]}]}"#;

        assert_eq!(presses(told).unwrap(), ["a", "b"]);
    }

    #[test]
    fn of_a_slot_without_boards_nothing_is_known() {
        assert_eq!(presses(r#"{"type":"slot","version":"1"}"#), None);
    }
}

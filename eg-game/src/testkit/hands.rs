//! Deeds of players at a table.

use super::{Table, names};
use crate::{DeviceName, Effect, EventKind, Input, InputData, InputName, Presence};
use std::time::Duration;

impl Table {
    /// A player presses an input, now, and it arrives at once. They let go of what they pressed before, first.
    #[track_caller]
    pub fn press(&mut self, slot: &str, input: &str) -> &[Effect] {
        self.release(slot);
        self.press_too(slot, input)
    }

    /// A player presses an input, now, and lets go of nothing.
    #[track_caller]
    pub fn press_too(&mut self, slot: &str, input: &str) -> &[Effect] {
        let press = self.a_press(slot, input);
        self.held.entry(press.slot.clone()).or_default().push(press.what.clone());
        self.deliver(press)
    }

    /// A player lets go of all that they hold.
    #[track_caller]
    pub fn release(&mut self, slot: &str) {
        for held in self.held.remove(&names::slot(slot)).unwrap_or_default() {
            if let InputData::Event { device, input, .. } = held {
                let what = InputData::Event { device, input, kind: EventKind::Release };
                let release = self.an_input(slot, what);
                self.deliver(release);
            }
        }
    }

    /// An input of a player's board tells something, now: a tag, a switch, a value, a fault.
    #[track_caller]
    pub fn tell(&mut self, slot: &str, input: &str, kind: EventKind) -> &[Effect] {
        let InputData::Event { device, input, .. } = self.a_press(slot, input).what else {
            unreachable!("a press is an event")
        };
        let told = self.an_input(slot, InputData::Event { device, input, kind });
        self.deliver(told)
    }

    /// A slot is lost, now, or comes back.
    #[track_caller]
    pub fn slot_is(&mut self, slot: &str, presence: Presence) -> &[Effect] {
        let told = self.an_input(slot, InputData::Slot(presence));
        self.deliver(told)
    }

    /// A slot tells, now, that it has these buttons.
    #[track_caller]
    pub fn slot_has(&mut self, slot: &str, inputs: &[&str]) -> &[Effect] {
        let told = self.an_input(slot, InputData::Controls(names::buttons(inputs)));
        self.deliver(told)
    }

    /// A press arrives that a player made so long ago, and an outage held back.
    #[track_caller]
    pub fn press_late(&mut self, slot: &str, input: &str, ago: Duration) -> &[Effect] {
        let press = self.a_press(slot, input);
        self.deliver(Input { at: self.now - ago, late: true, ..press })
    }

    /// A press to change and [`deliver`](Self::deliver).
    #[track_caller]
    pub fn a_press(&self, slot: &str, input: &str) -> Input {
        let device = DeviceName::new("panel").unwrap_or_else(|error| panic!("{error}"));
        let input = InputName::new(input).unwrap_or_else(|error| panic!("{error}"));
        self.an_input(slot, InputData::Event { device, input, kind: EventKind::Press })
    }
}

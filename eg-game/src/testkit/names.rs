//! Names of slots and inputs at a table.

use crate::{Controls, InputName, SlotId};

/// The slots of a table with so many seats, in order.
pub fn slots(players: usize) -> impl Iterator<Item = SlotId> {
    (1..=players).map(|number| slot(&format!("slot-{number:02}")))
}

#[track_caller]
pub(super) fn buttons(inputs: &[&str]) -> Controls {
    let name = |name: &&str| InputName::new(*name).unwrap_or_else(|error| panic!("{error}"));
    Controls::buttons(inputs.iter().map(name))
}

#[track_caller]
pub(super) fn slot(name: &str) -> SlotId {
    SlotId::new(name).unwrap_or_else(|error| panic!("{error}"))
}

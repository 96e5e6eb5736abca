//! Who plays.

mod change;

pub use change::{Choosing, RosterChange};

use eg_proto::SlotId;
use serde::{Deserialize, Serialize};

/// The players of a session, fixed when it starts and changed only by recorded acts. A slot is a player.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// The seats, in the order of the room's YAML.
    pub seats: Vec<Seat>,
}

/// One player.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// Where they stand.
    pub slot: SlotId,
    /// What people call them; the slot's id when nobody said.
    pub name: String,
    /// Whether they are still in the game.
    pub alive: bool,
    /// Whether the operator has excused them for now: they are asked nothing and hold nobody up.
    #[serde(default)]
    pub excused: bool,
    /// Their role, e.g. `wolf`; a ballot may ask for one.
    #[serde(default)]
    pub role: Option<String>,
    /// How many votes they have; 1 for nearly everybody.
    pub weight: u32,
}

impl Seat {
    /// A player at this slot: alive, not excused, without a role, with one vote.
    pub fn at(slot: SlotId) -> Self {
        let name = slot.to_string();
        Self { slot, name, alive: true, excused: false, role: None, weight: 1 }
    }

    /// Whether they are in play: alive, and not excused.
    pub fn plays(&self) -> bool {
        self.alive && !self.excused
    }
}

impl Roster {
    /// Players at these slots.
    pub fn of(slots: impl IntoIterator<Item = SlotId>) -> Self {
        Self { seats: slots.into_iter().map(Seat::at).collect() }
    }

    /// The player at a slot.
    pub fn seat(&self, slot: &SlotId) -> Option<&Seat> {
        self.seats.iter().find(|seat| seat.slot == *slot)
    }

    pub(crate) fn seat_mut(&mut self, slot: &SlotId) -> Option<&mut Seat> {
        self.seats.iter_mut().find(|seat| seat.slot == *slot)
    }

    /// The players who are in play, alive and not excused, and have this role when one is asked for; in the order of
    /// the seats.
    pub fn alive<'a>(&'a self, role: Option<&'a str>) -> impl Iterator<Item = &'a Seat> {
        let asked = move |seat: &&Seat| role.is_none() || seat.role.as_deref() == role;
        self.seats.iter().filter(|seat| seat.plays()).filter(asked)
    }
}

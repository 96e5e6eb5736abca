//! Rooms: players, acts of operators, and the order of sessions.

pub(in crate::engine) mod acts;
mod forewarn;
mod modes;
mod naming;
mod plan;
mod players;
mod recover;
mod reset;
mod roll_call;
mod settings;
mod shows;
mod undo;

pub use forewarn::{Forewarning, forewarn};

use super::read_model::{RollCall, RoomPlan, RoomSettings};
use super::session::live::LiveSession;
use crate::config::{CoreConfig, NewSessions, RoomConfig};
use crate::show::Playing;
use eg_proto::{RoomId, SlotId};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Rooms of the YAML, with their sessions, shows and roll-calls. Rebuilt from the journal when a round is rolled back.
pub(in crate::engine) struct Rooms {
    pub(in crate::engine) config: BTreeMap<RoomId, RoomConfig>,
    /// Settings of each room's own game: those of the file, and those that were saved in their place.
    pub(in crate::engine) settings: BTreeMap<RoomId, Arc<RoomSettings>>,
    /// Room that the topics of older installations speak of.
    pub(in crate::engine) compat: Option<RoomId>,
    /// Rules and seeds of new sessions.
    pub(in crate::engine) defaults: NewSessions,
    /// Running session of each room, or the last one.
    pub(in crate::engine) sessions: BTreeMap<RoomId, LiveSession>,
    pub(in crate::engine) roll_calls: BTreeMap<RoomId, RollCall>,
    /// Places of the slots of each room.
    pub(in crate::engine) plans: BTreeMap<RoomId, Arc<RoomPlan>>,
    /// Ticks of each room's reset: the line's English words, and the name of whoever ticked it.
    pub(in crate::engine) ticks: BTreeMap<RoomId, BTreeMap<String, String>>,
    /// Show of each room, while it is on and after it.
    pub(in crate::engine) shows: BTreeMap<RoomId, Playing>,
    /// `true` if a round was rolled back and this could not be rebuilt yet.
    pub(in crate::engine) stale: bool,
}

impl Rooms {
    pub(in crate::engine) fn new(config: &CoreConfig) -> Self {
        Self {
            config: config.rooms.clone(),
            settings: BTreeMap::new(),
            compat: config.compat_room.clone(),
            defaults: config.sessions,
            sessions: BTreeMap::new(),
            roll_calls: BTreeMap::new(),
            plans: BTreeMap::new(),
            ticks: BTreeMap::new(),
            shows: BTreeMap::new(),
            stale: false,
        }
    }

    /// Returns the room and the number of the session that take this slot's inputs.
    pub(in crate::engine) fn playing(&self, slot: &SlotId) -> Option<(RoomId, i64)> {
        let mut sessions = self.sessions.iter();
        sessions.find_map(|(room, run)| run.seats(slot).then(|| (room.clone(), run.id)))
    }

    /// Returns `true` if a roll is called that this slot answers.
    pub(in crate::engine) fn calls(&self, slot: &SlotId) -> bool {
        let named = |roll: &RollCall| roll.present.contains(slot) || roll.missing.contains(slot);
        self.roll_calls.values().any(named)
    }

    /// Returns `true` if a room of the YAML names this slot.
    pub(in crate::engine) fn names(&self, slot: &SlotId) -> bool {
        self.config.values().any(|room| room.slots.as_ref().is_some_and(|all| all.contains(slot)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Environment;
    use eg_config::Source;

    #[test]
    fn a_room_names_its_slots_and_plays_nothing_at_its_start() {
        let yaml = "rooms: { main: { slots: [slot-01] }, lobby: { game: buzzer } }";
        let source = Source::text("core.yaml", yaml);
        let config = CoreConfig::from_source(&source, &Environment::default()).unwrap();
        let (named, other) = ("slot-01".parse().unwrap(), "slot-02".parse().unwrap());

        let rooms = Rooms::new(&config);

        assert!(rooms.names(&named) && !rooms.names(&other));
        assert_eq!(rooms.playing(&named), None);
    }
}

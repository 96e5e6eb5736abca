//! Rooms: who plays there, what operators do, and which session follows.

pub(in crate::engine) mod acts;
mod forewarn;
mod players;
mod recover;
mod roll_call;
mod shows;
mod undo;

pub use forewarn::{Forewarning, forewarn};

use super::read_model::RollCall;
use super::session::live::LiveSession;
use crate::config::{CoreConfig, NewSessions, RoomConfig};
use crate::show::Playing;
use eg_proto::{RoomId, SlotId};
use std::collections::BTreeMap;

/// Rooms of the YAML and what is played there. A round that is taken back rebuilds this from the journal.
pub(in crate::engine) struct Rooms {
    pub(in crate::engine) config: BTreeMap<RoomId, RoomConfig>,
    /// Room of the old topics.
    pub(in crate::engine) compat: Option<RoomId>,
    /// Rules and seeds of sessions that start.
    pub(in crate::engine) defaults: NewSessions,
    /// Session that runs in each room, or the last one.
    pub(in crate::engine) sessions: BTreeMap<RoomId, LiveSession>,
    pub(in crate::engine) roll_calls: BTreeMap<RoomId, RollCall>,
    /// Show of each room, while it is on and after it.
    pub(in crate::engine) shows: BTreeMap<RoomId, Playing>,
    /// `true` when a round was taken back and this could not be rebuilt yet.
    pub(in crate::engine) stale: bool,
}

impl Rooms {
    pub(in crate::engine) fn new(config: &CoreConfig) -> Self {
        Self {
            config: config.rooms.clone(),
            compat: config.compat_room.clone(),
            defaults: config.sessions,
            sessions: BTreeMap::new(),
            roll_calls: BTreeMap::new(),
            shows: BTreeMap::new(),
            stale: false,
        }
    }

    /// Finds the room and the session that take this slot's inputs.
    pub(in crate::engine) fn playing(&self, slot: &SlotId) -> Option<(RoomId, i64)> {
        let mut sessions = self.sessions.iter();
        sessions.find_map(|(room, run)| run.seats(slot).then(|| (room.clone(), run.id)))
    }

    /// `true` when a room of the YAML names this slot.
    pub(in crate::engine) fn names(&self, slot: &SlotId) -> bool {
        self.config.values().any(|room| room.slots.as_ref().is_some_and(|all| all.contains(slot)))
    }
}

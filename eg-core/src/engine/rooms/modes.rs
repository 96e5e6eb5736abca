//! Day and night of the rooms.

use super::acts::{ActRequest, Attempt, no_room};
use crate::engine::command::Actor;
use crate::engine::transaction::Transaction;
use crate::engine::{Engine, text};
use crate::journal::{Modes, json};
use eg_proto::{Mode, RoomId};
use std::collections::BTreeMap;

impl Engine {
    /// Returns the mode that the topic and the routes of older installations carry: that of their room, of the first
    /// room where none is theirs.
    pub(in crate::engine) fn old_mode(&self) -> Mode {
        let room = self.rooms.compat.as_ref().or_else(|| self.rooms.config.keys().next());
        room.map_or(self.modes.all, |room| self.modes.of(room))
    }

    /// Sets the mode of one room, or of all.
    pub(in crate::engine) fn set_mode(
        &mut self,
        tx: &mut Transaction,
        room: Option<RoomId>,
        mode: Mode,
        by: Actor,
    ) -> Attempt<()> {
        let mut modes = tx.modes.clone().unwrap_or_else(|| self.modes.clone());
        let mut args = text::args([("mode", json(&mode))]);
        match room {
            Some(room) if !self.rooms.config.contains_key(&room) => {
                return Ok(Err(no_room(&room)));
            }
            Some(room) => {
                args.insert("room".to_owned(), json(&room));
                modes.rooms.insert(room, mode);
            }
            None => modes = Modes { all: mode, rooms: BTreeMap::new() },
        }
        let request = ActRequest { name: "mode".to_owned(), args, reason: None, by };
        self.write_act(tx, None, request)?;
        self.journal.set_modes(&modes)?;
        tx.modes = Some(modes);
        Ok(Ok(()))
    }
}

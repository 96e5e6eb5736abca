//! Day and night of the rooms, kept over a restart.

use super::{Journal, JournalError, column};
use eg_proto::{Mode, RoomId};
use std::collections::BTreeMap;

/// Beginning of the mark of a room's mode; the mark without it is that of all rooms.
const OF_ROOM: &str = "mode:";

/// Mode of each room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Modes {
    /// Mode that was set for all rooms at once.
    pub(crate) all: Mode,
    /// Modes that were set for one room since.
    pub(crate) rooms: BTreeMap<RoomId, Mode>,
}

impl Modes {
    /// Returns the mode of a room.
    pub(crate) fn of(&self, room: &RoomId) -> Mode {
        self.rooms.get(room).copied().unwrap_or(self.all)
    }
}

impl Journal {
    /// Returns the mode of each room. A mark that is neither day nor night counts as day.
    pub(crate) fn modes(&self) -> Result<Modes, JournalError> {
        let find = "SELECT name, value FROM mark WHERE name = 'mode' OR name >= 'mode:' AND name < 'mode;'";
        let mut find = self.connection.prepare_cached(find)?;
        let marks = find.query_map([], |row| Ok((column::lossy(row, 0), column::lossy(row, 1))))?;
        let mut modes = Modes::default();
        for mark in marks {
            let (name, value) = mark?;
            let mode = if value == "night" { Mode::Night } else { Mode::Day };
            match name.strip_prefix(OF_ROOM).map(RoomId::new) {
                None => modes.all = mode,
                Some(Ok(room)) => drop(modes.rooms.insert(room, mode)),
                // A room of a core that allowed more in an id; its settings cannot name it here.
                Some(Err(_)) => {}
            }
        }
        Ok(modes)
    }

    /// Stores the mode of each room.
    pub(crate) fn set_modes(&mut self, modes: &Modes) -> Result<(), JournalError> {
        let word = |mode: Mode| match mode {
            Mode::Day => "day",
            Mode::Night => "night",
        };
        let clear = "DELETE FROM mark WHERE name >= 'mode:' AND name < 'mode;'";
        self.connection.execute(clear, [])?;
        self.set_mark("mode", word(modes.all))?;
        for (room, mode) in &modes.rooms {
            self.set_mark(&format!("{OF_ROOM}{room}"), word(*mode))?;
        }
        Ok(())
    }
}

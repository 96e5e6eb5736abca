//! Names for people, as marks: the acts that gave them may leave for the archive, the names stay.

use super::{Journal, JournalError, column};
use crate::names::{Names, Players};
use eg_proto::{RoomId, SlotId};
use rusqlite::Row;

impl Journal {
    /// Returns the names that were given. A mark that cannot be read names nobody.
    pub(crate) fn names(&self) -> Result<Names, JournalError> {
        let find = "SELECT name, value FROM mark WHERE name >= 'name:' AND name < 'name;'";
        let mut find = self.connection.prepare_cached(find)?;
        let pair = |row: &Row<'_>| Ok((column::lossy(row, 0), column::lossy(row, 1)));
        let mut names = Names::default();
        for pair in find.query_map([], pair)? {
            let (mark, value) = pair?;
            match mark.splitn(3, ':').collect::<Vec<_>>()[..] {
                [_, "slot", id] => names.slots.extend(SlotId::new(id).ok().map(|id| (id, value))),
                [_, "room", id] => names.rooms.extend(RoomId::new(id).ok().map(|id| (id, value))),
                [_, "players", id] => {
                    let players = serde_json::from_str::<Players>(&value).ok();
                    names.players.extend(RoomId::new(id).ok().zip(players));
                }
                _ => {}
            }
        }
        Ok(names)
    }

    /// Stores the name of a slot; an empty one is forgotten.
    pub(crate) fn name_slot(&mut self, slot: &SlotId, name: &str) -> Result<(), JournalError> {
        self.keep_name(&format!("name:slot:{slot}"), name)
    }

    /// Stores the name of a room; an empty one is forgotten.
    pub(crate) fn name_room(&mut self, room: &RoomId, name: &str) -> Result<(), JournalError> {
        self.keep_name(&format!("name:room:{room}"), name)
    }

    /// Stores who sits where in a room; nobody at all is forgotten.
    pub(crate) fn seat(&mut self, room: &RoomId, players: &Players) -> Result<(), JournalError> {
        let told = match players.is_empty() {
            true => String::new(),
            false => super::json(players).to_string(),
        };
        self.keep_name(&format!("name:players:{room}"), &told)
    }

    fn keep_name(&mut self, mark: &str, value: &str) -> Result<(), JournalError> {
        if value.is_empty() { self.forget_mark(mark) } else { self.set_mark(mark, value) }
    }
}

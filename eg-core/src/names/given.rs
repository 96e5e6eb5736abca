//! Names that were given, over those that files say.

use super::{Names, Players};
use eg_proto::{RoomId, SlotId};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Names as the engine keeps them. Changes of a round are rolled back with it.
#[derive(Debug, Default)]
pub(crate) struct GivenNames {
    /// Names of the files and of adopted slots: they hold where none was given.
    said: Names,
    given: Arc<Names>,
    before: Arc<Names>,
    shown: Arc<Names>,
}

impl GivenNames {
    /// Creates names with those that the settings say of rooms, and those that were given before.
    pub(crate) fn new(rooms: BTreeMap<RoomId, String>, given: Names) -> Self {
        let said = Names { rooms, ..Names::default() };
        let given = Arc::new(given);
        let mut all = Self { said, before: Arc::clone(&given), given, shown: Arc::default() };
        all.show();
        all
    }

    /// Adds names of slots that hold where none was given.
    pub(crate) fn say_slots(&mut self, slots: impl IntoIterator<Item = (SlotId, String)>) {
        self.said.slots.extend(slots);
        self.show();
    }

    /// Returns the names as pages show them.
    pub(crate) fn shown(&self) -> &Arc<Names> {
        &self.shown
    }

    /// Begins a transaction: changes from here on can be rolled back.
    pub(crate) fn begin(&mut self) {
        self.before = Arc::clone(&self.given);
    }

    /// Undoes every change since the last [`begin`](Self::begin).
    pub(crate) fn rollback(&mut self) {
        if !Arc::ptr_eq(&self.given, &self.before) {
            self.given = Arc::clone(&self.before);
            self.show();
        }
    }

    /// Gives a slot a name; an empty one takes it away.
    pub(crate) fn give_slot(&mut self, slot: &SlotId, name: &str) {
        give(&mut Arc::make_mut(&mut self.given).slots, slot, name);
        self.show();
    }

    /// Gives a room a name; an empty one takes it away.
    pub(crate) fn give_room(&mut self, room: &RoomId, name: &str) {
        give(&mut Arc::make_mut(&mut self.given).rooms, room, name);
        self.show();
    }

    /// Replaces the players of a room.
    pub(crate) fn seat(&mut self, room: &RoomId, players: Players) {
        let given = Arc::make_mut(&mut self.given);
        if players.is_empty() {
            given.players.remove(room);
        } else {
            given.players.insert(room.clone(), players);
        }
        self.show();
    }

    fn show(&mut self) {
        let mut all = self.said.clone();
        let Names { slots, rooms, players } = Names::clone(&self.given);
        all.slots.extend(slots);
        all.rooms.extend(rooms);
        all.players.extend(players);
        self.shown = Arc::new(all);
    }
}

fn give<K: Ord + Clone>(all: &mut BTreeMap<K, String>, key: &K, name: &str) {
    if name.is_empty() {
        all.remove(key);
    } else {
        all.insert(key.clone(), name.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_given_name_hides_that_of_the_file_until_it_is_taken_away() {
        let room: RoomId = "main".parse().unwrap();
        let mut names =
            GivenNames::new([(room.clone(), "Crypt".to_owned())].into(), Names::default());
        let told = |names: &GivenNames| names.shown().room(&room).to_owned();

        let of_file = told(&names);
        names.give_room(&room, "Tomb");
        let given = told(&names);
        names.give_room(&room, "");

        assert_eq!([of_file, given, told(&names)], ["Crypt", "Tomb", "Crypt"]);
    }

    #[test]
    fn a_round_that_is_taken_back_leaves_every_name_as_it_was() {
        let slot: SlotId = "slot-01".parse().unwrap();
        let mut names = GivenNames::default();
        names.give_slot(&slot, "door");

        names.begin();
        names.give_slot(&slot, "window");
        names.seat(&"main".parse().unwrap(), [(slot.clone(), "Anna".to_owned())].into());
        names.rollback();

        assert_eq!(names.shown().seat(&slot), "door");
    }
}

//! Names for people: what slots, rooms and players are called on pages, beside their ids.

mod check;
mod given;

pub use check::{NameError, check};
pub(crate) use given::GivenNames;

use eg_proto::{RoomId, SlotId, name_slots};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Players of one room, by the slot at which each of them sits.
pub type Players = BTreeMap<SlotId, String>;

/// Names for people. What has none is called by its id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Names {
    /// Names of slots as places, such as `left table`.
    pub slots: BTreeMap<SlotId, String>,
    /// Names of rooms.
    pub rooms: BTreeMap<RoomId, String>,
    /// Names of those who play, by room and slot, until somebody else sits there.
    pub players: BTreeMap<RoomId, Players>,
}

impl Names {
    /// Returns names that call everything by its id.
    pub fn none() -> &'static Self {
        static NONE: Names =
            Names { slots: BTreeMap::new(), rooms: BTreeMap::new(), players: BTreeMap::new() };
        &NONE
    }

    /// Returns what a room is called.
    pub fn room<'a>(&'a self, room: &'a RoomId) -> &'a str {
        self.rooms.get(room).map_or(room.as_str(), String::as_str)
    }

    /// Returns what a slot is called as a place, whoever sits there.
    pub fn slot<'a>(&'a self, slot: &'a SlotId) -> &'a str {
        self.slots.get(slot).map_or(slot.as_str(), String::as_str)
    }

    /// Returns what whoever sits at a slot is called: the player, else the place.
    pub fn seat<'a>(&'a self, slot: &'a SlotId) -> &'a str {
        self.player(slot).unwrap_or_else(|| self.slot(slot))
    }

    /// Returns the player at a slot, if somebody said who that is.
    pub fn player(&self, slot: &SlotId) -> Option<&str> {
        self.players.values().find_map(|players| players.get(slot)).map(String::as_str)
    }

    /// Returns the names that several players of a room share, whatever their capitals.
    pub fn shared(&self, room: &RoomId) -> BTreeSet<&str> {
        let players = self.players.get(room);
        let mut seen = BTreeSet::new();
        let twice = |name: &&String| !seen.insert(name.to_lowercase());
        players.into_iter().flat_map(Players::values).filter(twice).map(String::as_str).collect()
    }

    /// Returns a text in which whoever sits at a slot stands in the place of its id.
    ///
    /// An id that could be a word of its own, without a digit or a hyphen, is replaced only where it is the whole text.
    pub fn within<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.replaced(text, |slot| self.seat(slot).to_owned())
    }

    /// Returns a text in which names stand beside the ids of slots, as whoever looks after them reads it.
    pub fn beside<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.replaced(text, |slot| format!("{slot} ({})", self.seat(slot)))
    }

    fn replaced<'a>(&self, text: &'a str, named: impl Fn(&SlotId) -> String) -> Cow<'a, str> {
        if self.slots.is_empty() && self.players.is_empty() {
            return Cow::Borrowed(text);
        }
        let has_name = |slot: &SlotId| self.seat(slot) != slot.as_str();
        name_slots(text, |slot| has_name(slot).then(|| named(slot)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(id: &str) -> SlotId {
        id.parse().unwrap()
    }

    fn names() -> Names {
        let players = [(slot("slot-01"), "Anna"), (slot("slot-02"), "Ben"), (slot("table"), "Éva")];
        let players = players.map(|(slot, name)| (slot, name.to_owned()));
        Names {
            slots: [
                (slot("slot-02"), "left table".to_owned()),
                (slot("slot-03"), "door".to_owned()),
            ]
            .into(),
            rooms: [("main".parse().unwrap(), "The crypt".to_owned())].into(),
            players: [("main".parse().unwrap(), players.into())].into(),
        }
    }

    #[test]
    fn a_player_goes_before_the_place_and_that_before_the_id() {
        let (names, nobody) = (names(), slot("slot-04"));
        let seats = ["slot-01", "slot-02", "slot-03"].map(slot);

        assert_eq!(seats.each_ref().map(|slot| names.seat(slot)), ["Anna", "Ben", "door"]);
        assert_eq!((names.seat(&nobody), names.slot(&seats[1])), ("slot-04", "left table"));
    }

    #[test]
    fn a_sentence_tells_of_people_and_not_of_their_places() {
        let names = names();

        assert_eq!(names.within("slot-01, slot-02 et slot-04"), "Anna, Ben et slot-04");
        assert_eq!(names.within("slot-01/panel: «slot-011»"), "Anna/panel: «slot-011»");
        assert_eq!(names.beside("slot-03 is silent"), "slot-03 (door) is silent");
        assert!(matches!(Names::none().within("slot-01"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_word_that_happens_to_be_an_id_stays_what_it_says() {
        assert_eq!(names().within("the table turns"), "the table turns");
        assert_eq!(names().within("table"), "Éva");
    }

    #[test]
    fn a_name_that_two_players_share_is_told() {
        let mut names = names();
        let room = "main".parse().unwrap();
        names.players.entry(room).or_default().insert(slot("slot-09"), "ANNA".to_owned());

        let room = "main".parse().unwrap();
        assert_eq!(names.shared(&room).into_iter().collect::<Vec<_>>(), ["ANNA"]);
    }
}

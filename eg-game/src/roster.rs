//! Players of a session.

mod change;
mod controls;

pub use change::{ProxyChoices, RosterChange};
pub use controls::Controls;

use eg_proto::SlotId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The current revision of the rules, of the SDK's and of the games' that ship with it: what a new session is played
/// by. Counted up whenever a rule, an offer or a text that a replay compares changes on purpose.
///
/// | revision | since | what it changed |
/// |--:|---|---|
/// | 1 | 0.1.0 | the first; a record that names none is of this one |
/// | 2 | 0.1.0 | seeds, players taken out by a game, votes that follow the roster, options chosen by the buttons in
/// their order |
pub const RULES: u16 = 2;

/// The revision of a record that names none.
const FIRST: u16 = 1;

/// The players of a session, fixed when it starts and changed only by recorded acts. A slot is a player.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// The seats, in the order of the room's YAML.
    pub seats: Vec<Seat>,
    /// See [`Roster::rules`]. A roster of the first revision is stored as it was before there were revisions.
    #[serde(default = "first", skip_serializing_if = "is_first")]
    rules: u16,
    /// See [`Roster::controls`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    controls: BTreeMap<SlotId, Controls>,
}

fn first() -> u16 {
    FIRST
}

fn is_first(rules: &u16) -> bool {
    *rules == FIRST
}

impl Default for Roster {
    fn default() -> Self {
        Self { seats: Vec::new(), rules: RULES, controls: BTreeMap::new() }
    }
}

/// One player.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// Slot at which they stand.
    pub slot: SlotId,
    /// Name that people use; the slot's id when nobody said.
    pub name: String,
    /// `true` while they are in the game.
    pub alive: bool,
    /// `true` while the operator has excused them: they are asked nothing and hold nobody up.
    #[serde(default)]
    pub excused: bool,
    /// Role, e.g. `wolf`; a ballot may ask for one.
    #[serde(default)]
    pub role: Option<String>,
    /// Number of votes that they have; 1 for nearly everybody.
    pub weight: u32,
}

impl Seat {
    /// A player at this slot: alive, not excused, without a role, with one vote.
    pub fn at(slot: SlotId) -> Self {
        let name = slot.to_string();
        Self { slot, name, alive: true, excused: false, role: None, weight: 1 }
    }

    /// `true` if they are in play: alive, and not excused.
    pub fn plays(&self) -> bool {
        self.alive && !self.excused
    }
}

impl Roster {
    /// Players at these slots.
    pub fn of(slots: impl IntoIterator<Item = SlotId>) -> Self {
        let seats = slots.into_iter().map(Seat::at).collect();
        Self { seats, ..Self::default() }
    }

    /// The revision of the rules that the session began under, from 1 to [`RULES`]. It never changes while the session
    /// lives, so a game that plays otherwise since a later revision asks here, and a session recorded before replays
    /// as it was played.
    pub fn rules(&self) -> u16 {
        self.rules
    }

    /// Sets another revision of the rules: [`RULES`] for a session that begins, an earlier one to
    /// play as then.
    #[must_use]
    pub fn with_rules(self, rules: u16) -> Self {
        Self { rules, ..self }
    }

    /// The inputs by which a player at this slot can choose; nothing while the slot has not told what it has. They stay
    /// at their slot when players change seats.
    pub fn controls(&self, slot: &SlotId) -> Option<&Controls> {
        self.controls.get(slot)
    }

    /// A slot has told what it has. False when that was known.
    pub fn set_controls(&mut self, slot: SlotId, controls: Controls) -> bool {
        let before = self.controls.insert(slot.clone(), controls);
        before.as_ref() != self.controls.get(&slot)
    }

    /// The player at a slot.
    pub fn seat(&self, slot: &SlotId) -> Option<&Seat> {
        self.seats.iter().find(|seat| seat.slot == *slot)
    }

    /// The player whose slot or name these words are, whatever the case; a slot comes before a name.
    pub fn called(&self, words: &str) -> Option<&Seat> {
        let words = words.trim().to_lowercase();
        let by_name = |seat: &&Seat| seat.name.trim().to_lowercase() == words;
        let by_slot = self.seats.iter().find(|seat| seat.slot.as_str() == words);
        by_slot.or_else(|| self.seats.iter().find(by_name))
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

#[cfg(test)]
mod tests {
    use super::{RULES, Roster};

    const OLD: &str = r#"{"seats":[{"slot":"slot-01","name":"slot-01","alive":true,"excused":false,"role":null,"weight":1}]}"#;

    #[test]
    fn a_roster_stored_without_a_revision_is_of_the_first_and_stored_as_it_was() {
        let roster: Roster = serde_json::from_str(OLD).unwrap();

        assert_eq!(roster.rules(), 1);
        assert_eq!(serde_json::to_string(&roster).unwrap(), OLD);
    }

    #[test]
    fn a_new_roster_keeps_the_current_revision() {
        let roster = Roster::of(["slot-01".parse().unwrap()]);

        let stored = serde_json::to_string(&roster).unwrap();

        assert_eq!(roster.rules(), RULES);
        assert_eq!(serde_json::from_str::<Roster>(&stored).unwrap(), roster);
        assert_eq!(serde_json::to_string(&roster.with_rules(1)).unwrap(), OLD);
    }
}

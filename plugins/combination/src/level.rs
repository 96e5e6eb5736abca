//! Levels of the things of a room, as far as anybody knows.

use crate::place::Place;
use eg_game::prelude::*;
use std::collections::BTreeMap;

/// Level at which one thing stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Level {
    On(bool),
    /// The tags that lie on a reader.
    Tags(Vec<String>),
    Value(f64),
}

impl From<&State> for Level {
    fn from(state: &State) -> Self {
        match state {
            State::On(on) => Self::On(*on),
            State::Value(value) => Self::Value(*value),
            State::Tags(tags) => Self::Tags(tags.iter().take(TAGS).cloned().collect()),
        }
    }
}

impl Level {
    pub(crate) fn on(&self) -> Option<bool> {
        if let Self::On(on) = self { Some(*on) } else { None }
    }

    pub(crate) fn value(&self) -> Option<f64> {
        if let Self::Value(value) = self { Some(*value) } else { None }
    }

    pub(crate) fn has_tag(&self, uid: &str) -> Option<bool> {
        let Self::Tags(tags) = self else { return None };
        Some(tags.iter().any(|tag| tag.eq_ignore_ascii_case(uid.trim())))
    }
}

/// Levels of everything. An input that is not here is not known.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Levels(BTreeMap<Place, Known>);

#[derive(Clone, Debug, PartialEq)]
struct Known {
    device: DeviceName,
    level: Level,
    since: Timestamp,
}

/// The most tags that are remembered of one reader.
const TAGS: usize = 16;

impl Levels {
    pub(crate) fn of(&self, place: &Place) -> Option<&Level> {
        self.0.get(place).map(|known| &known.level)
    }

    pub(crate) fn lose_slot(&mut self, slot: &SlotId) {
        self.0.retain(|place, _| place.slot != *slot);
    }

    pub(crate) fn lose_board(&mut self, slot: &SlotId, device: &DeviceName) {
        self.0.retain(|place, known| place.slot != *slot || known.device != *device);
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "no other event tells a level")]
    pub(crate) fn hear(
        &mut self,
        slot: &SlotId,
        device: &DeviceName,
        input: &InputName,
        kind: &EventKind,
        at: Timestamp,
    ) {
        let place = Place { slot: slot.clone(), input: input.clone() };
        if self.is_old(&place, at) {
            return;
        }
        let level = match kind {
            EventKind::Press => Level::On(true),
            EventKind::Release => Level::On(false),
            EventKind::Switch { on } => Level::On(*on),
            EventKind::Value { v, .. } => Level::Value(*v),
            EventKind::Turn { delta } => {
                let before = self.of(&place).and_then(Level::value).unwrap_or(0.0);
                Level::Value(before + f64::from(*delta))
            }
            EventKind::Tag { uid } => Level::Tags(self.tags(&place, uid, true)),
            EventKind::TagRemoved { uid } => Level::Tags(self.tags(&place, uid, false)),
            EventKind::Fault { .. } => {
                self.0.remove(&place);
                return;
            }
            _ => return,
        };
        self.0.insert(place, Known { device: device.clone(), level, since: at });
    }

    /// Takes over how a board says that its inputs stand. What it does not name is known as before.
    pub(crate) fn take_over(
        &mut self,
        slot: &SlotId,
        device: &DeviceName,
        states: &BTreeMap<InputName, State>,
        at: Timestamp,
    ) {
        for (input, state) in states {
            let place = Place { slot: slot.clone(), input: input.clone() };
            if !self.is_old(&place, at) {
                let known = Known { device: device.clone(), level: state.into(), since: at };
                self.0.insert(place, known);
            }
        }
    }

    /// `true` for a report of a moment before the level that is known: an outage held it back.
    fn is_old(&self, place: &Place, at: Timestamp) -> bool {
        self.0.get(place).is_some_and(|known| at < known.since)
    }

    /// The tags on a reader once this one came or went.
    fn tags(&self, place: &Place, uid: &str, came: bool) -> Vec<String> {
        let mut tags = match self.of(place) {
            Some(Level::Tags(tags)) => tags.clone(),
            Some(Level::On(_) | Level::Value(_)) | None => Vec::new(),
        };
        tags.retain(|tag| !tag.eq_ignore_ascii_case(uid));
        if came {
            tags.push(uid.to_owned());
        }
        let surplus = tags.len().saturating_sub(TAGS);
        tags.drain(..surplus);
        tags
    }
}

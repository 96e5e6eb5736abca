//! Conditions that must hold. Three-valued: true, false, or nobody knows (Kleene, 1938).

use crate::level::{Level, Levels};
use crate::place::Place;
use eg_game::prelude::*;

/// Condition of the room.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Predicate {
    /// All of these.
    All(Vec<Predicate>),
    /// At least one of these.
    Any(Vec<Predicate>),
    /// Not this.
    Not(Box<Predicate>),
    /// This switch is on, or this button is held down.
    On(Place),
    /// This switch is off, or this button is not held down.
    Off(Place),
    /// This tag lies on this reader.
    Tag {
        /// The reader.
        at: Place,
        /// The tag's number, upper-case hexadecimal.
        uid: String,
    },
    /// This dial stands between these, both included.
    Between {
        /// The dial.
        at: Place,
        /// The least.
        min: f64,
        /// The most.
        max: f64,
    },
}

impl Predicate {
    /// `true` if it holds; `None` when a level that decides it is not known.
    pub(crate) fn holds(&self, levels: &Levels) -> Option<bool> {
        match self {
            Self::All(all) => decide(all.iter().map(|one| one.holds(levels)), false),
            Self::Any(any) => decide(any.iter().map(|one| one.holds(levels)), true),
            Self::Not(one) => one.holds(levels).map(|holds| !holds),
            Self::On(at) => levels.of(at).and_then(Level::on),
            Self::Off(at) => levels.of(at).and_then(Level::on).map(|on| !on),
            Self::Tag { at, uid } => levels.of(at).and_then(|level| level.has_tag(uid)),
            Self::Between { at, min, max } => {
                levels.of(at).and_then(Level::value).map(|value| *min <= value && value <= *max)
            }
        }
    }

    /// The single conditions in it, in the order of the YAML.
    pub(crate) fn leaves<'a>(&'a self, into: &mut Vec<&'a Self>) {
        match self {
            Self::All(all) | Self::Any(all) => all.iter().for_each(|one| one.leaves(into)),
            Self::Not(one) => one.leaves(into),
            Self::On(_) | Self::Off(_) | Self::Tag { .. } | Self::Between { .. } => into.push(self),
        }
    }

    pub(crate) fn place(&self) -> Option<&Place> {
        match self {
            Self::On(at) | Self::Off(at) | Self::Tag { at, .. } | Self::Between { at, .. } => {
                Some(at)
            }
            Self::All(_) | Self::Any(_) | Self::Not(_) => None,
        }
    }

    /// Checks a single condition.
    pub(crate) fn check(&self, roster: &Roster) -> Result<(), String> {
        if let Some(place) = self.place()
            && roster.seat(&place.slot).is_none()
        {
            let here: Vec<_> = roster.seats.iter().map(|seat| seat.slot.as_str()).collect();
            return Err(format!("{} is not in this room; here: {}", place.slot, here.join(", ")));
        }
        match self {
            Self::Between { min, max, .. }
                if min.partial_cmp(max).is_none_or(std::cmp::Ordering::is_gt) =>
            {
                Err(format!("between {min} and {max} there is nothing"))
            }
            Self::Tag { uid, .. } if uid.trim().is_empty() => Err("a tag needs its uid".into()),
            Self::All(_)
            | Self::Any(_)
            | Self::Not(_)
            | Self::On(_)
            | Self::Off(_)
            | Self::Tag { .. }
            | Self::Between { .. } => Ok(()),
        }
    }
}

/// One `decisive` value decides; else one that is not known leaves it open.
fn decide(all: impl Iterator<Item = Option<bool>>, decisive: bool) -> Option<bool> {
    let mut known = true;
    for one in all {
        match one {
            Some(value) if value == decisive => return Some(decisive),
            Some(_) => {}
            None => known = false,
        }
    }
    known.then_some(!decisive)
}

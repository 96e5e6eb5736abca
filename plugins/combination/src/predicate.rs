//! Conditions that must hold. Three-valued: true, false, or nobody knows (Kleene, 1938).

use crate::level::{Level, Levels};
use crate::place::Place;
use eg_game::prelude::*;

/// Condition of the room.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Predicate {
    /// All of these.
    #[schemars(extend("x-fr" = { "title": "Toutes", "description": "Toutes celles-ci." }))]
    All(Vec<Predicate>),
    /// At least one of these.
    #[schemars(extend("x-fr" = { "title": "L’une", "description": "Au moins une de celles-ci." }))]
    Any(Vec<Predicate>),
    /// Not this.
    #[schemars(extend("x-fr" = { "title": "Contraire", "description": "Pas celle-ci." }))]
    Not(Box<Predicate>),
    /// This switch is on, or this button is held down.
    #[schemars(extend("x-fr" = { "title": "Allumé", "description": "Cet interrupteur est fermé, ou ce bouton est tenu enfoncé." }))]
    On(Place),
    /// This switch is off, or this button is not held down.
    #[schemars(extend("x-fr" = { "title": "Éteint", "description": "Cet interrupteur est ouvert, ou ce bouton n’est pas tenu." }))]
    Off(Place),
    /// This tag lies on this reader.
    #[schemars(extend("x-fr" = { "title": "Badge", "description": "Ce badge est posé sur ce lecteur." }))]
    Tag {
        /// The reader.
        #[schemars(extend("x-fr" = { "title": "Lecteur", "description": "Le lecteur." }))]
        at: Place,
        /// The tag's number, upper-case hexadecimal.
        #[schemars(extend("x-fr" = { "title": "Numéro", "description": "Le numéro du badge, en hexadécimal majuscule." }))]
        uid: String,
    },
    /// This dial stands between these, both included.
    #[schemars(extend("x-fr" = { "title": "Entre deux", "description": "Ce cadran est entre ces deux valeurs, comprises." }))]
    Between {
        /// The dial.
        #[schemars(extend("x-fr" = { "title": "Cadran", "description": "Le cadran." }))]
        at: Place,
        /// The least.
        #[schemars(extend("x-fr" = { "title": "Au moins", "description": "Le moins." }))]
        min: f64,
        /// The most.
        #[schemars(extend("x-fr" = { "title": "Au plus", "description": "Le plus." }))]
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

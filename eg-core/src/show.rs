//! A show: sessions strung together, with branches on how each comes out.
//!
//! What is written in the file is a [`Show`]; how far it is played is a [`Playing`]. Both are pure: the engine starts the
//! sessions, and every step of a show is an act in the journal.

mod check;
mod position;
#[cfg(test)]
mod tests;

pub use check::{FILE, read, schema};
pub use position::{Playing, ShowStep, Stage};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The word for the end of a show, where an item could be named.
pub const END: &str = "end";
/// The word for asking the operator, where an item could be named.
pub const ASK: &str = "ask";
/// The outcome of a session that decided nothing.
pub const NONE: &str = "none";

/// A show, checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Show {
    /// Its name.
    pub show: String,
    /// Its items, in the order of the file; at least one.
    pub items: Vec<Item>,
}

/// One session of a show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Its name, unique in the show.
    pub name: String,
    /// Its game.
    pub game: String,
    /// That game's settings.
    pub config: Value,
    /// Whether the operator starts it; otherwise it starts when the one before is over.
    pub wait: bool,
    /// What follows on which outcome: the name of an item, `end` or `ask`.
    pub then: BTreeMap<String, String>,
    /// What follows otherwise.
    pub next: String,
}

/// Where a show goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// To this item, by its place.
    Item(usize),
    /// It is over.
    End,
    /// The operator chooses.
    Ask,
}

/// How a session came out, as far as a show is concerned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It ran its course: what carried, who won, `solved`; `none` when nothing was decided, `done` when there was
    /// nothing to decide.
    Done(String),
    /// The operator called it off.
    Aborted,
    /// Its game failed, or could not start.
    Failed,
}

impl Outcome {
    /// Its word, as branches name it.
    pub fn word(&self) -> &str {
        match self {
            Self::Done(word) => word,
            Self::Aborted => "aborted",
            Self::Failed => "failed",
        }
    }
}

impl Show {
    /// The place of an item.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.items.iter().position(|item| item.name == name)
    }

    /// What follows an item that came out so. A session that did not run its course leads on only where a branch says
    /// so: otherwise the operator is asked.
    pub fn after(&self, item: usize, outcome: &Outcome) -> Goal {
        let Some(item) = self.items.get(item) else { return Goal::End };
        let word = outcome.word();
        let exact = item.then.get(word);
        let alike = || item.then.iter().find(|(said, _)| said.eq_ignore_ascii_case(word));
        match (exact.or_else(|| alike().map(|(_, goal)| goal)), outcome) {
            (Some(goal), _) => self.goal(goal),
            (None, Outcome::Done(_)) => self.goal(&item.next),
            (None, Outcome::Aborted | Outcome::Failed) => Goal::Ask,
        }
    }

    /// What follows an item that was skipped.
    pub fn past(&self, item: usize) -> Goal {
        self.items.get(item).map_or(Goal::End, |item| self.goal(&item.next))
    }

    fn goal(&self, word: &str) -> Goal {
        match word {
            END => Goal::End,
            ASK => Goal::Ask,
            // A show that was checked names no other items than its own.
            name => self.place(name).map_or(Goal::Ask, Goal::Item),
        }
    }
}

//! Shows: sessions played one after another, with branches on their outcomes.
//!
//! The content of a file is a [`Show`]; its progress is a [`Playing`]. Both are pure: the engine starts the sessions,
//! and every step of a show is an act in the journal.

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

/// Word for the end of a show, where an item could be named.
pub const END: &str = "end";
/// Word for asking the operator, where an item could be named.
pub const ASK: &str = "ask";
/// Outcome of a session that decided nothing.
pub const NONE: &str = "none";

/// Show that has been checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Show {
    /// Name of the show.
    pub show: String,
    /// Items of the show, in the order of the file; at least one.
    pub items: Vec<Item>,
}

/// Item of a show: one session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Name of the item, unique in the show.
    pub name: String,
    /// Kind of the game.
    pub game: String,
    /// Settings of the game.
    pub config: Value,
    /// `true` if the operator starts it; otherwise it starts when the item before is over.
    pub wait: bool,
    /// Next step by outcome: the name of an item, `end` or `ask`.
    pub then: BTreeMap<String, String>,
    /// Next step for every other outcome.
    pub next: String,
}

/// Next step of a show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Item to play, by its index.
    Item(usize),
    /// End of the show.
    End,
    /// Choice of the operator.
    Ask,
}

/// Outcome of a session, as far as a show is concerned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Ended by the game, with its result: the winning option or player, `solved`; `none` if nothing was decided,
    /// `done` if there was nothing to decide.
    Done(String),
    /// Called off by the operator.
    Aborted,
    /// Failed, or could not start.
    Failed,
}

impl Outcome {
    /// Returns the word by which branches name this outcome.
    pub fn word(&self) -> &str {
        match self {
            Self::Done(word) => word,
            Self::Aborted => "aborted",
            Self::Failed => "failed",
        }
    }
}

impl Show {
    /// Returns the index of an item.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.items.iter().position(|item| item.name == name)
    }

    /// Returns the step after an item with this outcome. Without a branch for it, a session that was aborted or failed
    /// leads to asking the operator.
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

    /// Returns the step after an item that was skipped.
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

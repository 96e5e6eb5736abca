//! How far a show is played.

use super::{Outcome, Show};
use eg_proto::Text;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A show that is played, or was.
#[derive(Clone, Debug, PartialEq)]
pub struct Playing {
    /// What is played: as it was when it started, whatever the file says since.
    pub show: Show,
    /// Where it is.
    pub stage: Stage,
    /// The items that were played, in order: which, in which session, and how each came out.
    pub played: Vec<(usize, i64, Option<Outcome>)>,
}

/// Where a show is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// This item's session runs.
    Playing {
        /// Its place, from 0.
        item: usize,
        /// Its session.
        session: i64,
    },
    /// This item is next, and the operator starts it.
    Ready {
        /// Its place, from 0.
        item: usize,
    },
    /// The operator chooses what is next.
    Asking {
        /// What was played last, from 0.
        after: usize,
        /// Why they are asked.
        why: Text,
    },
    /// It ran its course.
    Ended,
    /// The operator stopped it.
    Stopped,
}

/// One step of a show, as the journal keeps it: the fields of an act.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// How the item came out that was played until now, when it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Where the show is now.
    pub stage: Stage,
}

impl Playing {
    /// A show before its first step.
    pub fn new(show: Show) -> Self {
        Self { show, stage: Stage::Ready { item: 0 }, played: Vec::new() }
    }

    /// Takes a step. The same steps always lead to the same place.
    pub fn take(&mut self, step: Step) {
        if let (Some(last), Some(outcome)) = (self.played.last_mut(), step.outcome) {
            last.2 = Some(outcome);
        }
        if let Stage::Playing { item, session } = step.stage {
            match self.played.last_mut().filter(|(_, played, _)| *played == session) {
                // What had ended it was undone.
                Some(last) => last.2 = None,
                None => self.played.push((item, session, None)),
            }
        }
        self.stage = step.stage;
    }

    /// Whether it goes on.
    pub fn is_running(&self) -> bool {
        !matches!(self.stage, Stage::Ended | Stage::Stopped)
    }

    /// The item at which it is, or after which it stands.
    pub fn item(&self) -> Option<usize> {
        match self.stage {
            Stage::Playing { item, .. } | Stage::Ready { item } => Some(item),
            Stage::Asking { after, .. } => Some(after),
            Stage::Ended | Stage::Stopped => None,
        }
    }
}

//! Progress of a show.

use super::{Outcome, Show};
use eg_proto::Text;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Show that is played, or was.
#[derive(Clone, Debug, PartialEq)]
pub struct Playing {
    /// Show as it was when it started, whatever the file contains since.
    pub show: Show,
    /// Current stage.
    pub stage: Stage,
    /// Played items, in order: index, session and outcome of each.
    pub played: Vec<(usize, i64, Option<Outcome>)>,
}

/// Stage of a show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Session of an item runs.
    Playing {
        /// Index of the item, from 0.
        item: usize,
        /// Number of the session.
        session: i64,
    },
    /// Item waits for the operator to start it.
    Ready {
        /// Index of the item, from 0.
        item: usize,
    },
    /// Operator is asked what is played next.
    Asking {
        /// Index of the item that was played last, from 0.
        after: usize,
        /// Reason why the operator is asked.
        why: Text,
    },
    /// Ended by itself.
    Ended,
    /// Stopped by the operator.
    Stopped,
}

/// Step of a show, as the journal keeps it: the fields of an act.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShowStep {
    /// Outcome of the item that was played until now, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Stage of the show after the step.
    pub stage: Stage,
}

impl Playing {
    /// Creates the progress of a show before its first step.
    pub fn new(show: Show) -> Self {
        Self { show, stage: Stage::Ready { item: 0 }, played: Vec::new() }
    }

    /// Applies a step. The same steps always lead to the same stage.
    pub fn take(&mut self, step: ShowStep) {
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

    /// Returns `true` unless the show has ended or was stopped.
    pub fn is_running(&self) -> bool {
        !matches!(self.stage, Stage::Ended | Stage::Stopped)
    }

    /// Returns the index of the current item, or of the one after which the show waits.
    pub fn item(&self) -> Option<usize> {
        match self.stage {
            Stage::Playing { item, .. } | Stage::Ready { item } => Some(item),
            Stage::Asking { after, .. } => Some(after),
            Stage::Ended | Stage::Stopped => None,
        }
    }
}

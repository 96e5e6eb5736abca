//! Answer of the core to one press, for the player who pressed.

use crate::{DeviceName, InputName, Text};
use serde::{Deserialize, Serialize};

/// Fate of a press, on `eg/dev/<slot>/answer`, QoS 1, never retained. A slot is told of its own presses alone,
/// and of the latest one when several came together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PressAnswer {
    /// Board of the input.
    pub device: DeviceName,
    /// Input that was pressed.
    pub input: InputName,
    /// Verdict of the game.
    #[serde(flatten)]
    pub outcome: PressOutcome,
    /// `true` if the press waited in the slot's outbox through an outage.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
    /// Sentences that the game has for this player alone, such as "choose again".
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Text>,
}

/// Verdict of a game on a press.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum PressOutcome {
    /// Option of the open question, which was chosen.
    Chosen {
        /// The option.
        option: String,
        /// `true` if others in the room may not learn the choice: a screen shows it for a moment only.
        #[serde(default)]
        private: bool,
    },
    /// Abstention from the open question.
    Abstained {
        /// As for `chosen`.
        #[serde(default)]
        private: bool,
    },
    /// Press that was taken, while no question is open that it answers.
    Taken,
    /// Press that was not taken.
    Refused {
        /// Kind of reason.
        reason: RefusalReason,
        /// The reason in words.
        #[serde(default)]
        why: Text,
    },
    /// A word of a later version.
    #[serde(other)]
    Unknown,
}

/// Kind of reason for which a press was not taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalReason {
    /// Before the question opened.
    TooEarly,
    /// After the question closed, or after somebody faster.
    TooLate,
    /// The input chooses nothing here.
    NotAnOption,
    /// The player's earlier choice stands.
    AlreadyVoted,
    /// The session is paused.
    Paused,
    /// The question, or the game, is not for this player now.
    NotYourTurn,
    /// No question is open, or no session runs in which the slot plays.
    NobodyAsked,
    /// Any other reason: the words tell it.
    #[default]
    #[serde(other)]
    Other,
}

impl RefusalReason {
    /// Returns `true` for reasons that are the same for everybody in the room, so that telling one gives nobody away.
    pub fn is_common(self) -> bool {
        match self {
            Self::TooEarly
            | Self::TooLate
            | Self::NotAnOption
            | Self::Paused
            | Self::NobodyAsked => true,
            Self::AlreadyVoted | Self::NotYourTurn | Self::Other => false,
        }
    }
}

//! Pictures for pages: a description that renders any module without knowing it.

use crate::Question;
use crate::ballot::Layout;
use eg_proto::{SlotId, Text, Timestamp};
use serde::{Deserialize, Serialize};

/// Viewer of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// The operator. Secret ballots are shown only once revealed.
    Operator {
        /// `true` once the operator has revealed secrets: an audited act.
        revealed: bool,
    },
    /// Everybody in the room.
    Public,
    /// One player, at their slot.
    Slot(SlotId),
}

/// Picture of a session for one audience.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct View {
    /// The phase by its own word, for machines, e.g. `open`.
    pub phase: String,
    /// The phase in people's words.
    pub headline: Text,
    /// Widgets from top to bottom.
    pub parts: Vec<Widget>,
}

/// One thing to see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Part")]
pub enum Widget {
    /// The open question with its options.
    Question {
        /// Number of the step, from 1.
        step: u32,
        /// The words.
        text: String,
        /// The options, in order.
        options: Vec<String>,
        /// Inputs that choose each option, as far as the audience may know it: a player sees those of their own slot.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        keys: Vec<Layout>,
    },
    /// A count by choice, drawn as bars.
    Tally {
        /// Heading that says what is counted.
        title: Text,
        /// One bar a choice, in the order of the options.
        bars: Vec<Bar>,
        /// Number of votes that fills a bar.
        of: u32,
    },
    /// Number of votes in, out of the number expected, and the players missing.
    Turnout {
        /// Number of votes that are in.
        votes: u32,
        /// Number of votes expected.
        expected: u32,
        /// Players without a vote, where the audience may know it.
        missing: Vec<SlotId>,
    },
    /// Time that runs out.
    Timer {
        /// Words for what ends.
        label: Text,
        /// Time at which it ends, in the core's clock.
        ends: Timestamp,
    },
    /// Rows, one under the other.
    List {
        /// Heading.
        title: Text,
        /// The rows.
        rows: Vec<Row>,
    },
    /// A sentence.
    Text {
        /// The words.
        text: Text,
        /// Importance, which decides the look.
        level: Level,
    },
    /// Numbers by row and column.
    Matrix {
        /// Heading.
        title: Text,
        /// The columns' heads.
        columns: Vec<Text>,
        /// Each row's head and cells.
        rows: Vec<(Text, Vec<Text>)>,
    },
}

impl View {
    /// Phase of a game that waits for the operator to decide something; pages say so wherever the operator looks.
    pub const DECIDING: &str = "deciding";

    /// Picture of a phase, with its widgets from top to bottom.
    pub fn new(
        phase: impl Into<String>,
        headline: Text,
        parts: impl IntoIterator<Item = Widget>,
    ) -> Self {
        Self { phase: phase.into(), headline, parts: parts.into_iter().collect() }
    }
}

impl Widget {
    /// A question as everybody is told it; to a player with the inputs of their own slot alone.
    pub fn question(question: &Question, for_whom: &Audience) -> Self {
        let Question { step, question, options, keys } = question.clone();
        let mut keys = keys;
        if let Audience::Slot(slot) = for_whom {
            keys.retain(|layout| layout.slots.contains(slot));
            keys.iter_mut().for_each(|layout| layout.slots = vec![slot.clone()]);
        }
        Self::Question { step, text: question, options, keys }
    }

    /// Turnout that does not say who is missing.
    pub fn turnout(votes: u32, expected: u32) -> Self {
        Self::Turnout { votes, expected, missing: Vec::new() }
    }

    /// A sentence.
    pub fn text(text: Text, level: Level) -> Self {
        Self::Text { text, level }
    }
}

/// One choice of a tally.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Bar {
    /// The choice.
    pub label: Text,
    /// Number of votes for it.
    pub votes: u32,
    /// `true` if it has carried.
    pub won: bool,
}

/// One row of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Row {
    /// Player whose row it is, if it is a player's.
    pub slot: Option<SlotId>,
    /// Words of the row.
    pub text: Text,
    /// Importance, which decides the look.
    pub level: Level,
}

/// Importance of a row or a text, which decides its look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Plain.
    Plain,
    /// Good news.
    Good,
    /// Somebody should look.
    Warn,
    /// Something is wrong.
    Bad,
}

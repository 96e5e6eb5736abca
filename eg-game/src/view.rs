//! What pages show: a description that renders any module without knowing it.

use crate::Question;
use crate::ballot::Layout;
use eg_proto::{SlotId, Text, Timestamp};
use serde::{Deserialize, Serialize};

/// Who looks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// The operator. Secret ballots are shown only once revealed.
    Operator {
        /// Whether the operator has revealed what is secret: an audited act.
        revealed: bool,
    },
    /// Everybody in the room.
    Public,
    /// One player, at their slot.
    Slot(SlotId),
}

/// What one audience sees of a session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct View {
    /// The phase by its own word, for machines, e.g. `open`.
    pub phase: String,
    /// The phase in people's words.
    pub headline: Text,
    /// What there is to see, from top to bottom.
    pub parts: Vec<Widget>,
}

/// One thing to see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Part")]
pub enum Widget {
    /// The open question with its options.
    Question {
        /// Which step, from 1.
        step: u32,
        /// The words.
        text: String,
        /// The options, in order.
        options: Vec<String>,
        /// Which inputs choose which option, as far as the audience may know it: a player sees those of their own slot.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        keys: Vec<Layout>,
    },
    /// A count by choice, drawn as bars.
    Tally {
        /// What is counted.
        title: Text,
        /// One bar a choice, in the order of the options.
        bars: Vec<Bar>,
        /// What a full bar means.
        of: u32,
    },
    /// How many of how many, and who is missing.
    Turnout {
        /// So many are in.
        votes: u32,
        /// Of so many.
        expected: u32,
        /// Who is not, where the audience may know it.
        missing: Vec<SlotId>,
    },
    /// Time that runs out.
    Timer {
        /// What for.
        label: Text,
        /// When it ends, in the core's clock.
        ends: Timestamp,
    },
    /// Rows, one under the other.
    List {
        /// What they are.
        title: Text,
        /// The rows.
        rows: Vec<Row>,
    },
    /// A sentence.
    Text {
        /// The words.
        text: Text,
        /// How much it matters.
        level: Level,
    },
    /// Numbers by row and column.
    Matrix {
        /// What they are.
        title: Text,
        /// The columns' heads.
        columns: Vec<Text>,
        /// Each row's head and cells.
        rows: Vec<(Text, Vec<Text>)>,
    },
}

impl View {
    /// What there is to see in a phase, from top to bottom.
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

    /// How many of how many, without saying who is missing.
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
    /// Its votes.
    pub votes: u32,
    /// Whether it has carried.
    pub won: bool,
}

/// One row of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Row {
    /// Whose row it is, when it is a player's.
    pub slot: Option<SlotId>,
    /// What stands in it.
    pub text: Text,
    /// How much it matters.
    pub level: Level,
}

/// How much something matters, and so how it looks.
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

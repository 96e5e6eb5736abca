//! Question and result that players read at one slot of their room's game.

use crate::{InputName, NightResult, NightStep, Text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The question that is open in a slot's room, on `eg/dev/<slot>/question`, QoS 1, retained. An empty payload: none is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotQuestion {
    /// Step that the question belongs to, from 1.
    pub step: u32,
    /// Number of times that the step's question was opened in this session, left out for the first. With another one than
    /// before, what was chosen no longer counts, though step, words and options may be the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<u32>,
    /// The words.
    pub question: String,
    /// The choices, in the order shown.
    pub options: Vec<String>,
    /// Option that each input of this slot chooses. Empty while the core does not know the slot's inputs: there an
    /// input chooses the option of its own name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub keys: BTreeMap<InputName, String>,
    /// The input of this slot that abstains.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abstain: Option<InputName>,
    /// Other questions that are open in the room at the same time, each without any of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<SlotQuestion>,
}

impl SlotQuestion {
    /// The inputs that choose an option here, in alphabetical order.
    pub fn inputs<'a>(&'a self, option: &'a str) -> impl Iterator<Item = &'a InputName> {
        self.keys.iter().filter(move |(_, chosen)| *chosen == option).map(|(input, _)| input)
    }
}

impl From<NightStep> for SlotQuestion {
    /// A question as a core tells it that does not know of rooms.
    fn from(NightStep { step, question, options }: NightStep) -> Self {
        let (keys, abstain, also) = (BTreeMap::new(), None, Vec::new());
        Self { step, round: None, question, options, keys, abstain, also }
    }
}

/// Result of the last question of a slot's room, on `eg/dev/<slot>/result`, QoS 1, retained. An empty payload: there is
/// none to show, because the next question is open or the session is over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SlotResult {
    /// The result, in the words of `eg/night/result`.
    #[serde(flatten)]
    pub result: NightResult,
    /// The question that it answers; empty when the game asked none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub question: String,
    /// Reason for the result, in one sentence.
    #[serde(default)]
    pub why: Text,
}

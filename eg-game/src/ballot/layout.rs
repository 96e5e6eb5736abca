//! Inputs and the options that they mean, as players and operators read them.

use eg_proto::{InputName, SlotId};
use serde::{Deserialize, Serialize};

/// Inputs that choose each option at some slots: one layout serves for all slots whose inputs mean the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Layout {
    /// Slots that it serves, in alphabetical order.
    pub slots: Vec<SlotId>,
    /// The inputs of each option, in the order of the options. None for an option that nobody can choose there.
    pub inputs: Vec<Vec<InputName>>,
    /// The input that abstains, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abstain: Option<InputName>,
}

impl Layout {
    /// An option with the inputs that choose it in front: `[a] Anna`.
    pub fn label(&self, place: usize, option: &str) -> String {
        let mut label = String::new();
        for input in self.inputs.get(place).into_iter().flatten() {
            label.push_str(&format!("[{input}] "));
        }
        label + option
    }

    /// The options with their inputs in front, where one layout serves for all slots; else the plain options, because
    /// each slot has its own.
    pub fn labels(layouts: &[Self], options: &[String]) -> Vec<String> {
        match layouts {
            [only] => options.iter().enumerate().map(|(at, it)| only.label(at, it)).collect(),
            _ => options.to_vec(),
        }
    }
}

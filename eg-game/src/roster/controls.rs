//! Inputs with which players at a slot can choose.

use eg_proto::InputName;
use serde::{Deserialize, Serialize};

/// The inputs of one slot by which a player can choose, as the slot told them: contacts of all its boards, in the order
/// of its file, each name once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Controls {
    /// The momentary ones: buttons and keys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub presses: Vec<InputName>,
    /// The maintained ones, which choose by being switched on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub switches: Vec<InputName>,
}

impl Controls {
    /// A slot with these buttons and nothing else.
    pub fn buttons(presses: impl IntoIterator<Item = InputName>) -> Self {
        let mut controls = Self::default();
        presses.into_iter().for_each(|input| controls.add_press(input));
        controls
    }

    /// Adds a momentary input, after those that are there.
    pub fn add_press(&mut self, input: InputName) {
        if !self.has(&input) {
            self.presses.push(input);
        }
    }

    /// Adds a maintained input.
    pub fn add_switch(&mut self, input: InputName) {
        if !self.has(&input) {
            self.switches.push(input);
        }
    }

    /// `true` if there is an input of this name.
    pub fn has(&self, input: &InputName) -> bool {
        self.presses.contains(input) || self.switches.contains(input)
    }

    /// Inputs, the momentary ones first.
    pub fn iter(&self) -> impl Iterator<Item = &InputName> {
        self.presses.iter().chain(&self.switches)
    }
}

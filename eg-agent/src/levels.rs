//! Inputs as they are now, before and after the normalizer, one line of JSON for each change.

use crate::slot::SlotState;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One input, as its wire has it and as the normalizer made of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputLevel {
    /// Device of the input.
    pub device: String,
    /// Name of the input.
    pub input: String,
    /// Level of its line: `true` for high; `None` before the first, and for an input that has no line.
    pub line: Option<bool>,
    /// `true` while it is pressed, or on.
    pub active: bool,
    /// The last tag, key or text it reported.
    pub last: Option<String>,
    /// Error of a device that is lost or faulty.
    pub error: Option<String>,
}

/// Inputs as they were told last.
#[derive(Debug, Default)]
pub struct InputLevels {
    told: BTreeMap<(String, String), InputLevel>,
}

impl InputLevels {
    /// The inputs that are not as they were told last, in the order of the file.
    pub fn changes(&mut self, state: &SlotState) -> Vec<InputLevel> {
        let mut changed = Vec::new();
        for device in &state.devices {
            for input in &device.inputs {
                let level = InputLevel {
                    device: device.name.to_string(),
                    input: input.name.to_string(),
                    line: input.line,
                    active: input.pressed,
                    last: input.last.clone(),
                    error: device.error.clone(),
                };
                let key = (level.device.clone(), level.input.clone());
                if self.told.get(&key) != Some(&level) {
                    self.told.insert(key, level.clone());
                    changed.push(level);
                }
            }
        }
        changed
    }
}

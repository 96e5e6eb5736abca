//! The chip's pins as a slot's file names them.

use eg_hal::prelude::*;

/// A pin by its printed name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[rustfmt::skip]
#[expect(missing_docs, reason = "the names are the pins'")]
pub enum Pin { P0, P1, P2, P3, P4, P5, P6, P7 }

impl Pin {
    /// Its bit in the port.
    pub(crate) fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// What is wrong with the pins: a device has some, and each has one role.
pub(crate) fn check(inputs: &[Pin], outputs: &[Pin]) -> SettingProblems {
    let mut wrong = SettingProblems::default();
    let all: Vec<Pin> = inputs.iter().chain(outputs).copied().collect();
    if all.is_empty() {
        wrong.push("inputs", "name at least one pin, here or in outputs");
    }
    for n in (1..all.len()).filter(|n| all[..*n].contains(&all[*n])) {
        let path = match n.checked_sub(inputs.len()) {
            Some(n) => KeyPath::from("outputs").index(n),
            None => KeyPath::from("inputs").index(n),
        };
        wrong.push(path, format!("{:?} is named twice", all[n]));
    }
    wrong
}

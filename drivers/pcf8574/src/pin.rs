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

/// Refuses a device without pins, and a pin with two roles.
pub(crate) fn check(inputs: &[Pin], outputs: &[Pin]) -> Result<(), OpenError> {
    let all: Vec<Pin> = inputs.iter().chain(outputs).copied().collect();
    if all.is_empty() {
        return Err(OpenError::setting("inputs", "name at least one pin, here or in outputs"));
    }
    match (1..all.len()).find(|n| all[..*n].contains(&all[*n])) {
        Some(n) => {
            let field = if n < inputs.len() { "inputs" } else { "outputs" };
            Err(OpenError::setting(field, format!("{:?} is named twice", all[n])))
        }
        None => Ok(()),
    }
}

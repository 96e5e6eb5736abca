//! Pins that are measured.

use schemars::JsonSchema;
use serde::Deserialize;

/// A pin against ground, or one against another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Pin {
    /// AIN0 against ground.
    A0,
    /// AIN1 against ground.
    A1,
    /// AIN2 against ground.
    A2,
    /// AIN3 against ground.
    A3,
    /// AIN0 against AIN1, e.g. the two halves of a bridge.
    #[serde(rename = "A0-A1")]
    A0A1,
    /// AIN0 against AIN3.
    #[serde(rename = "A0-A3")]
    A0A3,
    /// AIN1 against AIN3.
    #[serde(rename = "A1-A3")]
    A1A3,
    /// AIN2 against AIN3.
    #[serde(rename = "A2-A3")]
    A2A3,
}

impl Pin {
    /// MUX of the config register.
    pub(crate) fn mux(self) -> u16 {
        match self {
            Self::A0A1 => 0b000,
            Self::A0A3 => 0b001,
            Self::A1A3 => 0b010,
            Self::A2A3 => 0b011,
            Self::A0 => 0b100,
            Self::A1 => 0b101,
            Self::A2 => 0b110,
            Self::A3 => 0b111,
        }
    }
}

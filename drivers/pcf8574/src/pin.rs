//! The chip's pins as a slot's file names them.

use schemars::JsonSchema;
use serde::Deserialize;

/// A pin by its printed name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[rustfmt::skip]
#[expect(missing_docs, reason = "the names are the pins'")]
pub enum Pin { P0, P1, P2, P3, P4, P5, P6, P7 }

impl From<Pin> for u8 {
    /// Number of the pin.
    fn from(pin: Pin) -> Self {
        pin as Self
    }
}

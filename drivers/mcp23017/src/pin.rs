//! The chip's pins as a slot's file names them.

use schemars::JsonSchema;
use serde::Deserialize;

/// A pin by its printed name: `A0` to `A7` are GPA0 to GPA7, `B0` to `B7` are GPB0 to GPB7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[rustfmt::skip]
#[expect(missing_docs, reason = "the names are the pins'")]
pub enum Pin {
    A0, A1, A2, A3, A4, A5, A6, A7,
    B0, B1, B2, B3, B4, B5, B6, B7,
}

impl From<Pin> for u8 {
    /// Number of the pin: GPA0 is 0, GPB7 is 15.
    fn from(pin: Pin) -> Self {
        pin as Self
    }
}

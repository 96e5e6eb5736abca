//! The consoles: what is wired to which pin of the chip.

use schemars::JsonSchema;
use serde::Deserialize;
use std::ops::RangeInclusive;

/// A console.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Console {
    /// NeoKey 1x4: four keys, each with a coloured light.
    Neokey,
    /// NeoTrellis: a pad of 4 by 4, each with a coloured light.
    Neotrellis,
    /// Arcade QT 1x4: four arcade buttons, each with a lamp.
    Arcade,
}

impl Console {
    /// Keys, and as many lights.
    pub(crate) fn keys(self) -> u16 {
        if self == Self::Neotrellis { 16 } else { 4 }
    }

    /// Without a pad bridged.
    pub(crate) fn first_address(self) -> u8 {
        *self.addresses().start()
    }

    /// By its pads: four, or five on the NeoTrellis.
    pub(crate) fn addresses(self) -> RangeInclusive<u8> {
        match self {
            Self::Neokey => 0x30..=0x3f,
            Self::Neotrellis => 0x2e..=0x4d,
            Self::Arcade => 0x3a..=0x49,
        }
    }

    /// Number of the product in the shop, which the firmware tells; that of the NeoTrellis tells none.
    pub(crate) fn product(self) -> u16 {
        match self {
            Self::Neokey => 4980,
            Self::Neotrellis => 3954,
            Self::Arcade => 5296,
        }
    }

    /// The pins of its keys, each to ground, in the order of the board; none where the firmware scans them.
    pub(crate) fn pins(self) -> &'static [u8] {
        match self {
            Self::Neokey => &[4, 5, 6, 7],
            Self::Neotrellis => &[],
            Self::Arcade => &[18, 19, 20, 2],
        }
    }

    /// The pins of its lamps; none where the lights are coloured and in a chain.
    pub(crate) fn lamps(self) -> &'static [u8] {
        match self {
            Self::Neokey | Self::Neotrellis => &[],
            Self::Arcade => &[12, 13, 0, 1],
        }
    }

    /// Pins that lead nowhere. Held high, they show that the chip has not forgotten its settings.
    pub(crate) fn free(self) -> u32 {
        let pins: &[u8] = match self {
            Self::Neokey => &[2, 8, 10, 11, 17, 24, 25],
            Self::Neotrellis => &[24, 25],
            Self::Arcade => &[7, 8, 14, 15, 16, 17],
        };
        pins.iter().fold(0, |all, pin| all | 1 << pin)
    }

    /// Name of the console for people, with its article.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Neokey => "a NeoKey 1x4",
            Self::Neotrellis => "a NeoTrellis",
            Self::Arcade => "an Arcade QT 1x4",
        }
    }

    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Neokey, Self::Neotrellis, Self::Arcade];
}

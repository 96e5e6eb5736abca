//! Names of what a board has, as they stand in a slot's YAML.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
        )]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The name as it is written.
            pub fn new(name: impl Into<String>) -> Self {
                Self(name.into())
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(name: &str) -> Self {
                Self::new(name)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name!(
    /// A GPIO line: by name (`GPIO5`, `BCM5`), by its pin on a Pi's header (`pin 29`), or by chip label and offset
    /// (`pinctrl-bcm2711:5`).
    LineName
);
name!(
    /// An I2C bus: `i2c-1`, or a path (`/dev/i2c-1`); `i2c-1/0x70/3` behind channel 3 of a bus switch at 0x70.
    BusName
);
name!(
    /// A chip select of an SPI bus: `spi0.0`, or a path (`/dev/spidev0.0`).
    SpiName
);
name!(
    /// A serial port or keyboard, by path (`/dev/ttyUSB0`) or, for a keyboard, by its device's name.
    PortName
);

impl BusName {
    /// The bus behind a channel (0 to 7) of the switch at this address (0x70 to 0x77) of this bus: `i2c-1/0x70/3`.
    #[must_use]
    pub fn behind(&self, address: u8, channel: u8) -> Self {
        Self(format!("{}/{address:#04x}/{channel}", self.0))
    }

    /// The same for all ways to write it: `i2c-1` for `/dev/i2c-1` too, `i2c-1/0x70/3` for `i2c-1/0X70/03`.
    pub(crate) fn short(&self) -> Self {
        match self.hop() {
            Ok(Some(hop)) => hop.bus.behind(hop.address, hop.channel),
            Ok(None) | Err(_) => Self(self.0.trim_start_matches("/dev/").to_owned()),
        }
    }

    /// The last switch on the way to this bus; none for a bus of the board itself.
    pub(crate) fn hop(&self) -> Result<Option<Hop>, NoSuchHop> {
        let mut parts = self.0.rsplitn(3, '/');
        let (last, switch, bus) = (parts.next(), parts.next(), parts.next());
        if hexadecimal(last.unwrap_or_default()).is_some() {
            return Err(NoSuchHop);
        }
        let (Some(channel), Some(switch), Some(bus)) = (last, switch, bus) else { return Ok(None) };
        let Some(address) = hexadecimal(switch) else { return Ok(None) };
        let channel: u8 = channel.parse().map_err(|_| NoSuchHop)?;
        if !(0x70..=0x77).contains(&address) || channel > 7 {
            return Err(NoSuchHop);
        }
        let bus = Self(bus.to_owned());
        bus.hop()?;
        Ok(Some(Hop { bus: bus.short(), address, channel }))
    }

    /// The bus of the board that everything goes over, and the switches on the way, the first one first.
    pub(crate) fn route(&self) -> Result<(Self, Vec<Hop>), NoSuchHop> {
        let (mut root, mut hops) = (self.clone(), Vec::new());
        while let Some(hop) = root.hop()? {
            root = hop.bus.clone();
            hops.push(hop);
        }
        hops.reverse();
        Ok((root, hops))
    }
}

/// A switch on the way to a bus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hop {
    /// The bus that the switch sits on.
    pub(crate) bus: BusName,
    /// Address of the switch there: 0x70 to 0x77.
    pub(crate) address: u8,
    /// Channel of the switch: 0 to 7.
    pub(crate) channel: u8,
}

/// A name that begins like that of a bus behind a switch and goes on otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoSuchHop;

fn hexadecimal(part: &str) -> Option<u8> {
    let digits = part.strip_prefix("0x").or_else(|| part.strip_prefix("0X"))?;
    u8::from_str_radix(digits, 16).ok()
}

impl SpiName {
    /// The same for all ways to write it: `spi0.0` for `/dev/spidev0.0` too.
    pub(crate) fn short(&self) -> Self {
        Self(self.0.trim_start_matches("/dev/").replacen("spidev", "spi", 1))
    }
}

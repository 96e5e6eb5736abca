//! Names of what a board has, as they stand in a slot's YAML.

use super::BoardError;
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

impl BusName {
    /// The way to the bus, if a board may have one of this name.
    pub(super) fn known(&self) -> Result<(Self, Vec<Hop>), BoardError> {
        let unknown = |known| unknown("I2C bus", &self.0, known);
        let (root, hops) = self.route().map_err(|_| {
            unknown("channels 0 to 7 behind switches at 0x70 to 0x77, as in i2c-1/0x70/3")
        })?;
        match root.as_str().strip_prefix("i2c-") {
            Some(number) if is_number(number) => Ok((root, hops)),
            Some(_) | None if root.as_str().starts_with('/') => Ok((root, hops)),
            Some(_) | None => Err(unknown("buses like i2c-1, and paths like /dev/i2c-1")),
        }
    }
}

impl SpiName {
    /// Refuses a name that no board has.
    pub(super) fn known(&self) -> Result<(), BoardError> {
        let short = self.short();
        let parts = short.as_str().strip_prefix("spi").and_then(|parts| parts.split_once('.'));
        let known = parts.is_some_and(|(bus, select)| is_number(bus) && is_number(select));
        if known || self.0.starts_with('/') {
            return Ok(());
        }
        Err(unknown(
            "chip select",
            &self.0,
            "chip selects like spi0.0, and paths like /dev/spidev0.0",
        ))
    }
}

impl PortName {
    /// Refuses a name that no serial port has.
    pub(super) fn known_port(&self) -> Result<(), BoardError> {
        if self.0.starts_with('/') {
            return Ok(());
        }
        Err(unknown("port", &self.0, "ports by their paths, like /dev/ttyUSB0 and /dev/serial0"))
    }

    /// Refuses a name that no keyboard has. They may be called anything but what their files are called.
    pub(super) fn known_keyboard(&self) -> Result<(), BoardError> {
        let file = self.0.strip_prefix("dev/").unwrap_or(&self.0);
        let file = file.strip_prefix("input/").unwrap_or(file);
        let number = file.strip_prefix("event");
        if self.0.trim().is_empty() || file.len() < self.0.len() || number.is_some_and(is_number) {
            let known = "keyboards by their paths, like /dev/input/event0, and by their names";
            return Err(unknown("keyboard", &self.0, known));
        }
        Ok(())
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn unknown(kind: &'static str, name: &str, known: &str) -> BoardError {
    BoardError::Unknown { kind, name: name.to_owned(), known: known.to_owned() }
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

//! Forms of the names that a board may have; any other is refused with those that would do.

use super::name::Hop;
use super::{BoardError, BusName, PortName, SpiName};

impl BusName {
    /// The way to the bus, if a board may have one of this name.
    pub(super) fn known(&self) -> Result<(Self, Vec<Hop>), BoardError> {
        let unknown = |known| unknown("I2C bus", self.as_str(), known);
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
        if known || self.as_str().starts_with('/') {
            return Ok(());
        }
        Err(unknown(
            "chip select",
            self.as_str(),
            "chip selects like spi0.0, and paths like /dev/spidev0.0",
        ))
    }
}

impl PortName {
    /// Refuses a name that no serial port has.
    pub(super) fn known_port(&self) -> Result<(), BoardError> {
        if self.as_str().starts_with('/') {
            return Ok(());
        }
        Err(unknown(
            "port",
            self.as_str(),
            "ports by their paths, like /dev/ttyUSB0 and /dev/serial0",
        ))
    }

    /// Refuses a name that no keyboard has. They may be called anything but what their files are called.
    pub(super) fn known_keyboard(&self) -> Result<(), BoardError> {
        let file = self.as_str().strip_prefix("dev/").unwrap_or(self.as_str());
        let file = file.strip_prefix("input/").unwrap_or(file);
        let number = file.strip_prefix("event");
        if self.as_str().trim().is_empty()
            || file.len() < self.as_str().len()
            || number.is_some_and(is_number)
        {
            let known = "keyboards by their paths, like /dev/input/event0, and by their names";
            return Err(unknown("keyboard", self.as_str(), known));
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

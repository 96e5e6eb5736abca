//! Kinds of boards that a new driver may begin as: each a small whole driver with its model, its tests and its README.

use std::fmt;
use std::str::FromStr;

use crate::Name;

// Not called Cargo.toml, so that nobody takes the folder for a crate.
const MANIFEST: &str = include_str!("../templates/driver/manifest.toml");

/// Kind of board that a new driver begins as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DriverLike {
    /// A chip with registers on I2C: inputs and outputs, polled.
    #[default]
    Registers,
    /// Contacts and lamps on GPIO lines.
    Lines,
    /// Keys of a chip on I2C that calls on an interrupt line.
    KeysIrq,
    /// A sensor on I2C.
    Sensor,
    /// A display on I2C.
    Display,
    /// A chip on SPI.
    Spi,
    /// A reader on a serial port.
    Serial,
}

/// A file of a template, under the path that it gets.
macro_rules! file {
    ($like:literal, $path:literal) => {
        ($path, include_str!(concat!("../templates/", $like, "/", $path)))
    };
}

/// The files of a template with a model.
macro_rules! files {
    ($like:literal) => {
        &[
            file!($like, "README.md"),
            file!($like, "slot.yaml"),
            file!($like, "src/lib.rs"),
            file!($like, "src/model.rs"),
            file!($like, "tests/conformance.rs"),
            file!($like, "tests/promises.rs"),
        ]
    };
}

impl DriverLike {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Registers,
        Self::Lines,
        Self::KeysIrq,
        Self::Sensor,
        Self::Display,
        Self::Spi,
        Self::Serial,
    ];

    /// Returns the word for `--like`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Registers => "registers",
            Self::Lines => "lines",
            Self::KeysIrq => "keys-irq",
            Self::Sensor => "sensor",
            Self::Display => "display",
            Self::Spi => "spi",
            Self::Serial => "serial",
        }
    }

    /// Returns every file but the manifest, with its path.
    pub fn files(self, name: &Name) -> impl Iterator<Item = (&'static str, String)> {
        let files: &'static [(&'static str, &'static str)] = match self {
            Self::Registers => files!("driver"),
            Self::Lines => &[
                file!("like/lines", "README.md"),
                file!("like/lines", "slot.yaml"),
                file!("like/lines", "src/lib.rs"),
                file!("like/lines", "tests/conformance.rs"),
                file!("like/lines", "tests/promises.rs"),
            ],
            Self::KeysIrq => files!("like/keys-irq"),
            Self::Sensor => files!("like/sensor"),
            Self::Display => files!("like/display"),
            Self::Spi => files!("like/spi"),
            Self::Serial => files!("like/serial"),
        };
        files.iter().map(move |(path, text)| (*path, name.fill(text)))
    }

    /// Returns the manifest of such a driver in the workspace.
    pub fn manifest(self, name: &Name) -> String {
        name.fill(MANIFEST).replace("{{about}}", self.description())
    }

    /// Returns what such a driver is, in few words.
    fn description(self) -> &'static str {
        match self {
            Self::Registers => "on I2C: eight inputs and eight outputs",
            Self::Lines => "on GPIO lines: contacts and lamps",
            Self::KeysIrq => "on I2C: eight keys with an interrupt line",
            Self::Sensor => "on I2C: a sensor",
            Self::Display => "on I2C: a display of four places",
            Self::Spi => "on SPI: eight inputs and eight outputs",
            Self::Serial => "on a serial port: a reader of tags",
        }
    }
}

impl fmt::Display for DriverLike {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that is no [`DriverLike`], and those that are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriverLikeError(String);

impl fmt::Display for DriverLikeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = DriverLike::ALL.map(DriverLike::as_str).join(", ");
        write!(f, "no driver is like \"{}\"; there are {all}", self.0)
    }
}

impl std::error::Error for DriverLikeError {}

impl FromStr for DriverLike {
    type Err = DriverLikeError;

    fn from_str(text: &str) -> Result<Self, DriverLikeError> {
        let found = Self::ALL.into_iter().find(|like| like.as_str() == text);
        found.ok_or_else(|| DriverLikeError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::DriverLike;

    #[test]
    fn every_kind_has_its_word_and_nothing_left_to_fill_in() {
        let name = "rotary-knob".parse().unwrap();
        for like in DriverLike::ALL {
            assert_eq!(like.as_str().parse(), Ok(like));
            assert!(!like.manifest(&name).contains("{{"), "{like}");
            for (path, text) in like.files(&name) {
                assert!(!text.contains("{{"), "{like} {path}");
            }
        }
        let wrong = "lamp".parse::<DriverLike>().unwrap_err().to_string();
        assert!(
            wrong.starts_with("no driver is like \"lamp\"; there are registers, lines"),
            "{wrong}"
        );
    }
}

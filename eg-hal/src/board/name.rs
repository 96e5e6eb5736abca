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
    /// A GPIO line: by name (`GPIO5`), or by chip label and offset (`pinctrl-bcm2711:5`).
    LineName
);
name!(
    /// An I2C bus: `i2c-1`, or a path (`/dev/i2c-1`).
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
    /// The same for both ways to write it: `i2c-1` for `/dev/i2c-1` too.
    pub(crate) fn short(&self) -> Self {
        Self(self.0.trim_start_matches("/dev/").to_owned())
    }
}

impl SpiName {
    /// The same for all ways to write it: `spi0.0` for `/dev/spidev0.0` too.
    pub(crate) fn short(&self) -> Self {
        Self(self.0.trim_start_matches("/dev/").replacen("spidev", "spi", 1))
    }
}

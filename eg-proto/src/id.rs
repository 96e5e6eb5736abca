//! Names on the wire: `[a-z0-9-]{1,32}` each, checked once, where they enter.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A text that is not an id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{found:?} is not a name: 1 to 32 of a-z, 0-9 and - are wanted")]
pub struct IdError {
    /// The text that was refused, cut to 64 characters.
    pub found: String,
}

fn check(text: &str) -> Result<(), IdError> {
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if (1..=32).contains(&text.len()) && text.bytes().all(good) {
        Ok(())
    } else {
        Err(IdError { found: text.chars().take(64).collect() })
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Checks the text: `[a-z0-9-]{1,32}`.
            ///
            /// # Errors
            /// [`IdError`] with the text that was refused.
            pub fn new(text: impl Into<String>) -> Result<Self, IdError> {
                let text = text.into();
                check(&text)?;
                Ok(Self(text))
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> String {
                name.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": "^[a-z0-9-]{1,32}$" })
            }
        }
    };
}

id!(
    /// One place in the room, e.g. `slot-01`. Also the player who stands there.
    SlotId
);
id!(
    /// One board on a slot, named in the slot's YAML, e.g. `panel`.
    DeviceName
);
id!(
    /// A device's input by its role, e.g. `red`.
    InputName
);
id!(
    /// A device's output by its role, e.g. `lamp-red`.
    OutputName
);
id!(
    /// The slots that play together, e.g. `main`.
    RoomId
);

id!(
    /// Subject that a module tells a slot about: the last part of the topic, e.g. `res`.
    Subject
);

/// One start of an agent or a core: a ULID drawn at start, so that sequence numbers of different starts never mix.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(transparent)]
pub struct Boot(#[schemars(with = "String")] pub ulid::Ulid);

impl fmt::Display for Boot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Boot {
    type Err = ulid::DecodeError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

//! Names on the wire: `[a-z0-9-]{1,32}` each, checked once, where they enter.

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

/// Longest name, in bytes.
const LONGEST: usize = 32;

/// A text that is not an id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{found:?} is not a name: 1 to 32 of a-z, 0-9 and - are wanted")]
pub struct IdError {
    /// The text that was refused, cut to 64 characters.
    pub found: String,
}

/// Returns a name's bytes, filled up with zeros, and their number.
fn check(text: &str) -> Result<([u8; LONGEST], u8), IdError> {
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let refused = || IdError { found: text.chars().take(64).collect() };
    let mut bytes = [0; LONGEST];
    let place = bytes.get_mut(..text.len()).filter(|place| !place.is_empty());
    let place = place.filter(|_| text.bytes().all(good)).ok_or_else(refused)?;
    place.copy_from_slice(text.as_bytes());
    Ok((bytes, u8::try_from(text.len()).map_err(|_| refused())?))
}

/// Returns the text of a name's bytes, all of which are ASCII.
fn text(bytes: &[u8; LONGEST], length: u8) -> &str {
    let bytes = bytes.get(..usize::from(length)).unwrap_or_default();
    std::str::from_utf8(bytes).unwrap_or_default()
}

/// Visitor that parses a value from a text, which is not copied first.
struct Parsed<T>(PhantomData<T>);

impl<T: FromStr<Err: fmt::Display>> Visitor<'_> for Parsed<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        // The bytes stand in the value itself, so a copy takes no memory of its own. Zeros fill the rest: no name has
        // one, so the order of the fields is that of the texts.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name {
            bytes: [u8; LONGEST],
            length: u8,
        }

        impl $name {
            /// Checks the text: `[a-z0-9-]{1,32}`.
            ///
            /// # Errors
            /// [`IdError`] with the text that was refused.
            pub fn new(text: impl AsRef<str>) -> Result<Self, IdError> {
                let (bytes, length) = check(text.as_ref())?;
                Ok(Self { bytes, length })
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                text(&self.bytes, self.length)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.as_str()).finish()
            }
        }

        // The same as of the text, by which maps are asked.
        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.as_str().hash(state);
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(Parsed(PhantomData))
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
                name.as_str().to_owned()
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                self.as_str()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
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
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema,
)]
#[serde(transparent)]
pub struct Boot(#[schemars(with = "String")] pub ulid::Ulid);

impl<'de> Deserialize<'de> for Boot {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Parsed(PhantomData))
    }
}

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

//! Values that know where they were written.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::Deref;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, Deserializer, Error as _, SeqAccess, Visitor};
use serde::{Serialize, Serializer};

use crate::location::Location;
use crate::source::{Locate, Source};

/// The name by which [`Located`] asks this crate's reader for a position; other formats pass it by.
pub(crate) const LOCATED: &str = "$eg_config::Located";

/// A value and where it was written. Compares, hashes, prints and describes itself as the value alone.
///
/// A mapping's keys can be located too: `BTreeMap<Located<String>, Device>`.
#[derive(Clone, Debug, Default)]
pub struct Located<T> {
    value: T,
    at: Location,
    /// `true` if the value stands under a key that was misspelt and taken for another.
    guessed: bool,
}

impl<T> Located<T> {
    /// A value from nowhere in particular.
    pub fn new(value: T) -> Self {
        Self { value, at: Location::default(), guessed: false }
    }

    /// Returns where the value was written.
    pub fn at(&self) -> &Location {
        &self.at
    }

    /// Tells whether the value was written in a file. A stand-in for a missing or wrong value, as
    /// [`read_lenient`](crate::read_lenient) makes them, was not, and is no use to check.
    pub fn is_written(&self) -> bool {
        self.at.line > 0
    }

    /// Tells whether the value was written in a file, and every key on the way to it is spelt right. Under a key that
    /// [`read_lenient`](crate::read_lenient) took for another, a value is good enough to look at and no more: only one
    /// that is certain may have effects, such as a file that is opened.
    pub fn is_certain(&self) -> bool {
        self.is_written() && !self.guessed
    }

    /// The value alone.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// Another value made of this one, at the same position.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Located<U> {
        Located { value: change(self.value), at: self.at, guessed: self.guessed }
    }
}

impl<T> Locate for Located<T> {
    fn locate(&self, _: &Source) -> Location {
        self.at.clone()
    }
}

impl<T> Deref for Located<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> From<T> for Located<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl<T: fmt::Display> fmt::Display for Located<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(out)
    }
}

impl<T: PartialEq> PartialEq for Located<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Located<T> {}

impl<T: PartialOrd> PartialOrd for Located<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.value.partial_cmp(&other.value)
    }
}

impl<T: Ord> Ord for Located<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.value.cmp(&other.value)
    }
}

impl<T: Hash> Hash for Located<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}

impl<T> std::borrow::Borrow<T> for Located<T> {
    fn borrow(&self) -> &T {
        &self.value
    }
}

impl std::borrow::Borrow<str> for Located<String> {
    fn borrow(&self) -> &str {
        &self.value
    }
}

impl<T: Serialize> Serialize for Located<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Located<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(LOCATED, LocatedVisitor(PhantomData))
    }
}

struct LocatedVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for LocatedVisitor<T> {
    type Value = Located<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value with its position")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Located<T>, D::Error> {
        T::deserialize(deserializer).map(Located::new)
    }

    /// Line, column, width, path, text, guessed, value: what this crate's reader hands out for [`LOCATED`].
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Located<T>, A::Error> {
        fn next<'de, V: Deserialize<'de>, A: SeqAccess<'de>>(seq: &mut A) -> Result<V, A::Error> {
            seq.next_element()?.ok_or_else(|| A::Error::custom("a position with a part missing"))
        }
        let at = Location {
            line: next(&mut seq)?,
            column: next(&mut seq)?,
            width: next(&mut seq)?,
            path: next(&mut seq)?,
            text: next(&mut seq)?,
        };
        Ok(Located { guessed: next(&mut seq)?, value: next(&mut seq)?, at })
    }
}

impl<T: JsonSchema> JsonSchema for Located<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> std::borrow::Cow<'static, str> {
        T::schema_id()
    }

    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

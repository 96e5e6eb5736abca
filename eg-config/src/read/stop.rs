//! Stop of a round of reading: its reason, and the node.

use std::fmt;

use serde::de::{self, Expected, Unexpected};

use super::describe;
use crate::tree::NodeId;

/// Place and reason at which a round of reading stopped.
#[derive(Debug)]
pub(crate) struct Stop {
    pub(crate) at: Option<NodeId>,
    pub(crate) why: Why,
}

/// A value that stands in for a wrong or missing one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Origin {
    /// The stand-in is in place of a node.
    Node(NodeId),
    /// The stand-in is in place of a key that the mapping lacks.
    Lacking(NodeId, &'static str),
}

#[derive(Debug)]
pub(crate) enum Why {
    UnknownKey {
        found: String,
        known: &'static [&'static str],
    },
    UnknownName {
        found: String,
        known: &'static [&'static str],
    },
    MissingKey(&'static str),
    RepeatedKey(&'static str),
    /// The value has the wrong type or is out of range.
    Misfit {
        found: String,
        wanted: String,
    },
    /// Anything said about a value once it was read.
    Other(String),
    /// The stand-in did not satisfy the type; not a mistake of the file.
    Placeholder(Origin),
}

impl Stop {
    /// The same, at `node` unless it has a place already.
    pub(crate) fn or_at(mut self, node: NodeId) -> Self {
        self.at.get_or_insert(node);
        self
    }

    pub(crate) fn placeholder(origin: Origin) -> Self {
        Self::from(Why::Placeholder(origin))
    }
}

impl From<Why> for Stop {
    fn from(why: Why) -> Self {
        Self { at: None, why }
    }
}

impl de::Error for Stop {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Why::Other(message.to_string()).into()
    }

    fn invalid_type(found: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        Why::Misfit { found: describe::found(found), wanted: describe::wanted(wanted) }.into()
    }

    fn invalid_value(found: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        Self::invalid_type(found, wanted)
    }

    fn invalid_length(length: usize, wanted: &dyn Expected) -> Self {
        let items = if length == 1 { "item" } else { "items" };
        Why::Other(format!("wanted {}, found {length} {items}", describe::wanted(wanted))).into()
    }

    fn unknown_variant(found: &str, known: &'static [&'static str]) -> Self {
        Why::UnknownName { found: found.to_owned(), known }.into()
    }

    fn unknown_field(found: &str, known: &'static [&'static str]) -> Self {
        Why::UnknownKey { found: found.to_owned(), known }.into()
    }

    fn missing_field(key: &'static str) -> Self {
        Why::MissingKey(key).into()
    }

    fn duplicate_field(key: &'static str) -> Self {
        Why::RepeatedKey(key).into()
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?}", self.why)
    }
}

impl std::error::Error for Stop {}

//! Places in a device's `config:` of values that the board refuses.

use eg_config::{KeyPath, Locate, Located, Location, Source, read_at};
use eg_hal::{LineName, Resource};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// The places under `path` where this is written as a text, in the order of the file.
pub(super) fn of_text(source: &Source, path: &KeyPath, text: &str) -> Vec<Location> {
    let number = text.parse::<u64>().ok();
    of_scalar(source, path, |scalar| match scalar {
        Node::Text(found) => found == text,
        Node::Number(found) => Some(*found) == number,
        Node::Inner(_) | Node::Other => false,
    })
}

/// The places under `path` where this line is named, in one way or another.
pub(super) fn of_line(source: &Source, path: &KeyPath, line: &LineName) -> Vec<Location> {
    let line = line.short();
    let named = |text: &str| LineName::from(text).short() == line;
    of_scalar(source, path, |scalar| matches!(scalar, Node::Text(found) if named(found)))
}

/// The places under `path` where this resource is named.
pub(super) fn of_resource(source: &Source, path: &KeyPath, what: &Resource) -> Vec<Location> {
    match what {
        Resource::Line(line) => of_line(source, path, line),
        Resource::Spi(slot) => of_text(source, path, slot.as_str()),
        Resource::Port(port) => of_text(source, path, port.as_str()),
        Resource::Address(_, address) => {
            let wanted = u64::from(*address);
            of_scalar(source, path, |scalar| matches!(scalar, Node::Number(n) if *n == wanted))
        }
    }
}

/// The field of a `config:`, when it is written.
pub(super) fn of_field(source: &Source, path: &KeyPath, field: &str) -> Option<Location> {
    read_at::<Fields>(source, path)
        .ok()?
        .0
        .iter()
        .any(|key| key == field)
        .then(|| path.key(field).locate(source))
}

fn of_scalar(source: &Source, path: &KeyPath, wanted: impl Fn(&Node) -> bool) -> Vec<Location> {
    let mut found = Vec::new();
    if let Ok(tree) = read_at::<Located<Node>>(source, path) {
        gather(&tree, &wanted, &mut found);
    }
    found.sort_by_key(|location| (location.line, location.column));
    found
}

fn gather(node: &Located<Node>, wanted: &impl Fn(&Node) -> bool, found: &mut Vec<Location>) {
    match &**node {
        Node::Inner(nodes) => nodes.iter().for_each(|node| gather(node, wanted, found)),
        scalar if wanted(scalar) => found.push(node.at().clone()),
        Node::Text(_) | Node::Number(_) | Node::Other => {}
    }
}

/// Any value, with the places of its parts.
#[derive(Debug, Default)]
enum Node {
    Text(String),
    Number(u64),
    /// A list, or the values of a mapping.
    Inner(Vec<Located<Node>>),
    #[default]
    Other,
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Node, E> {
        Ok(Node::Number(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Node, E> {
        Ok(u64::try_from(number).map_or(Node::Other, Node::Number))
    }

    fn visit_u128<E>(self, number: u128) -> Result<Node, E> {
        Ok(u64::try_from(number).map_or(Node::Other, Node::Number))
    }

    fn visit_i128<E>(self, number: i128) -> Result<Node, E> {
        Ok(u64::try_from(number).map_or(Node::Other, Node::Number))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = items.next_element()? {
            nodes.push(node);
        }
        Ok(Node::Inner(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
        let mut nodes = Vec::new();
        while let Some((_, node)) = entries.next_entry::<IgnoredAny, _>()? {
            nodes.push(node);
        }
        Ok(Node::Inner(nodes))
    }
}

/// The keys of a mapping.
struct Fields(Vec<String>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries = std::collections::BTreeMap::<String, IgnoredAny>::deserialize(deserializer)?;
        Ok(Self(entries.into_keys().collect()))
    }
}

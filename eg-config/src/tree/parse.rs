//! Parses a text into a tree.

use std::collections::HashMap;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::options::{DuplicateKeyPolicy, NonFiniteFloatPolicy};
use serde_yaml::{Location, Spanned};

use super::node::{Node, NodeId, Repeat, Shape, Tree};
use super::refusal::{self, DEEPEST, MOST_NODES};
use crate::path::Step;
use crate::place::Place;
use crate::problems::Problems;
use crate::text::Text;

/// Parses the text of a file.
///
/// # Errors
/// One problem: what the parser stumbled over first.
pub(crate) fn parse(source: &Text) -> Result<Tree, Problems> {
    let mut grower = Grower { source, tree: Tree::new(source.scalars()) };
    if source.as_str().trim().is_empty() {
        grower.tree.nodes.push(Node {
            shape: Shape::Null,
            raw: String::new(),
            place: Place { line: 1, column: 1, width: 1 },
            parent: None,
            step: None,
            pair: None,
        });
        return Ok(grower.tree);
    }
    let read: Result<Read, _> = serde_yaml::from_str_with_options(source.as_str(), options());
    let read = read.map_err(|error| refusal::explain(source, &error))?;
    grower.grow(read.0, None, None);
    grower.tree.settle_root();
    Ok(grower.tree)
}

fn options() -> serde_yaml::Options {
    let budget = serde_yaml::budget! {
        max_nodes: MOST_NODES,
        max_events: 4 * MOST_NODES,
        max_aliases: 1000,
        max_anchors: 1000,
        max_depth: DEEPEST,
        flow_nesting_limit: DEEPEST,
    };
    serde_yaml::options! {
        budget: budget,
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        alias_limits: serde_yaml::alias_limits! { max_total_replayed_events: MOST_NODES },
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        strict_booleans: true,
        reject_unsupported_tags: true,
        with_snippet: false,
    }
}

/// A value as the parser hands it out.
struct Read(Spanned<Value>);

enum Value {
    Scalar(Shape),
    List(Vec<Read>),
    Map(Vec<(Read, Read)>),
}

/// Numbers the values, gives each its place, and notes repeated keys.
struct Grower<'s> {
    source: &'s Text,
    tree: Tree,
}

impl Grower<'_> {
    fn grow(&mut self, read: Spanned<Value>, parent: Option<NodeId>, step: Option<Step>) -> NodeId {
        let id = self.tree.nodes.len();
        let (place, raw) = self.locate(&read.defined);
        self.tree.nodes.push(Node { shape: Shape::Null, raw, place, parent, step, pair: None });
        let shape = match read.value {
            Value::Scalar(shape) => shape,
            Value::List(items) => {
                self.tree.nodes[id].place.width = 1;
                let items = items.into_iter().enumerate();
                Shape::List(
                    items
                        .map(|(index, item)| self.grow(item.0, Some(id), Some(Step::Index(index))))
                        .collect(),
                )
            }
            Value::Map(entries) => {
                self.tree.nodes[id].place.width = 1;
                self.grow_entries(id, entries)
            }
        };
        self.tree.nodes[id].shape = shape;
        id
    }

    fn grow_entries(&mut self, map: NodeId, entries: Vec<(Read, Read)>) -> Shape {
        let mut seen = HashMap::new();
        let mut kept = Vec::new();
        for (key, value) in entries {
            let key = self.grow(key.0, Some(map), None);
            let name = match self.tree.text(key) {
                Some(text) => text.to_owned(),
                None => self.tree.node(key).raw.clone(),
            };
            let value = self.grow(value.0, Some(map), Some(Step::Key(name.clone())));
            self.tree.nodes[key].pair = Some(value);
            self.tree.nodes[value].pair = Some(key);
            match seen.get(&name) {
                Some(&first) => self.tree.repeats.push(Repeat { first, again: key }),
                None => {
                    seen.insert(name, key);
                    kept.push((key, value));
                }
            }
        }
        Shape::Map(kept)
    }

    /// Returns the place where a value starts, and its text as far as it is a scalar's.
    fn locate(&self, location: &Location) -> (Place, String) {
        let span = location.span();
        let bytes = span.byte_offset().zip(span.byte_len());
        let raw = bytes.and_then(|(start, length)| {
            let start = start as usize;
            self.source.as_str().get(start..start.saturating_add(length as usize))
        });
        let raw = raw.unwrap_or_default().trim_end();
        let width = raw.chars().take_while(|c| !matches!(c, '\n' | '\r')).count().max(1);
        let (line, column) = (location.line() as usize, location.column() as usize);
        (Place { line: line.max(1), column: column.max(1), width }, raw.to_owned())
    }
}

impl<'de> Deserialize<'de> for Read {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Spanned::deserialize(deserializer).map(Self)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Scalar(Shape::Null))
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Scalar(Shape::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Scalar(Shape::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Scalar(Shape::Int(value.into())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Scalar(Shape::Int(value.into())))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Value, E> {
        Ok(Value::Scalar(Shape::Int(value)))
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<Value, E> {
        Ok(Value::Scalar(i128::try_from(value).map_or(Shape::Float(value as f64), Shape::Int)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Scalar(Shape::Float(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Scalar(Shape::Text(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Value::Map(entries))
    }
}

//! Parses a text into a tree.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::options::{DuplicateKeyPolicy, NonFiniteFloatPolicy};
use serde_yaml::{Location, Spanned};

use super::include::{Included, text_of};
use super::node::{Node, NodeId, Repeat, Shape, Tree};
use super::refusal::{self, DEEPEST, DEEPEST_INCLUDE, MOST_NODES};
use crate::disk::LARGEST;
use crate::file_origin::FileOrigin;
use crate::path::Step;
use crate::place::Place;
use crate::problems::Problems;
use crate::text::Text;

/// Parses the text of a file; only one that has an origin on the disk includes others and uses variables.
///
/// # Errors
/// One problem: what the parser stumbled over first.
pub(crate) fn parse(source: &Text, origin: Option<&Arc<FileOrigin>>) -> Result<Tree, Problems> {
    let mut tree = Tree::new(source.scalars());
    if source.as_str().trim().is_empty() {
        tree.nodes.push(Node {
            shape: Shape::Null,
            raw: String::new(),
            place: Place::START,
            parent: None,
            step: None,
            pair: None,
        });
        return Ok(tree);
    }
    let included = Included::default();
    let options = options(source, origin, &included);
    let read: Result<Read, _> = serde_yaml::from_str_with_options(source.as_str(), options.clone());
    let read = read.map_err(|error| refusal::explain(source, &included, &error))?;
    let mut grower = Grower { source, included: &included, options, tree };
    grower.grow(read.0, None, None);
    let mut tree = grower.tree;
    tree.settle_root();
    tree.included = included.take();
    Ok(tree)
}

fn options(
    source: &Text,
    origin: Option<&Arc<FileOrigin>>,
    included: &Included,
) -> serde_yaml::Options {
    let budget = serde_yaml::budget! {
        max_nodes: MOST_NODES,
        max_events: 4 * MOST_NODES,
        max_aliases: 1000,
        max_anchors: 1000,
        max_depth: DEEPEST,
        max_reader_input_bytes: Some(LARGEST),
        max_inclusion_depth: DEEPEST_INCLUDE,
        flow_nesting_limit: DEEPEST,
    };
    let mut options = serde_yaml::options! {
        budget: budget,
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        alias_limits: serde_yaml::alias_limits! { max_total_replayed_events: MOST_NODES },
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        strict_booleans: true,
        reject_unsupported_tags: true,
        with_snippet: false,
    };
    let Some(origin) = origin else { return options };
    if let Some(variables) = origin.variables(source) {
        options = options.with_properties(variables.clone());
    }
    let (origin, included) = (Arc::clone(origin), included.clone());
    options.with_include_resolver(move |wanted| included.resolve(&origin, wanted))
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
    included: &'s Included,
    options: serde_yaml::Options,
    tree: Tree,
}

impl Grower<'_> {
    fn grow(&mut self, read: Spanned<Value>, parent: Option<NodeId>, step: Option<Step>) -> NodeId {
        let id = self.tree.nodes.len();
        let (place, raw) = self.locate(&read.defined);
        self.tree.nodes.push(Node { shape: Shape::Null, raw, place, parent, step, pair: None });
        let shape = match read.value {
            Value::Scalar(Shape::Text(text)) => Shape::Text(text),
            Value::Scalar(shape) => {
                let raw = std::mem::take(&mut self.tree.nodes[id].raw);
                self.tree.nodes[id].raw = self.written_out(raw);
                shape
            }
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
        let text = text_of(location);
        let raw = |source: &Text| source.slice(&location.span()).trim_end().to_owned();
        let raw = self.included.with(text, raw).unwrap_or_else(|| raw(self.source));
        let width = raw.chars().take_while(|c| !matches!(c, '\n' | '\r')).count().max(1);
        let (line, column) = (location.line() as usize, location.column() as usize);
        (Place { text, line: line.max(1), column: column.max(1), width }, raw)
    }

    /// A number, a boolean or nothing as it would be written without variables.
    fn written_out(&self, raw: String) -> String {
        if self.options.property_map.is_none() || !raw.contains('$') {
            return raw;
        }
        serde_yaml::from_str_with_options(&raw, self.options.clone()).unwrap_or_default()
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

//! Writes a node as JSON.

use serde_json::{Map, Number, Value};

use super::describe;
use crate::problems::Problems;
use crate::source::Source;
use crate::tree::{NodeId, Shape, Tree};

/// A node as JSON; scalars that are texts become the text that is written. Trees are as deep as the parser allows, so
/// this recursion ends.
pub(super) fn json(
    source: &Source,
    tree: &Tree,
    id: NodeId,
    is_text: &impl Fn(NodeId) -> bool,
) -> Result<Value, Problems> {
    if let Some(text) = tree.text(id).filter(|_| is_text(id)) {
        return Ok(text.into());
    }
    match &tree.node(id).shape {
        Shape::Null => Ok(Value::Null),
        Shape::Bool(value) => Ok((*value).into()),
        Shape::Text(text) => Ok(text.as_str().into()),
        Shape::Int(value) => {
            let number = Number::from_i128(*value).or_else(|| Number::from_f64(*value as f64));
            number.map(Value::Number).ok_or_else(|| no_json(source, tree, id))
        }
        Shape::Float(value) => {
            let number = Number::from_f64(*value).map(Value::Number);
            number.ok_or_else(|| no_json(source, tree, id))
        }
        Shape::List(items) => {
            let items = items.iter().map(|item| json(source, tree, *item, is_text));
            items.collect::<Result<_, _>>().map(Value::Array)
        }
        Shape::Map(entries) => {
            let mut object = Map::new();
            for (key, value) in entries {
                object.insert(name(tree, *key, is_text), json(source, tree, *value, is_text)?);
            }
            Ok(Value::Object(object))
        }
    }
}

/// A key: JSON has texts alone. One that is wanted as a number is written as JSON writes numbers.
fn name(tree: &Tree, key: NodeId, is_text: &impl Fn(NodeId) -> bool) -> String {
    match &tree.node(key).shape {
        Shape::Int(value) if !is_text(key) => value.to_string(),
        Shape::Null
        | Shape::Bool(_)
        | Shape::Int(_)
        | Shape::Float(_)
        | Shape::Text(_)
        | Shape::List(_)
        | Shape::Map(_) => tree.text(key).unwrap_or(&tree.node(key).raw).to_owned(),
    }
}

fn no_json(source: &Source, tree: &Tree, id: NodeId) -> Problems {
    let node = tree.node(id);
    let found = describe::written(tree, id, describe::node(tree, id));
    let message = format!("wanted a number that has an end, found {found}");
    source.problem(node.place, tree.path(id).to_string(), message).into()
}

//! serde's expectations in words a person who writes YAML knows.

use serde::de::{Expected, Unexpected};

use crate::tree::{NodeId, Shape, Tree};

pub(crate) fn found(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(value) => value.to_string(),
        Unexpected::Unsigned(value) => value.to_string(),
        Unexpected::Signed(value) => value.to_string(),
        Unexpected::Float(value) => value.to_string(),
        Unexpected::Char(value) => format!("text {:?}", value.to_string()),
        Unexpected::Str(value) => format!("text {:?}", shortened(value)),
        Unexpected::Unit | Unexpected::Option => "nothing".to_owned(),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "a mapping".to_owned(),
        Unexpected::Other(what) => what.to_owned(),
        Unexpected::Bytes(_)
        | Unexpected::NewtypeStruct
        | Unexpected::Enum
        | Unexpected::UnitVariant
        | Unexpected::NewtypeVariant
        | Unexpected::TupleVariant
        | Unexpected::StructVariant => found.to_string(),
    }
}

/// Describes a node, as [`found`] would say it.
pub(crate) fn node(tree: &Tree, id: NodeId) -> String {
    match &tree.node(id).shape {
        Shape::Null => found(Unexpected::Unit),
        Shape::Bool(value) => found(Unexpected::Bool(*value)),
        Shape::Int(value) => value.to_string(),
        Shape::Float(value) => found(Unexpected::Float(*value)),
        Shape::Text(text) => found(Unexpected::Str(text)),
        Shape::List(_) => found(Unexpected::Seq),
        Shape::Map(_) => found(Unexpected::Map),
    }
}

/// Describes what was found, with a number as it stands in the file: 01 and not 1, 0x100 and not 256.
pub(crate) fn written(tree: &Tree, id: NodeId, found: String) -> String {
    match &tree.node(id).shape {
        Shape::Bool(_) | Shape::Int(_) | Shape::Float(_) if found == node(tree, id) => {
            shortened(&tree.node(id).raw)
        }
        Shape::Null
        | Shape::Bool(_)
        | Shape::Int(_)
        | Shape::Float(_)
        | Shape::Text(_)
        | Shape::List(_)
        | Shape::Map(_) => found,
    }
}

pub(crate) fn wanted(wanted: &dyn Expected) -> String {
    let said = wanted.to_string();
    let whole = |from: String, to: String| format!("a whole number from {from} to {to}");
    match said.as_str() {
        "u8" => whole(u8::MIN.to_string(), u8::MAX.to_string()),
        "u16" => whole(u16::MIN.to_string(), u16::MAX.to_string()),
        "u32" => whole(u32::MIN.to_string(), u32::MAX.to_string()),
        "i8" => whole(i8::MIN.to_string(), i8::MAX.to_string()),
        "i16" => whole(i16::MIN.to_string(), i16::MAX.to_string()),
        "i32" => whole(i32::MIN.to_string(), i32::MAX.to_string()),
        "u64" | "u128" | "usize" => "a whole number from 0".to_owned(),
        "i64" | "i128" | "isize" => "a whole number".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a string" | "a borrowed string" => "text".to_owned(),
        "a character" => "one character".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "a mapping".to_owned(),
        "unit" => "nothing".to_owned(),
        _ => rephrased(said),
    }
}

fn rephrased(said: String) -> String {
    if said.starts_with("a nonzero ") || said.starts_with("nonzero ") {
        return "a whole number other than 0".to_owned();
    }
    if let Some(length) =
        said.strip_prefix("an array of length ").or_else(|| said.strip_prefix("a tuple of size "))
    {
        return format!("a list of {length}");
    }
    if let Some((_, length)) = said.split_once(" with ").filter(|_| said.starts_with("tuple ")) {
        return format!("a list of {length}");
    }
    if said.starts_with("struct ") {
        return "a mapping".to_owned();
    }
    said
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

//! Settings as somebody is writing them: the value that the fields of a form make.

use super::fields::{FormFields, count};
use super::schema::{Branch, Key, Schema, Shape};
use serde_json::{Map, Value};

/// Returns the value that the fields below `path` make; `None` if nothing is written. What is not what the schema asks
/// for stays as it is typed, so that the game says what is wrong with it.
pub(in crate::http) fn value(schema: Schema<'_>, path: &str, fields: &FormFields) -> Option<Value> {
    let text = || fields.get(path).map(String::as_str);
    let chosen = || fields.get(&format!("{path}#")).map(String::as_str).unwrap_or_default();
    match schema.shape() {
        Shape::Text => text().filter(|it| !it.trim().is_empty()).map(Value::from),
        Shape::Span => text().map(str::trim).filter(|it| !it.is_empty()).map(Value::from),
        Shape::Number { .. } | Shape::Free => text().and_then(number),
        Shape::Tick => text().map(|it| Value::from(it == "true")),
        Shape::Choice(_) => text().filter(|it| !it.is_empty()).map(Value::from),
        Shape::Ticks(words) => Some(ticked(&words, path, fields)),
        Shape::Lines(item) => Some(lines(item, text().unwrap_or_default())),
        Shape::List(item) => {
            let place = |place| value(item, &format!("{path}/{place}"), fields);
            Some((0..count(fields, path)).map(|at| place(at).unwrap_or_default()).collect())
        }
        Shape::Map(item) => Some(Value::Object(named(item, path, fields))),
        Shape::Group(keys) => Some(Value::Object(group(&keys, path, fields))),
        Shape::Optional(inner) => (chosen() == "on").then(|| value(inner, path, fields)).flatten(),
        Shape::Branches(branches) => {
            let branch = branches.iter().find(|branch| branch.id() == chosen())?;
            branch_value(branch, path, fields)
        }
    }
}

fn group(keys: &[Key<'_>], path: &str, fields: &FormFields) -> Map<String, Value> {
    let mut group = Map::new();
    for key in keys {
        let Some(value) = value(key.schema, &format!("{path}/{}", key.name), fields) else {
            continue;
        };
        if key.required || !is_default(key, &value) {
            group.insert(key.name.to_owned(), value);
        }
    }
    group
}

/// Returns `true` if it makes no difference whether this value is written.
fn is_default(key: &Key<'_>, value: &Value) -> bool {
    let empty =
        value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(Map::is_empty);
    match key.default {
        Some(default) => default == value,
        None => empty,
    }
}

fn branch_value(branch: &Branch<'_>, path: &str, fields: &FormFields) -> Option<Value> {
    match branch {
        Branch::Word(word, _) => Some(Value::from(*word)),
        Branch::Tagged(key, _, inner) => {
            let inner = value(*inner, &format!("{path}/{key}"), fields).unwrap_or_default();
            Some(Value::Object([((*key).to_owned(), inner)].into_iter().collect()))
        }
        Branch::Plain(_) => fields.get(&format!("{path}/=")).and_then(|text| number(text)),
    }
}

fn ticked(words: &[Branch<'_>], path: &str, fields: &FormFields) -> Value {
    let words = words.iter().map(Branch::id);
    let on =
        |word: &String| fields.get(&format!("{path}/{word}")).is_some_and(|text| text == "true");
    words.filter(on).map(Value::from).collect()
}

fn lines(item: Schema<'_>, text: &str) -> Value {
    let is_text = matches!(item.shape(), Shape::Text | Shape::Span);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.filter_map(|line| if is_text { Some(Value::from(line)) } else { number(line) }).collect()
}

/// Returns the values by name.
fn named(item: Schema<'_>, path: &str, fields: &FormFields) -> Map<String, Value> {
    let row = |place: usize| {
        let key = fields.get(&format!("{path}/{place}/key")).map(|key| key.trim().to_owned());
        let value = value(item, &format!("{path}/{place}/value"), fields);
        (key.unwrap_or_default(), value.unwrap_or_default())
    };
    (0..count(fields, path)).map(row).collect()
}

/// Reads a number; anything else stays text. `None` for a blank.
fn number(text: &str) -> Option<Value> {
    let text = text.trim();
    let number = text.parse::<serde_json::Number>().ok().map(Value::Number);
    (!text.is_empty()).then(|| number.unwrap_or_else(|| Value::from(text)))
}

//! Settings written as YAML, as a person would write them.

use eg_proto::RoomId;
use serde_json::Value;

/// Number of characters up to which a list stands in one line.
const LINE: usize = 76;
/// Words that YAML, of this or an older version, does not take for text.
const WORDS: [&str; 10] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "~"];

/// Writes settings; an empty text if there are none.
pub(in crate::http) fn yaml(value: &Value) -> String {
    match value {
        Value::Object(keys) if keys.is_empty() => String::new(),
        Value::Null => String::new(),
        value @ (Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_)) => block(value, 0),
    }
}

/// Writes the part of `core.yaml` that makes these settings those of a room.
pub(in crate::http) fn for_file(room: &RoomId, game: &str, settings: &str) -> String {
    let written = settings.lines().any(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let config = if written { "config:\n" } else { "config: {}\n" };
    let mut text = format!("rooms:\n  {room}:\n    game: {game}\n    {config}");
    for line in settings.lines() {
        let indent = if line.trim().is_empty() { "" } else { "      " };
        text.push_str(&format!("{indent}{line}\n"));
    }
    text
}

/// Writes a value that begins in a line of its own, indented.
fn block(value: &Value, indent: usize) -> String {
    let pad = " ".repeat(indent);
    match value {
        Value::Object(keys) if !keys.is_empty() => {
            let entry = |(key, value): (&String, &Value)| {
                format!("{pad}{}:{}", text(key), after(value, indent))
            };
            keys.iter().map(entry).collect()
        }
        Value::Array(items) if !items.is_empty() => {
            let item = |value: &Value| match value {
                Value::Object(keys) if !keys.is_empty() => {
                    format!("{pad}- {}", block(value, indent + 2).trim_start())
                }
                value @ (Value::Null
                | Value::Bool(_)
                | Value::Number(_)
                | Value::String(_)
                | Value::Array(_)
                | Value::Object(_)) => format!("{pad}-{}", after(value, indent)),
            };
            items.iter().map(item).collect()
        }
        value @ (Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_)) => format!("{pad}{}\n", flow(value)),
    }
}

/// Writes a value behind its key or its dash.
fn after(value: &Value, indent: usize) -> String {
    match value {
        Value::Object(keys) if !keys.is_empty() => format!("\n{}", block(value, indent + 2)),
        Value::Array(items) if !items.is_empty() => {
            let flat = items.iter().all(|item| !item.is_object() && !item.is_array());
            let line = flow(value);
            let short = flat && indent + line.chars().count() <= LINE;
            if short { format!(" {line}\n") } else { format!("\n{}", block(value, indent + 2)) }
        }
        value @ (Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_)
        | Value::Object(_)) => format!(" {}\n", flow(value)),
    }
}

/// Writes a value in one line.
pub(in crate::http) fn one_line(value: &Value) -> String {
    flow(value)
}

fn flow(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(said) => text(said),
        Value::Array(items) => {
            format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", "))
        }
        Value::Object(keys) => {
            let entry = |(key, value): (&String, &Value)| format!("{}: {}", text(key), flow(value));
            format!("{{{}}}", keys.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

/// Writes a text: without quotes where nobody could take it for anything else.
fn text(said: &str) -> String {
    if is_plain(said) {
        return said.to_owned();
    }
    let mut quoted = String::new();
    for c in Value::from(said).to_string().chars() {
        // The few characters that JSON may hold as they are and YAML may not.
        if matches!(
            c,
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        ) {
            quoted.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            quoted.push(c);
        }
    }
    quoted
}

fn is_plain(said: &str) -> bool {
    let inside = |c: char| {
        c.is_alphanumeric()
            || matches!(c, ' ' | '_' | '-' | '.' | '/' | '%' | '?' | '!' | '’' | '\'')
    };
    let unit = |c: char| matches!(c, 's' | 'm' | 'u' | 'n' | 'h' | 'd' | '%');
    let begins = said.chars().next().is_some_and(|first| {
        first.is_alphabetic()
            || (first.is_ascii_digit()
                && said.ends_with(unit)
                && said.chars().all(|c| c.is_ascii_digit() || unit(c)))
    });
    let lower = said.to_lowercase();
    begins
        && said.chars().all(inside)
        && !said.ends_with(' ')
        && !WORDS.contains(&lower.as_str())
        && said.parse::<f64>().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;
    use eg_config::{KeyPath, Source, json_at};
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn settings_are_written_as_a_person_would_write_them() {
        let settings = json!({
            "grace": "2s",
            "keys": {"a": "Ada", "b": "true"},
            "needed": 3,
            "steps": [{"options": ["Ada", "1123"], "question": "Who: you?"}],
            "warnings": [],
        });

        let told = yaml(&settings);

        let wanted = "grace: 2s\nkeys:\n  a: Ada\n  b: \"true\"\nneeded: 3\nsteps:\n  - options: [Ada, \"1123\"]\n    \
                      question: \"Who: you?\"\nwarnings: []\n";
        assert_eq!(told, wanted);
    }

    #[test]
    fn the_part_of_the_file_holds_the_settings_below_their_room() {
        let room = "main".parse().unwrap();

        assert_eq!(
            for_file(&room, "buzzer", "window: 1s\n"),
            "rooms:\n  main:\n    game: buzzer\n    config:\n      window: 1s\n"
        );
        assert_eq!(
            for_file(&room, "buzzer", ""),
            "rooms:\n  main:\n    game: buzzer\n    config: {}\n"
        );
    }

    fn settings() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "[ -~é’\u{85}\u{2028}]{0,12}".prop_map(Value::from),
            prop_oneof![
                "yes",
                "0x1F",
                "1e5",
                "60s",
                "12_0",
                "- a",
                "a: b",
                "# a",
                "1:30",
                ".inf",
                "=",
                "2001-01-01"
            ]
            .prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-z0-9-]{1,5}", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_as_it_was(inner in settings()) {
            let value = json!({ "config": inner });

            let source = Source::text("settings.yaml", yaml(&value));

            prop_assert_eq!(json_at::<Value>(&source, &KeyPath::root()).map_err(|it| it.to_string()), Ok(value));
        }
    }
}

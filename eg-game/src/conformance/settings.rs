//! Settings that explain themselves.

use crate::GameEntry;
use eg_config::{KeyPath, Source};

#[track_caller]
pub(super) fn check(entry: &GameEntry) {
    let kind = entry.kind;
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    assert!(!kind.is_empty() && kind.chars().all(word), "G1: {kind:?} is no kind's name");

    let schema = (entry.schema)();
    let properties = schema.get("properties").and_then(|it| it.as_object());
    for (name, property) in properties.into_iter().flatten() {
        let told = property.get("description").is_some();
        assert!(told, "G1: the setting {name:?} has no description");
    }

    let unknown = Source::text("config.yaml", "no_such_setting: 1");
    let wrong = (entry.check)(&unknown, &KeyPath::root()).err();
    let told = wrong.is_some_and(|problems| problems.to_string().contains("no_such_setting"));
    assert!(told, "G1: an unknown setting is not refused; add deny_unknown_fields");
}

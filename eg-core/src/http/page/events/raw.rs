//! Entries as authors read them: fields by their names, as they stand in the journal.

use crate::http::page::text::Localizer;
use crate::journal::{Kind, Redacted};
use serde_json::Value;

/// Describes an entry in a few words: an event by its input, an act by its name, the others by their body.
pub(in crate::http::page) fn raw(voice: Localizer<'_>, entry: &Redacted) -> String {
    let body = &entry.body;
    let text = |key: &str| body.get(key).and_then(Value::as_str);
    for key in ["why", "line", "say"] {
        let said = body.get(key).and_then(|say| say.get(voice.lang.code())).and_then(Value::as_str);
        if let Some(said) = said {
            return said.to_owned();
        }
    }
    match entry.kind {
        Kind::Event => event(voice, body),
        Kind::Vote => text("choice").map_or_else(|| voice.say("veiled"), str::to_owned),
        Kind::Act | Kind::Request => act(voice, body),
        Kind::Played
        | Kind::Timer
        | Kind::Resumed
        | Kind::Result
        | Kind::Refused
        | Kind::Gap
        | Kind::Status
        | Kind::Note
        | Kind::Unreadable => rest(body),
    }
}

/// Describes an event: `panel/red press`; without the input while it is secret.
fn event(voice: Localizer<'_>, body: &Value) -> String {
    let text = |key: &str| body.get(key).and_then(Value::as_str);
    let (device, kind) = (text("device").unwrap_or("?"), text("kind").unwrap_or("?"));
    let place = match text("input") {
        Some(input) => format!("{device}/{input} {kind}"),
        None => format!("{device} {kind} · {}", voice.say("veiled")),
    };
    let data = body.get("data").map(rest).filter(|data| !data.is_empty());
    let sim = body.get("sim").and_then(Value::as_bool).unwrap_or(false);
    let sim = sim.then(|| "sim".to_owned());
    [Some(place), data, sim].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Describes an act: `opens a question · question=… · why`.
fn act(voice: Localizer<'_>, body: &Value) -> String {
    let text = |key: &str| body.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let mut args = body.get("args").cloned().unwrap_or_default();
    if let Some(fields) = args.as_object_mut() {
        // What a session or a show begins with, and lists of records, are long; the room shows them.
        let begins = |name: &str| ["carried", "show", "step"].contains(&name);
        // The entry has a time of its own.
        fields.remove("at_us");
        fields.retain(|name, value| match value {
            Value::Array(items) => !begins(name) && !items.iter().any(Value::is_object),
            Value::Object(_) => !begins(name),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
        });
    }
    let args = Some(rest(&args)).filter(|args| !args.is_empty());
    let name = text("name").map(|name| named(voice, name));
    let parts = [name, args, text("reason").map(str::to_owned)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Returns the words for an act's name; a game's own act has only its name.
fn named(voice: Localizer<'_>, name: &str) -> String {
    let key = format!("act-{name}");
    Some(voice.say(&key)).filter(|words| *words != key).unwrap_or_else(|| name.to_owned())
}

/// Lists the fields of a body that no page knows: `name=value name=value`.
pub(in crate::http::page) fn rest(body: &Value) -> String {
    let field = |(name, value): (&String, &Value)| match value {
        Value::Null => None,
        Value::String(text) => Some(format!("{name}={text}")),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Some(format!("{name}={value}"))
        }
    };
    match body {
        Value::Object(fields) => fields.iter().filter_map(field).collect::<Vec<_>>().join(" "),
        Value::Null => String::new(),
        Value::String(_) | Value::Bool(_) | Value::Number(_) | Value::Array(_) => body.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::page::text::words;
    use crate::journal::Entry;
    use crate::names::Names;
    use eg_page::Lang;
    use eg_proto::Timestamp;
    use serde_json::json;

    fn line(kind: Kind, session: Option<i64>, body: Value) -> String {
        let words = words().unwrap();
        let voice = Localizer { words: &words, lang: Lang::En, names: Names::none() };
        let (cause, choice) = (None, Vec::new());
        let entry =
            Entry { id: 1, at: Timestamp(0), kind, slot: None, session, cause, body, choice };
        raw(voice, &Redacted::of(&entry, None))
    }

    #[test]
    fn a_press_is_told_by_its_input_until_it_is_a_vote() {
        let body = json!({"device": "panel", "input": "red", "kind": "press", "sim": true});

        assert_eq!(line(Kind::Event, None, body.clone()), "panel/red press · sim");
        assert_eq!(line(Kind::Event, Some(7), body), "panel press · secret · sim");
    }

    #[test]
    fn a_tag_is_told_with_its_number() {
        let body =
            json!({"device": "reader", "input": "tag", "kind": "tag", "data": {"uid": "04A37C91"}});

        assert_eq!(line(Kind::Event, None, body), "reader/tag tag · uid=04A37C91");
    }

    #[test]
    fn an_act_is_told_with_what_was_said_and_why() {
        let args = json!({"step": 2, "question": "Who?", "role": null});
        let body =
            json!({"name": "open", "args": args, "reason": "a late guest", "by": "operator"});

        let told = line(Kind::Act, Some(7), body);

        assert_eq!(told, "open · question=Who? step=2 · a late guest");
    }

    #[test]
    fn a_result_is_told_by_its_reason() {
        let body =
            json!({"step": 1, "outcome": "A", "why": {"fr": "« A » l'emporte", "en": "A carries"}});

        assert_eq!(line(Kind::Result, Some(7), body), "A carries");
    }
}

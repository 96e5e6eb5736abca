//! The stream of what happened, newest first.

use super::words::Voice;
use crate::handle::Entry;
use crate::state::State;
use crate::web::veiled;
use maud::{Markup, html};
use serde_json::Value;
use std::sync::Arc;

/// The latest entries of the journal; `recent` is oldest first.
pub(super) fn events<'a>(
    voice: Voice<'_>,
    recent: impl DoubleEndedIterator<Item = &'a Arc<Entry>>,
    state: &State,
) -> Markup {
    let rows: Vec<_> = recent.rev().map(|entry| veiled(entry, state)).collect();
    html! {
        @if rows.is_empty() { p.soft { (voice.say("events-none")) } }
        ol.log {
            @for entry in &rows {
                li id=(format!("entry-{}", entry.id)) title=(entry.id) {
                    time.soft.num data-at=(entry.at.0 / 1_000) data-keep {}
                    span {
                        span.kind.(tone(entry.kind)) { (voice.say(&format!("kind-{}", entry.kind))) }
                        @if let Some(slot) = &entry.slot { " " strong { (slot) } }
                    }
                    span.mono { (told(voice, entry)) }
                }
            }
        }
    }
}

fn tone(kind: &str) -> &'static str {
    match kind {
        "refused" | "gap" | "resumed" => "warn",
        "result" => "good",
        "act" => "accent",
        _ => "soft",
    }
}

/// An entry in a few words: an event by its input, an act by its name, the others by what their body tells.
fn told(voice: Voice<'_>, entry: &Entry) -> String {
    let body = &entry.body;
    let text = |key: &str| body.get(key).and_then(Value::as_str);
    for key in ["why", "line", "say"] {
        let said = body.get(key).and_then(|say| say.get(voice.lang.code())).and_then(Value::as_str);
        if let Some(said) = said {
            return said.to_owned();
        }
    }
    match entry.kind {
        "event" => event(voice, body),
        "vote" => text("choice").map_or_else(|| voice.say("veiled"), str::to_owned),
        "act" => act(body),
        "result" => result(voice, body),
        _ => rest(body),
    }
}

/// `panel/red press`; without the input while it is secret.
fn event(voice: Voice<'_>, body: &Value) -> String {
    let text = |key: &str| body.get(key).and_then(Value::as_str);
    let (device, kind) = (text("device").unwrap_or("?"), text("kind").unwrap_or("?"));
    let place = match text("input") {
        Some(input) => format!("{device}/{input} {kind}"),
        None => format!("{device} {kind} · {}", voice.say("veiled")),
    };
    let data = body.get("data").map(rest).filter(|data| !data.is_empty());
    let sim = body.get("sim").and_then(Value::as_bool).unwrap_or(false);
    let sim = sim.then(|| voice.say("sim"));
    [Some(place), data, sim].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// `open question=… · why`
fn act(body: &Value) -> String {
    let text = |key: &str| body.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let args = body.get("args").map(rest).filter(|args| !args.is_empty());
    let parts = [text("name").map(str::to_owned), args, text("reason").map(str::to_owned)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// `step 1: B, 5 of 9`
fn result(voice: Voice<'_>, body: &Value) -> String {
    let number = |key: &str| body.get(key).and_then(Value::as_u64).unwrap_or_default();
    let outcome = body.get("outcome").and_then(Value::as_str);
    let outcome = outcome.map_or_else(|| voice.say("no-outcome"), str::to_owned);
    let blanks = [
        ("step", number("step").into()),
        ("outcome", outcome.into()),
        ("votes", number("votes").into()),
        ("expected", number("expected").into()),
    ];
    voice.words.tell(voice.lang, "result-line", blanks)
}

/// The fields of a body that no page knows: `name=value name=value`.
fn rest(body: &Value) -> String {
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

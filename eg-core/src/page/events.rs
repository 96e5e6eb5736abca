//! The stream of what happened, newest first.

use super::words::Voice;
use crate::handle::Entry;
use maud::{Markup, html};
use serde_json::Value;
use std::sync::Arc;

/// The latest entries of the journal; `recent` is oldest first.
pub(super) fn events<'a>(
    voice: Voice<'_>,
    recent: impl DoubleEndedIterator<Item = &'a Arc<Entry>>,
) -> Markup {
    let rows: Vec<_> = recent.rev().collect();
    html! {
        @if rows.is_empty() { p.soft { (voice.say("events-none")) } }
        ol.log.mono {
            @for entry in rows {
                li id=(format!("entry-{}", entry.id)) {
                    span.soft { (entry.id) }
                    span {
                        span.pill.(tone(entry.kind)) { (voice.say(&format!("kind-{}", entry.kind))) }
                        @if let Some(slot) = &entry.slot { " " strong { (slot) } }
                    }
                    span { (told(voice, entry)) }
                }
            }
        }
    }
}

fn tone(kind: &str) -> &'static str {
    match kind {
        "refused" | "gap" | "resumed" => "warn",
        "result" => "good",
        _ => "",
    }
}

/// An entry in a few words: an event by its input, the others by what their body tells.
fn told(voice: Voice<'_>, entry: &Entry) -> String {
    let body = &entry.body;
    let text = |key: &str| body.get(key).and_then(Value::as_str);
    if let (Some(device), Some(input), Some(kind)) = (text("device"), text("input"), text("kind")) {
        let data = body.get("data").filter(|data| data.as_object().is_some_and(|d| !d.is_empty()));
        let data = data.map(|data| format!(" {data}")).unwrap_or_default();
        let sim = body.get("sim").and_then(Value::as_bool).unwrap_or(false);
        let sim = if sim { format!(" · {}", voice.say("sim")) } else { String::new() };
        return format!("{device}/{input} {kind}{data}{sim}");
    }
    for key in ["why", "line"] {
        let said = body.get(key).and_then(|say| say.get(voice.lang.code())).and_then(Value::as_str);
        if let Some(said) = said {
            return said.to_owned();
        }
    }
    body.to_string()
}

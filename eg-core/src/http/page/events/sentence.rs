//! Entries in words: one sentence for each, in the reader's language, whatever it tells.

use super::rows::{EventRow, text};
use crate::http::page::act_log::actor;
use crate::http::page::text::Localizer;
use crate::journal::{Kind, Redacted};
use eg_page::Lang;
use serde_json::Value;

/// Sentence about an entry: who, and what they did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::http::page) struct Sentence {
    /// Slot or person who did it; empty where the words name it.
    pub(in crate::http::page) who: String,
    /// The rest of the sentence.
    pub(in crate::http::page) words: String,
}

/// Describes an entry alone.
pub(in crate::http::page) fn sentence(voice: Localizer<'_>, entry: &Redacted) -> Sentence {
    tell(voice, &EventRow { entry, release: None, refused: None })
}

/// Describes a row, without saying whether it was taken.
pub(super) fn tell(voice: Localizer<'_>, row: &EventRow<'_>) -> Sentence {
    let entry = row.entry;
    let by_core = |words: String| Sentence { who: String::new(), words };
    let by_slot = |words: String| Sentence {
        who: entry.slot.as_ref().map(|slot| voice.names.seat(slot).to_owned()).unwrap_or_default(),
        words,
    };
    match entry.kind {
        Kind::Event => by_slot(event(voice, row)),
        Kind::Vote => by_slot(match text(entry, "choice") {
            Some(choice) => voice.with("event-chose", "choice", quoted(voice, choice)),
            None => voice.say("event-chose-secret"),
        }),
        Kind::Act => Sentence {
            who: actor(voice, text(entry, "by").unwrap_or("?")),
            words: act(voice, entry),
        },
        Kind::Request => {
            let asked =
                entry.body.get("args").and_then(|args| args.get("op")).and_then(Value::as_str);
            by_slot(voice.with("event-request", "what", asked.unwrap_or("?")))
        }
        Kind::Timer => by_core(voice.say("event-timer")),
        Kind::Result => {
            let step = entry.body.get("step").map(ToString::to_string).unwrap_or_default();
            let why = said(voice, entry).unwrap_or_else(|| {
                text(entry, "outcome").map_or_else(|| voice.say("event-no-outcome"), str::to_owned)
            });
            let blanks = [("step", step.into()), ("why", why.into())];
            by_core(voice.words.tell(voice.lang, "event-result", blanks))
        }
        Kind::Refused => by_slot(refusal(voice, entry)),
        Kind::Resumed => by_core(said(voice, entry).unwrap_or_else(|| voice.say("event-resumed"))),
        Kind::Played => by_core(said(voice, entry).unwrap_or_else(|| voice.say("event-played"))),
        Kind::Gap => by_core(said(voice, entry).unwrap_or_else(|| voice.say("event-gap"))),
        Kind::Status => by_core(said(voice, entry).unwrap_or_else(|| voice.say("event-status"))),
        Kind::Note => by_core(said(voice, entry).unwrap_or_else(|| voice.say("event-note"))),
        Kind::Unreadable => {
            by_core(said(voice, entry).unwrap_or_else(|| voice.say("event-unreadable")))
        }
    }
}

/// Describes a refusal: that it was not taken, and why.
pub(super) fn refusal(voice: Localizer<'_>, entry: &Redacted) -> String {
    match said(voice, entry) {
        Some(why) => voice.with("event-refused", "why", why),
        None => voice.say("event-refused-bare"),
    }
}

/// Returns the sentence that an entry carries in both languages.
fn said(voice: Localizer<'_>, entry: &Redacted) -> Option<String> {
    let said = |key| entry.body.get(key)?.get(voice.lang.code())?.as_str();
    let said = ["why", "line", "say"].into_iter().find_map(said).filter(|said| !said.is_empty());
    said.map(|said| voice.names.within(said).into_owned())
}

/// Describes an event at an input; without the input while that is secret.
fn event(voice: Localizer<'_>, row: &EventRow<'_>) -> String {
    let entry = row.entry;
    let kind = text(entry, "kind").unwrap_or("?");
    let device = text(entry, "device").unwrap_or("?");
    let held = row.held_us().map(|us| held(voice, us));
    let words = match (text(entry, "input"), kind) {
        (None, "press") => match held {
            Some(time) => voice.with("event-secret-held", "time", time),
            None => voice.say("event-secret-press"),
        },
        (None, "release") => voice.say("event-secret-release"),
        (_, "snapshot") => voice.with("event-snapshot", "device", device),
        (None, "fault" | "recovered") => {
            voice.with(&format!("event-secret-{kind}"), "device", device)
        }
        (None, _) => voice.say("event-secret"),
        (Some(input), _) => {
            let data = |key: &str| entry.body.get("data").and_then(|data| data.get(key));
            let word = |key: &str| data(key).map(plain).unwrap_or_default();
            let key = match kind {
                "press" if held.is_some() => "event-held".to_owned(),
                "switch" if data("on").and_then(Value::as_bool) == Some(true) => {
                    "event-on".to_owned()
                }
                "switch" => "event-off".to_owned(),
                "tag_removed" => "event-tag-removed".to_owned(),
                "hold_end" => "event-hold-end".to_owned(),
                known => format!("event-{known}"),
            };
            let what = match kind {
                "turn" => word("delta"),
                "value" => {
                    format!("{} {}", number(voice, &word("v")), word("unit")).trim_end().to_owned()
                }
                "tag" | "tag_removed" => word("uid"),
                "key" => word("symbol"),
                "line" => quoted(voice, &word("text")),
                "fault" => fault(voice, &word("what")),
                "click" => word("count"),
                "hold" | "hold_end" => self::held(
                    voice,
                    data("ms").and_then(Value::as_i64).unwrap_or_default() * 1_000,
                ),
                "chord" => list(data("inputs")),
                _ => held.unwrap_or_default(),
            };
            let blanks = [
                ("input", input.to_owned().into()),
                ("device", device.to_owned().into()),
                ("what", what.into()),
            ];
            let told = voice.words.tell(voice.lang, &key, blanks);
            // A later agent's kind of event.
            if told == key { format!("{input}: {kind}") } else { told }
        }
    };
    match entry.body.get("late").and_then(Value::as_bool) {
        Some(true) => format!("{words} {}", voice.say("event-late")),
        Some(false) | None => words,
    }
}

/// Describes an act: what was done, to whom, with which words, and why.
fn act(voice: Localizer<'_>, entry: &Redacted) -> String {
    let name = text(entry, "name").unwrap_or("?");
    let key = format!("did-{name}");
    let did = Some(voice.say(&key)).filter(|words| *words != key);
    let did = did.unwrap_or_else(|| voice.with("did-other", "name", quoted(voice, name)));
    let args = entry.body.get("args");
    let arg =
        |key: &str| args.and_then(|args| args.get(key)).map(plain).filter(|text| !text.is_empty());
    let of_command = |key: &str| {
        args.and_then(|args| args.get("command")?.get(key))
            .map(plain)
            .filter(|text| !text.is_empty())
    };
    let mode = arg("mode").map(|mode| voice.say(&format!("mode-{mode}")));
    let step = arg("do").map(|word| {
        let key = format!("did-show-{word}");
        Some(voice.say(&key)).filter(|words| *words != key).unwrap_or(word)
    });
    let named = ["game", "slot", "with", "room"].into_iter().filter_map(arg);
    let named = named.map(|it| voice.names.within(&it).into_owned());
    let said = ["text", "question", "label", "item"].into_iter().filter_map(arg);
    let output = of_command("device").zip(of_command("output"));
    let output = output.map(|(device, output)| format!("{device}/{output}"));
    let session = arg("session")
        .or_else(|| arg("entry"))
        .map(|number| voice.with("event-number", "n", number));
    let reason = text(entry, "reason").filter(|reason| !reason.is_empty());
    let parts = [Some(did), mode, step, session].into_iter().flatten().chain(named).chain(output);
    let parts = parts.chain(said.map(|said| quoted(voice, &said)));
    let parts = parts.chain(reason.map(|reason| voice.with("event-because", "reason", reason)));
    parts.collect::<Vec<_>>().join(" · ")
}

/// Describes a fault of an input.
fn fault(voice: Localizer<'_>, what: &str) -> String {
    let key = format!("fault-{what}");
    Some(voice.say(&key)).filter(|words| *words != key).unwrap_or_else(|| what.to_owned())
}

/// Formats how long something was held: `0.4 s`, in French `0,4 s`; from a minute on as lengths are.
fn held(voice: Localizer<'_>, micros: i64) -> String {
    if micros >= 60_000_000 {
        return voice.lasted(micros);
    }
    let tenths = ((micros + 50_000) / 100_000).max(1);
    let point = if voice.lang == Lang::Fr { ',' } else { '.' };
    format!("{}{point}{}\u{a0}s", tenths / 10, tenths % 10)
}

/// Writes a number by the language's rules.
fn number(voice: Localizer<'_>, number: &str) -> String {
    if voice.lang == Lang::Fr { number.replace('.', ",") } else { number.to_owned() }
}

/// Puts a text in the language's quotation marks.
fn quoted(voice: Localizer<'_>, text: &str) -> String {
    match voice.lang {
        Lang::Fr => format!("«\u{a0}{text}\u{a0}»"),
        Lang::En => format!("“{text}”"),
    }
}

/// Lists the names of an array.
fn list(names: Option<&Value>) -> String {
    let names = names.and_then(Value::as_array).into_iter().flatten();
    names.map(plain).collect::<Vec<_>>().join(" + ")
}

/// Returns a value as people write it; empty for what is no single value.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
    }
}

#[cfg(test)]
mod tests;

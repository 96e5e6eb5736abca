use super::*;
use crate::http::page::events::rows::rows;
use crate::http::page::text::words;
use crate::journal::{Entry, Secrets};
use crate::names::Names;
use eg_page::Words;
use eg_proto::Timestamp;
use serde_json::json;

const LANGS: [Lang; 2] = [Lang::Fr, Lang::En];

/// Words of events on the wire, each with what it carries.
fn events() -> [(&'static str, Value); 16] {
    [
        ("press", json!({})),
        ("release", json!({})),
        ("switch", json!({ "on": true })),
        ("switch", json!({ "on": false })),
        ("turn", json!({ "delta": -2 })),
        ("value", json!({ "v": 1.5, "min": 0, "max": 3.3, "unit": "V" })),
        ("tag", json!({ "uid": "04A37C91" })),
        ("tag_removed", json!({ "uid": "04A37C91" })),
        ("key", json!({ "symbol": "7" })),
        ("line", json!({ "text": "hello" })),
        ("snapshot", json!({ "levels": [false] })),
        ("fault", json!({ "what": "stuck", "count": 1 })),
        ("recovered", json!({})),
        ("click", json!({ "count": 2 })),
        ("hold", json!({ "ms": 800 })),
        ("hold_end", json!({ "ms": 1200 })),
    ]
}

fn entry(kind: Kind, session: Option<i64>, body: Value) -> Entry {
    let (slot, cause, choice) = ("slot-04".parse().ok(), None, Vec::new());
    Entry { id: 1, at: Timestamp(0), kind, slot, session, cause, body, choice }
}

fn event(kind: &str, data: Value) -> Value {
    json!({ "device": "panel", "input": "b", "kind": kind, "data": data })
}

fn said(words: &Words, lang: Lang, entry: &Entry) -> String {
    let Sentence { who, words } =
        sentence(Localizer { words, lang, names: Names::none() }, &Redacted::of(entry, None));
    format!("{who} {words}").trim_start().to_owned()
}

/// Asserts that a sentence is one: no fields by name, no key of a word, no blank that was not filled.
fn is_sentence(told: &str) {
    let fields = told.contains('=') || told.contains('{') || told.contains("null");
    let key = told.split_whitespace().any(|word| {
        ["event-", "did-", "kind-", "act-", "fault-"].iter().any(|begins| word.starts_with(begins))
    });
    assert!(!told.is_empty() && !fields && !key, "{told}");
}

#[test]
fn every_kind_of_entry_has_a_sentence_in_both_languages() {
    let words = words().unwrap();
    let text = json!({ "fr": "une raison", "en": "a reason" });
    for kind in Kind::ALL {
        for body in [json!({}), json!({ "line": text, "why": text, "step": 2, "outcome": "A" })] {
            let [fr, en] =
                LANGS.map(|lang| said(&words, lang, &entry(*kind, Some(7), body.clone())));
            is_sentence(&fr);
            is_sentence(&en);
            assert_ne!(fr, en, "{kind:?}");
        }
    }
}

#[test]
fn every_kind_of_event_has_a_sentence_in_both_languages() {
    let words = words().unwrap();
    for (kind, data) in events() {
        for session in [None, Some(7)] {
            let body = event(kind, data.clone());
            let [fr, en] =
                LANGS.map(|lang| said(&words, lang, &entry(Kind::Event, session, body.clone())));
            is_sentence(&fr);
            is_sentence(&en);
            assert_ne!(fr, en, "{kind}");
        }
    }
    let chord = json!({ "device": "panel", "input": "x", "kind": "chord", "data": { "inputs": ["a", "b"] } });
    assert_eq!(
        said(&words, Lang::En, &entry(Kind::Event, None, chord)),
        "slot-04 pressed a + b together"
    );
}

#[test]
fn every_act_that_has_a_name_on_the_page_has_a_sentence() {
    let words = words().unwrap();
    let names = include_str!("../../words/acts.en.ftl").lines();
    let names: Vec<_> =
        names.filter_map(|line| line.strip_prefix("act-")?.split(" =").next()).collect();
    assert!(names.len() > 30);
    for name in names {
        let body = json!({ "name": name, "by": "anna", "args": {} });
        for lang in LANGS {
            let told = said(&words, lang, &entry(Kind::Act, Some(7), body.clone()));
            is_sentence(&told);
            assert!(!told.contains(&format!("“{name}”")) && !told.contains('«'), "{told}");
        }
    }
}

#[test]
fn a_press_is_told_as_people_tell_it() {
    let words = words().unwrap();
    let press = |session| entry(Kind::Event, session, event("press", json!({})));

    assert_eq!(said(&words, Lang::En, &press(None)), "slot-04 pressed b");
    assert_eq!(said(&words, Lang::Fr, &press(None)), "slot-04 a appuyé sur b");
    assert_eq!(said(&words, Lang::En, &press(Some(7))), "slot-04 pressed (which is secret)");
}

#[test]
fn a_secret_choice_is_told_by_no_sentence_of_any_kind() {
    let words = words().unwrap();
    let secret = "QUAGGA";
    for (kind, mut data) in events() {
        for value in data.as_object_mut().unwrap().values_mut() {
            *value = secret.into();
        }
        let body = json!({ "device": "panel", "input": secret, "kind": kind, "data": data });
        let redacted = [Redacted::of(&entry(Kind::Event, Some(7), body), None)];
        for lang in LANGS {
            let told =
                tell(Localizer { words: &words, lang, names: Names::none() }, &rows(&redacted)[0]);
            assert!(!told.words.contains(secret), "{}", told.words);
        }
    }
    for (kind, body) in [
        (Kind::Vote, json!({ "choice": secret })),
        (
            Kind::Act,
            json!({ "name": "proxy", "by": "anna", "args": { "slot": "slot-02", "choice": secret } }),
        ),
    ] {
        let redacted = Secrets::default().redacted(&entry(kind, Some(7), body));
        for lang in LANGS {
            let told = sentence(Localizer { words: &words, lang, names: Names::none() }, &redacted);
            assert!(!told.words.contains(secret), "{}", told.words);
        }
    }
}

#[test]
fn an_act_is_told_with_what_was_said_and_why() {
    let words = words().unwrap();
    let body = json!({ "name": "hint", "by": "anna", "reason": "they asked",
        "args": { "slot": "slot-02", "text": "Look up" } });

    let told = said(&words, Lang::En, &entry(Kind::Act, Some(7), body));

    assert_eq!(told, "anna gave a hint · slot-02 · “Look up” · because they asked");
}

#[test]
fn every_act_of_the_core_is_told_in_both_languages() {
    let words = words().unwrap();
    // Those that no game offers; a game's own are known by its labels too.
    let acts = [
        "start",
        "finish",
        "abort",
        "reveal",
        "hint",
        "time",
        "undo",
        "force",
        "release",
        "mode",
        "name",
        "players",
        "plan",
        "show",
        "settings",
        "settings-of-file",
        "roll-call",
        "roll-call-end",
        "reset-room",
        "output",
        "all-off",
        "lamps",
        "lamps-stop",
        "restart",
        "request",
        "export",
        "backup",
        "adopt",
        "replace",
        "revoke",
        "label",
        "reseat",
        "open",
    ];

    for (act, lang) in acts.into_iter().flat_map(|act| LANGS.map(|lang| (act, lang))) {
        let known = words.say(lang, &format!("did-{act}"));
        assert_ne!(known, format!("did-{act}"), "{lang:?}");
    }
}

//! Tests that every game of this core has a form in both languages, and that the form and the text say the same.

use super::form::form;
use super::{Shown, shown};
use crate::auth::Role;
use crate::engine::read_model::{ReadModel, Room, RoomSettings};
use crate::http::Caller;
use crate::http::page::text::{Localizer, words};
use crate::http::settings::{Branch, FormFields, ListChange, Schema, Shape, apply, value, yaml};
use crate::names::Names;
use eg_game::{GameEntry, games};
use eg_page::Lang;
use serde_json::{Value, json};

/// Settings of every game with all of its kinds of value, as a file would hold them.
const WHOLE: [(&str, &str); 7] = [
    ("buzzer", "early: { lockout: 1s }\nkey: buzz\nroll_call: false\ntie: random\nwindow: 20ms\n"),
    ("casino", "cashier: slot-01\nrehearsal: true\n"),
    (
        "code-lock",
        "attempts: { allowed: 3, lockout: 30s }\nback: '<'\nbetween: 10s\ncode: '0123'\nkeys: { a: '0' }\nmatching: sliding\n\
         opens: { output: door, pulse: 2s, slot: slot-01 }\nslot: slot-01\n",
    ),
    (
        "combination",
        "settle: 1s\nwhen: { all: [{ on: slot-01/lid }, { any: [{ not: { off: slot-01/door } }, { tag: { at: slot-01/reader, uid: 04A3 } }] }, \
         { between: { at: slot-01/dial, min: 0.25, max: 7 } }] }\n",
    ),
    (
        "majority",
        "blank: nobody\ncount_blank: true\nkeys: [a, b]\noptions: ['Yes', 'No']\nquestion: Ready?\nquorum: 50%\nthreshold: 2/3\ntimeout: 1m\n",
    ),
    (
        "night-vote",
        "decided: close\nexpected: 2\nillegal: [dead, self]\nkeys: { a: Ada }\nmissing: fail\nsecrecy: live\nsteps:\n\
         - { question: 'Who: you?', options: [Ada, Bob], keys: { a: Ada, b: Bob } }\ntie: { chair: slot-01 }\ntimeout: 1m\nwarnings: []\n",
    ),
    ("together", "distinct: false\nneeded: 1\nplaces: [{ slot: slot-01, input: a }]\nwindow: 1s\n"),
];

fn room() -> Room {
    Room { game: "night-vote".to_owned(), ..Room::default() }
}

/// Calls `look` with the page of these settings.
fn with_page<T>(
    entry: &'static GameEntry,
    text: &str,
    lang: Lang,
    look: impl FnOnce(&Shown<'_>) -> T,
) -> T {
    let words = words().unwrap();
    let voice = Localizer { words: &words, lang, names: Names::none() };
    let (id, room, model, settings) =
        ("main".parse().unwrap(), room(), ReadModel::default(), RoomSettings::default());
    let caller = Caller::of_user("anna", Role::Operator);
    let written = (text.to_owned(), Some(json!({})));
    look(&shown(voice, &id, &model, (&room, &settings), entry, &caller, written))
}

/// Returns the fields of a form as a browser sends them.
fn sent(html: &str) -> FormFields {
    let attribute = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        Some(unescaped(rest.split_once('"')?.0))
    };
    let mut fields = FormFields::new();
    for piece in html.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap();
        let name = attribute(tag, "name");
        match (tag.split(' ').next().unwrap(), name) {
            ("input", Some(name)) if tag.contains("type=\"checkbox\"") => {
                let on = tag.contains(" checked");
                let word = attribute(tag, "value").unwrap_or("true".to_owned());
                fields.insert(name, if on { word } else { "false".to_owned() });
            }
            ("input", Some(name)) => {
                drop(fields.insert(name, attribute(tag, "value").unwrap_or_default()))
            }
            ("textarea", Some(name)) => drop(fields.insert(name, unescaped(text))),
            ("select", Some(name)) => drop(fields.insert(format!("?{name}"), String::new())),
            ("option", None) => {
                let (open, first) = fields
                    .range("?".to_owned().."@".to_owned())
                    .map(|(k, v)| (k.clone(), v.clone()))
                    .next()
                    .unwrap();
                let value = attribute(tag, "value").unwrap();
                if tag.contains(" selected") || first.is_empty() {
                    fields.insert(open, format!("={value}"));
                }
            }
            ("/select", None) => {
                let open = fields
                    .range("?".to_owned().."@".to_owned())
                    .map(|(key, _)| key.clone())
                    .next()
                    .unwrap();
                let chosen = fields.remove(&open).unwrap();
                fields.insert(open[1..].to_owned(), chosen[1..].to_owned());
            }
            _ => {}
        }
    }
    fields
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

#[test]
fn every_game_has_a_form_that_says_what_its_settings_say() {
    let tried: Vec<_> = WHOLE.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(
        tried,
        games().iter().map(|entry| entry.kind).collect::<Vec<_>>(),
        "a game has no settings here"
    );

    for (entry, (kind, text)) in games().into_iter().zip(WHOLE) {
        let (kept, fields) = with_page(entry, text, Lang::En, |shown| {
            let kept =
                shown.checked.clone().unwrap_or_else(|problems| panic!("{kind}: {problems}"));
            let html = form(shown, shown.value.as_ref().unwrap()).into_string();
            (kept, sent(&html))
        });

        let schema = (entry.schema)().to_value();
        let said = value(Schema::of(&schema), "", &fields).unwrap();

        assert_eq!(said, kept, "{kind}: {fields:#?}");
        with_page(entry, &yaml(&said), Lang::En, |shown| {
            assert_eq!(shown.checked.as_ref().ok(), Some(&kept), "{kind}")
        });
    }
}

#[test]
fn a_form_in_which_nothing_is_typed_writes_nothing() {
    for entry in games() {
        let fields =
            with_page(entry, "{}", Lang::En, |shown| sent(&form(shown, &json!({})).into_string()));
        let schema = (entry.schema)().to_value();

        let mut said = value(Schema::of(&schema), "", &fields).unwrap();

        let Shape::Group(keys) = Schema::of(&schema).shape() else { panic!() };
        let required: Vec<_> = keys.iter().filter(|key| key.required).map(|key| key.name).collect();
        let written = said.as_object_mut().unwrap();
        written.retain(|name, _| !required.contains(&name.as_str()));
        assert_eq!(said, json!({}), "{}: these defaults are not told", entry.kind);
    }
}

/// Checks a schema and all below it: no kind of value is without a field of its own, and all words are French too.
fn walk(kind: &str, path: &str, schema: Schema<'_>, depth: usize) {
    let french = |schema: Schema<'_>, path: &str| {
        let (fr, en) = (schema.about(Lang::Fr), schema.about(Lang::En));
        assert!(en.is_none() || fr != en, "{kind}: {path} is described in English alone: {en:?}");
    };
    if depth == 0 {
        return;
    }
    let words = |branches: &[Branch<'_>]| {
        for branch in branches {
            match branch {
                Branch::Word(word, schema) => french(*schema, &format!("{path}={word}")),
                Branch::Tagged(key, schema, inner) => {
                    french(*schema, &format!("{path}={key}"));
                    walk(kind, &format!("{path}/{key}"), *inner, depth - 1);
                }
                Branch::Plain(_) => {}
            }
        }
    };
    match schema.shape() {
        Shape::Group(keys) => {
            for key in keys {
                let path = format!("{path}/{}", key.name);
                french(key.schema, &path);
                let (fr, en) =
                    (key.schema.title(key.name, Lang::Fr), key.schema.title(key.name, Lang::En));
                assert!(
                    fr != en || ["Question", "Quorum"].contains(&fr.as_str()),
                    "{kind}: {path} has no French title"
                );
                walk(kind, &path, key.schema, depth - 1);
            }
        }
        Shape::Optional(inner) | Shape::List(inner) | Shape::Lines(inner) | Shape::Map(inner) => {
            walk(kind, path, inner, depth - 1);
        }
        Shape::Choice(branches) | Shape::Ticks(branches) | Shape::Branches(branches) => {
            words(&branches)
        }
        Shape::Text | Shape::Span | Shape::Number { .. } | Shape::Tick | Shape::Free => {}
    }
}

#[test]
fn every_key_of_every_game_is_told_in_both_languages() {
    for entry in games() {
        let schema = (entry.schema)().to_value();
        assert!(matches!(Schema::of(&schema).shape(), Shape::Group(_)), "{}", entry.kind);
        walk(entry.kind, "", Schema::of(&schema), 8);
    }
}

#[test]
fn a_mistake_stands_at_its_field_and_with_its_line() {
    let entry = games().into_iter().find(|entry| entry.kind == "night-vote").unwrap();
    let html = with_page(
        entry,
        "grace: 5\nsteps:\n  - question: Who?\n    options: [A]\n",
        Lang::Fr,
        |shown| {
            let value: Value =
                json!({"grace": 5, "steps": [{"question": "Who?", "options": ["A"]}]});
            (form(shown, &value).into_string(), super::told::told(shown).into_string())
        },
    );

    let at = |id: &str| {
        let (_, rest) = html.0.split_once(&format!("id=\"{id}~wrong\">")).unwrap();
        rest.split_once('<').unwrap().0.to_owned()
    };
    assert_eq!(at("f/grace"), "5 n’a pas d’unité ; écrire 5ms, 5s ou 5m");
    assert!(at("f/steps/0/options").contains("au moins 2 choix"), "{}", at("f/steps/0/options"));
    assert_eq!(at("f/steps/0/question"), "");
    assert!(html.1.contains("ligne 1:8"), "{}", html.1);
}

#[test]
fn an_item_that_is_added_asks_for_what_it_needs() {
    let schema =
        (games().into_iter().find(|entry| entry.kind == "night-vote").unwrap().schema)().to_value();
    let mut fields = FormFields::new();
    let change: ListChange =
        serde_json::from_value(json!({"act": "add", "list": "/steps"})).unwrap();

    apply(&change, &mut fields);

    assert_eq!(
        value(Schema::of(&schema), "", &fields).unwrap()["steps"],
        json!([{ "options": [] }])
    );
}

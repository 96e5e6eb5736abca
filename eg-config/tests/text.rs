//! Texts are what stands in the file, through every way by which settings travel.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeMap;

use eg_config::{KeyPath, Source, json_at, read, read_at, texts_at};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Texts that YAML takes for something else.
const LOOK_ALIKES: &[&str] = &[
    "0123",
    "007",
    "01",
    "00",
    "0",
    "12",
    "1.10",
    "1.0",
    "0x10",
    "0X1F",
    "0o17",
    "0b11",
    "1e3",
    "1E+3",
    "1_000",
    "+5",
    "-0",
    "-7",
    ".5",
    "5.",
    ".inf",
    "-.inf",
    ".nan",
    ".NaN",
    "1e400",
    "true",
    "True",
    "FALSE",
    "yes",
    "No",
    "on",
    "OFF",
    "y",
    "null",
    "Null",
    "NULL",
    "~",
    "2024-01-01",
    "2001-12-14t21:59:43.10-05:00",
    "12:30:45",
    "190:20",
    "99999999999999999999999999",
    "-170141183460469231731687303715884105729",
    "0.1e-7",
    "1.7976931348623159e308",
];

fn yaml(text: &str) -> Source {
    Source::text("f.yaml", text)
}

fn as_json<T: DeserializeOwned>(text: &str) -> Value {
    json_at::<T>(&yaml(text), &KeyPath::root()).unwrap()
}

fn heads<T: DeserializeOwned>(source: &Source) -> Vec<String> {
    let result = read::<T>(source);
    result.err().into_iter().flatten().map(|problem| problem.head()).collect()
}

#[test]
fn a_text_is_what_stands_in_the_file() {
    for text in LOOK_ALIKES {
        let block = format!("- {text}\n- {text} # said\n- &a {text}\n- *a\n-   {text}  \n");
        let flow = format!("[{text}, {text} , '{text}', \"{text}\"]");

        let block: Vec<String> = read(&yaml(&block)).unwrap();
        let flow: Vec<String> = read(&yaml(&flow)).unwrap();

        assert_eq!(block, [*text; 5], "{text}");
        assert_eq!(flow, [*text; 4], "{text}");
    }
}

#[test]
fn a_key_is_what_stands_in_the_file() {
    for text in LOOK_ALIKES {
        let all: BTreeMap<String, BTreeMap<String, String>> =
            read(&yaml(&format!("a: {{ {text}: 1 }}\nb:\n  {text}: {text}\n"))).unwrap();

        assert_eq!(all["a"].keys().collect::<Vec<_>>(), [text], "{text}");
        assert_eq!(all["b"][*text], *text);
    }
}

#[test]
fn a_text_stays_itself_on_its_way_through_json() {
    type Settings = BTreeMap<String, Vec<String>>;
    for text in LOOK_ALIKES {
        let file = format!("{text}: [{text}, x]\n");

        let kept = as_json::<Settings>(&file);

        let said: Settings = read(&yaml(&file)).unwrap();
        assert_eq!(kept, json!({ *text: [text, "x"] }), "{text}");
        for source in [Source::json("config", &kept), Source::kept_json("config", &kept)] {
            assert_eq!(read::<Settings>(&source).unwrap(), said, "{text}");
        }
    }
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    code: String,
    #[serde(default)]
    again: Option<String>,
    #[serde(default)]
    count: Option<u8>,
    #[serde(default)]
    level: Option<f64>,
    #[serde(default)]
    places: BTreeMap<u8, String>,
    #[serde(default)]
    on: bool,
    #[serde(default)]
    any: Value,
    #[serde(default)]
    kind: Option<Kind>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    True,
    Named(String),
}

#[test]
fn numbers_stay_numbers_beside_texts() {
    let text = "{ code: 010, again: ~, count: 0x10, level: 1e1, places: { 1: 1, 0x10: 2 }, on: true, any: 1.50, kind: { named: 08 } }";

    let kept = as_json::<Settings>(text);

    assert_eq!(
        kept,
        json!({ "code": "010", "again": null, "count": 16, "level": 10.0, "places": { "1": "1", "16": "2" },
            "on": true, "any": 1.5, "kind": { "named": "08" } })
    );
    let back: Settings = read(&Source::json("config", &kept)).unwrap();
    assert_eq!(back, read(&yaml(text)).unwrap());
    assert_eq!(as_json::<Settings>("{ code: a, kind: true }")["kind"], "true");
}

#[test]
fn a_number_that_json_does_not_have_is_told() {
    let problems =
        json_at::<Settings>(&yaml("code: .inf\nlevel: .inf\n"), &KeyPath::root()).unwrap_err();

    assert_eq!(
        problems.to_string().lines().next().unwrap(),
        "f.yaml:2:8: level: wanted a number that has an end, found .inf"
    );
}

#[test]
fn nothing_is_no_text() {
    for text in ["code:\n", "code: # nothing\n", "code: [ ~, ]\n", "{ code: , count: 1 }"] {
        assert_eq!(heads::<Settings>(&yaml(text)).len(), 1, "{text}");
    }
    let nothing: Settings = read(&yaml("code: x\nagain: null\n")).unwrap();
    assert_eq!(nothing.again, None);
}

#[test]
fn a_number_in_json_is_no_text() {
    let said = json!({ "code": 123, "again": true, "count": 3 });

    let told = heads::<Settings>(&Source::json("config", &said));
    let kept: Settings = read(&Source::kept_json("config", &said)).unwrap();

    assert_eq!(
        told,
        [
            "config:2:12: again: wanted text, found true; put it in quotes",
            "config:3:11: code: wanted text, found 123; put it in quotes",
        ]
    );
    assert_eq!(
        (kept.code.as_str(), kept.again.as_deref(), kept.count),
        ("123", Some("true"), Some(3))
    );
}

#[test]
fn what_was_kept_as_a_number_is_read_as_it_was() {
    let kept = json!({ "code": 123.0, "places": { "7": 1.1 } });

    let read: Settings = read(&Source::kept_json("config", &kept)).unwrap();

    assert_eq!((read.code.as_str(), read.places[&7].as_str()), ("123.0", "1.1"));
}

#[test]
fn everything_can_be_had_as_text() {
    let source = yaml("args: { a: [01, x, ~], b: 0x10, c: , d: { e: on } }\n");

    let args = texts_at(&source, &KeyPath::from(["args"])).unwrap();
    let nothing = texts_at(&source, &KeyPath::from(["no", "such"])).unwrap();

    assert_eq!(args, json!({ "a": ["01", "x", "~"], "b": "0x10", "c": null, "d": { "e": "on" } }));
    assert_eq!(nothing, Value::Null);
}

#[test]
fn a_wrong_number_is_told_as_it_is_written() {
    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "read for its mistakes")]
    struct Ports {
        a: u16,
        b: u8,
        c: bool,
    }
    let told = heads::<Ports>(&yaml("a: 01\nb: 0x100\nc: 1_0\n"));
    let more = heads::<Ports>(&yaml("a: 1.5\nb: 2.0\nc: 0o7\n"));

    assert_eq!(
        told,
        [
            "f.yaml:1:4: a: wanted a whole number from 0 to 65535, found 01; write 1",
            "f.yaml:2:4: b: wanted a whole number from 0 to 255, found 0x100",
            "f.yaml:3:4: c: wanted true or false, found 1_0",
        ]
    );
    assert_eq!(
        more,
        [
            "f.yaml:1:4: a: wanted a whole number from 0 to 65535, found 1.5",
            "f.yaml:2:4: b: wanted a whole number from 0 to 255, found 2.0; write 2",
            "f.yaml:3:4: c: wanted true or false, found 0o7",
        ]
    );
}

#[test]
fn a_part_alone_is_read_the_same() {
    let source = yaml("rooms:\n  vault: { config: { code: 0123 } }\n");
    let path = KeyPath::from(["rooms", "vault", "config"]);

    assert_eq!(read_at::<Settings>(&source, &path).unwrap().code, "0123");
    assert_eq!(json_at::<Settings>(&source, &path).unwrap(), json!({ "code": "0123" }));
}

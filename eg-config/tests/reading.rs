//! Values that are read, and that one mistake is one problem.

use std::collections::BTreeMap;

use eg_config::{Anything, KeyPath, Located, Problems, Source, Span, read, read_at, read_lenient};
use serde::Deserialize;
use serde::de::DeserializeOwned;

fn heads<T: DeserializeOwned>(text: &str) -> Vec<String> {
    let result = read::<T>(&Source::text("f.yaml", text));
    result.err().into_iter().flatten().map(|problem| problem.head()).collect()
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(try_from = "String")]
struct Line(u8);

impl TryFrom<String> for Line {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let number = name.strip_prefix("GPIO").and_then(|number| number.parse().ok());
        number
            .map(Self)
            .ok_or_else(|| format!("no line called {name:?}; lines are GPIO0 to GPIO27"))
    }
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    line: Line,
    pair: [Line; 2],
    #[serde(default)]
    hold: Span,
    mode: Mode,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum Mode {
    Quiet,
    Blink { every: Span, times: u8 },
    Level(u8),
}

#[test]
fn reads_every_kind_of_value() {
    let text = "line: GPIO4\npair: [GPIO1, GPIO2]\nhold: 1m30s\nmode: { blink: { every: 20ms, times: 0x3 } }\n";

    let config: Config = read(&Source::text("f.yaml", text)).unwrap();

    assert_eq!(
        config,
        Config {
            line: Line(4),
            pair: [Line(1), Line(2)],
            hold: Span::from_secs(90),
            mode: Mode::Blink { every: Span::from_millis(20), times: 3 },
        }
    );
}

#[test]
fn reads_numbers_as_the_text_they_were_written_as() {
    let text = "a: 0041\nb: 1e5\nc: true\nd: 1.50\ne: &x 7\nf: *x\n1: one\ng: off\n";

    let read: BTreeMap<String, String> = read(&Source::text("f.yaml", text)).unwrap();

    let written: Vec<_> = read.values().map(String::as_str).collect();
    assert_eq!(written, ["one", "0041", "1e5", "true", "1.50", "7", "7", "off"]);
}

#[test]
fn reads_json() {
    let json = serde_json::json!({ "line": "GPIO4", "pair": ["GPIO1", "GPIO2"], "mode": { "level": 3 }, "hold": "20ms" });

    for source in [Source::json("config", &json), Source::text("config", json.to_string())] {
        let config = read::<Config>(&source).unwrap();

        assert_eq!(config.mode, Mode::Level(3));
    }
}

#[test]
fn reads_every_character_that_json_can_hold() {
    let edges = ["", " ", "~", "1", "a: b", "# x", "- a", "{", "\u{feff}", "\r\n", "\"\\/"]
        .map(str::to_owned);
    let all =
        (0..=0x1_1000).filter_map(char::from_u32).map(|c| format!("x{c}")).collect::<Vec<_>>();
    let texts: Vec<String> =
        edges.into_iter().chain(all.chunks(2000).map(|some| some.concat())).collect();

    let read: Vec<String> = read(&Source::json("config", &serde_json::json!(texts))).unwrap();

    assert_eq!(read, texts);
}

#[test]
fn tells_a_mistake_in_each_value_of_one_mapping() {
    let heads = heads::<Config>(
        "line: GPIOX\npair: [GPIO1, B, C]\nhold: 3\nmode: { blink: { evry: 2, tims: many } }\n",
    );

    insta::assert_debug_snapshot!(heads);
}

#[test]
fn tells_every_missing_key() {
    let heads = heads::<Config>("hold: 2s\n");

    insta::assert_debug_snapshot!(heads);
}

#[test]
fn tells_what_kind_of_value_is_wanted() {
    let heads = heads::<Config>("line: [1]\npair: GPIO1\nhold: {}\nmode: [quiet]\n");

    insta::assert_debug_snapshot!(heads);
}

#[test]
fn tells_of_names_and_counts() {
    let all = [
        heads::<Mode>("quit"),
        heads::<Mode>("{ quiet: 1 }"),
        heads::<Mode>("blink"),
        heads::<Mode>("{ level: 256 }"),
        heads::<Mode>("{ level: 1, quiet: 2 }"),
        heads::<(u8, u8)>("[1, 2, 3]"),
        heads::<(u8, u8)>("[1]"),
        heads::<BTreeMap<u8, bool>>("{ 1: on, x: true, 3: flase }"),
        heads::<BTreeMap<Line, bool>>("{ GPIO1: true, GPIO: true }"),
        heads::<Vec<String>>("[a, [b], {c: d}, ~]"),
    ];

    insta::assert_debug_snapshot!(all);
}

impl PartialOrd for Line {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Eq for Line {}

impl Ord for Line {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

#[test]
fn a_check_of_the_whole_waits_for_its_parts() {
    #[derive(Debug, Deserialize)]
    struct Raw {
        low: u8,
        high: u8,
    }
    #[derive(Debug, Deserialize)]
    #[serde(try_from = "Raw")]
    struct Range;
    impl TryFrom<Raw> for Range {
        type Error = &'static str;

        fn try_from(raw: Raw) -> Result<Self, Self::Error> {
            if raw.low < raw.high { Ok(Self) } else { Err("low has to be below high") }
        }
    }

    let apart = heads::<Vec<Range>>(
        "- { low: 5, high: 4 }\n- { low: 5, high: x }\n- { low: 5, hihg: 4 }\n",
    );

    insta::assert_debug_snapshot!(apart);
}

#[test]
fn shows_a_mistake_behind_an_alias_where_it_is_written() {
    let text = "one: &one { every: 20, times: 1 }\ntwo: *one\nthree: { <<: *one, times: 2 }\n";
    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "read for its mistakes")]
    struct Blink {
        every: Span,
        times: u8,
    }

    let heads = heads::<BTreeMap<String, Blink>>(text);

    assert_eq!(heads, ["f.yaml:1:20: one.every: 20 has no unit; write 20ms, 20s or 20m"]);
}

#[test]
fn a_left_out_part_is_an_empty_one() {
    #[derive(Debug, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    #[derive(Default)]
    struct Optional {
        port: Option<u16>,
    }
    let source = Source::text("f.yaml", "devices:\n  keys:\n    driver: evdev-keys\n");
    let config = KeyPath::from(["devices", "keys", "config"]);

    let optional: Optional = read_at(&source, &config).unwrap();
    let problems = read_at::<Mode>(&source, &config).unwrap_err();
    let lacking = read_at::<Config>(&source, &config).unwrap_err();

    assert_eq!(optional.port, None);
    assert_eq!(problems.len(), 1);
    assert_eq!(
        lacking.iter().next().unwrap().head(),
        "f.yaml:2:3: devices.keys.config: missing key \"line\""
    );
}

#[test]
fn a_survey_goes_on_with_stand_ins() {
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "read for its mistakes")]
    struct Device {
        driver: Located<String>,
        line: Option<u8>,
    }
    let text = "panel: { driver: buton-row, line: x }\nreader: { drivr: serial-tag }\nghost: { line: 3 }\n";
    let source = Source::text("f.yaml", text);

    let (devices, problems) = read_lenient::<BTreeMap<Located<String>, Device>>(&source);

    let devices = devices.unwrap();
    let written: Vec<_> = devices.values().filter(|device| device.driver.is_written()).collect();
    assert_eq!(problems.len(), 3, "{problems}");
    assert_eq!(
        written.iter().map(|device| device.driver.as_str()).collect::<Vec<_>>(),
        ["buton-row", "serial-tag"]
    );
    let (name, _) = devices.first_key_value().unwrap();
    assert_eq!((name.as_str(), name.at().line, name.at().path.as_str()), ("ghost", 3, "ghost"));
}

#[test]
fn points_at_a_path_and_serializes() {
    let source =
        Source::text("f.yaml", "devices:\n  panel:\n    config: { inputs: [GPIO5, GPIO5] }\n");
    let line = KeyPath::from(["devices", "panel", "config", "inputs"]).index(1);

    let problem = source
        .problem_at(&line, "GPIO5 is taken by devices.panel.config.inputs[0]")
        .wanted(["GPIO6"]);

    insta::assert_snapshot!(problem);
    insta::assert_json_snapshot!(Problems::from(problem));
}

#[test]
fn a_problem_is_said_once_and_in_order() {
    let source = Source::text("f.yaml", "a: 1\nb: 2\n");
    let at = |key: &str| source.problem_at(&KeyPath::root().key(key), "wrong");

    let problems: Problems = [at("b"), at("a"), at("b")].into_iter().collect();

    let lines: Vec<_> = problems.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [Some(1), Some(2)]);
}

#[test]
fn mistakes_in_flattened_and_tagged_parts_are_shown_at_the_mapping() {
    #[derive(Debug, Deserialize)]
    #[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
    #[expect(dead_code, reason = "read for its mistakes")]
    enum Tagged {
        One { x: u8 },
    }

    let all = [
        heads::<Vec<Tagged>>(
            "- { kind: one, x: 1, y: 2 }\n- { kind: on, x: 1 }\n- { kind: one, x: a }\n- { x: 1 }\n",
        ),
        heads::<Tagged>("kind: one\nx: 300\n"),
    ];

    insta::assert_debug_snapshot!(all);
}

#[test]
fn anything_takes_anything() {
    assert!(heads::<Anything>("a: [1, {b: c}]").is_empty());
    assert!(heads::<serde_json::Value>("a: [1, {b: c}, ~, 2.5, -3, true]").is_empty());
}

#[test]
fn a_name_alone_is_enough_for_a_variant_whose_value_may_be_left_out() {
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Tie {
        Random(Option<u64>),
        Chair(String),
    }
    let tie = |text: &str| read::<BTreeMap<String, Tie>>(&Source::text("f.yaml", text));

    assert_eq!(tie("tie: random").unwrap()["tie"], Tie::Random(None));
    assert_eq!(tie("tie: { random: 7 }").unwrap()["tie"], Tie::Random(Some(7)));
    assert_eq!(tie("tie: { chair: Anna }").unwrap()["tie"], Tie::Chair("Anna".to_owned()));
    let wrong = heads::<BTreeMap<String, Tie>>("tie: chair");
    assert_eq!(wrong, ["f.yaml:1:6: tie: wanted a value under the name, found text \"chair\""]);
}

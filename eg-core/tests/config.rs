//! Tests of the core's settings: defaults, mistakes, and variables of the environment that win.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use eg_config::{Problems, Source};
use eg_core::config::{BrokerConfig, CoreConfig, Environment, Ports};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

fn read(yaml: &str) -> Result<CoreConfig, Problems> {
    CoreConfig::from_source(&Source::text("core.yaml", yaml), &Environment::default())
}

fn said(pairs: &[(&str, &str)]) -> Environment {
    let owned = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Environment::of(&owned.collect::<BTreeMap<_, _>>()).unwrap()
}

#[test]
fn the_example_says_what_a_core_without_a_file_does() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../configs/core.yaml");
    let source = Source::read(file).unwrap();

    let example = CoreConfig::from_source(&source, &Environment::default()).unwrap();

    let none = CoreConfig::without_file(&Environment::default()).unwrap();
    assert_eq!(example.ports, Ports::default());
    assert_eq!(example.listen, none.listen);
    assert_eq!(example.db, none.db);
    assert_eq!((example.compat, &example.broker), (none.compat, &none.broker));
    let rooms = |config: &CoreConfig| config.rooms.keys().cloned().collect::<Vec<_>>();
    assert_eq!(rooms(&example), rooms(&none));
}

#[test]
fn a_room_has_times_and_lines_of_its_reset_and_each_mistake_has_its_place() {
    let yaml = "rooms: { main: { duration: 60m, idle: { warn: 2m, alarm: 4m }, reset: [Close the safe] } }";
    let config = read(yaml).unwrap();
    let room = config.rooms.values().next().unwrap();
    assert_eq!(room.times.duration, Some(Duration::from_secs(3_600)));
    assert_eq!(room.times.warn, Duration::from_secs(120));
    assert_eq!(room.reset, ["Close the safe"]);

    let wrong = read(
        "rooms:\n  main:\n    duration: 0s\n    idle: { warn: 5m, alarm: 1m }\n    reset: [a, a, ' ']\n",
    );
    let told = wrong.unwrap_err().to_string();
    assert!(told.contains("core.yaml:3:15") && told.contains("from 1s to 24h"), "{told}");
    assert!(told.contains("core.yaml:4:30") && told.contains("shorter than `warn`"), "{told}");
    assert!(told.contains("core.yaml:5:16") && told.contains("core.yaml:5:19"), "{told}");
}

#[test]
fn the_example_of_an_existing_installation_plays_day_and_night() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../configs/day-and-night.yaml");
    let source = Source::read(file).unwrap();

    let example = CoreConfig::from_source(&source, &Environment::default()).unwrap();

    let games: Vec<_> = example.rooms.values().map(|room| room.game.as_str()).collect();
    assert_eq!((example.compat, games), (true, vec!["casino", "night-vote"]));
    assert_eq!(example.rooms["day"].slots.as_deref(), Some(&[][..]));
}

#[test]
fn the_example_of_a_show_is_found_from_the_file_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../configs/shows/evening.yaml");
    std::fs::create_dir(folder.path().join("shows")).unwrap();
    std::fs::copy(example, folder.path().join("shows/evening.yaml")).unwrap();
    let core = |show: &str| {
        let file = folder.path().join("core.yaml");
        std::fs::write(&file, format!("rooms: {{ main: {{ show: {show} }} }}\n")).unwrap();
        CoreConfig::from_source(&Source::read(file).unwrap(), &Environment::default())
    };

    let found = core("shows/evening.yaml").unwrap();
    let lost = core("shows/mornign.yaml").unwrap_err().to_string();

    let items = &found.rooms["main"].show.as_ref().unwrap().items;
    assert_eq!(
        items.iter().map(|item| &*item.name).collect::<Vec<_>>(),
        ["first-night", "question", "second-night"]
    );
    assert!(lost.contains("core.yaml:1:24") && lost.contains("no file"), "{lost}");
}

#[test]
fn a_core_without_a_file_has_one_room_for_every_slot_on_loopback() {
    let config = CoreConfig::without_file(&Environment::default()).unwrap();

    assert!(config.listen.is_loopback());
    let room = &config.rooms["main"];
    assert_eq!((room.game.as_str(), &room.slots), ("night-vote", &None));
}

#[test]
fn every_mistake_is_told_in_one_run() {
    let yaml = "listen: everywhere\ncompatt: true\nbroker: embeded\nrooms:\n  main: { game: nightvote }\n  \
                b: { slots: [slot-01], config: { grace: 2 } }\n  c: { slots: [slot-01] }\n";

    let problems = read(yaml).unwrap_err();

    let heads: Vec<_> = problems.iter().map(|problem| problem.head()).collect();
    let wanted = [
        "core.yaml:1:9: listen: \"everywhere\" is no address",
        "core.yaml:2:1: unknown key \"compatt\"; did you mean \"compat\"?",
        "core.yaml:3:9: broker: no broker called \"embeded\"; did you mean \"embedded\"?",
        "core.yaml:5:17: rooms.main.game: no game called \"nightvote\"; did you mean \"night-vote\"?",
        "core.yaml:6:43: rooms.b.config.grace: 2 has no unit",
        "core.yaml:7:16: rooms.c.slots[0]: slot-01 already plays in room b",
    ];
    assert_eq!(heads.len(), wanted.len(), "{problems}");
    for (head, wanted) in heads.iter().zip(wanted) {
        assert!(head.starts_with(wanted), "{head}\n{wanted}");
    }
}

#[test]
fn a_setting_that_cannot_work_for_these_players_is_told_at_its_place() {
    let yaml =
        "rooms:\n  main:\n    slots: [slot-01]\n    config:\n      tie: { chair: slot-09 }\n";

    let problems = read(yaml).unwrap_err();

    let head = problems.iter().next().unwrap().head();
    assert!(
        head.starts_with("core.yaml:5:12: rooms.main.config.tie: slot-09 does not play"),
        "{head}"
    );
}

#[test]
fn only_one_room_takes_whoever_comes() {
    let problems = read("rooms: { a: {}, b: {} }").unwrap_err();

    assert!(problems.to_string().contains("room a already takes every slot"), "{problems}");
}

#[test]
fn the_environment_wins() {
    let environment = said(&[
        ("MQTT_HOST", "broker.local"),
        ("MQTT_PORT", "2883"),
        ("CORE_DEVICE_ID", "core-07"),
        ("DB_PATH", "/data/eg.db"),
        ("NIGHT_EXPECTED_VOTES", "9"),
    ]);

    let config = CoreConfig::without_file(&environment).unwrap();

    let external = BrokerConfig::External {
        host: "broker.local".to_owned(),
        port: 2883,
        credentials: None,
        authority: None,
        mosquitto: None,
    };
    assert_eq!(config.broker, external);
    assert_eq!(config.device_id, "core-07");
    assert_eq!(config.db, Path::new("/data/eg.db"));
    assert_eq!(config.rooms["main"].config["expected"], 9);
}

#[test]
fn a_port_without_a_host_is_that_of_the_built_in_broker() {
    let config = CoreConfig::without_file(&said(&[("MQTT_PORT", "2883")])).unwrap();

    assert_eq!((config.broker, config.ports.mqtt), (BrokerConfig::Embedded, 2883));
}

#[test]
fn another_broker_is_reached_with_its_password_and_it_is_never_printed() {
    let config = read("broker: { host: b, username: core-01, password: s3cret }").unwrap();

    let BrokerConfig::External { credentials: Some(credentials), port: 1883, .. } = &config.broker
    else {
        panic!("{:?}", config.broker);
    };
    assert_eq!(credentials.password, "s3cret");
    assert!(!format!("{config:?}").contains("s3cret"));
}

#[test]
fn another_broker_s_password_may_stand_in_a_file_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("core.secret");
    std::fs::write(&file, "s3cret\n").unwrap();
    let (path, missing) = (file.display(), folder.path().join("none"));
    let yaml = |more: &str| format!("broker: {{ host: b, username: core-01, {more} }}");
    let credentials = |config: CoreConfig| match config.broker {
        BrokerConfig::External { credentials, .. } => credentials.unwrap(),
        BrokerConfig::Embedded => panic!("another broker is wanted"),
    };

    let by_file = read(&yaml(&format!("password_file: \"{path}\""))).unwrap();
    let of_nobody = read(&yaml(&format!("password_file: \"{}\"", missing.display()))).unwrap_err();
    let twice = read(&yaml(&format!("password: x, password_file: \"{path}\""))).unwrap_err();
    let pairs = [("MQTT_HOST", "b"), ("MQTT_PASSWORD_FILE", file.to_str().unwrap())];
    let by_variable = CoreConfig::without_file(&said(&pairs)).unwrap();
    let kept = read(&yaml("mosquitto: { files: /etc/eg }")).unwrap();

    assert_eq!(credentials(by_file).password, "s3cret");
    let found = credentials(by_variable);
    assert_eq!((found.user.as_str(), found.password.as_str()), ("core-01", "s3cret"));
    assert!(of_nobody.iter().next().unwrap().head().contains("cannot read"));
    assert!(twice.iter().next().unwrap().head().contains("one of the two is enough"));
    let BrokerConfig::External { mosquitto, .. } = kept.broker else { panic!("{:?}", kept.broker) };
    assert_eq!(mosquitto.as_deref(), Some(Path::new("/etc/eg")));
}

/// Texts that YAML takes for numbers and other values.
const LOOK_ALIKES: [&str; 14] = [
    "01",
    "007",
    "1.10",
    "0x10",
    "0o17",
    "1e3",
    "1_000",
    ".inf",
    "yes",
    "no",
    "null",
    "~",
    "2024-01-01",
    "12:30:45",
];

#[test]
fn settings_keep_texts_that_look_like_numbers() {
    for text in LOOK_ALIKES {
        let yaml = format!(
            "rooms:\n  main:\n    slots: [slot-01, slot-02]\n    config:\n      steps: [{{ question: {text}, \
             options: [{text}, other] }}]\n      keys: {{ a: {text}, b: other }}\n      expected: 2\n"
        );

        let room = read(&yaml).map(|config| config.rooms["main"].clone()).unwrap();

        assert_eq!(
            room.config,
            serde_json::json!({
                "steps": [{ "question": text, "options": [text, "other"] }],
                "keys": { "a": text, "b": "other" }, "expected": 2,
            })
        );
    }
}

#[test]
fn a_show_keeps_texts_that_look_like_numbers() {
    for text in LOOK_ALIKES {
        let yaml = format!(
            "show: {text}\nitems:\n  - name: {text}\n    game: code-lock\n    config: {{ code: {text}, max: 60 }}\n    \
             then: {{ {text}: {text} }}\n    wait: true\n"
        );

        let show = eg_core::show::read(&Source::text("show.yaml", yaml)).unwrap();

        let item = &show.items[0];
        assert_eq!((show.show.as_str(), item.name.as_str()), (text, text));
        assert_eq!(item.config, serde_json::json!({ "code": text, "max": 60 }));
        assert_eq!(item.then[text], text);
    }
}

#[test]
fn nothing_that_stands_for_a_mistake_has_effects() {
    let folder = tempfile::tempdir().unwrap();
    let read = |yaml: &str| {
        let file = folder.path().join("core.yaml");
        std::fs::write(&file, yaml).unwrap();
        let read = CoreConfig::from_source(&Source::read(file).unwrap(), &Environment::default());
        let heads = read.unwrap_err().iter().map(|problem| problem.head()).collect::<Vec<_>>();
        heads.join("\n").replace(&folder.path().display().to_string(), "")
    };
    std::fs::write(folder.path().join("a"), "nonsense").unwrap();
    std::fs::write(folder.path().join("evening.yaml"), "nonsense").unwrap();

    let show = read("rooms: { main: { show: [evening.yaml] } }");
    let misspelt = read("rooms: { main: { shwo: evening.yaml } }");
    let slots = read("rooms: { a: { slots: [7?, {}] }, b: { slots: [[]] } }");

    assert_eq!(show.lines().count(), 1, "{show}");
    assert_eq!(misspelt.lines().count(), 1, "{misspelt}");
    assert!(!slots.contains("already plays"), "{slots}");
}

#[test]
fn a_blank_name_is_told_where_it_stands() {
    for (yaml, wanted) in [
        ("db: ''", "core.yaml:1:5: db: wanted the journal's file"),
        ("db: ' '", "core.yaml:1:5: db: wanted the journal's file"),
        ("db:", "core.yaml:1:3: db: wanted"),
        ("device_id: ''", "core.yaml:1:12: device_id: "),
        ("base_topic: ' '", "core.yaml:1:13: base_topic: "),
        ("broker: { host: }", "core.yaml:1:15: broker.host: wanted a host name or an address"),
        ("broker: { host: ~ }", "core.yaml:1:17: broker.host: wanted a host name or an address"),
        ("broker: { host: ' ' }", "core.yaml:1:17: broker.host: wanted a host name or an address"),
        ("broker: { port: 1 }", "core.yaml:1:9: broker: missing key \"host\""),
        (
            "broker: { host: b, port: 01 }",
            "core.yaml:1:26: broker.port: wanted a whole number from 0 to 65535, found 01",
        ),
        (
            "broker: { host: b, port: 0 }",
            "core.yaml:1:26: broker.port: wanted a port from 1 to 65535, found 0",
        ),
    ] {
        let problems = read(yaml).unwrap_err();

        let heads: Vec<_> = problems.iter().map(|problem| problem.head()).collect();
        assert_eq!(heads.len(), 1, "{yaml} {heads:?}");
        assert!(heads[0].starts_with(wanted), "{yaml} {heads:?}");
    }
}

#[test]
fn origins_are_what_a_browser_sends_and_anything_else_is_told_with_its_place() {
    let read_as = |origins: &str| read(&format!("origins: {origins}"));

    let good = read_as(
        r#"["http://192.168.1.30:5173", "https://Pages.example", "http://[fe80::1]:80", "*"]"#,
    );
    let bad = [
        "192.168.1.30:5173",
        "http://192.168.1.30:5173/",
        "pages.example",
        "http://",
        "ws://pages.example",
    ];

    assert_eq!(good.unwrap().origins[1], "https://pages.example");
    for origin in bad {
        let said = read_as(&format!("[\"{origin}\"]")).unwrap_err().to_string();
        assert!(said.contains("is no origin") && said.contains("core.yaml:1:11"), "{said}");
    }
}

#[test]
fn proxies_are_addresses_and_anything_else_is_told_with_its_place() {
    let good = read(r#"proxies: [10.0.0.2, "fe80::1", "::ffff:10.0.0.3"]"#).unwrap().proxies;
    let bad = read("proxies: [nginx]").unwrap_err().to_string();

    assert_eq!(
        good.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["10.0.0.2", "fe80::1", "10.0.0.3"]
    );
    assert!(bad.contains("core.yaml:1:11") && bad.contains("\"nginx\" is no address"), "{bad}");
}

#[test]
fn rooms_and_shows_are_taken_from_other_files_and_told_of_there() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("core.yaml", "ports:\n  api: ${API:-3000}\nrooms:\n  main: !include room.yaml\n");
    write("room.yaml", "game: night-vote\nshow: show.yaml\n");
    write("show.yaml", "show: Votes\nitems: !include items.yaml\n");
    write("items.yaml", "- { name: first, game: night-vote }\n");
    let variables = [("API".to_owned(), "3100".to_owned())];
    let read = || {
        let source = Source::read_with(folder.path().join("core.yaml"), variables.clone()).unwrap();
        CoreConfig::from_source(&source, &Environment::default())
    };

    let config = read().unwrap();
    write("items.yaml", "- name: first\n  game: nigth-vote\n");
    let show = read().unwrap_err().to_string();
    write("room.yaml", "slots: [slot-01]\ngame: nigth-vote\n");
    let room = read().unwrap_err().to_string();

    assert_eq!(config.ports.api, 3100);
    assert!(show.contains("items.yaml:2:9: "), "{show}");
    assert!(room.contains("room.yaml:2:7: "), "{room}");
}

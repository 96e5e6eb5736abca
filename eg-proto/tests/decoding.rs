//! Promises of reading: round trips, helpful errors, and no panic on any bytes.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use eg_proto::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

const GOOD: &str = r#"{"v":1,"boot":"01KAQ8Z5V0000000000000000A","seq":1,"device":"panel","input":"a","kind":"press","t":{"core_us":null,"unc_us":0,"src":"poll"},"late":false,"sim":true,"data":{}}"#;

fn refusal(payload: &str) -> String {
    decode::<Event>(payload.as_bytes()).unwrap_err().to_string()
}

#[test]
fn ignores_unknown_fields() {
    let newer = GOOD.replace(r#""v":1"#, r#""v":1,"colour":"red","t2":{}"#);

    let event: Event = decode(newer.as_bytes()).unwrap();

    assert_eq!(event, decode(GOOD.as_bytes()).unwrap());
}

#[test]
fn says_where_a_payload_is_wrong() {
    let cases = [
        (r#""unc_us":0"#, r#""unc_us":-4"#, "at t.unc_us, line 1 column"),
        (r#""seq":1"#, r#""seq":0"#, "seq: 0 is no number"),
        (r#""v":1"#, r#""v":2"#, "v: version 2 is not understood"),
        (r#""kind":"press""#, r#""kind":"poke""#, r#"kind: no kind called "poke""#),
        (r#""kind":"press""#, r#""kind":"tag""#, "data.uid: missing, a tag needs it"),
        (r#""device":"panel""#, r#""device":"Panel 1""#, "at device, line 1 column"),
        (r#""data":{}}"#, r#""data":{}"#, "EOF while parsing"),
        (r#""data":{}}"#, r#""data":{}} x"#, "trailing characters"),
    ];
    for (good, bad, wanted) in cases {
        let said = refusal(&GOOD.replace(good, bad));

        assert!(said.contains(wanted), "{bad}: {said}");
    }
    let broken = decode::<Event>(b"{\"v\":\xff}").unwrap_err();
    assert_eq!(broken.to_string(), "not UTF-8 from byte 5");
}

#[test]
fn reads_one_event_or_a_backlog() {
    let many = format!("[{GOOD},{GOOD}]");

    assert_eq!(decode_batch::<Event>(GOOD.as_bytes()).unwrap().len(), 1);
    assert_eq!(decode_batch::<Event>(many.as_bytes()).unwrap().len(), 2);
    assert!(decode_batch::<Event>(format!("[{GOOD},{{}}]").as_bytes()).is_err());
}

#[test]
fn takes_the_hello_of_an_old_agent() {
    let hello: Hello = decode(br#"{"type":"slot","version":"1.2","ts":1764012345.5}"#).unwrap();

    assert_eq!((hello.boot, hello.devices.len()), (None, 0));
}

#[test]
fn refuses_bases_and_names_that_some_broker_would_misread() {
    for base in ["", "eg/", "/eg", "e.g", "eg/+", "eg#", "a b", "$SYS"] {
        assert!(Topics::new(base).is_err(), "{base}");
    }
    for name in ["", "Slot", "slot_1", "slot 1", "é", &"x".repeat(33)] {
        assert!(SlotId::new(name).is_err(), "{name}");
    }
    assert!(Topics::new("house/eg-2").is_ok());
}

#[test]
fn parses_every_topic_it_builds() {
    let topics = Topics::new("venue/eg").unwrap();
    let slot = SlotId::new("slot-01").unwrap();
    let of_slot: [fn(SlotId) -> Topic; 18] = [
        Topic::Status,
        Topic::Hello,
        Topic::InputStatus,
        Topic::InputEvent,
        Topic::InputAck,
        Topic::InputAsk,
        Topic::Leds,
        Topic::Rfid,
        Topic::LedCommand,
        Topic::TestCommand,
        Topic::ClockPing,
        Topic::ClockPong,
        Topic::Command,
        Topic::CommandAck,
        Topic::Ask,
        Topic::Hint,
        Topic::Question,
        Topic::Result,
    ];
    let others = [
        Topic::CoreHello,
        Topic::Mode,
        Topic::NightStep,
        Topic::NightVote,
        Topic::NightResult,
        Topic::Told(slot.clone(), Subject::new("res").unwrap()),
        Topic::RoomState(RoomId::new("main").unwrap()),
        Topic::Pair(slot.clone()),
        Topic::PairAnswer(slot.clone()),
    ];
    let others = others.into_iter().chain(BankAsk::ALL.map(Topic::Bank));
    for topic in of_slot.map(|make| make(slot.clone())).into_iter().chain(others) {
        assert_eq!(topics.parse(&topics.of(&topic)), Some(topic));
    }
    assert_eq!(topics.every_slot(Topic::InputEvent), "venue/eg/dev/+/input/event");
    assert_eq!(topics.every_slot(Topic::Pair), "venue/eg/pair/+");
    assert_eq!(topics.of(&Topic::Bank(BankAsk::PayoutNew)), "venue/eg/core/payouts/new");
    assert_eq!(topics.parse("eg/dev/slot-01/status"), None);
    assert_eq!(topics.parse("venue/eg/dev/Slot 1/status"), None);
}

#[test]
fn a_value_keeps_its_last_digit() {
    let kind =
        EventKind::Value { v: 959_429_006.775_544_3, min: 0.0, max: 1e9, unit: String::new() };
    let event = Event { kind, ..decode(GOOD.as_bytes()).unwrap() };

    assert_eq!(decode::<Event>(&encode(&event)).unwrap(), event);
}

fn name() -> impl Strategy<Value = String> {
    "[a-z0-9-]{1,32}"
}

fn states() -> impl Strategy<Value = BTreeMap<InputName, State>> {
    let state = prop_oneof![
        any::<bool>().prop_map(State::On),
        (-1e9..1e9).prop_map(State::Value),
        proptest::collection::vec(".{0,40}", 0..3).prop_map(State::Tags),
    ];
    proptest::collection::btree_map(
        name().prop_map(|name| InputName::new(name).unwrap()),
        state,
        0..4,
    )
}

#[test]
fn a_ghost_is_lost_edges_to_a_reader_that_knows_no_ghosts() {
    let kind = EventKind::Fault { what: Fault::Ghost, count: 1 };
    let event = Event { kind, ..decode(GOOD.as_bytes()).unwrap() };
    let written: serde_json::Value = serde_json::from_slice(&encode(&event)).unwrap();

    assert_eq!(written["data"]["what"], "lost_edges");
    let plain = GOOD.replace("\"press\"", "\"fault\"").replace(
        "\"data\":{}",
        r#""data":{"what":"lost_edges","cause":"of its own time","count":2}"#,
    );
    let read = decode::<Event>(plain.as_bytes()).unwrap().kind;
    assert_eq!(read, EventKind::Fault { what: Fault::LostEdges, count: 2 });
}

fn kind() -> impl Strategy<Value = EventKind> {
    prop_oneof![
        Just(EventKind::Press),
        Just(EventKind::Release),
        Just(EventKind::Recovered),
        any::<bool>().prop_map(|on| EventKind::Switch { on }),
        any::<i32>().prop_map(|delta| EventKind::Turn { delta }),
        (-1e9..1e9, -1e9..1e9, -1e9..1e9, ".{0,8}")
            .prop_map(|(v, min, max, unit)| EventKind::Value { v, min, max, unit }),
        ".{0,40}".prop_map(|uid| EventKind::Tag { uid }),
        ".{0,40}".prop_map(|uid| EventKind::TagRemoved { uid }),
        ".{0,4}".prop_map(|symbol| EventKind::Key { symbol }),
        ".{0,200}".prop_map(|text| EventKind::Line { text }),
        (proptest::collection::vec(any::<bool>(), 0..32), states())
            .prop_map(|(levels, states)| EventKind::Snapshot { levels, states }),
        any::<u64>().prop_map(|count| EventKind::Fault { what: Fault::Stuck, count }),
        any::<u64>().prop_map(|count| EventKind::Fault { what: Fault::Ghost, count }),
        any::<u32>().prop_map(|count| EventKind::Click { count }),
        any::<u64>().prop_map(|ms| EventKind::Hold { ms }),
        any::<u64>().prop_map(|ms| EventKind::HoldEnd { ms }),
        proptest::collection::vec(name().prop_map(|name| InputName::new(name).unwrap()), 0..4)
            .prop_map(|inputs| EventKind::Chord { inputs }),
    ]
}

proptest! {
    #[test]
    fn every_event_comes_back_as_it_was(
        seq in 1..u64::MAX, device in name(), input in name(), kind in kind(),
        core_us in proptest::option::of(any::<i64>()), unc_us in any::<u64>(),
        late in any::<bool>(), sim in any::<bool>(), boot in any::<u128>(),
    ) {
        let event = Event {
            boot: Boot(boot.into()), seq,
            device: DeviceName::new(device).unwrap(), input: InputName::new(input).unwrap(),
            kind, t: EventTime { core_us: core_us.map(Timestamp), unc_us, src: Source::Driver, core: None },
            late, sim,
        };

        let back: Event = decode(&encode(&event)).unwrap();

        prop_assert_eq!(back, event);
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = decode_batch::<Event>(&bytes);
        let _ = decode::<Hello>(&bytes);
        let _ = decode::<InputStatus>(&bytes);
        let _ = decode::<Command>(&bytes);
        let _ = decode::<NightVote>(&bytes);
        let _ = decode::<LedCommand>(&bytes);
    }

    #[test]
    fn no_topic_panics(text in ".{0,80}") {
        let _ = Topics::default().parse(&text);
    }
}

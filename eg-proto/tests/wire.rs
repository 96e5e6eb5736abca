//! The JSON of every message, as it stands on the wire: a change here breaks rooms.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use eg_proto::*;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const BOOT: &str = "01KAQ8Z5V0000000000000000A";

/// Writes the message, compares its JSON, and reads it back.
fn stands_as<T>(message: &T, wanted: Value)
where
    T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let bytes = encode(message);

    assert_eq!(serde_json::from_slice::<Value>(&bytes).unwrap(), wanted);
    assert_eq!(&decode::<T>(&bytes).unwrap(), message);
}

fn boot() -> Boot {
    BOOT.parse().unwrap()
}

fn event(kind: EventKind) -> Event {
    let t = EventTime {
        core_us: Some(Timestamp(1_764_012_345_678_901)),
        unc_us: 350,
        src: Source::Kernel,
        core: None,
    };
    let (device, input) = (DeviceName::new("panel").unwrap(), InputName::new("red").unwrap());
    Event { boot: boot(), seq: 4711, device, input, kind, t, late: false, sim: false }
}

#[test]
fn an_event_stands_as_the_protocol_says() {
    stands_as(
        &event(EventKind::Press),
        json!({"v":1,"boot":BOOT,"seq":4711,"device":"panel","input":"red","kind":"press",
               "t":{"core_us":1764012345678901_i64,"unc_us":350,"src":"kernel"},
               "late":false,"sim":false,"data":{}}),
    );
}

#[test]
fn a_time_may_say_by_which_core_s_clock_it_goes() {
    let (core_us, unc_us, src) = (Some(Timestamp(7)), 1, Source::Poll);

    stands_as(
        &EventTime { core_us, unc_us, src, core: Some(boot()) },
        json!({"core_us":7,"unc_us":1,"src":"poll","core":BOOT}),
    );
}

#[test]
fn every_kind_of_event_has_its_data() {
    let red = InputName::new("red").unwrap();
    let kinds = [
        (EventKind::Press, "press", json!({})),
        (EventKind::Release, "release", json!({})),
        (EventKind::Switch { on: true }, "switch", json!({"on":true})),
        (EventKind::Turn { delta: -2 }, "turn", json!({"delta":-2})),
        (
            EventKind::Value { v: 0.5, min: 0.0, max: 3.3, unit: "V".into() },
            "value",
            json!({"v":0.5,"min":0.0,"max":3.3,"unit":"V"}),
        ),
        (EventKind::Tag { uid: "04A37C91".into() }, "tag", json!({"uid":"04A37C91"})),
        (
            EventKind::TagRemoved { uid: "04A37C91".into() },
            "tag_removed",
            json!({"uid":"04A37C91"}),
        ),
        (EventKind::Key { symbol: "#".into() }, "key", json!({"symbol":"#"})),
        (EventKind::Line { text: "4006381333931".into() }, "line", json!({"text":"4006381333931"})),
        (
            EventKind::Snapshot { levels: vec![true, false], states: BTreeMap::new() },
            "snapshot",
            json!({"levels":[true,false]}),
        ),
        (
            EventKind::Snapshot {
                levels: vec![true],
                states: [
                    ("dial", State::Value(0.5)),
                    ("empty", State::Tags(Vec::new())),
                    ("lid", State::On(true)),
                    ("reader", State::Tags(vec!["04A37C91".into()])),
                ]
                .map(|(name, state)| (InputName::new(name).unwrap(), state))
                .into(),
            },
            "snapshot",
            json!({"levels":[true],
                   "states":{"dial":0.5,"empty":[],"lid":true,"reader":["04A37C91"]}}),
        ),
        (
            EventKind::Fault { what: Fault::LostEdges, count: 3 },
            "fault",
            json!({"what":"lost_edges","count":3}),
        ),
        (
            EventKind::Fault { what: Fault::Ghost, count: 1 },
            "fault",
            json!({"what":"lost_edges","cause":"ghost","count":1}),
        ),
        (EventKind::Recovered, "recovered", json!({})),
        (EventKind::Click { count: 2 }, "click", json!({"count":2})),
        (EventKind::Hold { ms: 800 }, "hold", json!({"ms":800})),
        (EventKind::HoldEnd { ms: 1200 }, "hold_end", json!({"ms":1200})),
        (EventKind::Chord { inputs: vec![red] }, "chord", json!({"inputs":["red"]})),
    ];
    for (kind, name, data) in kinds {
        let written: Value = serde_json::from_slice(&encode(&event(kind.clone()))).unwrap();

        assert_eq!(written["kind"], name);
        assert_eq!(written["data"], data);
        assert_eq!(decode::<Event>(&encode(&event(kind.clone()))).unwrap().kind, kind);
    }
}

#[test]
fn status_messages_stand_as_the_protocol_says() {
    let panel = DeviceName::new("panel").unwrap();
    stands_as(
        &Hello {
            kind: "slot".into(),
            version: "0.1.0".into(),
            ts: Some(Loose::Text("2026-11-23T20:00:00Z".into())),
            boot: Some(boot()),
            devices: vec![DeviceHello {
                name: panel.clone(),
                driver: "button-row".into(),
                inputs: vec![InputName::new("a").unwrap()],
                outputs: vec![OutputName::new("lamp-a").unwrap()],
                kinds: Some([(InputName::new("a").unwrap(), InputKind::Press)].into()),
                version: Some("0.1.0".into()),
            }],
            agent: Some(AgentHello { protocol: PROTOCOL, restarts: true, page: Some(5173) }),
        },
        json!({"type":"slot","version":"0.1.0","ts":"2026-11-23T20:00:00Z","boot":BOOT,
               "devices":[{"name":"panel","driver":"button-row","inputs":["a"],"outputs":["lamp-a"],
                          "kinds":{"a":"press"},"version":"0.1.0"}],
               "agent":{"protocol":1,"restarts":true,"page":5173}}),
    );
    stands_as(
        &AgentCommand {
            v: PROTOCOL,
            id: "restart-1".into(),
            expires_us: Timestamp(7),
            order: AgentOrder::Restart,
        },
        json!({"v":1,"id":"restart-1","expires_us":7,"order":"restart"}),
    );
    stands_as(
        &InputStatus {
            status: Overall::Degraded,
            device_id: "slot-01".into(),
            button_count: 6,
            led_count: 6,
            capabilities: vec!["buttons".into(), "rfid".into()],
            timestamp: Some(Loose::Seconds(1.5)),
            devices: [(
                panel,
                DeviceStatus {
                    state: DeviceState::Lost,
                    since: Some(Timestamp(5)),
                    error: Some("port /dev/ttyUSB0: hung up".into()),
                    noise: Some(Noise { count: 3, last: "too short: 4F 4B".into() }),
                },
            )]
            .into(),
            latency: None,
        },
        json!({"status":"degraded","device_id":"slot-01","button_count":6,"led_count":6,
               "capabilities":["buttons","rfid"],"timestamp":1.5,
               "devices":{"panel":{"state":"lost","since":5,"error":"port /dev/ttyUSB0: hung up",
                                   "noise":{"count":3,"last":"too short: 4F 4B"}}}}),
    );
    let octaves = vec![0, 1, 1];
    let sent = Spread { n: 2, p50_us: 35, p95_us: 70, p99_us: 70, max_us: 70, octaves };
    let sent_json =
        json!({"n":2,"p50_us":35,"p95_us":70,"p99_us":70,"max_us":70,"octaves":[0,1,1]});
    let none = json!({"n":0,"p50_us":0,"p95_us":0,"p99_us":0,"max_us":0,"octaves":[]});
    stands_as(
        &Latency { sent, ..Latency::default() },
        json!({"sent":sent_json,"acked":none,"lamp":none}),
    );
    assert_eq!(decode::<Latency>(b"{}").unwrap(), Latency::default());
    stands_as(&Ack::new(boot(), 9), json!({"boot":BOOT,"seq":9}));
    stands_as(
        &CoreHello { device_id: "core-01".into(), version: "0.1.0".into(), boot: boot() },
        json!({"device_id":"core-01","version":"0.1.0","boot":BOOT}),
    );
    stands_as(
        &RoomState {
            room: RoomId::new("main").unwrap(),
            session: Some(3),
            game: Some("night-vote".into()),
            phase: Some("open".into()),
            roster: vec![SlotId::new("slot-01").unwrap()],
            view: json!({"parts":[]}),
            hint: None,
            room_hint: None,
        },
        json!({"room":"main","session":3,"game":"night-vote","phase":"open","roster":["slot-01"],
               "view":{"parts":[]}}),
    );
    assert_eq!("online".parse(), Ok(Presence::Online));
    assert_eq!(Presence::Offline.to_string(), "offline");
}

#[test]
fn clock_and_command_messages_stand_as_the_protocol_says() {
    let ping = |sync, waiting| ClockPing { n: 1, t1_us: 2, sync, waiting, next_ms: None };
    stands_as(&ping(None, None), json!({"n":1,"t1_us":2}));
    stands_as(&ping(None, Some(3)), json!({"n":1,"t1_us":2,"waiting":3}));
    let mut sync = SlotClock { offset_us: -3, bound_us: 4, trip_us: 5, ..SlotClock::default() };
    let known = json!({"offset_us":-3,"bound_us":4,"trip_us":5});
    stands_as(&ping(Some(sync), None), json!({"n":1,"t1_us":2,"sync":known}));
    (sync.drift_ppb, sync.ahead_us) = (Some(-1_500), Some(6));
    stands_as(
        &sync,
        json!({"offset_us":-3,"bound_us":4,"trip_us":5,"drift_ppb":-1500,"ahead_us":6}),
    );
    (sync.beyond_ppb, sync.bent_ppb) = (Some(50_000), Some(-500_000));
    stands_as(
        &sync,
        json!({"offset_us":-3,"bound_us":4,"trip_us":5,"drift_ppb":-1500,"beyond_ppb":50_000,
               "bent_ppb":-500_000,"ahead_us":6}),
    );
    stands_as(
        &ClockPong { n: 1, t1_us: 2, t2_us: Timestamp(3), t3_us: Timestamp(4), boot: None },
        json!({"n":1,"t1_us":2,"t2_us":3,"t3_us":4}),
    );
    let command = |set| Command {
        id: "c1".into(),
        expires_us: Timestamp(9),
        device: DeviceName::new("panel").unwrap(),
        output: OutputName::new("lamp-a").unwrap(),
        set,
        pressed_us: None,
    };
    let sets = [
        (Set::On, json!("on")),
        (Set::Off, json!("off")),
        (Set::Level(0.5), json!({"level":0.5})),
        (Set::Rgb([1, 2, 3]), json!({"rgb":[1,2,3]})),
        (Set::Text("12:00".into()), json!({"text":"12:00"})),
        (Set::Pulse(500), json!({"pulse_ms":500})),
    ];
    for (set, wanted) in sets {
        stands_as(
            &command(set),
            json!({"id":"c1","expires_us":9,"device":"panel","output":"lamp-a","set":wanted}),
        );
    }
    stands_as(
        &Command { pressed_us: Some(Timestamp(7)), ..command(Set::On) },
        json!({"id":"c1","expires_us":9,"device":"panel","output":"lamp-a","set":"on","pressed_us":7}),
    );
    stands_as(
        &CommandAck {
            id: "c1".into(),
            result: CommandResult::Expired,
            reason: Some("late".into()),
        },
        json!({"id":"c1","result":"expired","reason":"late"}),
    );
}

#[test]
fn a_slots_question_and_its_result_stand_as_the_protocol_says() {
    let question = |step, round, keys, also| SlotQuestion {
        step,
        round,
        question: "Qui ?".into(),
        options: vec!["Anna".into(), "Ben".into()],
        keys,
        abstain: None,
        also,
    };
    let a = InputName::new("a").unwrap();
    let keys: BTreeMap<_, _> = [(a, "Anna".to_owned())].into();
    stands_as(
        &question(2, Some(3), keys, vec![question(1, None, BTreeMap::new(), Vec::new())]),
        json!({"step":2,"round":3,"question":"Qui ?","options":["Anna","Ben"],"keys":{"a":"Anna"},
               "also":[{"step":1,"question":"Qui ?","options":["Anna","Ben"]}]}),
    );
    stands_as(
        &SlotResult {
            result: NightResult {
                step: 2,
                status: NightStatus::Success,
                next_step: 3,
                outcome: None,
                tally: Map::new(),
                votes: 0,
                expected: 1,
            },
            question: "Qui ?".into(),
            why: Text::new("personne", "nobody"),
        },
        json!({"step":2,"status":"success","next_step":3,"outcome":null,"tally":{},"votes":0,"expected":1,
               "question":"Qui ?","why":{"fr":"personne","en":"nobody"}}),
    );
}

#[test]
fn the_answer_to_a_press_and_the_scene_of_a_slot_stand_as_the_protocol_says() {
    let answer = |outcome| PressAnswer {
        device: "panel".parse().unwrap(),
        input: "b".parse().unwrap(),
        outcome,
        late: false,
        notes: Vec::new(),
    };
    stands_as(
        &answer(PressOutcome::Chosen { option: "Ben".into(), private: true }),
        json!({"device":"panel","input":"b","answer":"chosen","option":"Ben","private":true}),
    );
    let (reason, why) = (RefusalReason::TooLate, Text::new("trop tard", "too late"));
    stands_as(
        &PressAnswer {
            late: true,
            notes: vec![Text::same("choose again")],
            ..answer(PressOutcome::Refused { reason, why })
        },
        json!({"device":"panel","input":"b","answer":"refused","reason":"too_late",
               "why":{"fr":"trop tard","en":"too late"},"late":true,
               "notes":[{"fr":"choose again","en":"choose again"}]}),
    );
    stands_as(
        &SlotScene {
            state: SceneState::Running,
            mode: Mode::Night,
            seat: Some(SeatState::Plays),
            headline: Text::new("ouvert", "open"),
            own: vec![Text::same("your vote is in")],
            lines: Vec::new(),
            clocks: vec![SceneClock { label: Text::same("end"), ends_us: Timestamp(9) }],
            started_us: Some(Timestamp(1)),
            names: [("slot-01".parse().unwrap(), "Anna".to_owned())].into(),
        },
        json!({"state":"running","mode":"night","seat":"plays","headline":{"fr":"ouvert","en":"open"},
               "own":[{"fr":"your vote is in","en":"your vote is in"}],
               "clocks":[{"label":{"fr":"end","en":"end"},"ends_us":9}],"started_us":1,
               "names":{"slot-01":"Anna"}}),
    );
}

#[test]
fn the_old_contract_stands_as_existing_rooms_speak_it() {
    stands_as(&ModeState { mode: Mode::Night }, json!({"mode":"night"}));
    stands_as(
        &NightStep { step: 1, question: "Qui ?".into(), options: vec!["A".into(), "B".into()] },
        json!({"step":1,"question":"Qui ?","options":["A","B"]}),
    );
    stands_as(
        &NightVote { device_id: "slot-02".into(), step: 1, choice: "B".into(), ts: None },
        json!({"device_id":"slot-02","step":1,"choice":"B","ts":null}),
    );
    stands_as(
        &NightResult {
            step: 1,
            status: NightStatus::Success,
            next_step: 2,
            outcome: Some("B".into()),
            tally: [("B".to_owned(), json!(9))].into_iter().collect(),
            votes: 9,
            expected: 9,
        },
        json!({"step":1,"status":"success","next_step":2,"outcome":"B","tally":{"B":9},"votes":9,"expected":9}),
    );
    stands_as(
        &Leds { states: vec![true], timestamp: None },
        json!({"states":[true],"timestamp":null}),
    );
    stands_as(
        &Rfid { tag_uid: "04A37C91".into(), timestamp: None },
        json!({"tag_uid":"04A37C91","timestamp":null}),
    );
    stands_as(&LedCommand::One { index: 3, state: true }, json!({"index":3,"state":true}));
    stands_as(&LedCommand::All { states: vec![true, false] }, json!({"states":[true,false]}));
    stands_as(&TestCommand::LedSequence, json!({"action":"led_sequence"}));
    stands_as(
        &TestCommand::SimulateRfid { tag_uid: "04A37C91".into() },
        json!({"action":"simulate_rfid","tag_uid":"04A37C91"}),
    );
}

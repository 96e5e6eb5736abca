//! Messages of a slot about itself.

use crate::broker::Mosquitto;
use crate::core::{Core, slot};
use crate::player::Player;
use eg_agent::slot::Status;
use eg_proto::{
    Boot, CoreHello, DeviceState, EventKind, Hello, InputKind, InputStatus, Mode, ModeState,
    NightResult, NightStatus, NightStep, Overall, Rfid, SlotQuestion, SlotResult, TestCommand,
    Text, Topic, decode, encode,
};

#[tokio::test]
async fn says_what_it_is_with_every_connection_and_whenever_a_core_greets() {
    let (broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let _player = Player::start(broker.port, folder.path()).await;
    let ready =
        |core: &Core| core.last(Topic::InputStatus).is_some_and(|said| said.contains("\"online\""));
    let all = [Topic::Status, Topic::Hello];
    core.until(|core| ready(core) && all.iter().all(|topic| core.last(*topic).is_some())).await;

    let hello: Hello = decode(core.last(Topic::Hello).unwrap().as_bytes()).unwrap();
    let status: InputStatus = decode(core.last(Topic::InputStatus).unwrap().as_bytes()).unwrap();
    let presence = core.last(Topic::Status).unwrap().to_owned();
    core.heard.clear();
    core.greet().await;
    for topic in [Topic::Status, Topic::Hello, Topic::InputStatus] {
        core.until(|core| core.last(topic).is_some()).await;
    }

    assert_eq!(presence, "online");
    let kinds = hello.devices.iter().flat_map(|board| board.kinds.clone().unwrap());
    let kinds: Vec<_> = kinds.map(|(input, kind)| (input.to_string(), kind)).collect();
    let button = |name: &str| (name.to_owned(), InputKind::Press);
    assert_eq!(kinds, [button("a"), button("b"), ("tag".to_owned(), InputKind::Tag)]);
    assert_eq!(hello.devices[0].inputs.len() + hello.devices[0].outputs.len(), 4);
    assert_eq!((status.status, status.button_count, status.led_count), (Overall::Online, 2, 2));
    assert_eq!(status.capabilities, ["buttons", "leds", "rfid"]);
    assert!(status.devices.values().all(|device| device.state == DeviceState::Ready));
}

#[tokio::test]
async fn the_broker_says_offline_when_the_slot_dies() {
    let (broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let player = Player::start(broker.port, folder.path()).await;
    core.until(|core| core.last(Topic::Status) == Some("online")).await;

    drop(player);
    core.until(|core| core.last(Topic::Status) == Some("offline")).await;
}

#[tokio::test]
async fn a_slot_that_stops_says_so_and_leaves_its_lamps_dark() {
    let (broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let player = Player::start(broker.port, folder.path()).await;
    core.until(|core| core.last(Topic::Status) == Some("online")).await;
    let (panel, lamp) = ("panel".parse().unwrap(), "lamp".parse().unwrap());
    player.slot.set_output(&panel, &lamp, eg_proto::Set::On).await;

    let state = player.slot.watch();
    core.during(player.slot.stop()).await;
    core.until(|core| core.last(Topic::Status) == Some("offline")).await;
    let told = |core: &Core| core.last(Topic::InputStatus).is_some_and(|it| it.contains("offline"));
    core.until(told).await;

    let said: InputStatus = decode(core.last(Topic::InputStatus).unwrap().as_bytes()).unwrap();
    assert_eq!(said.status, Overall::Offline);
    assert!(!Player::is_on(&state.borrow(), "lamp"));
}

#[tokio::test]
async fn a_tag_is_an_event_and_an_old_message() {
    let (broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let player = Player::start(broker.port, folder.path()).await;
    core.during(player.settled()).await;

    player.present("04A37C91");
    core.until(|core| core.last(Topic::Rfid).is_some()).await;
    let test = TestCommand::SimulateRfid { tag_uid: "0BADCAFE".to_owned() };
    core.publish(&Topic::TestCommand(slot()), &encode(&test)).await;
    core.until(|core| core.last(Topic::Rfid).is_some_and(|said| said.contains("0BADCAFE"))).await;
    core.until(|core| core.played().len() == 2).await;

    let first = core.heard.iter().find(|(topic, _)| *topic == Topic::Rfid(slot())).unwrap();
    let rfid: Rfid = decode(first.1.as_bytes()).unwrap();
    assert_eq!(rfid.tag_uid, "04A37C91");
    let tag = |uid: &str| EventKind::Tag { uid: uid.to_owned() };
    assert_eq!(core.played(), [tag("04A37C91"), tag("0BADCAFE")]);
}

#[tokio::test]
async fn shows_the_mode_and_the_question_while_it_is_open() {
    let (broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let player = Player::start(broker.port, folder.path()).await;
    core.during(player.see(|state| state.status() == Status::Online)).await;

    core.publish(&Topic::Mode, &encode(&ModeState { mode: Mode::Night })).await;
    let options = vec!["A".to_owned(), "B".to_owned()];
    let step = NightStep { step: 3, question: "Who?".to_owned(), options };
    core.publish(&Topic::NightStep, &encode(&step)).await;
    let asked = SlotQuestion::from(step.clone());
    let open = |state: &eg_agent::slot::SlotState| state.question.as_ref() == Some(&asked);
    core.during(player.see(|state| open(state) && state.mode == Some(Mode::Night))).await;
    let result = NightResult {
        step: 3,
        status: NightStatus::Success,
        next_step: 4,
        outcome: None,
        tally: serde_json::Map::new(),
        votes: 0,
        expected: 0,
    };
    core.publish(&Topic::NightResult, &encode(&result)).await;

    core.during(player.see(|state| state.question.is_none() && state.result.is_some())).await;
}

#[tokio::test]
async fn a_choice_is_forgotten_when_the_same_is_asked_in_another_round() {
    let (broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let player = Player::start(broker.port, folder.path()).await;
    core.during(player.see(|state| state.status() == Status::Online)).await;
    let first = SlotQuestion::from(question(1, "Who?"));
    let answer = r#"{"device":"panel","input":"a","answer":"chosen","option":"A"}"#;
    core.publish(&Topic::Question(slot()), &encode(&first)).await;
    core.publish(&Topic::Answer(slot()), answer.as_bytes()).await;
    core.during(player.see(|state| state.player.choice.is_some())).await;

    let second = SlotQuestion { round: Some(2), ..first };
    core.publish(&Topic::Question(slot()), &encode(&second)).await;

    core.during(player.see(|state| state.player.choice.is_none())).await;
    assert_eq!(player.slot.watch().borrow().question, Some(second));
}

/// A question of one room, and of another.
fn question(step: u32, words: &str) -> NightStep {
    let options = ["A", "B"].map(str::to_owned).into();
    NightStep { step, question: words.to_owned(), options }
}

#[tokio::test]
async fn shows_the_question_of_its_own_room_alone_once_the_core_tells_it() {
    let (broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let player = Player::start(broker.port, folder.path()).await;
    core.during(player.see(|state| state.status() == Status::Online)).await;
    let asks = |words: &'static str| {
        move |state: &eg_agent::slot::SlotState| {
            state.question.as_ref().is_some_and(|open| open.question == words)
        }
    };

    core.publish(&Topic::NightStep, &encode(&question(1, "of any room?"))).await;
    core.during(player.see(asks("of any room?"))).await;
    core.publish(&Topic::Question(slot()), b"").await;
    core.during(player.see(|state| state.question.is_none())).await;
    core.publish(&Topic::NightStep, &encode(&question(1, "of another room?"))).await;
    let own = SlotQuestion::from(question(1, "of this room?"));
    core.publish(&Topic::Question(slot()), &encode(&own)).await;
    core.during(player.see(asks("of this room?"))).await;
    let result = NightResult {
        step: 1,
        status: NightStatus::Success,
        next_step: 2,
        outcome: Some("B".to_owned()),
        tally: serde_json::Map::new(),
        votes: 1,
        expected: 1,
    };
    core.publish(&Topic::NightResult, &encode(&result)).await;
    core.publish(&Topic::Mode, &encode(&ModeState { mode: Mode::Night })).await;
    core.during(player.see(|state| state.mode == Some(Mode::Night))).await;
    core.during(player.see(asks("of this room?"))).await;

    let own = SlotResult { result, question: "of this room?".to_owned(), why: Text::default() };
    core.publish(&Topic::Result(slot()), &encode(&own)).await;
    core.publish(&Topic::Question(slot()), b"").await;

    let shown = |state: &eg_agent::slot::SlotState| {
        state.question.is_none() && state.result.as_ref() == Some(&own)
    };
    core.during(player.see(shown)).await;
}

#[tokio::test]
async fn a_core_that_does_not_know_of_rooms_is_understood_after_one_that_does() {
    let (broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let player = Player::start(broker.port, folder.path()).await;
    core.during(player.see(|state| state.status() == Status::Online)).await;
    core.publish(&Topic::Question(slot()), b"").await;

    let hello = CoreHello {
        device_id: "core-01".to_owned(),
        version: "0.1.0".to_owned(),
        boot: Boot(2.into()),
    };
    core.publish(&Topic::CoreHello, &encode(&hello)).await;
    core.publish(&Topic::NightStep, &encode(&question(1, "Who?"))).await;

    core.during(player.see(|state| state.question.is_some())).await;
}

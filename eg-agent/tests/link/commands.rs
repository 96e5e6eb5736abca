//! Commands from the core, old and new.

use crate::broker::Mosquitto;
use crate::core::{Core, slot};
use crate::player::{Player, read, text};
use crate::soon;
use eg_agent::slot::{Slot, SlotState};
use eg_proto::{
    Command, CommandAck, CommandResult, DeviceState, LedCommand, NightStep, Set, TestCommand,
    Timestamp, Topic, decode, encode,
};
use tokio::runtime::Handle;

fn command(id: &str, output: &str, expires_us: Timestamp) -> Command {
    let (device, output) = ("panel".parse().unwrap(), output.parse().unwrap());
    Command { id: id.to_owned(), expires_us, device, output, set: Set::On, pressed_us: None }
}

/// The slot knows the core's time, and every device is open.
fn in_time_and_open(state: &SlotState) -> bool {
    state.clock.is_some() && state.devices.iter().all(|device| device.state == DeviceState::Ready)
}

async fn answer(core: &mut Core, command: Command) -> CommandAck {
    let id = format!("\"{}\"", command.id);
    core.publish(&Topic::Command(slot()), &encode(&command)).await;
    let answered = |core: &Core| core.last(Topic::CommandAck).is_some_and(|ack| ack.contains(&id));
    core.until(answered).await;
    decode(core.last(Topic::CommandAck).unwrap().as_bytes()).unwrap()
}

#[tokio::test]
async fn a_command_is_done_refused_or_expired_and_the_core_learns_which() {
    let (broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let player = Player::start(broker.port, folder.path()).await;
    core.during(player.settled()).await;

    let late =
        answer(&mut core, command("late", "lock", Core::now() - std::time::Duration::from_secs(1)))
            .await;
    let locked = !Player::is_on(&player.slot.watch().borrow(), "lock");
    let done = answer(&mut core, command("done", "lock", Core::in_future(50_000))).await;
    let refused = answer(&mut core, command("refused", "door", Core::in_future(50_000))).await;

    assert_eq!((late.result, locked), (CommandResult::Expired, true));
    assert_eq!(done.result, CommandResult::Done);
    // The answer may overtake what the page shows.
    core.during(player.see(|state| Player::is_on(state, "lock"))).await;
    assert_eq!(refused.result, CommandResult::Refused);
    assert!(refused.reason.unwrap().contains("lamp, lock"));
}

/// A display that shows hints.
const SCREEN: &str = "  screen:
    driver: ssd1306
    config: { bus: i2c-1 }
    outputs:
      hint: { channel: 0 }
";

#[tokio::test]
async fn a_hint_stands_on_a_display_that_is_called_so_until_it_is_taken_away() {
    let (broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let config = read(&(text(broker.port, folder.path()) + SCREEN));
    let slot = Slot::start(config, &Handle::current()).unwrap();
    let mut state = slot.watch();
    let set = |state: &SlotState| {
        state.outputs().find(|(device, _)| device.as_str() == "screen").unwrap().1.set.clone()
    };
    let in_time = state.wait_for(in_time_and_open);
    drop(core.during(soon(in_time)).await.unwrap());

    core.publish(&Topic::Hint(crate::core::slot()), br#"{"text":"Look up"}"#).await;
    let shown = state.wait_for(|state| set(state) == Set::Text("Look up".to_owned()));
    let page = core.during(soon(shown)).await.unwrap().hint.clone();
    core.publish(&Topic::Hint(crate::core::slot()), b"").await;
    let gone = state.wait_for(|state| set(state) == Set::Off);
    let after = core.during(soon(gone)).await.unwrap().hint.clone();

    assert_eq!((page.map(|hint| hint.text).as_deref(), after), (Some("Look up"), None));
}

#[tokio::test]
async fn a_text_from_the_core_stands_on_a_display() {
    let (broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let config = read(&(text(broker.port, folder.path()) + SCREEN));
    let slot = Slot::start(config, &Handle::current()).unwrap();
    let mut state = slot.watch();
    let in_time = state.wait_for(in_time_and_open);
    drop(core.during(soon(in_time)).await.unwrap());
    let (device, output) = ("screen".parse().unwrap(), "hint".parse().unwrap());
    let hint = |text: &str| Command {
        id: text.chars().take(9).collect(),
        expires_us: Core::in_future(50_000),
        device: "screen".parse().unwrap(),
        output: "hint".parse().unwrap(),
        set: Set::Text(text.to_owned()),
        pressed_us: None,
    };

    let told = answer(&mut core, hint("La clé est sous le lit")).await;
    let long = answer(&mut core, hint(&"too long ".repeat(30))).await;

    let shown = slot.simulated_inputs().unwrap().shown(&device, &output);
    assert_eq!(told.result, CommandResult::Done);
    assert_eq!(shown, Some(Set::Text("La clé est\nsous le lit".to_owned())));
    assert_eq!(long.result, CommandResult::Refused);
    assert!(long.reason.unwrap().contains("longer than its smallest letters allow"));
}

#[tokio::test]
async fn the_old_lamp_commands_work_and_are_answered_by_the_lamps_state() {
    let (broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let _player = Player::start(broker.port, folder.path()).await;
    let leds = |states: &'static str| {
        move |core: &Core| core.last(Topic::Leds).is_some_and(|said| said.contains(states))
    };
    core.until(leds("[false,false]")).await;

    core.say(Topic::LedCommand, &LedCommand::One { index: 1, state: true }).await;
    core.until(leds("[false,true]")).await;
    core.say(Topic::LedCommand, &LedCommand::All { states: vec![true, false] }).await;
    core.until(leds("[true,false]")).await;
    core.say(Topic::LedCommand, &LedCommand::All { states: vec![false] }).await;
    core.until(leds("[false,false]")).await;
}

#[tokio::test]
async fn a_lamp_test_lights_lamps_and_opens_no_lock() {
    let (broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let _player = Player::start(broker.port, folder.path()).await;
    core.until(|core| core.last(Topic::Leds).is_some()).await;

    core.say(Topic::TestCommand, &TestCommand::LedSequence).await;
    core.until(|core| core.last(Topic::Leds).unwrap().contains("[true,false]")).await;
    core.until(|core| core.last(Topic::Leds).unwrap().contains("[false,false]")).await;

    let lock_opened = core
        .heard
        .iter()
        .any(|(topic, said)| *topic == Topic::Leds(slot()) && said.contains(",true]"));
    assert!(!lock_opened);
}

#[tokio::test]
async fn a_command_that_would_be_valid_for_too_long_is_refused_with_the_reason() {
    let (broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let player = Player::start(broker.port, folder.path()).await;
    core.during(player.settled()).await;

    for (id, expires_us) in [("hour", Core::in_future(3_600_000)), ("ever", Timestamp(i64::MAX))] {
        let refused = answer(&mut core, command(id, "lock", expires_us)).await;
        assert_eq!(refused.result, CommandResult::Refused);
        assert!(refused.reason.unwrap().contains("60 s at most"));
    }
    let soon = answer(&mut core, command("soon", "lamp", Core::in_future(50_000))).await;

    assert_eq!(soon.result, CommandResult::Done);
    assert!(!Player::is_on(&player.slot.watch().borrow(), "lock"));
}

#[tokio::test]
async fn the_old_topics_move_nothing_where_the_file_does_not_say_compat() {
    let (broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let config = read(&text(broker.port, folder.path()).replace("compat: true\n", ""));
    let slot = Slot::start(config, &Handle::current()).unwrap();
    let mut state = slot.watch();
    let in_time = state.wait_for(in_time_and_open);
    drop(core.during(soon(in_time)).await.unwrap());

    core.say(Topic::LedCommand, &LedCommand::One { index: 1, state: true }).await;
    core.say(Topic::TestCommand, &TestCommand::LedSequence).await;
    let step = NightStep { step: 1, question: "Who?".to_owned(), options: vec!["A".to_owned()] };
    core.publish(&Topic::NightStep, &encode(&step)).await;
    let told = answer(&mut core, command("last", "lamp", Core::in_future(50_000))).await;

    assert_eq!(told.result, CommandResult::Done);
    let lock_opened = core
        .heard
        .iter()
        .any(|(topic, said)| *topic == Topic::Leds(crate::core::slot()) && said.contains(",true]"));
    assert!(!lock_opened && slot.watch().borrow().question.is_none());
}

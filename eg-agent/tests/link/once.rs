//! Commands that are told twice, kept by the broker, or make no sense: they are answered, and move nothing.

use crate::broker::Mosquitto;
use crate::core::{Core, slot};
use crate::player::Player;
use eg_mqtt::Qos;
use eg_proto::{
    Command, CommandAck, CommandResult, LedCommand, Set, TestCommand, Topic, Topics, decode, encode,
};
use serde_json::json;
use tempfile::TempDir;

fn lamp(id: &str, set: Set) -> Command {
    let (device, output) = ("panel".parse().unwrap(), "lamp".parse().unwrap());
    Command {
        id: id.to_owned(),
        expires_us: Core::in_future(50_000),
        device,
        output,
        set,
        pressed_us: None,
    }
}

async fn room(folder: &TempDir) -> (Mosquitto, Core, Player) {
    let broker = Mosquitto::start();
    let mut core = Core::start(broker.port).await;
    let player = Player::start(broker.port, folder.path()).await;
    core.during(player.settled()).await;
    (broker, core, player)
}

/// Counts the answers to a command of this id, and gives the last.
fn answers(core: &Core, id: &str) -> (usize, Option<CommandAck>) {
    let acks = core.heard.iter().filter(|(topic, _)| *topic == Topic::CommandAck(slot()));
    let acks = acks.map(|(_, said)| decode::<CommandAck>(said.as_bytes()).unwrap());
    let all: Vec<_> = acks.filter(|ack| ack.id == id).collect();
    (all.len(), all.last().cloned())
}

async fn answered(core: &mut Core, id: &str, times: usize) -> CommandAck {
    core.until(|core| answers(core, id).0 == times).await;
    answers(core, id).1.unwrap()
}

async fn tell(core: &mut Core, command: &Command, times: usize) -> CommandAck {
    core.publish(&Topic::Command(slot()), &encode(command)).await;
    answered(core, &command.id, times).await
}

/// Keeps a message at the broker, as nobody should.
async fn keep(core: &Core, topic: Topic, payload: Vec<u8>) {
    let topic = Topics::default().of(&topic);
    let sent = core.client.publish(topic, payload, Qos::AtLeastOnce, true).await.unwrap();
    sent.acknowledged().await.unwrap();
}

#[tokio::test]
async fn a_command_that_comes_again_is_answered_and_not_done_again_even_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (broker, mut core, player) = room(&folder).await;
    let on = lamp("on", Set::On);

    let first = tell(&mut core, &on, 1).await;
    core.during(player.see(|state| Player::is_on(state, "lamp"))).await;
    tell(&mut core, &lamp("off", Set::Off), 1).await;
    core.during(player.see(|state| !Player::is_on(state, "lamp"))).await;
    let second = tell(&mut core, &on, 2).await;
    let third = tell(&mut core, &on, 3).await;
    let before = Player::is_on(&player.slot.watch().borrow(), "lamp");
    core.during(player.slot.stop()).await;
    let player = Player::start(broker.port, folder.path()).await;
    core.during(player.see(|state| state.clock.is_some())).await;
    let after_restart = tell(&mut core, &on, 4).await;

    for ack in [first, second, third, after_restart] {
        assert_eq!((ack.result, ack.reason), (CommandResult::Done, None));
    }
    assert!(!before && !Player::is_on(&player.slot.watch().borrow(), "lamp"));
}

#[tokio::test]
async fn a_command_that_was_refused_may_come_again() {
    let folder = tempfile::tempdir().unwrap();
    let (_broker, mut core, player) = room(&folder).await;
    let (mut wrong, right) = (lamp("again", Set::On), lamp("again", Set::On));
    wrong.output = "door".parse().unwrap();

    let refused = tell(&mut core, &wrong, 1).await;
    let done = tell(&mut core, &right, 2).await;

    assert_eq!((refused.result, done.result), (CommandResult::Refused, CommandResult::Done));
    core.during(player.see(|state| Player::is_on(state, "lamp"))).await;
}

#[tokio::test]
async fn what_the_broker_kept_moves_nothing_at_any_connection() {
    let (broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    keep(&core, Topic::Command(slot()), encode(&lamp("kept", Set::On))).await;
    keep(&core, Topic::LedCommand(slot()), encode(&LedCommand::One { index: 0, state: true }))
        .await;
    let test = TestCommand::SimulateRfid { tag_uid: "04A37C91".to_owned() };
    keep(&core, Topic::TestCommand(slot()), encode(&test)).await;

    for start in 1..=2 {
        let player = Player::start(broker.port, folder.path()).await;
        core.during(player.settled()).await;
        let refused = answered(&mut core, "kept", start).await;
        tell(&mut core, &lamp(&format!("live-{start}"), Set::Off), 1).await;

        assert_eq!(refused.result, CommandResult::Refused);
        assert!(refused.reason.unwrap().contains("retained"));
        core.during(player.slot.stop()).await;
    }

    let lit =
        |(topic, said): &(Topic, String)| *topic == Topic::Leds(slot()) && said.contains("true");
    assert!(!core.heard.iter().any(lit), "no lamp was ever lit");
    assert!(!core.raw.iter().any(|raw| raw.contains("04A37C91")), "no tag was presented");
}

#[tokio::test]
async fn a_command_that_cannot_be_read_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let (_broker, mut core, _player) = room(&folder).await;
    let expires_us = Core::in_future(50_000);
    let every = "on, off, {level}";
    let sets = [
        (json!({"pulse_ms": -5}), "`-5`, expected u64"),
        (json!("open"), every),
        (json!({"level": "high"}), "\"high\", expected f64"),
        (json!(null), every),
    ];

    for (number, (set, wanted)) in sets.into_iter().enumerate() {
        let id = format!("bad-{number}");
        let command = json!({ "id": id, "expires_us": expires_us, "device": "panel", "output": "lamp", "set": set });
        core.publish(&Topic::Command(slot()), command.to_string().as_bytes()).await;
        let ack = answered(&mut core, &id, 1).await;
        assert_eq!(ack.result, CommandResult::Refused);
        let reason = ack.reason.unwrap();
        assert!(reason.contains(wanted), "{set}: {reason}");
    }
    let nothing = json!({ "id": "bare" }).to_string();
    core.publish(&Topic::Command(slot()), nothing.as_bytes()).await;
    let ack = answered(&mut core, "bare", 1).await;

    assert!(ack.reason.unwrap().contains("expires_us"));
}

//! Times of presses, from the edge to the lamp, as the agent measures and tells them.

use crate::broker::Mosquitto;
use crate::core::{Core, slot};
use crate::player::Player;
use eg_proto::{Command, EventKind, InputStatus, Latency, Set, Topic, decode, encode};

fn told(core: &Core) -> Option<Latency> {
    let status = core.last(Topic::InputStatus)?;
    decode::<InputStatus>(status.as_bytes()).unwrap().latency
}

#[tokio::test]
async fn a_slot_tells_how_soon_a_press_was_sent_stored_and_answered_by_a_lamp() {
    let (broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let player = Player::start(broker.port, folder.path()).await;
    core.during(player.settled()).await;
    let dated = |state: &eg_agent::slot::SlotState| state.clock.is_some();
    core.during(player.see(dated)).await;
    let before = told(&core);

    core.during(player.play_times(4)).await;
    core.until(|core| core.presses() == 4).await;
    let events = core.stored.values().flatten();
    let pressed =
        events.filter(|event| event.kind == EventKind::Press).find_map(|event| event.t.core_us);
    let (device, output) = ("panel".parse().unwrap(), "lamp".parse().unwrap());
    let (id, expires_us) = ("answer".to_owned(), Core::in_future(5_000));
    let command = Command { id, expires_us, device, output, set: Set::On, pressed_us: pressed };
    core.until(|core| told(core).is_some_and(|times| times.acked.n > 0)).await;
    core.publish(&Topic::Command(slot()), &encode(&command)).await;
    core.during(player.see(|state| state.latency.lamp.count() == 1)).await;
    // It is told now and then, and to a core that greets at once.
    core.greet().await;
    core.until(|core| told(core).is_some_and(|times| times.lamp.n == 1)).await;

    let times = told(&core).unwrap();
    assert_eq!(before.map_or(0, |times| times.lamp.n), 0);
    assert!(times.sent.n >= 1 && times.acked.n >= 1, "{times:?}");
    assert!(times.lamp.max_us > times.sent.p50_us.min(100), "{times:?}");
    assert!(times.lamp.max_us < 5_000_000, "{times:?}");
}

#[tokio::test]
async fn a_command_that_answers_a_press_of_another_time_is_done_and_not_measured() {
    let (broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let player = Player::start(broker.port, folder.path()).await;
    core.during(player.settled()).await;
    core.during(player.see(|state| state.clock.is_some())).await;

    for (id, pressed) in [("ahead", Core::in_future(60_000)), ("long-ago", eg_proto::Timestamp(1))]
    {
        let (device, output) = ("panel".parse().unwrap(), "lamp".parse().unwrap());
        let (id, expires_us) = (id.to_owned(), Core::in_future(5_000));
        let answered = format!("\"{id}\"");
        let pressed_us = Some(pressed);
        let command = Command { id, expires_us, device, output, set: Set::On, pressed_us };
        core.publish(&Topic::Command(slot()), &encode(&command)).await;
        core.until(|core| {
            let ack = core.last(Topic::CommandAck);
            ack.is_some_and(|ack| ack.contains(&answered) && ack.contains("done"))
        })
        .await;
    }

    assert_eq!(player.slot.watch().borrow().latency.lamp.count(), 0);
}

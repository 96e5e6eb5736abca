//! Silence: of the core, of its broker, and of the cable between. Outputs are safe in time, and nothing is lost.

use crate::broker::Mosquitto;
use crate::core::{Core, slot};
use crate::player::Player;
use crate::proxy::Proxy;
use crate::soon;
use eg_agent::slot::Status;
use eg_proto::{Ack, Command, Event, EventKind, Presence, Set, Topic, decode_batch, encode};
use std::cell::Cell;
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::Instant;

/// Time after the last word within which outputs are safe: `safe_after` is 10 s, the rest is for a busy machine.
const SAFE: Duration = Duration::from_secs(14);

/// Number of presses under load: more in so short a time are taken for a contact that bounces.
const LOAD: usize = 300;

/// A slot with its lamp on, and a core that it hears.
struct World {
    broker: Mosquitto,
    core: Core,
    player: Player,
    _folder: TempDir,
}

impl World {
    async fn lit(broker: Mosquitto, port: u16) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut core = Core::start(broker.port).await;
        let player = Player::start(port, folder.path()).await;
        core.during(player.settled()).await;
        let (device, output) = ("panel".parse().unwrap(), "lamp".parse().unwrap());
        let expires_us = Core::in_future(50_000);
        let (id, set, pressed_us) = ("lamp".to_owned(), Set::On, None);
        let command = Command { id, expires_us, device, output, set, pressed_us };
        core.publish(&Topic::Command(slot()), &encode(&command)).await;
        core.during(player.see(|state| Player::is_on(state, "lamp"))).await;
        Self { broker, core, player, _folder: folder }
    }

    /// Waits until the lamp is safe and the page tells of the loss.
    async fn safe(&self, since: Instant) -> Duration {
        self.player.see(|state| !Player::is_on(state, "lamp")).await;
        let took = since.elapsed();
        let lost = |state: &eg_agent::slot::SlotState| state.status() == Status::Disconnected;
        self.player.see(lost).await;
        took
    }

    /// Waits until everything that was pressed has come, in order.
    async fn whole(&mut self, presses: usize) -> Duration {
        let since = Instant::now();
        self.core.until(|core| core.releases() == presses).await;
        self.core.during(self.player.see(|state| state.outbox.waiting == 0)).await;
        let both = |_| [EventKind::Press, EventKind::Release];
        assert_eq!(self.core.played(), (0..presses).flat_map(both).collect::<Vec<_>>());
        since.elapsed()
    }
}

async fn the_broker_is_stopped() {
    let broker = Mosquitto::start();
    let port = broker.port;
    let mut world = World::lit(broker, port).await;

    world.broker.stop();
    let safe = world.safe(Instant::now()).await;
    world.player.play("a").await;
    world.broker.go_on();
    let whole = world.whole(1).await;

    println!("broker stopped: safe after {safe:?}, whole {whole:?} after it went on");
    assert!(safe < SAFE, "{safe:?}");
}

async fn packets_are_dropped_under_load() {
    let broker = Mosquitto::start();
    let proxy = Proxy::start(broker.port).await;
    let mut world = World::lit(broker, proxy.port).await;
    world.core.during(world.player.play_times(20)).await;

    proxy.freeze(true);
    let (since, is_safe) = (Instant::now(), Cell::new(false));
    let lamp = async {
        let took = world.safe(since).await;
        is_safe.set(true);
        took
    };
    let load = async {
        let mut presses = 20;
        while !is_safe.get() && presses < LOAD {
            world.player.play("a").await;
            presses += 1;
        }
        presses
    };
    let (safe, presses) = tokio::join!(lamp, load);
    proxy.freeze(false);
    let whole = world.whole(presses).await;

    println!("cut under {presses} presses: safe after {safe:?}, whole {whole:?} after its end");
    assert!(safe < SAFE, "{safe:?}");
}

async fn the_core_is_silent_and_its_broker_lives() {
    let broker = Mosquitto::start();
    let port = broker.port;
    let mut world = World::lit(broker, port).await;
    let online = |core: &Core| {
        let status = Topic::Status(slot());
        let said = core.heard.iter().filter(|(topic, _)| *topic == status);
        said.filter(|(_, text)| text == Presence::Online.as_str()).count()
    };
    let before = online(&world.core);

    let safe = world.safe(Instant::now()).await;
    world.player.play("a").await;
    let whole = world.whole(1).await;

    println!("core silent: safe after {safe:?}, whole {whole:?} after its next word");
    assert!(safe < SAFE, "{safe:?}");
    assert_eq!(online(&world.core), before, "the connection to a broker that lives is kept");
    let events = world.core.stored.values().flatten();
    assert!(events.filter(|event| event.kind == EventKind::Press).all(|event| event.late));
}

#[tokio::test]
async fn outputs_are_safe_ten_seconds_after_the_last_word_however_the_link_falls_silent() {
    tokio::join!(
        the_broker_is_stopped(),
        packets_are_dropped_under_load(),
        the_core_is_silent_and_its_broker_lives(),
    );
}

/// Numbers of the events in the messages that came after the first `known` ones.
fn numbers(core: &Core, known: usize) -> Vec<u64> {
    let events =
        core.raw[known..].iter().flat_map(|raw| decode_batch::<Event>(raw.as_bytes()).unwrap());
    events.map(|event| event.seq).collect()
}

#[tokio::test]
async fn an_agent_that_is_back_before_the_core_sends_nothing_to_a_broker_that_would_drop_it() {
    let (mut broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let player = Player::start(broker.port, folder.path()).await;
    core.during(player.settled()).await;
    core.during(player.play("a")).await;
    core.until(|core| core.releases() == 1).await;
    core.during(player.see(|state| state.outbox.waiting == 0)).await;
    let (known, next) = (core.raw.len(), player.slot.watch().borrow().outbox.taken + 1);

    core.client.wait_at_least(Duration::from_secs(3));
    broker.kill();
    core.during(player.see(|state| state.status() == Status::Disconnected)).await;
    player.play("b").await;
    broker.start_again();
    let waits = |state: &eg_agent::slot::SlotState| {
        state.disconnected.as_ref().is_some_and(|why| why.contains("has not answered yet"))
    };
    player.see(waits).await;
    player.play("a").await;
    core.until(|core| core.releases() == 3).await;

    let came = numbers(&core, known);
    assert_eq!(came[..4], [next, next + 1, next + 2, next + 3], "{came:?}");
}

#[tokio::test]
async fn what_the_core_says_it_lacks_is_sent_again() {
    let (broker, folder) = (Mosquitto::start(), tempfile::tempdir().unwrap());
    let mut core = Core::start(broker.port).await;
    let player = Player::start(broker.port, folder.path()).await;
    core.during(player.settled()).await;
    let stored = player.slot.watch().borrow().outbox.taken;

    core.acks = false;
    core.during(player.play_times(3)).await;
    core.until(|core| core.releases() == 3).await;
    let (known, boot) = (core.raw.len(), core.boots[0]);
    let again = Ack { again: true, ..Ack::new(boot, stored + 2) };
    core.say(Topic::InputAck, &again).await;
    core.until(|core| numbers(core, known).len() == 4).await;

    assert_eq!(numbers(&core, known), (stored + 3..=stored + 6).collect::<Vec<_>>());
    core.acks = true;
    core.greet().await;
    soon(core.during(player.see(|state| state.outbox.waiting == 0))).await;
}

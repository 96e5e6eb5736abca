//! Tests of a core with its broker, and clients that speak to it over MQTT.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod backup;
mod casino;
mod held_port;
mod identity;
mod old_pages;
mod player;
mod signals;
mod silence;
mod tls;
mod topics_only;
mod troublesome;
mod twins;
mod users;

use eg_core::clock::SteadyClock;
use eg_core::config::{CoreConfig, Environment};
use eg_core::engine::command::{Actor, Command};
use eg_core::server::Core;
use eg_proto::{ClockPing, ClockPong, Presence, Secret, Set, Topic, decode, encode};
use held_port::HeldPort;
use player::Player;
use serde_json::json;
use std::sync::Arc;
use tempfile::TempDir;

/// A core. Its folder and the port of its broker stay while it is stopped.
struct Server {
    config: CoreConfig,
    _mqtt: HeldPort,
    _folder: TempDir,
    core: Option<Core>,
}

impl Server {
    fn open(yaml: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ports = "ports: { mqtt: 0, websocket: 0, api: 0, page: 0 }\n";
        let source = eg_config::Source::text("core.yaml", format!("{ports}{yaml}"));
        let mut config = CoreConfig::from_source(&source, &Environment::default()).unwrap();
        config.db = folder.path().join("eg.db");
        let mqtt = HeldPort::take();
        config.ports.mqtt = mqtt.number;
        let mut house = Self { config, _mqtt: mqtt, _folder: folder, core: None };
        house.light();
        house
    }

    fn light(&mut self) {
        let core = Core::start(&self.config, Arc::new(SteadyClock::default())).unwrap();
        if !self.config.compat {
            for number in 1..=2 {
                adopt(&core, number);
            }
        }
        self.core = Some(core);
    }

    fn dark(&mut self) {
        self.core = None;
    }

    fn core(&self) -> &Core {
        self.core.as_ref().unwrap()
    }

    async fn player(&self, number: usize) -> Player {
        let secret = (!self.config.compat).then(|| secret(number));
        Player::sit(self.config.ports.mqtt, number, secret).await
    }
}

/// Returns the secret of a slot under test.
fn secret(number: usize) -> Secret {
    Secret::from_random([u8::try_from(number).unwrap(); 26])
}

/// Adopts a slot, as from a card that was prepared.
fn adopt(core: &Core, number: usize) {
    let slot = format!("slot-{number:02}").parse().unwrap();
    core.access().enlist(&slot, secret(number).digest(), None, "", "operator").unwrap();
}

const NIGHT: &str = "compat: true
rooms:
  main: { slots: [slot-01, slot-02], game: night-vote, config: { grace: 0s } }
";

async fn open_step(house: &Server) {
    let handle = house.core().handle();
    let by = || Actor("operator".to_owned());
    let (game, config, reason) = (None, None, None);
    let start = Command::Start { room: "main".parse().unwrap(), game, config, reason };
    handle.ask(by(), start).await.unwrap();
    let args = json!({ "question": "Who?", "options": ["A", "B"] });
    let args = args.as_object().unwrap().clone();
    let room = "main".parse().unwrap();
    let open = Command::Act { room, name: "open".to_owned(), args, reason: None };
    handle.ask(by(), open).await.unwrap();
}

#[tokio::test]
async fn a_press_becomes_a_result() {
    let house = Server::open(NIGHT);
    let (mut one, mut two) = (house.player(1).await, house.player(2).await);
    open_step(&house).await;

    one.press(1, "a").await;
    two.press(1, "a").await;

    assert_eq!(one.ack().await.seq, 1);
    let result = one.result().await.result;
    assert_eq!((result.outcome.as_deref(), result.votes), (Some("A"), 2));
    assert_eq!(two.ack().await.seq, 1);
}

#[tokio::test]
async fn a_core_that_comes_back_takes_up_the_ballot() {
    let mut house = Server::open(NIGHT);
    let mut one = house.player(1).await;
    open_step(&house).await;
    one.press(1, "a").await;
    one.ack().await;

    house.dark();
    house.light();
    one.come_back().await;
    one.press(1, "a").await;
    let mut two = house.player(2).await;
    two.press(1, "a").await;

    let result = one.result().await.result;
    assert_eq!((result.votes, result.expected), (2, 2));
}

#[tokio::test]
async fn a_clock_ping_is_answered_with_the_cores_time() {
    let house = Server::open("");
    let mut one = house.player(1).await;
    let before = house.core().clock().now();

    one.say(
        Topic::ClockPing,
        encode(&ClockPing { n: 7, t1_us: 42, sync: None, waiting: None, next_ms: None }),
    )
    .await;
    let pong = Topic::ClockPong(one.slot.clone());
    let pong: ClockPong = decode(&one.hear(&pong).await).unwrap();

    assert_eq!((pong.n, pong.t1_us), (7, 42));
    assert!(before <= pong.t2_us && pong.t2_us <= pong.t3_us);
    assert!(pong.t3_us <= house.core().clock().now());
}

#[tokio::test]
async fn an_accepted_vote_is_felt() {
    let house = Server::open(NIGHT);
    let mut one = house.player(1).await;
    one.greet().await;
    open_step(&house).await;
    let mut state = house.core().handle().changed();
    state.wait_for(|state| !state.slots[&one.slot].devices.is_empty()).await.unwrap();

    one.press(1, "a").await;

    let command = Topic::Command(one.slot.clone());
    let command: eg_proto::Command = decode(&one.hear(&command).await).unwrap();
    assert_eq!((command.output.as_str(), command.set), ("lamp-a", Set::Pulse(300)));
}

#[tokio::test]
async fn a_slot_that_is_cut_off_is_seen_offline() {
    let house = Server::open("");
    let one = house.player(1).await;
    let slot = one.slot.clone();
    one.greet().await;
    let mut state = house.core().handle().changed();
    let presence = |wanted: Presence| {
        let slot = slot.clone();
        move |state: &Arc<eg_core::engine::read_model::ReadModel>| {
            state.slots.get(&slot).is_some_and(|slot| slot.presence == wanted)
        }
    };
    state.wait_for(presence(Presence::Online)).await.unwrap();

    drop(one);

    state.wait_for(presence(Presence::Offline)).await.unwrap();
}

#[tokio::test]
async fn a_message_that_cannot_be_read_is_set_aside_and_shown() {
    let house = Server::open("");
    let mut one = house.player(1).await;

    one.say(Topic::InputEvent, "garbage".into()).await;
    one.press(1, "a").await;
    one.ack().await;

    let core = house.core();
    let kept = core.journal().quarantine(10).unwrap();
    assert_eq!(kept[0].payload, "garbage");
    let mut state = core.handle().changed();
    let state = state.wait_for(|state| state.counts.stored == 1).await.unwrap().clone();
    assert_eq!(state.counts.quarantined, 1);
    assert!(!state.troubles.is_empty());
}

#[tokio::test]
async fn the_live_stream_tells_what_the_journal_holds() {
    let house = Server::open("");
    let mut live = house.core().handle().live();
    let mut one = house.player(1).await;

    one.press(1, "a").await;
    one.press(2, "b").await;
    let told = [live.recv().await.unwrap(), live.recv().await.unwrap()];

    let kept = house.core().journal().entries(told[0].id - 1, 2).unwrap();
    assert_eq!(told.map(|entry| (*entry).clone()).to_vec(), kept);
}

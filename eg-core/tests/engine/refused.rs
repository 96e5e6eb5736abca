//! Refused commits leave nothing behind: the journal and the read model end as they would have, whatever came in that
//! round.

mod steps;

use crate::room::{Room, main_room, operator, secs, slot};
use eg_core::config::Seeds;
use eg_core::engine::Committed;
use eg_core::engine::command::{Command, Request, ShowOrder};
use eg_core::engine::read_model::{ReadModel, Slot};
use eg_core::ingest::{Arrival, BrokerNews, Delivery, Unreadable};
use eg_proto::{
    ClockPing, Command as OutputCommand, CommandAck, CommandResult, DeviceState, InputStatus,
    NightVote, Presence, Set,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use steps::{Step, step};
use tokio::sync::oneshot;

const YAML: &str = "compat: true
rooms:
  main:
    slots: [slot-01, slot-02, slot-03]
    game: night-vote
    config: { grace: 2s, timeout: 20s, missing: abstain }";

/// Disk that can refuse at the very end: whatever a transaction wrote, its commit fails.
struct Disk(rusqlite::Connection);

impl Disk {
    fn of(room: &Room) -> Self {
        let disk = rusqlite::Connection::open(&room.config.db).unwrap();
        disk.execute_batch(
            "CREATE TABLE refuse (now INTEGER NOT NULL);
             INSERT INTO refuse VALUES (0);
             CREATE TABLE owed (entry INTEGER REFERENCES entry (id) DEFERRABLE INITIALLY DEFERRED);",
        )
        .unwrap();
        let tables = ["entry", "slot", "mark", "quarantine", "stream", "effect", "awaited"];
        for table in tables {
            for verb in ["INSERT", "UPDATE", "DELETE"] {
                let trigger = format!(
                    "CREATE TRIGGER {table}_{verb} AFTER {verb} ON {table}
                     WHEN (SELECT now FROM refuse) BEGIN INSERT INTO owed VALUES (-1); END"
                );
                disk.execute_batch(&trigger).unwrap();
            }
        }
        Self(disk)
    }

    fn refuses(&self, now: bool) {
        self.0.execute("UPDATE refuse SET now = ?1", [now]).unwrap();
    }

    /// Returns everything that is stored, without numbers that are drawn.
    fn content(&self) -> Vec<String> {
        let tables = [
            "SELECT id, at_us, kind, slot, session, cause, stream, seq, body FROM entry ORDER BY id",
            "SELECT slot, hello, heard_us FROM slot ORDER BY slot",
            "SELECT name, value FROM mark WHERE name <> 'course' ORDER BY name",
            "SELECT at_us, topic, why, bytes FROM quarantine ORDER BY id",
            "SELECT slot, boot, high FROM stream ORDER BY id",
            "SELECT stream, first, last FROM awaited ORDER BY stream, first",
            "SELECT id, room, game, config, roster, status, ended_us FROM session ORDER BY id",
            "SELECT entry, kind, slot, subject, expires_us, answer FROM effect ORDER BY id",
            "SELECT entry, timers, views, offers FROM seen ORDER BY entry",
        ];
        let mut content = Vec::new();
        for table in tables {
            let mut list = self.0.prepare(table).unwrap();
            let width = list.column_count();
            let mut rows = list.query([]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                let cells = (0..width).map(|n| {
                    let cell = row.get_ref(n).unwrap();
                    cell.as_str().map_or_else(|_| format!("{cell:?}"), str::to_owned)
                });
                content.push(without_drawn(&cells.collect::<Vec<_>>().join(" ")));
            }
        }
        content
    }
}

/// Replaces drawn boot ids and command ids by placeholders.
fn without_drawn(text: &str) -> String {
    let is_drawn = |word: &str| word.len() == 26 && word.starts_with("01");
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.map(|word| if is_drawn(word) { "*" } else { word }).collect::<Vec<_>>().join(" ")
}

/// Room with a disk under it that may refuse.
struct World {
    room: Room,
    disk: Disk,
    /// Last event number of each slot.
    seq: [u64; 4],
    commands: u64,
    looks: u32,
}

impl World {
    fn new() -> Self {
        let mut room = Room::open(YAML);
        room.config.sessions.seeds = Seeds::From(7);
        room.crash();
        (1..=3).for_each(|number| room.greet(number));
        let disk = Disk::of(&room);
        Self { room, disk, seq: [0; 4], commands: 0, looks: 0 }
    }

    /// Builds the arrivals of these steps, once, so that they are the same when a round is tried again.
    fn arrivals(&mut self, steps: &[Step]) -> Vec<Arrival> {
        let mut all: Vec<_> = steps.iter().filter_map(|step| self.arrival(step)).collect();
        if steps.iter().all(|step| matches!(step, Step::Clock(..))) {
            // Of clocks alone nothing is stored, and nothing would be tried again.
            all.push(Arrival::Presence(slot(1), Presence::Online));
        }
        all
    }

    fn arrival(&mut self, step: &Step) -> Option<Arrival> {
        Some(match step {
            Step::Press(number, skip, key) => {
                self.seq[*number] += skip;
                self.room.event(*number, self.seq[*number], key)
            }
            Step::Presence(number, presence) => Arrival::Presence(slot(*number), *presence),
            Step::Hello(number, more) => {
                let outputs = if *more { vec!["lamp-a", "lamp-b"] } else { vec!["lamp-a"] };
                let board = json!({ "name": "panel", "driver": "button-row", "inputs": ["a"],
                    "outputs": outputs });
                let hello = json!({ "type": "slot", "version": "0.2.0", "devices": [board] });
                Arrival::Hello(slot(*number), Box::new(serde_json::from_value(hello).unwrap()))
            }
            Step::Board(number, state) => {
                let error = (*state == DeviceState::Lost).then_some("the port does not exist");
                let status = json!({ "status": "online", "device_id": "x", "button_count": 1,
                    "led_count": 1, "capabilities": [],
                    "devices": { "panel": { "state": state, "error": error } } });
                let status: InputStatus = serde_json::from_value(status).unwrap();
                Arrival::Status(slot(*number), Box::new(status))
            }
            Step::Clock(number, bound_us) => {
                let sync = json!({ "offset_us": 7, "bound_us": bound_us, "trip_us": 900 });
                let ping = json!({ "n": 1, "t1_us": 1, "sync": sync });
                let ping: ClockPing = serde_json::from_value(ping).unwrap();
                Arrival::Ping(slot(*number), ping)
            }
            Step::Vote(number, choice) => {
                let vote = json!({ "device_id": slot(*number), "step": 1, "choice": choice });
                let vote: NightVote = serde_json::from_value(vote).unwrap();
                Arrival::Vote(slot(*number), vote)
            }
            Step::Unreadable => Arrival::Unreadable(Unreadable {
                slot: Some(slot(1)),
                topic: "eg/dev/slot-01/input/event".to_owned(),
                why: "no JSON".to_owned(),
                payload: b"{".to_vec(),
            }),
            Step::Broker(true) => Arrival::Broker(BrokerNews::Connected),
            Step::Broker(false) => Arrival::Broker(BrokerNews::Lost("away".to_owned())),
            Step::Answer(number, result) => {
                let id = format!("try-{}", self.commands);
                let reason = (*result == CommandResult::Refused).then(|| "no".to_owned());
                Arrival::Answer(slot(*number), CommandAck { id, result: *result, reason })
            }
            Step::Start
            | Step::Act(..)
            | Step::Mode(_)
            | Step::RollCall(_)
            | Step::Show(_)
            | Step::Output(_) => return None,
        })
    }

    /// Builds the requests of these steps; nobody waits for the answers.
    fn requests(&self, steps: &[Step]) -> Vec<Request> {
        let room = main_room();
        let mut commands = self.commands;
        let asked = steps.iter().filter_map(|step| {
            let room = room.clone();
            let command = match step {
                Step::Start => {
                    let reason = Some("late".to_owned());
                    let (game, config) = (None, None);
                    Command::Start { room, game, config, reason }
                }
                Step::Act(name, args) => {
                    let args: Map<String, Value> = serde_json::from_value(args.clone()).unwrap();
                    let (name, reason) = ((*name).to_owned(), Some("a test".to_owned()));
                    Command::Act { room, name, args, reason }
                }
                Step::Mode(mode) => Command::Mode { room: Some(room), mode: *mode },
                Step::RollCall(on) => Command::RollCall { room, on: *on },
                Step::Show(act) => {
                    let items = json!([{ "name": "vote", "game": "night-vote" }, { "name": "quiz", "game": "buzzer" }]);
                    let show = Some(json!({ "show": "evening", "items": items }));
                    let (item, reason) = (None, Some("a test".to_owned()));
                    let order = ShowOrder { act: *act, item, show, reason };
                    Command::Show { room, order }
                }
                Step::Output(number) => {
                    commands += 1;
                    let command = OutputCommand {
                        id: format!("try-{commands}"),
                        expires_us: crate::room::START + secs(9_000),
                        device: "panel".parse().unwrap(),
                        output: "lamp-a".parse().unwrap(),
                        set: Set::On,
                        pressed_us: None,
                    };
                    Command::Output { slot: slot(*number), command }
                }
                Step::Press(..)
                | Step::Presence(..)
                | Step::Hello(..)
                | Step::Board(..)
                | Step::Clock(..)
                | Step::Vote(..)
                | Step::Unreadable
                | Step::Broker(_)
                | Step::Answer(..) => return None,
            };
            let (reply, answered) = oneshot::channel();
            // Whoever asks waits to the end of the test.
            std::mem::forget(answered);
            Some(Request { by: operator(), command, reply })
        });
        asked.collect()
    }

    fn round(&mut self, came: Vec<Arrival>, asked: Vec<Request>) -> Committed {
        use eg_core::clock::Clock;
        let at = self.room.clock.now();
        let delivery = |arrival| Delivery { at, what: vec![arrival], token: None };
        self.room.engine.round(came.into_iter().map(delivery).collect(), asked)
    }

    /// Plays one round of these steps, which is refused `refused` times before it is stored.
    fn play(&mut self, steps: &[Step], refused: usize) {
        let came = self.arrivals(steps);
        self.disk.refuses(refused > 0);
        let mut waiting = came;
        for _ in 0..refused {
            let asked = self.requests(steps);
            let round = self.round(std::mem::take(&mut waiting), asked);
            if round.stored {
                // It wrote nothing that a disk could refuse.
                self.disk.refuses(false);
                self.commands += self.outputs(steps);
                return;
            }
        }
        self.disk.refuses(false);
        let asked = self.requests(steps);
        assert!(self.round(waiting, asked).stored);
        self.commands += self.outputs(steps);
    }

    fn outputs(&self, steps: &[Step]) -> u64 {
        steps.iter().filter(|step| matches!(step, Step::Output(_))).count() as u64
    }

    /// Returns the read model after a change that pages must see, since small changes of clocks wait for one.
    fn shown(&mut self) -> Arc<ReadModel> {
        self.looks += 1;
        let bound = if self.looks.is_multiple_of(2) { 10 } else { 1_000_000 };
        let news = self.arrivals(&[Step::Clock(3, bound)]);
        self.round(news.into_iter().take(1).collect(), Vec::new());
        self.room.state()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn a_refused_round_leaves_the_same_journal_as_an_accepted_one(
        rounds in prop::collection::vec((prop::collection::vec(step(), 1..4), 0..3_usize, 0..4_u64), 1..10),
    ) {
        let (mut smooth, mut rough) = (World::new(), World::new());

        for (steps, refused, pause) in &rounds {
            for (world, refused) in [(&mut smooth, 0), (&mut rough, *refused)] {
                // What runs out meanwhile does so in the round of these steps.
                world.room.clock_passes_without_a_round(secs(*pause));
                world.play(steps, refused);
            }
            prop_assert_eq!(shown(&smooth.shown()), shown(&rough.shown()));
        }
        prop_assert_eq!(smooth.disk.content(), rough.disk.content());
    }
}

/// Formats the read model, without numbers that are drawn.
fn shown(state: &ReadModel) -> String {
    let slots = state.slots.iter().map(|(id, slot)| {
        let slot = Slot { boot: None, ..Slot::clone(slot) };
        format!("{id}: {slot:?}\n")
    });
    let slots: String = slots.collect();
    format!("{slots}{:#?}\n{:#?}\n{:?}", state.rooms, state.troubles, state.counts)
}

#[test]
fn a_slot_that_dies_while_the_disk_is_full_is_offline_in_the_journal_too() {
    let mut room = Room::open(YAML);
    room.greet(2);
    let disk = Disk::of(&room);

    disk.refuses(true);
    room.leave(2);
    disk.refuses(false);
    room.pass(secs(2));

    let said: Vec<_> =
        room.entries_of("status").into_iter().map(|it| it.body["presence"].clone()).collect();
    assert_eq!(said, ["online", "offline"]);
}

#[test]
fn a_board_that_is_lost_while_the_disk_is_full_is_lost_in_the_journal_too() {
    let mut world = World::new();

    world.play(&[Step::Board(1, DeviceState::Lost)], 1);

    let lost = world.room.entries_of("status").into_iter().filter(|it| it.body["state"] == "lost");
    assert_eq!(lost.count(), 1);
}

#[test]
fn the_answer_to_an_output_that_is_tried_is_told_though_the_disk_refused_it_once() {
    let mut world = World::new();
    world.play(&[Step::Output(1)], 0);

    world.play(&[Step::Answer(1, CommandResult::Done)], 2);

    let told =
        world.room.entries_of("status").into_iter().filter(|it| !it.body["command"].is_null());
    assert_eq!(told.count(), 1);
}

#[test]
fn what_a_slot_has_is_kept_though_the_disk_refused_its_first_word() {
    let mut world = World::new();

    world.play(&[Step::Hello(1, true)], 1);
    world.room.crash();

    let state = world.room.state();
    assert_eq!(state.slots[&slot(1)].devices[0].outputs.len(), 2);
}

#[test]
fn a_restart_knows_who_is_simulated_and_when_each_was_heard() {
    let mut room = Room::open(YAML);
    room.greet(1);
    room.pass(secs(300));
    room.press(1, 1, "a");
    let heard = room.state().slots[&slot(1)].last_seen;
    room.pass(secs(30));
    room.leave(1);

    room.crash_for(secs(420));

    let slot = room.state().slots[&slot(1)].clone();
    assert!(slot.sim);
    assert_eq!(slot.last_seen, heard);
}

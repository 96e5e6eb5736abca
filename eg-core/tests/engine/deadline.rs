//! Deadlines: presses from before one are played before it, whatever the links and the core do.

use crate::room::{Room, secs};
use eg_core::engine::replay;
use eg_core::ingest::Arrival;
use eg_game::Order;
use eg_game::prelude::*;
use eg_proto::Timestamp;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use serde_json::json;
use std::time::Duration;

/// Settings of a game that has none.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// Game with a fuse that burns for four seconds once it is lit. It records everything that it hears, in milliseconds
/// since then.
struct Fuse {
    lit: Option<Timestamp>,
    heard: Vec<String>,
}

impl Fuse {
    fn hear(&mut self, who: &str, at: Timestamp) {
        if let Some(lit) = self.lit {
            self.heard.push(format!("{who}@{}", (at.0 - lit.0).div_euclid(1_000)));
        }
    }
}

macro_rules! fuses {
    ($($game:ident $kind:literal $order:ident $start:ident),+) => { $(
        struct $game(Fuse);

        impl Game for $game {
            const KIND: &'static str = $kind;
            const ORDER: Order = Order::$order;
            type Config = Nothing;

            fn start(_: Nothing, _: &Roster) -> Result<Self, StartError> {
                Ok(Self(Fuse { lit: None, heard: Vec::new() }))
            }
            fn on_input(&mut self, input: &Input, effects: &mut Effects) {
                if input.pressed().is_some() {
                    let late = if input.overtaken { "overtaken-" } else { "" };
                    self.0.hear(&format!("{late}{}", input.slot), input.at);
                    if input.pressed().is_some_and(|key| key.as_str() == "cut") {
                        effects.cancel(TimerId(1));
                    }
                }
            }
            fn on_timer(&mut self, _: TimerId, at: Timestamp, _: &mut Effects) {
                self.0.hear("bang", at);
            }
            fn on_operator(&mut self, act: &Act, effects: &mut Effects) {
                match act.name.as_str() {
                    "start" | "wink" => {}
                    "light" => {
                        self.0 = Fuse { lit: Some(act.at), heard: Vec::new() };
                        effects.$start(TimerId(1), Duration::from_secs(4));
                    }
                    "cut" => effects.cancel(TimerId(1)),
                    _ => effects.refuse_act(Text::same("no")),
                }
            }
            fn view(&self, _: &Audience) -> View {
                View::new("there", Text::same("there"), [])
            }
            fn explain(&self) -> Text {
                Text::same(self.0.heard.join(" "))
            }
        }

        eg_game::register!($game);
    )+ };
}

fuses! {
    ByTime "fragile-fuse" ByTime after,
    ByArrival "fragile-deadline" Arrival deadline
}

const GAMES: [&str; 2] = ["fragile-fuse", "fragile-deadline"];

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Opens a room of three slots whose messages are known to take 20 ms at most, and lights the fuse.
fn lit(game: &str) -> Room {
    let mut room = Room::open(&format!(
        "rooms: {{ main: {{ slots: [slot-01, slot-02, slot-03], game: {game} }} }}"
    ));
    (1..=3).for_each(|number| room.greet(number));
    room.start().unwrap();
    (1..=3).for_each(|number| press(&mut room, number, 1, millis(20)));
    room.pass(secs(1));
    room.act("light", json!({})).unwrap();
    room
}

/// Delivers a press that took `took` to arrive.
fn press(room: &mut Room, number: usize, seq: u64, took: Duration) {
    let mut arrival = room.event(number, seq, "red");
    if let Arrival::Event(_, event) = &mut arrival {
        event.t.core_us = event.t.core_us.map(|at| at - took);
    }
    room.arrive([arrival]);
}

fn heard(room: &mut Room) -> String {
    room.session().explain.en
}

fn replays(room: &Room) {
    let record = room.reader().record(1).unwrap().unwrap();
    assert_eq!(replay(&record).unwrap().entries, record.entries.len() as u64);
}

#[test]
fn a_press_shortly_before_a_deadline_counts_although_it_arrives_after_it() {
    for game in GAMES {
        let mut room = lit(game);
        room.pass(millis(4_010));

        press(&mut room, 2, 2, millis(15));
        room.pass(secs(1));

        assert_eq!(heard(&mut room), "slot-02@3995 bang@4000", "{game}");
        replays(&room);
        room.crash();
        assert_eq!(heard(&mut room), "slot-02@3995 bang@4000", "{game}");
    }
}

#[test]
fn a_press_after_a_deadline_waits_for_it() {
    for game in GAMES {
        let mut room = lit(game);
        room.pass(millis(4_005));

        press(&mut room, 2, 2, millis(3));
        room.pass(millis(5));
        press(&mut room, 3, 2, millis(12));
        room.pass(secs(1));

        assert_eq!(heard(&mut room), "slot-03@3998 bang@4000 slot-02@4002", "{game}");
        replays(&room);
    }
}

#[test]
fn a_deadline_waits_no_longer_than_something_earlier_can_come() {
    for game in GAMES {
        let mut room = lit(game);
        // The uncertainty of 0.3 ms, and 20 ms of transit with a quarter more and 2 ms to spare.
        let due = millis(4_027) + Duration::from_micros(300);

        room.pass(due - Duration::from_micros(1));
        let before = heard(&mut room);
        room.pass(Duration::from_micros(1));

        assert_eq!((before.as_str(), heard(&mut room).as_str()), ("", "bang@4000"), "{game}");
        let rang = room.entries_of("timer").pop().unwrap();
        assert_eq!(rang.at, room.clock_now(), "the journal tells when it ran out");
    }
}

#[test]
fn what_waits_for_a_deadline_is_played_when_that_is_called_off() {
    let mut room = lit("fragile-deadline");
    room.pass(millis(4_005));
    press(&mut room, 2, 2, millis(3));

    room.act("cut", json!({})).unwrap();
    room.pass(millis(1));

    assert_eq!(heard(&mut room), "slot-02@4002");
    replays(&room);
}

#[test]
fn a_press_before_a_deadline_is_before_it_in_a_past_without_an_act_too() {
    for game in GAMES {
        let mut room = lit(game);
        room.pass(millis(3_900));
        let wink = room.act("wink", json!({})).unwrap();
        room.pass(millis(110));
        press(&mut room, 2, 2, millis(15));
        press(&mut room, 3, 2, millis(5));
        room.pass(secs(1));
        let before = heard(&mut room);

        room.act("undo", json!({ "entry": wink })).unwrap();

        assert_eq!(before, "slot-02@3995 bang@4000 slot-03@4005", "{game}");
        assert_eq!(heard(&mut room), before, "{game}");
        replays(&room);
    }
}

#[test]
fn a_session_of_the_first_revision_keeps_its_timers() {
    let mut room = lit("fragile-fuse");
    let file = rusqlite::Connection::open(&room.config.db).unwrap();
    file.execute("UPDATE session SET roster = json_remove(roster, '$.rules')", ()).unwrap();
    room.crash();
    room.pass(millis(4_010));

    press(&mut room, 2, 2, millis(15));
    room.pass(secs(1));

    assert!(heard(&mut room).starts_with("bang@4000"), "{}", heard(&mut room));
}

#[test]
fn no_press_with_a_time_before_the_deadline_is_played_after_it() {
    for game in GAMES {
        let mut room = lit(game);
        for seed in 0..60 {
            one_fuse(&mut room, seed, game);
        }
        room.crash();
        replays(&room);
    }
}

/// Lights a fuse, and lets every slot press around its end.
fn one_fuse(room: &mut Room, seed: u64, game: &str) {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    room.act("light", json!({})).unwrap();
    let since = room.clock_now();
    // When each arrives, which slot, which number, and when it was. A slot's presses arrive in their order.
    let mut presses = Vec::new();
    for slot in 1..=3_usize {
        let mut last = (0, 0);
        for seq in 1..=4_u64 {
            let at = (last.0 + 1).max(chance.random_range(3_960_000..4_040_000_u64));
            let arrives = (last.1 + 1).max(at + chance.random_range(200..20_000_u64));
            last = (at, arrives);
            presses.push((arrives.min(at + 20_000), slot, 4 * seed + seq + 1, at));
        }
    }
    presses.sort_unstable();
    for (arrives, slot, seq, at) in presses {
        let now = |room: &Room| u64::try_from(room.clock_now().0 - since.0).unwrap();
        room.pass(Duration::from_micros(arrives.saturating_sub(now(room))));
        let took = Duration::from_micros(now(room) - at);
        press(room, slot, seq, took);
    }
    room.pass(secs(1));

    let heard = heard(room);
    let (before, after) = heard.split_once("bang@4000").unwrap_or_else(|| panic!("{heard}"));
    let times = |text: &str| -> Vec<i64> {
        let all = text.split_whitespace().filter_map(|word| word.split_once('@')?.1.parse().ok());
        all.collect()
    };
    assert!(times(before).iter().all(|at| *at <= 4_000), "seed {seed}, {game}: {heard}");
    assert!(times(after).iter().all(|at| *at >= 4_000), "seed {seed}, {game}: {heard}");
    assert_eq!(times(&heard).len(), 13, "seed {seed}, {game}: {heard}");
    assert!(!heard.contains("overtaken"), "seed {seed}, {game}: {heard}");
}

//! Potato game on its whole way through the core: a seed drawn and stored, players whom the game takes out, and an act
//! of its own under a common name; recorded, replayed, undone, and carried on by the next session of a show.

use crate::room::{Room, main_room, operator, secs};
use eg_core::config::Seeds;
use eg_core::engine::command::{Command, ShowAct, ShowOrder};
use eg_core::engine::replay;
use eg_game::Chance;
use eg_game::RosterChange;
use eg_game::prelude::*;
use serde_json::{Value, json};
use std::time::Duration;

/// Settings of a game that has none.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// Game in which a player who is drawn holds the potato until a press takes it. The holder after ten seconds is out,
/// and the next one is drawn.
struct Potato {
    roster: Roster,
    chance: Chance,
    holder: Option<SlotId>,
}

impl Potato {
    fn draw(&mut self, effects: &mut Effects) {
        let players: Vec<_> = self.roster.alive(None).map(|seat| seat.slot.clone()).collect();
        self.holder = self.chance.pick(&players).cloned();
        effects.after(TimerId(1), Duration::from_secs(10));
    }
}

impl Game for Potato {
    const KIND: &'static str = "fragile-potato";
    type Config = Nothing;

    fn start(_: Nothing, roster: &Roster) -> Result<Self, StartError> {
        Ok(Self { roster: roster.clone(), chance: Chance::from_seed(0), holder: None })
    }

    fn on_input(&mut self, input: &Input, _: &mut Effects) {
        if input.pressed().is_some() {
            self.holder = Some(input.slot.clone());
        }
    }

    fn on_timer(&mut self, _: TimerId, _: Timestamp, effects: &mut Effects) {
        if let Some(holder) = self.holder.take() {
            effects.out(&holder);
        }
    }

    fn on_operator(&mut self, act: &Act, effects: &mut Effects) {
        match act.name.as_str() {
            "start" => {
                self.chance = Chance::of(act);
                self.draw(effects);
            }
            "finish" => effects.finish(Finish::Done),
            "revive" => {
                let out = self.roster.seats.iter().filter(|seat| !seat.alive);
                out.for_each(|seat| effects.back(&seat.slot));
            }
            _ => effects.refuse_act(Text::same("no")),
        }
    }

    fn on_roster(
        &mut self,
        change: &RosterChange,
        _: &Act,
        roster: &Roster,
        effects: &mut Effects,
    ) {
        self.roster = roster.clone();
        if change.gone().is_some() {
            self.draw(effects);
        }
    }

    fn offers(&self) -> Vec<Offer> {
        let own = |name| Offer::new(name, Text::new("Tout le monde", "Everybody"));
        let anybody_out = self.roster.seats.iter().any(|seat| !seat.alive);
        [own("finish")].into_iter().chain(anybody_out.then(|| own("revive"))).collect()
    }

    fn view(&self, _: &Audience) -> View {
        View::new("hot", self.explain(), [])
    }

    fn explain(&self) -> Text {
        Text::same(self.holder.as_ref().map_or("nobody", SlotId::as_str))
    }
}

eg_game::register!(Potato);

fn room() -> Room {
    let mut room =
        Room::open("rooms: { main: { slots: [slot-01, slot-02, slot-03], game: fragile-potato } }");
    (1..=3).for_each(|number| room.greet(number));
    room
}

fn out(room: &mut Room) -> Vec<String> {
    let state = room.state();
    let record = room.reader().record(state.rooms[&main_room()].session.as_ref().unwrap().id);
    let notes = record.unwrap().unwrap().entries.into_iter();
    let lines = notes.filter_map(|line| line.body["line"]["en"].as_str().map(str::to_owned));
    lines.filter(|line| line.contains("out of the game")).collect()
}

fn offered(room: &mut Room) -> Vec<&'static str> {
    room.session().offers.iter().map(|offer| offer.name).collect()
}

fn kill_list(room: &mut Room) -> Value {
    let offers = serde_json::to_value(room.session().offers).unwrap();
    let kill = offers.as_array().unwrap().iter().find(|offer| offer["name"] == "kill").unwrap();
    kill["fields"][0]["kind"]["one_of"].clone()
}

#[test]
fn the_core_draws_a_seed_for_each_session_and_stores_it_with_the_start() {
    let mut room = room();
    room.start().unwrap();
    room.act("abort", json!({})).unwrap();
    room.start().unwrap();

    let starts = room.entries_of("act").into_iter().filter(|act| act.body["name"] == "start");
    let seeds: Vec<_> = starts.map(|act| act.body["args"]["seed"].as_u64().unwrap()).collect();

    assert_eq!(seeds.len(), 2);
    assert_ne!(seeds[0], seeds[1]);
    assert!(seeds.iter().all(|seed| *seed < 1 << 53));
}

#[test]
fn the_seeds_of_a_core_that_runs_for_real_cannot_be_told_beforehand() {
    let first = |seeds: Seeds| {
        let mut room = room();
        room.config.sessions.seeds = seeds;
        room.crash();
        room.start().unwrap();
        room.entries_of("act")[0].body["args"]["seed"].as_u64().unwrap()
    };

    assert_eq!(Room::open("{}").config.sessions.seeds, Seeds::From(1));
    assert_eq!(first(Seeds::From(5)), first(Seeds::From(5)));
    assert_ne!(first(Seeds::System), first(Seeds::System));
    assert_eq!(first(Seeds::Only(7)), 7);
}

#[test]
fn what_a_game_draws_is_drawn_again_by_a_core_that_starts_again() {
    let mut room = room();
    room.start().unwrap();
    let drawn = room.session().explain.en;

    room.crash();
    room.pass(secs(11));
    let second = room.session().explain.en;
    room.crash();

    assert!(drawn.starts_with("slot-"));
    assert_eq!(room.session().explain.en, second);
    replay(&room.reader().record(1).unwrap().unwrap()).unwrap();
}

#[test]
fn a_player_whom_the_game_takes_out_is_out_everywhere() {
    let mut room = room();
    room.start().unwrap();
    room.press(2, 1, "a");

    room.pass(secs(11));

    assert_eq!(out(&mut room), ["slot-02 is out of the game (fragile-potato)"]);
    assert_eq!(kill_list(&mut room), json!(["slot-01", "slot-03"]));
    room.press(2, 2, "a");
    let refused = room.entries_of("refused").pop().unwrap();
    assert_eq!(refused.body["why"]["en"], "this player is not in play");
    room.crash();
    assert_eq!(kill_list(&mut room), json!(["slot-01", "slot-03"]));
    let record = room.reader().record(1).unwrap().unwrap();
    assert_eq!(replay(&record).unwrap().entries, record.entries.len() as u64);
}

#[test]
fn an_own_act_of_a_common_name_reaches_the_game_and_can_be_undone() {
    let mut room = room();
    room.start().unwrap();
    room.press(2, 1, "a");
    room.pass(secs(11));
    let revives = offered(&mut room).iter().filter(|name| **name == "revive").count();

    let revive = room.act("revive", json!({})).unwrap();
    let revived = kill_list(&mut room);
    room.act("undo", json!({ "entry": revive })).unwrap();

    assert_eq!(revives, 1);
    assert_eq!(revived, json!(["slot-01", "slot-02", "slot-03"]));
    assert_eq!(kill_list(&mut room), json!(["slot-01", "slot-03"]));
    let deed = room.session().acts.into_iter().find(|act| act.entry == revive).unwrap();
    assert!(
        deed.after.iter().chain(&deed.before).any(|line| line.en.contains("slot-02")),
        "{deed:?}"
    );
}

#[test]
fn undoing_the_kill_that_made_room_undoes_what_the_game_did_because_of_it() {
    let mut room = room();
    room.start().unwrap();
    room.press(1, 1, "a");
    let kill = room.act("kill", json!({ "slot": "slot-03" })).unwrap();
    room.press(2, 1, "a");
    room.pass(secs(11));
    assert_eq!(kill_list(&mut room), json!(["slot-01"]));

    room.act("undo", json!({ "entry": kill })).unwrap();

    let alive = kill_list(&mut room);
    assert!(alive.as_array().unwrap().contains(&json!("slot-03")), "{alive}");
    room.crash();
    assert_eq!(kill_list(&mut room), alive);
}

#[test]
fn the_next_session_of_a_show_begins_with_those_who_are_left() {
    let mut room = room();
    let item = |name: &str| json!({ "name": name, "game": "fragile-potato", "config": {} });
    let show = Some(json!({ "show": "An evening", "items": [item("first"), item("second")] }));
    let (room_of, by) = (main_room(), operator());
    let order = ShowOrder { act: ShowAct::Start, item: None, show, reason: None };
    room.ask(by, Command::Show { room: room_of, order }).0.unwrap();
    room.press(2, 1, "a");
    room.pass(secs(11));

    room.act("finish", json!({})).unwrap();
    room.pass(secs(1));

    let second = room.reader().record(2).unwrap().unwrap().session.roster;
    let alive: Vec<_> = second.alive(None).map(|seat| seat.slot.as_str()).collect();
    assert_eq!(alive, ["slot-01", "slot-03"]);
}

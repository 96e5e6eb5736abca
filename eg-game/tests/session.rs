//! Services of the SDK for every game: the roster, pauses, the end, and events told twice.

use eg_game::prelude::*;
use eg_game::testkit::{Table, json, millis, secs};
use eg_game::{EventKind, Presence, ProxyChoices, RosterChange};

/// No settings.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Writes down all that it is told. A press starts ten seconds; their end ends the game.
struct Diary {
    told: Vec<String>,
    ends: Option<Timestamp>,
    asked: Vec<SlotId>,
}

impl Game for Diary {
    const KIND: &'static str = "diary";
    type Config = Nothing;

    fn start(_: Nothing, roster: &Roster) -> Result<Self, StartError> {
        let asked = roster.alive(None).map(|seat| seat.slot.clone()).collect();
        Ok(Self { told: Vec::new(), ends: None, asked })
    }

    fn on_input(&mut self, input: &Input, effects: &mut Effects) {
        if input.pressed().is_some() {
            self.told.push(format!("press {}", input.slot));
            self.ends = Some(input.now + secs(10));
            effects.after(TimerId(1), secs(10));
        } else {
            self.told.push(format!("level {}", input.slot));
        }
    }

    fn on_timer(&mut self, _: TimerId, _: Timestamp, effects: &mut Effects) {
        effects.finish(Finish::Done);
    }

    fn on_roster(&mut self, change: &RosterChange, act: &Act, roster: &Roster, _: &mut Effects) {
        let playing = roster.alive(None).count();
        self.told.push(format!("{change:?} by {}: {playing}", act.by));
        self.asked = roster.alive(None).map(|seat| seat.slot.clone()).collect();
    }

    fn proxy_choices(&self) -> Option<ProxyChoices> {
        Some(ProxyChoices { slots: self.asked.clone(), options: vec!["A".into(), "B".into()] })
    }

    fn shift(&mut self, by: std::time::Duration) {
        self.ends = self.ends.map(|ends| ends + by);
    }

    fn view(&self, _: &Audience) -> View {
        let timer = self.ends.map(|ends| Widget::Timer { label: Text::same("end"), ends });
        View::new("there", Text::same("there"), timer)
    }

    fn explain(&self) -> Text {
        Text::same(self.told.join("; "))
    }
}

fn diary() -> Table {
    Table::seat(3).play::<Diary>("{}")
}

#[test]
fn a_killed_player_is_out_of_the_roster_and_the_game_is_told() {
    let mut table = diary();

    table.operator("kill", json!({ "slot": "slot-02" }));
    table.press("slot-02", "a");

    table.expect_refusal("not in play");
    assert_eq!(table.cue(), Some(Cue::Refused));
    assert_eq!(table.explain().en, r#"Killed(SlotId("slot-02")) by operator: 2"#);
    assert_eq!(table.roster().alive(None).count(), 2);
}

#[test]
fn killing_and_excusing_are_each_taken_back_by_an_act_of_their_own() {
    for (act, undo) in [("kill", "revive"), ("excuse", "readmit")] {
        let mut table = diary();
        let slot = json!({ "slot": "slot-02" });
        table.operator(undo, slot.clone());
        table.expect_refusal("nothing changes");

        table.operator(act, slot.clone());
        table.operator(act, slot.clone());
        table.expect_refusal("nothing changes");
        table.operator(undo, slot);
        table.press("slot-02", "a");

        assert_eq!(table.refusal(), None);
        assert_eq!(table.roster().alive(None).count(), 3);
    }
}

#[test]
fn a_player_who_changes_seats_keeps_their_place_in_the_roster() {
    let mut table = diary();

    table.operator("reseat", json!({ "from": "slot-02", "to": "slot-09" }));
    table.operator("reseat", json!({ "from": "slot-09", "to": "slot-01" }));

    let slots: Vec<_> = table.roster().seats.iter().map(|seat| seat.slot.as_str()).collect();
    assert_eq!(slots, ["slot-09", "slot-01", "slot-03"]);
    let names: Vec<_> = table.roster().seats.iter().map(|seat| &*seat.name).collect();
    assert_eq!(names, ["slot-01", "slot-02", "slot-03"]);
}

#[test]
fn an_act_on_nobody_is_refused_and_says_who_plays() {
    let mut table = diary();

    for act in ["kill", "revive", "excuse", "readmit"] {
        table.operator(act, json!({ "slot": "slot-07" }));
        table.expect_refusal("slot-07 does not play; here: slot-01, slot-02, slot-03");
    }
    table.operator("reseat", json!({ "from": "slot-07", "to": "slot-01" }));
    table.expect_refusal("slot-07 does not play");
    table.operator("kill", json!({ "slot": "Slot 7" }));
    table.expect_refusal("kill: ");
    assert_eq!(table.explain().en, "");
}

#[test]
fn the_operator_chooses_for_a_player_among_what_there_is_to_choose() {
    let mut table = diary();

    table.operator("proxy", json!({ "slot": "slot-02", "choice": "C" }));
    table.expect_refusal("\"C\" is no choice; here: A, B");
    table.operator("proxy", json!({ "slot": "slot-09", "choice": "A" }));
    table.expect_refusal("slot-09 has nothing to choose");
    table.operator("proxy", json!({ "slot": "slot-02", "choice": "B" }));

    assert!(table.explain().en.starts_with("Proxy"));
    assert!(!table.notes().concat().contains('B'), "{:?}", table.notes());
}

#[test]
fn a_pause_holds_timers_and_what_they_show() {
    let mut table = diary();
    table.press("slot-01", "a");
    table.pass(secs(4));

    table.operator("pause", ());
    table.crash();
    table.pass(secs(60));
    let timer = |table: &Table| {
        table.public().parts.iter().find_map(|part| match part {
            Widget::Timer { ends, .. } => Some(*ends),
            Widget::Question { .. }
            | Widget::Tally { .. }
            | Widget::Turnout { .. }
            | Widget::List { .. }
            | Widget::Text { .. }
            | Widget::Matrix { .. } => None,
        })
    };
    assert_eq!(timer(&table), None);
    assert_eq!(table.timers(), []);
    table.operator("resume", ());

    assert_eq!(timer(&table), Some(table.now() + secs(6)));
    table.pass(millis(5_999));
    assert_eq!(table.finished(), None);
    table.pass(millis(1));
    assert!(table.finished().is_some());
}

#[test]
fn a_moment_that_a_game_sets_in_a_pause_is_right_when_it_goes_on() {
    let mut table = diary();
    table.pass(secs(5));
    table.operator("pause", ());
    table.pass(secs(5));
    table.press_late("slot-01", "a", secs(7));
    table.pass(secs(5));

    table.operator("resume", ());

    let ends = table.now() + secs(10);
    assert_eq!(table.public().parts, [Widget::Timer { label: Text::same("end"), ends }]);
    assert_eq!(table.timers(), [(TimerId(1), ends)]);
}

#[test]
fn what_is_pressed_in_a_pause_is_refused_whenever_it_arrives() {
    let mut table = diary();
    table.pass(secs(5));
    table.operator("pause", ());
    table.pass(secs(5));

    table.press("slot-01", "a");
    table.expect_refusal("paused");
    table.press_late("slot-02", "a", secs(6));
    assert_eq!(table.refusal(), None);
    table.operator("resume", ());
    table.pass(secs(1));
    table.press_late("slot-03", "a", secs(2));

    table.expect_refusal("paused");
}

#[test]
fn how_things_stand_is_told_in_a_pause_too() {
    let mut table = diary();
    table.operator("pause", ());

    table.tell("slot-01", "lid", EventKind::Switch { on: false });
    table.slot_is("slot-02", Presence::Offline);

    assert_eq!(table.explain().en, "level slot-01; level slot-02");
}

#[test]
fn pausing_twice_and_going_on_twice_are_refused() {
    let mut table = diary();

    table.operator("resume", ());
    table.expect_refusal("not paused");
    table.operator("pause", ());
    table.operator("pause", ());
    table.expect_refusal("paused already");
}

#[test]
fn an_outage_moves_what_is_shown_and_counts_for_nothing() {
    let mut table = diary();
    table.press("slot-01", "a");

    table.crash_for(secs(100));

    let ends = table.now() + secs(10);
    assert_eq!(table.public().parts, [Widget::Timer { label: Text::same("end"), ends }]);
    table.operator("pause", ());
    table.operator("resume", ());
    table.pass(secs(9));
    assert_eq!(table.finished(), None);
}

#[test]
fn every_session_can_be_aborted_and_offers_nothing_after_its_end() {
    let mut table = diary();
    assert!(table.offers().iter().any(|offer| offer.name == "abort" && offer.asks_reason));

    table.operator("abort", ());

    assert_eq!(table.finished(), Some(&Finish::Aborted));
    assert_eq!(table.refusal(), None);
    assert_eq!(table.offers(), []);
}

#[test]
fn only_acts_that_would_work_are_offered() {
    let mut table = diary();
    let names = |table: &Table| table.offers().iter().map(|it| it.name).collect::<Vec<_>>();

    assert_eq!(names(&table), ["pause", "proxy", "excuse", "kill", "reseat", "abort"]);
    table.operator("kill", json!({ "slot": "slot-01" }));
    table.operator("excuse", json!({ "slot": "slot-02" }));
    table.operator("pause", ());

    let all = ["resume", "proxy", "excuse", "readmit", "kill", "revive", "reseat", "abort"];
    assert_eq!(names(&table), all);
}

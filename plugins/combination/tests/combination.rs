//! The rules of a combination, each by its name.

use combination::Combination;
use eg_game::conformance::Conformance;
use eg_game::testkit::{Table, millis, secs};
use eg_game::{EventKind, Fault, Finish, Input, InputData, InputName, Presence, State};
use proptest::prelude::*;

const CONFIG: &str = "
when:
  all:
    - tag: { at: slot-01/reader, uid: 04A37C91 }
    - on: slot-02/lid
    - between: { at: slot-03/dial, min: 40, max: 60 }
";

fn puzzle(config: &str) -> Table {
    Table::seat(3).play::<Combination>(config)
}

fn tag(table: &mut Table, on: bool) {
    let uid = "04A37C91".to_owned();
    let kind = if on { EventKind::Tag { uid } } else { EventKind::TagRemoved { uid } };
    table.tell("slot-01", "reader", kind);
}

fn lid(table: &mut Table, on: bool) {
    table.tell("slot-02", "lid", EventKind::Switch { on });
}

fn dial(table: &mut Table, v: f64) {
    table.tell(
        "slot-03",
        "dial",
        EventKind::Value { v, min: 0.0, max: 100.0, unit: String::new() },
    );
}

fn solved(table: &Table) -> bool {
    table.finished() == Some(&Finish::Done)
}

/// Everything right but the dial.
fn nearly() -> Table {
    let mut table = puzzle(CONFIG);
    dial(&mut table, 10.0);
    tag(&mut table, true);
    lid(&mut table, true);
    table
}

#[test]
fn keeps_every_promise() {
    let when =
        "{ all: [{ on: slot-01/a }, { any: [{ off: slot-01/b }, { not: { on: slot-01/a } }] }] }";
    Conformance::of::<Combination>(&format!("when: {when}")).inputs(["a", "b"]).check();
    let when = "{ any: [{ tag: { at: slot-01/a, uid: A } }, { between: { at: slot-01/b, min: 1, max: 40 } }] }";
    Conformance::of::<Combination>(&format!("{{ when: {when}, settle: 0s }}")).check();
}

#[test]
fn it_is_solved_when_everything_stands_right() {
    let mut table = nearly();
    assert!(!solved(&table));

    dial(&mut table, 40.0);
    table.pass(millis(500));

    assert!(solved(&table));
    table.expect_result(|result| result.why.en == "everything stands right");
}

#[test]
fn it_must_have_been_unsolved_once() {
    let mut table = puzzle("{ when: { on: slot-02/lid }, settle: 0s }");
    lid(&mut table, true);
    table.pass(secs(5));
    assert!(!solved(&table));
    assert!(table.explain().en.contains("before anybody played"));

    lid(&mut table, false);
    lid(&mut table, true);
    table.pass(secs(1));

    assert!(solved(&table));
}

#[test]
fn what_flickers_does_not_settle() {
    let mut table = nearly();

    for _ in 0..10 {
        dial(&mut table, 50.0);
        table.pass(millis(499));
        dial(&mut table, 61.0);
        table.pass(millis(10));
    }

    assert!(!solved(&table));
}

#[test]
fn solved_is_latched() {
    let mut table = nearly();
    dial(&mut table, 50.0);
    table.pass(secs(1));

    dial(&mut table, 0.0);

    assert!(solved(&table));
    assert_eq!(table.public().phase, "solved");
}

#[test]
fn a_lost_slot_is_never_solved() {
    let mut table = nearly();
    dial(&mut table, 50.0);
    table.slot_is("slot-02", Presence::Offline);
    table.pass(secs(5));
    assert!(!solved(&table));
    assert!(table.explain().en.contains("not known"));

    table.slot_is("slot-02", Presence::Online);
    table.pass(secs(5));
    assert!(!solved(&table));
    lid(&mut table, true);
    table.pass(secs(1));

    assert!(solved(&table));
}

#[test]
fn a_lost_board_and_a_faulty_input_are_not_known_either() {
    let mut table = nearly();
    let InputData::Event { device, .. } = table.a_press("slot-02", "lid").what else { panic!() };
    let lost = table.an_input("slot-02", InputData::Board { device, ready: false });
    table.deliver(lost);
    dial(&mut table, 50.0);
    table.pass(secs(1));
    assert!(!solved(&table));

    lid(&mut table, true);
    table.tell("slot-03", "dial", EventKind::Fault { what: Fault::BusError, count: 1 });
    table.pass(secs(1));

    assert!(!solved(&table));
}

#[test]
fn three_values_decide_as_far_as_they_can() {
    let solves = |when: &str| {
        let mut table = puzzle(&format!("{{ when: {when}, settle: 0s }}"));
        lid(&mut table, false);
        lid(&mut table, true);
        table.pass(millis(1));
        solved(&table)
    };

    assert!(!solves("{ any: [{ on: slot-01/unknown }, { on: slot-02/lid }] }"));
    assert!(!solves("{ all: [{ on: slot-01/unknown }, { on: slot-02/lid }] }"));
    assert!(!solves("{ not: { on: slot-01/unknown } }"));
    assert!(solves("{ not: { off: slot-02/lid } }"));
}

#[test]
fn the_pre_show_check_lists_what_is_not_in_its_start_position() {
    let mut table = puzzle(CONFIG);
    let listed = |table: &Table| {
        let seen = format!("{:?}", table.operator_sees(false));
        ["not yet: tag", "not yet: slot-02/lid", "not yet: slot-03/dial"]
            .map(|words| seen.contains(words))
    };
    assert_eq!(listed(&table), [true, true, true]);

    tag(&mut table, true);
    assert_eq!(listed(&table), [true, true, true]);
    lid(&mut table, false);

    assert_eq!(listed(&table), [false, false, false]);
    assert!(!format!("{:?}", table.public()).contains("lid"));
}

#[test]
fn the_start_position_can_be_said() {
    let mut table = puzzle(&format!("{CONFIG}start: [{{ off: slot-02/lid }}]\n"));
    let wanted = |table: &Table| {
        format!("{:?}", table.operator_sees(false)).contains("wanted: slot-02/lid off")
    };
    assert!(wanted(&table));

    lid(&mut table, false);

    assert!(!wanted(&table));
}

#[test]
fn a_dial_that_turns_is_counted_from_where_it_was_first_seen() {
    let when = "{ between: { at: slot-03/dial, min: 3, max: 4 } }";
    let mut table = puzzle(&format!("{{ when: {when}, settle: 0s }}"));

    for _ in 0..3 {
        table.pass(millis(20));
        table.tell("slot-03", "dial", EventKind::Turn { delta: 1 });
    }
    table.pass(millis(1));

    assert!(solved(&table));
}

#[test]
fn an_old_level_does_not_replace_a_newer_one() {
    let mut table = nearly();
    table.pass(secs(10));
    lid(&mut table, false);
    let mut old = table.a_press("slot-02", "lid");
    if let InputData::Event { kind, .. } = &mut old.what {
        *kind = EventKind::Switch { on: true };
    }

    table.deliver(Input { at: table.now() - secs(5), late: true, ..old });
    dial(&mut table, 50.0);
    table.pass(secs(1));

    assert!(!solved(&table));
}

#[test]
fn the_operator_may_accept_it_as_solved() {
    let mut table = puzzle(CONFIG);

    table.operator_because("accept", (), "the reader is broken");

    assert!(solved(&table));
    assert_eq!(table.result().why.en, "operator accepted it as solved");
}

#[test]
fn what_cannot_work_names_the_field() {
    let mistake =
        |config: &str| Table::seat(1).try_play::<Combination>(config).err().unwrap().to_string();

    assert!(mistake("when: { on: slot-09/a }").starts_with("when: slot-09 is not in this room"));
    assert!(mistake("when: { on: a }").contains("write one like slot-01/lid"));
    assert_eq!(mistake("when: { all: [] }"), "when: it asks for nothing");
    let between = "when: { between: { at: slot-01/a, min: 6, max: 4 } }";
    assert_eq!(mistake(between), "when: between 6 and 4 there is nothing");
}

const RELICS: &str = "
when:
  all:
    - tag: { at: slot-01/north, uid: 04A37C91 }
    - tag: { at: slot-01/south, uid: 04A37C92 }
    - on: slot-02/lid
";

/// A board says how its inputs stand.
fn stands(table: &mut Table, slot: &str, states: &[(&str, State)]) {
    let named =
        |(input, state): &(&str, State)| Some((InputName::new(*input).ok()?, state.clone()));
    let states = states.iter().filter_map(named).collect();
    table.tell(slot, "board", EventKind::Snapshot { levels: Vec::new(), states });
}

fn lies(tags: &[&str]) -> State {
    State::Tags(tags.iter().map(|tag| (*tag).to_owned()).collect())
}

fn lay(table: &mut Table, place: &str, uid: &str) {
    table.tell("slot-01", place, EventKind::Tag { uid: uid.to_owned() });
}

fn laid_right_at_once(mut table: Table) -> bool {
    stands(&mut table, "slot-01", &[("north", lies(&[])), ("south", lies(&[]))]);
    stands(&mut table, "slot-02", &[("lid", State::On(false))]);
    lid(&mut table, true);
    table.pass(secs(2));
    lay(&mut table, "north", "04A37C91");
    table.pass(secs(2));
    lay(&mut table, "south", "04A37C92");
    table.pass(secs(1));
    solved(&table)
}

#[test]
fn what_is_done_right_at_the_first_try_opens() {
    assert!(laid_right_at_once(puzzle(RELICS)));
}

#[test]
fn a_session_of_the_first_rules_goes_by_events_alone() {
    assert!(!laid_right_at_once(Table::seat(3).rules(1).play::<Combination>(RELICS)));
}

#[test]
fn what_stands_solved_at_the_start_stays_shut_until_it_was_moved_and_the_operator_is_told() {
    let mut table = puzzle(RELICS);
    let warned = |table: &Table| {
        format!("{:?}", table.operator_sees(false)).contains("until something has been moved")
    };
    stands(
        &mut table,
        "slot-01",
        &[("north", lies(&["04A37C91"])), ("south", lies(&["04A37C92"]))],
    );
    let half_known = warned(&table);
    stands(&mut table, "slot-02", &[("lid", State::On(true))]);
    table.pass(secs(60));
    let found = (warned(&table), solved(&table));

    table.tell("slot-01", "north", EventKind::TagRemoved { uid: "04A37C91".to_owned() });
    table.pass(secs(1));
    let moved = (warned(&table), solved(&table));
    lay(&mut table, "north", "04A37C91");
    table.pass(secs(1));

    assert_eq!((half_known, found, moved), (false, (true, false), (false, false)));
    assert!(solved(&table));
}

#[test]
fn a_board_that_is_back_says_how_it_stands_and_until_then_nobody_knows() {
    let mut table = nearly();
    let InputData::Event { device, .. } = table.a_press("slot-02", "lid").what else { panic!() };
    let lost = table.an_input("slot-02", InputData::Board { device, ready: false });
    table.deliver(lost);
    dial(&mut table, 50.0);
    table.pass(secs(1));
    let unknown = solved(&table);

    stands(&mut table, "slot-02", &[("lid", State::On(true))]);
    table.pass(secs(1));

    assert!(!unknown && solved(&table));
}

#[test]
fn a_snapshot_that_an_outage_held_back_does_not_replace_what_came_since() {
    let mut table = nearly();
    table.pass(secs(10));
    lid(&mut table, false);
    let mut old = table.a_press("slot-02", "lid");
    if let InputData::Event { kind, .. } = &mut old.what {
        let states = [(InputName::new("lid").unwrap(), State::On(true))].into();
        *kind = EventKind::Snapshot { levels: vec![true], states };
    }

    table.deliver(Input { at: table.now() - secs(5), late: true, ..old });
    dial(&mut table, 50.0);
    table.pass(secs(1));

    assert!(!solved(&table));
}

proptest! {
    #[test]
    fn unknown_never_solves(steps in prop::collection::vec((0..6_usize, any::<bool>()), 0..40)) {
        let mut table = nearly();
        let mut known = [true, true, true];
        let mut right = [true, true, false];
        for (what, well) in steps {
            if table.finished().is_some() {
                break;
            }
            match what {
                0 => { tag(&mut table, well); known[0] = true; right[0] = well; }
                1 => { lid(&mut table, well); known[1] = true; right[1] = well; }
                2 => {
                    dial(&mut table, if well { 50.0 } else { 0.0 });
                    known[2] = true;
                    right[2] = well;
                }
                lost => {
                    let slot = ["slot-01", "slot-02", "slot-03"][lost - 3];
                    table.slot_is(slot, Presence::Offline);
                    known[lost - 3] = false;
                }
            }
            table.pass(secs(1));
            let wanted = known == [true; 3] && right == [true; 3];
            prop_assert_eq!(solved(&table), wanted);
        }
    }
}

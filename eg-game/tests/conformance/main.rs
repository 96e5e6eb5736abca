//! The suite catches games that break a promise, each by its number, and lets one pass that keeps all of them.

mod counter;
mod doubled;

use counter::*;
use doubled::Doubled;
use eg_game::GameEntry;
use eg_game::conformance::Conformance;
use eg_game::prelude::*;

/// Settings that explain nothing and take everything.
#[derive(Deserialize, JsonSchema)]
struct Careless {
    #[expect(dead_code, reason = "it is never read")]
    speed: Option<u32>,
}

fn check<G: Game>() {
    Conformance::of::<G>("{}").inputs(["a", "b"]).secret("hunter2").check();
}

#[test]
fn a_game_that_keeps_every_promise_passes() {
    Conformance::of::<Honest>("{}").inputs(["a", "b"]).secret("hunter2").any_order().check();
}

#[test]
#[should_panic(expected = "G1: the setting \"speed\" has no description")]
fn g01_settings_without_a_description() {
    let entry = GameEntry { schema: || eg_game::schemars::schema_for!(Careless), ..honest() };
    Conformance::entry(entry, "{}").check();
}

#[test]
#[should_panic(expected = "G1: an unknown setting is not refused")]
fn g01_settings_that_take_anything() {
    let check: fn(&eg_config::Source, &eg_config::KeyPath) -> Result<(), eg_config::Problems> =
        |source, path| eg_config::read_at::<Careless>(source, path).map(drop);
    Conformance::entry(GameEntry { check, ..honest() }, "{}").check();
}

#[test]
#[should_panic(expected = "G1: these settings do not start")]
fn g01_an_example_that_does_not_start() {
    Conformance::of::<Honest>("speed: 3").check();
}

#[test]
#[should_panic(expected = "G2: replayed otherwise")]
fn g02_a_game_that_replays_otherwise() {
    check::<Forgetful>();
}

#[test]
#[should_panic(expected = "G3: the repeated")]
fn g03_a_session_that_counts_what_is_told_twice() {
    Conformance::entry(GameEntry { start: Doubled::start, ..honest() }, "{}").check();
}

#[test]
#[should_panic(expected = "G4: another order of arrival")]
fn g04_a_game_that_follows_the_order_of_arrival() {
    Conformance::of::<Hasty>("{}").any_order().check();
}

#[test]
fn g04_is_asked_only_of_games_that_claim_it() {
    check::<Hasty>();
}

#[test]
#[should_panic(expected = "G5: a refused act did something")]
fn g05_a_refused_act_that_does_something() {
    check::<Chatty>();
}

#[test]
#[should_panic(expected = "G5: count is offered and refused")]
fn g05_an_offered_act_that_is_refused() {
    check::<Fickle>();
}

#[test]
#[should_panic(expected = "G5: an act that nobody knows was not refused")]
fn g05_an_unknown_act_that_is_not_refused() {
    check::<Obliging>();
}

#[test]
#[should_panic(expected = "G6: it ended 2 times")]
fn g06_a_session_that_ends_twice() {
    Conformance::entry(GameEntry { start: Doubled::start_ending_twice, ..honest() }, "{}").check();
}

#[test]
#[should_panic(expected = "G7: 10")]
fn g07_more_effects_than_anybody_can_carry_out() {
    check::<Lavish>();
}

#[test]
#[should_panic(expected = "G7: 10000 timers ran")]
fn g07_a_timer_that_starts_itself_at_once() {
    check::<Restless>();
}

#[test]
#[should_panic(expected = "G8: a headline without words in both languages")]
fn g08_a_view_in_one_language() {
    check::<Monoglot>();
}

#[test]
#[should_panic(expected = "G8: a reason of several lines")]
fn g08_a_reason_that_is_no_sentence() {
    check::<Verbose>();
}

#[test]
#[should_panic(expected = "G9: \"still\" ends when no timer does")]
fn g09_a_time_that_is_not_the_time_left() {
    check::<Late>();
}

#[test]
#[should_panic(expected = "G10: the secret \"hunter2\" is told")]
fn g10_a_secret_that_is_told() {
    check::<Indiscreet>();
}

#[test]
#[should_panic(expected = "G11: slot-99 does not play")]
fn g11_a_cue_for_somebody_who_does_not_play() {
    check::<Intrusive>();
}

#[test]
#[should_panic(expected = "G12")]
fn g12_a_panic_at_what_a_board_may_tell() {
    check::<Fragile>();
}

#[test]
#[should_panic(expected = "G12: only who has pressed is dropped")]
fn g12_an_act_on_a_slot_that_was_not_offered() {
    check::<Trusting>();
}

#[test]
#[should_panic(expected = "G12: nobody was ever readmitted")]
fn g12_a_change_of_the_roster_that_was_not_thought_of() {
    check::<Timid>();
}

#[test]
#[should_panic(expected = "was refused and changed what is seen")]
fn g05_an_act_that_is_refused_and_changes_what_is_seen() {
    check::<Sulky>();
}

#[test]
#[should_panic(expected = "did not take everything along")]
fn g13_a_player_who_changes_seats_and_is_forgotten() {
    check::<Rooted>();
}

fn honest() -> GameEntry {
    GameEntry::of::<Honest>("table", "0", "a game under test")
}

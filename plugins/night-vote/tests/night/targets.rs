//! Rule 9: players whom nobody may choose.

use eg_game::Cue;
use eg_game::testkit::{Table, json};
use night_vote::NightVote;

const CONFIG: &str = "
illegal: [dead, self, pack]
keys: { a: slot-01, b: slot-02, c: slot-03, d: slot-04 }
steps:
  - { question: Who dies?, options: [slot-01, slot-02, slot-03, slot-04], role: wolf }
  - { question: Who leaves?, options: [slot-01, slot-02, slot-03, slot-04] }
";

/// Four players, the first two are wolves, the last is dead.
fn village(more: &str) -> Table {
    let table = Table::seat(4).role("wolf", &["slot-01", "slot-02"]).dead("slot-04");
    let mut table = table.play::<NightVote>(&format!("{CONFIG}{more}"));
    table.operator("next", ());
    table
}

#[test]
fn rule_09_the_dead_oneself_and_the_own_pack_are_refused() {
    let mut table = village("");

    table.press("slot-01", "d");
    table.expect_refusal("slot-04 is out of the game");
    table.press("slot-01", "a");
    table.expect_refusal("nobody may choose themselves");
    table.press("slot-01", "b");
    table.expect_refusal("slot-02 is one of your own");
    table.press("slot-01", "c");

    assert_eq!(table.refusal(), None);
}

#[test]
fn rule_09_in_a_secret_ballot_the_refusal_shows_to_the_player_alone() {
    let mut table = village("");
    let before = table.public();

    table.press("slot-01", "b");

    assert_eq!(table.cue(), Some(Cue::Accepted));
    assert_eq!(table.public(), before);
    assert_eq!(table.player_sees("slot-02"), before);
    assert!(format!("{:?}", table.player_sees("slot-01")).contains("You may not choose that"));
    table.press("slot-01", "c");
    assert!(!format!("{:?}", table.player_sees("slot-01")).contains("may not choose"));
}

#[test]
fn rule_09_who_is_not_asked_is_told_the_same_about_the_dead() {
    let mut table = village("");

    table.press("slot-03", "d");
    let of_a_villager = (table.cue(), table.player_sees("slot-03"));
    table.press("slot-01", "d");

    assert_eq!((table.cue(), table.player_sees("slot-01")), of_a_villager);
}

#[test]
fn rule_09_the_pack_is_legal_when_everybody_is_asked() {
    let mut table = village("");
    table.operator("void", ());
    table.operator("next", ());

    table.press("slot-01", "b");

    assert_eq!(table.refusal(), None);
}

#[test]
fn rule_09_a_proxy_cannot_choose_the_dead_either() {
    let mut table = village("");

    table.operator("proxy", json!({ "slot": "slot-01", "choice": "slot-04" }));

    table.expect_refusal("slot-04 is out of the game");
    assert_eq!(table.last_effects().len(), 1);
}

#[test]
fn rule_09_a_player_killed_since_the_opening_is_an_illegal_target() {
    let mut table = village("");
    table.operator("kill", json!({ "slot": "slot-03" }));

    table.press("slot-01", "c");

    table.expect_refusal("slot-03 is out of the game");
}

//! Rule 17: two ballots at once, and keys of a step's own.

use crate::slot;
use eg_game::testkit::{Table, json, secs};
use night_vote::NightVote;

const KEYS: &str = "
grace: 0s
steps:
  - { question: Who?, options: [A, B], keys: { a: A, b: B }, abstain: c }
  - { question: Why?, options: [Love, Money], keys: { d: Love, e: Money }, abstain: f }
";

const SAME: &str = "
grace: 0s
steps:
  - { question: Who?, options: [A, B] }
  - { question: Why?, options: [A, B] }
";

#[test]
fn rule_17_a_second_ballot_for_the_same_slots_is_refused() {
    let mut table = Table::seat(2).play::<NightVote>(SAME);
    table.operator("next", ());

    assert_eq!(table.offered(), ["close", "void", "abort"]);
    table.operator("next", ());

    table.expect_refusal("step 1 is still open (slot-01)");
    assert_eq!(table.question().unwrap().step, 1);
}

#[test]
fn rule_17_a_slot_serves_two_ballots_when_its_keys_tell_them_apart() {
    let mut table = Table::seat(2).play::<NightVote>(KEYS);
    table.operator("next", ());
    assert_eq!(table.offered(), ["close", "void", "next", "abort"]);
    table.operator("next", ());

    for number in 1..=2 {
        table.press(&slot(number), "e");
        table.press(&slot(number), "b");
    }

    let results = table.results();
    let outcome = |place: usize| results[place].outcome.as_deref();
    assert_eq!((results[0].step, outcome(0)), (2, Some("Money")));
    assert_eq!((results[1].step, outcome(1)), (1, Some("B")));
}

#[test]
fn rule_17_players_of_different_roles_vote_at_the_same_time() {
    let config = "
grace: 0s
steps:
  - { question: Whom?, options: [A, B], role: wolf }
  - { question: Whose card?, options: [A, B], role: seer }
";
    let table = Table::seat(3).role("wolf", &["slot-01", "slot-02"]).role("seer", &["slot-03"]);
    let mut table = table.play::<NightVote>(config);
    table.operator("next", ());
    table.operator("next", ());

    table.press("slot-03", "a");
    table.expect_result(|result| result.step == 2 && result.outcome.as_deref() == Some("A"));
    table.press("slot-01", "b");
    table.press("slot-02", "b");

    table.expect_result(|result| result.step == 1 && result.outcome.as_deref() == Some("B"));
}

#[test]
fn rule_17_an_act_on_one_of_two_ballots_names_it() {
    let mut table = Table::seat(2).play::<NightVote>(KEYS);
    table.operator("next", ());
    table.operator("next", ());

    table.operator("close", ());
    table.expect_refusal("which step? here: 1, 2");
    let close = table.offers().into_iter().find(|offer| offer.name == "close").unwrap();
    assert_eq!(close.fields[0].kind, eg_game::FieldKind::OneOf(vec!["1".into(), "2".into()]));
    table.operator("close", json!({ "step": "1" }));
    table.expect_result(|result| result.step == 1);
    table.operator("void", ());

    table.expect_result(|result| result.step == 2);
}

#[test]
fn rule_17_each_ballot_has_its_own_time_and_survives_a_restart() {
    let mut table = Table::seat(2).play::<NightVote>(&format!("timeout: 60s{KEYS}"));
    table.operator("next", ());
    table.pass(secs(20));
    table.operator("next", ());

    table.crash();
    table.pass(secs(40));
    assert_eq!(table.public().phase, "open");
    table.crash();
    table.pass(secs(20));

    assert_eq!(table.public().phase, "deciding");
    table.operator("abort", ());
    assert_eq!(table.results().len(), 2);
}

#[test]
fn rule_17_an_abstention_belongs_to_the_ballot_of_its_key() {
    let mut table = Table::seat(1).play::<NightVote>(KEYS);
    table.operator("next", ());
    table.operator("next", ());

    table.press("slot-01", "f");

    table.expect_result(|result| result.step == 2 && result.votes == 1);
}

#[test]
fn a_step_with_keys_of_its_own_listens_to_no_others() {
    let mut table = Table::seat(1).play::<NightVote>(KEYS);
    table.operator("next", ());

    table.press("slot-01", "money");
    table.expect_refusal("no choice of this question");
    table.press("slot-01", "a");

    table.expect_result(|result| result.outcome.as_deref() == Some("A"));
}

#[test]
fn a_key_for_an_option_that_a_step_does_not_have_is_told() {
    let config = "steps: [{ question: Q?, options: [A, B], keys: { a: C } }]";

    let error = Table::seat(1).try_play::<NightVote>(config).err().unwrap().to_string();

    assert_eq!(error, r#"steps: step 1 has no option "C"; here: A, B"#);
}

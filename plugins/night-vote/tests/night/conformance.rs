//! The promises that every module makes.

use crate::ask;
use eg_game::conformance::Conformance;
use night_vote::NightVote;

const INPUTS: [&str; 5] = ["a", "b", "c", "abstain", "bell"];

#[test]
fn keeps_every_promise() {
    for config in [
        "{ timeout: 40s, soft_close: 3s }",
        "{ late: ask, tie: operator, grace: 0s }",
        "{ secrecy: live, missing: extend, timeout: 5s, change: first }",
    ] {
        Conformance::of::<NightVote>(config).inputs(INPUTS).begin(ask).any_order().check();
    }
}

#[test]
fn keeps_every_promise_with_two_questions_at_once() {
    let steps = "[{ question: P?, options: [A, B], keys: { a: A, b: B }, abstain: c }, \
                 { question: Q?, options: [C, D], keys: { bell: C, abstain: D }, abstain: d }]";
    let config = format!("{{ timeout: 40s, steps: {steps} }}");
    Conformance::of::<NightVote>(&config).inputs(INPUTS).check();
}

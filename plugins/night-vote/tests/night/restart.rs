//! Rule 16: a restart of the core.

use crate::{night, press_each};
use eg_game::testkit::{json, millis, secs};

#[test]
fn rule_16_a_restart_mid_ballot_gives_the_same_tally() {
    let mut table = night(3, "secrecy: live");
    press_each(&mut table, "ab");

    table.crash();
    table.press("slot-03", "b");
    table.pass(secs(2));

    table.expect_result(|result| result.outcome.as_deref() == Some("B"));
}

#[test]
fn rule_16_the_outage_does_not_count_as_time() {
    let mut table = night(2, "timeout: 60s");
    table.press("slot-01", "a");
    table.pass(secs(50));

    table.crash_for(secs(600));
    table.pass(secs(9));
    table.press("slot-02", "a");
    table.pass(millis(999));

    assert_eq!(table.public().phase, "open");
    table.pass(millis(1));
    table.expect_result(|result| result.status == eg_game::StepStatus::Success);
}

#[test]
fn rule_16_every_stage_of_a_night_is_rebuilt() {
    let mut table = night(2, "{ tie: operator, timeout: 60s }");

    table.crash();
    press_each(&mut table, "ab");
    table.crash();
    table.pass(secs(2));
    table.crash();
    table.operator("decide", json!({ "choice": "B" }));
    table.crash();
    table.operator("reopen", ());
    table.crash();
    table.operator("void", ());
    table.crash();
    table.operator("finish", ());
    table.crash();

    assert_eq!(table.results().len(), 2);
    assert!(table.finished().is_some());
}

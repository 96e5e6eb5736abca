//! The rules, each as somebody at the table would see it.

use eg_game::prelude::*;
use eg_game::testkit::{Table, secs};
use {{ident}}::{{Type}};

fn table(config: &str) -> Table {
    Table::seat(3).play::<{{Type}}>(&format!("{{ question: Ready?, options: [Yes, No]{config} }}"))
}

#[test]
fn it_closes_when_all_votes_have_stood_for_the_grace() {
    let mut table = table("");
    table.press("slot-01", "yes");
    table.press("slot-02", "no");
    table.press("slot-03", "no");
    table.pass(secs(1));

    table.press("slot-02", "yes");
    table.pass(secs(1));
    table.expect_no_result();
    table.pass(secs(1));

    assert_eq!(table.result().outcome.as_deref(), Some("Yes"));
    assert_eq!(table.finished(), Some(&Finish::Done));
}

#[test]
fn it_closes_when_the_time_is_over() {
    let mut table = table(", timeout: 30s");
    table.press("slot-01", "no");

    table.pass(secs(30));

    assert_eq!(table.result().outcome.as_deref(), Some("No"));
}

#[test]
fn it_asks_the_operator_when_a_player_who_had_not_voted_leaves() {
    let mut table = table("");
    table.press("slot-01", "yes");
    table.press("slot-02", "yes");

    table.operator("kill", json!({ "slot": "slot-03" }));
    table.pass(secs(60));
    table.expect_no_result();
    table.operator("close", ());

    assert_eq!(table.result().votes, 2);
}

#[test]
fn a_crash_changes_nothing() {
    let mut table = table("");
    table.press("slot-01", "yes");

    table.crash();
    table.press("slot-02", "yes");
    table.press("slot-03", "yes");
    table.pass(secs(2));

    assert_eq!(table.result().votes, 3);
}

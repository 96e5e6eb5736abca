//! The rules, each as somebody at the table would see it.

use eg_game::Finish;
use eg_game::testkit::{Table, secs};
use {{ident}}::{{Type}};

fn table(players: usize) -> Table {
    Table::seat(players).play::<{{Type}}>("{ question: Ready?, options: [Yes, No] }")
}

#[test]
fn more_than_half_of_the_players_decide() {
    let mut table = table(3);

    table.press("slot-01", "yes");
    table.press("slot-01", "yes");
    assert_eq!(table.finished(), None);
    table.press("slot-02", "yes");

    assert_eq!(table.finished(), Some(&Finish::Done));
    assert_eq!(table.explain().en, "Yes");
}

#[test]
fn a_changed_mind_counts_once() {
    let mut table = table(3);
    table.press("slot-01", "yes");
    table.pass(secs(1));

    table.press("slot-01", "no");
    table.press("slot-02", "yes");

    assert_eq!(table.finished(), None);
}

#[test]
fn a_crash_changes_nothing() {
    let mut table = table(3);
    table.press("slot-01", "yes");

    table.crash();
    table.press("slot-02", "yes");

    assert_eq!(table.finished(), Some(&Finish::Done));
}

//! Tests of the audit trail's bounds.

use super::{AuditAct, Author, note, prepare, raise, read};
use eg_proto::Timestamp;
use rusqlite::Connection;

fn trail() -> Connection {
    let file = Connection::open_in_memory().unwrap();
    prepare(&file).unwrap();
    file
}

fn add(file: &Connection, by: &str, act: AuditAct, about: &str) -> i64 {
    note(file, Timestamp(1), &by.into(), act, (about, "")).unwrap()
}

#[test]
fn a_stranger_and_a_user_who_fill_their_share_push_out_nothing_of_an_operator() {
    let file = trail();
    add(&file, "operator", AuditAct::Invite, "anna");
    add(&file, "ben", AuditAct::SignIn, "ben");

    for n in 0..1_500 {
        add(&file, "", AuditAct::SignInRefused, &n.to_string());
    }
    for _ in 0..300 {
        add(&file, "anna", AuditAct::SignOut, "anna");
    }

    let all = read(&file, i64::MAX, 10_000).unwrap();
    let of = |by: &str| all.iter().filter(|record| record.by == by).count();
    assert_eq!([of("operator"), of("ben"), of(""), of("anna")], [1, 1, 1_000, 200]);
    assert!(all.iter().any(|record| record.about == "1499"), "the oldest go first");
}

#[test]
fn a_page_begins_below_a_number_and_the_latest_comes_first() {
    let file = trail();
    let ids: Vec<i64> = (0..5).map(|n| add(&file, "x", AuditAct::Invite, &n.to_string())).collect();

    let page = read(&file, ids[3], 2).unwrap();

    let about: Vec<_> = page.iter().map(|record| record.about.as_str()).collect();
    assert_eq!(about, ["2", "1"]);
}

#[test]
fn several_acts_can_be_told_together_with_the_time_of_the_last() {
    let file = trail();
    let id = add(&file, "", AuditAct::SignInRefused, "anna");

    raise(&file, id, 10_000, Timestamp(9)).unwrap();

    let record = read(&file, i64::MAX, 1).unwrap().remove(0);
    assert_eq!((record.count, record.last), (10_000, Some(Timestamp(9))));
}

#[test]
fn a_text_that_somebody_chose_is_short_and_has_no_control_characters() {
    let file = trail();
    let name = format!("a\u{1b}[31m\n{}", "x".repeat(10_000));

    note(&file, Timestamp(1), &Author::from("op"), AuditAct::LabelSlot, (&name, &name)).unwrap();

    let record = read(&file, i64::MAX, 1).unwrap().remove(0);
    assert_eq!(record.about.chars().count(), 200);
    assert!(record.about.starts_with("a[31mx") && record.detail == record.about);
}

#[test]
fn every_act_has_a_word_of_its_own() {
    for act in AuditAct::ALL {
        assert_eq!(AuditAct::of_word(act.word()), Some(act));
    }
}

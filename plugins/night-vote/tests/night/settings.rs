//! Mistakes in the settings are told with their place, or with the field.

use eg_game::testkit::Table;
use night_vote::{Config, NightVote};

fn mistake(config: &str) -> String {
    let started = Table::seat(2).role("wolf", &["slot-02"]).try_play::<NightVote>(config);
    started.err().unwrap().to_string()
}

#[test]
fn nothing_at_all_is_enough() {
    let mut table = Table::seat(2).play::<NightVote>("");

    crate::ask(&mut table);

    assert!(table.question().is_some());
}

#[test]
fn everything_that_cannot_work_is_told_in_one_run_and_once() {
    let mistakes = mistake(
        "{ steps: [{ question: '', options: [A, B] }], keys: { f: A }, abstain: f, timeout: 0s, \
         tie: { chair: slot-09 }, decided: close }",
    );

    for field in ["steps: step 1", "abstain: f already", "timeout: 0s", "tie: slot-09", "decided: "]
    {
        assert_eq!(mistakes.matches(field).count(), 1, "{field} in {mistakes}");
    }
}

#[test]
fn every_wrong_word_is_told_in_one_run_with_its_place() {
    let mistakes =
        mistake("rule: plural\ngrcae: 2s\ntie: coin\nexpected: 0\ntimeout: 60\nlate: never\n");

    for wanted in [
        "table.yaml:1:7",
        "\"plural\"",
        "plurality",
        "table.yaml:2:1: unknown key \"grcae\"; did you mean \"grace\"",
        "table.yaml:3:6",
        "revote-tied",
        "table.yaml:4:11",
        "auto, or a whole number from 1",
        "table.yaml:5:10",
        "60 has no unit",
        "table.yaml:6:7",
        "accept-if-open",
    ] {
        assert!(mistakes.contains(wanted), "{wanted}\n{mistakes}");
    }
}

#[test]
fn a_prepared_step_with_one_option_is_told_with_its_place() {
    let mistakes = mistake("steps:\n  - question: Who?\n    options: [A]\n");

    assert!(mistakes.contains("table.yaml:3:14: "), "{mistakes}");
    assert!(mistakes.contains("at least 2 options; found 1"), "{mistakes}");
}

#[test]
fn what_cannot_work_for_these_players_names_the_field() {
    for (config, wanted) in [
        ("missing: fail", "missing: says what happens at the timeout; add `timeout: 60s`"),
        ("timeout: 0s", "timeout: 0s would close a step at once"),
        ("tie: { chair: slot-09 }", "tie: slot-09 does not play; here: slot-01, slot-02"),
        ("{ keys: { f: F }, abstain: f }", "abstain: f already means \"F\""),
        ("steps: [{ question: ' ', options: [A, B] }]", "steps: step 1 has no question"),
        (
            "steps: [{ question: Q?, options: [A, B], role: wolff }]",
            "steps: step 1 asks \"wolff\", and nobody has that role; here: wolf",
        ),
    ] {
        let found = mistake(config);

        assert!(found.starts_with(wanted), "{found}");
    }
}

#[test]
fn the_schema_explains_every_setting() {
    let schema = eg_game::schemars::schema_for!(Config);

    let properties = schema.get("properties").and_then(|it| it.as_object()).unwrap();

    assert_eq!(properties.len(), 17);
    for (name, property) in properties {
        assert!(property.get("description").is_some(), "{name} has no description");
    }
}

//! Tests of rehearsals: the one that ships, and made-up nights.

#![cfg(feature = "demo")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod configs;
mod including;

use eg_core::rehearse::{Failure, Script, made_up, rehearse};
use std::path::Path;

/// Number of nights that are made up in every run. `eg-core rehearse --random 1000` plays more.
const NIGHTS: u64 = 20;

fn night() -> Script {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../configs/rehearsals/night.yaml");
    Script::read(&file).unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn the_night_that_ships_goes_as_it_says() {
    let report = rehearse(&night(), None).unwrap();

    assert_eq!(report.failures, []);
    assert!(report.events > 60, "{report:?}");
}

#[test]
fn the_same_seed_is_the_same_night_and_another_seed_another() {
    let told = |seed| rehearse(&night(), Some(seed)).unwrap().fingerprint;

    assert_eq!(told(3), told(3));
    assert_ne!(told(3), told(4));
}

#[test]
fn nights_that_nobody_wrote_lose_nothing_and_replay() {
    for seed in 1..=NIGHTS {
        let report = rehearse(&made_up(seed).unwrap(), None).unwrap();

        let failures: Vec<String> = report.failures.iter().map(Failure::to_string).collect();
        assert!(failures.is_empty(), "eg-core rehearse --random 1 --seed {seed}\n{failures:#?}");
    }
}

const ALTAR: &str = "
slot: slot-01
core: { host: 127.0.0.1 }
hal: sim
devices:
  north: { driver: mfrc522, config: { select: spi0.0 }, inputs: { north: { channel: 0 } } }
  south: { driver: pn532, config: { bus: i2c-1 }, inputs: { south: { channel: 0 } } }
  box:
    driver: button-row
    config: { inputs: [GPIO5], pull: up }
    inputs: { lid: { channel: 0, active: low, kind: switch } }
";

/// Plays a puzzle of two relics and a lid with these steps; returns the failures.
fn altar(steps: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("slot.yaml"), ALTAR).unwrap();
    let text = format!(
        "name: relics\nrooms:\n  altar:\n    slots: [slot-01]\n    game: combination\n    config:\n      when:\n        all:\n          \
         - tag: {{ at: slot-01/north, uid: 04A37C91 }}\n          - tag: {{ at: slot-01/south, uid: 04A37C92 }}\n          \
         - on: slot-01/lid\nslots: [ {{ file: slot.yaml, as: [slot-01] }} ]\nsteps:\n{steps}"
    );
    let source = eg_config::Source::text("relics.yaml", text);
    let script = Script::of(&source, folder.path()).unwrap_or_else(|problems| panic!("{problems}"));
    let report = rehearse(&script, None).unwrap();
    report.failures.iter().map(Failure::to_string).collect()
}

#[test]
fn relics_that_are_laid_right_at_the_first_try_open_the_door() {
    let failures = altar(
        "
  - { at: 1s, operator: start }
  - { at: 2s, slot: slot-01, does: press box/lid for 20s }
  - { at: 4s, slot: slot-01, does: tag north/north 04A37C91 for 14s }
  - { at: 6s, slot: slot-01, does: tag south/south 04A37C92 for 12s }
  - { at: 8s, expect: { status: done } }
",
    );

    assert_eq!(failures, [] as [&str; 0]);
}

#[test]
fn relics_that_lie_there_before_the_show_open_it_only_once_one_was_lifted() {
    let failures = altar(
        "
  - { at: 100ms, slot: slot-01, does: press box/lid for 40s }
  - { at: 200ms, slot: slot-01, does: tag north/north 04A37C91 for 20s }
  - { at: 300ms, slot: slot-01, does: tag south/south 04A37C92 for 40s }
  - { at: 3s, operator: start }
  - { at: 9s, slot: slot-01, does: fault spi0.0 vanishes for 1s }
  - { at: 19s, expect: { status: running } }
  - { at: 25s, slot: slot-01, does: tag north/north 04A37C91 for 10s }
  - { at: 28s, expect: { status: done } }
",
    );

    assert_eq!(failures, [] as [&str; 0]);
}

#[test]
fn a_reader_that_was_away_does_not_keep_the_door_shut() {
    let failures = altar(
        "
  - { at: 1s, operator: start }
  - { at: 2s, slot: slot-01, does: press box/lid for 40s }
  - { at: 4s, slot: slot-01, does: tag north/north 04A37C91 for 40s }
  - { at: 6s, slot: slot-01, does: fault spi0.0 vanishes for 2s }
  - { at: 12s, slot: slot-01, does: tag south/south 04A37C92 for 20s }
  - { at: 15s, expect: { status: done } }
",
    );

    assert_eq!(failures, [] as [&str; 0]);
}

#[test]
fn what_is_not_as_expected_is_told_with_its_line() {
    let text = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../configs/rehearsals/night.yaml"),
    )
    .unwrap()
    .replace("turnout: 3/9, not_public", "turnout: 9/9, not_public");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../configs/rehearsals");
    let script = Script::of(&eg_config::Source::text("night.yaml", text), &folder).unwrap();

    let report = rehearse(&script, None).unwrap();

    assert_eq!(report.failures.len(), 1, "{:?}", report.failures);
    assert!(report.failures[0].line.is_some());
    assert_eq!(report.failures[0].what, "wanted turnout 9/9, found 3/9");
}

#[test]
fn every_mistake_of_a_script_is_told_with_its_place() {
    let yaml = "slots: [ { file: ../slots/voter.yaml } ]\nsteps:\n  - { at: 1s, slot: slot-09, does: press panel/a }\n  \
        - { at: 2s, core: killed, operator: start }\n  - { at: 3s, slot: slot-01, does: pres panel/a }\n";
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../configs/rehearsals");

    let problems = Script::of(&eg_config::Source::text("r.yaml", yaml), &folder).unwrap_err();

    let told = problems.to_string();
    assert!(told.contains("r.yaml:3:") && told.contains("no slot called \"slot-09\""), "{told}");
    assert!(told.contains("r.yaml:4:") && told.contains("a step says one of"), "{told}");
    assert!(told.contains("r.yaml:5:") && told.contains("did you mean \"press\""), "{told}");
}

#[test]
fn texts_of_a_rehearsal_that_look_like_numbers_stay_as_they_are() {
    let yaml = r#"
rooms:
  vault: { slots: [slot-01], game: code-lock, config: { code: 010, keys: { a: 0, b: 1 } } }
  vote: { slots: [slot-02] }
slots: [ { file: ../slots/voter.yaml, as: [slot-01, slot-02] } ]
steps:
  - { at: 1s, operator: start, room: vault }
  - { at: 2s, slot: slot-01, does: press panel/a for 80ms }
  - { at: 3s, slot: slot-01, does: press panel/b for 80ms }
  - { at: 4s, slot: slot-01, does: press panel/a for 80ms }
  - { at: 5s, room: vault, expect: { status: done } }
  - { at: 6s, operator: start, room: vote, args: { game: night-vote, config: { keys: { a: 01, b: 1.10 } } } }
  - { at: 7s, operator: open, room: vote, args: { step: 0x7, question: 007, options: [01, 1.10, 0x10] } }
  - { at: 8s, operator: hint, room: vote, args: { text: 0x20 } }
  - { at: 9s, slot: slot-02, does: press panel/b for 80ms }
  - { at: 10s, room: vote, expect: { public: '"007"', sees: '"1.10"', turnout: 1/1 } }
  - { at: 10s, room: vote, expect: { sees: '"0x20"' } }
  - { at: 11s, operator: close, room: vote }
  - { at: 12s, room: vote, expect: { explain: '"1.10"' } }
"#;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../configs/rehearsals");
    let script = Script::of(&eg_config::Source::text("r.yaml", yaml), &folder)
        .unwrap_or_else(|problems| panic!("{problems}"));

    let report = rehearse(&script, None).unwrap();

    assert_eq!(report.failures, []);
}

#[test]
fn wrong_settings_of_a_start_are_told_before_it_is_played() {
    let start = |more: &str| {
        let yaml = format!(
            "rooms: {{ main: {{ slots: [slot-01] }} }}\nslots: [ {{ file: ../slots/voter.yaml, as: [slot-01] }} ]\nsteps:\n  \
             - {{ at: 1s, operator: start, args: {{ config: {{ rul: majority }} }}{more} }}\n"
        );
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../configs/rehearsals");
        Script::of(&eg_config::Source::text("r.yaml", yaml), &folder)
    };

    let told = start("").unwrap_err().to_string();

    assert!(told.starts_with("r.yaml:4:50: steps[0].args.config: unknown key \"rul\""), "{told}");
    assert!(start(", refused: rule").is_ok());
}

#[test]
fn a_wrong_file_of_a_slot_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    for yaml in ["slots: [ { file: [a] } ]", "slots: [ { fiel: a } ]", "slots: [ { file: } ]"] {
        let wrong =
            Script::of(&eg_config::Source::text("r.yaml", yaml), folder.path()).unwrap_err();

        assert_eq!(wrong.len(), 1, "{wrong}");
    }
}

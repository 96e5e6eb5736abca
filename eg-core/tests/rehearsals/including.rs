//! A rehearsal whose slots share one file, and whose steps stand in another.

use eg_core::rehearse::{Failure, Script, rehearse};
use std::fs;

const SLOT: &str = "
slot: ${SLOT_ID}
core: { host: 127.0.0.1 }
hal: sim
devices:
  panel:
    driver: button-row
    config: { inputs: [GPIO5, GPIO6], pull: up }
    inputs:
      a: { channel: 0, active: low }
      b: { channel: 1, active: low }
";

#[test]
fn slots_share_one_file_and_steps_are_included() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("slot.yaml", SLOT);
    write(
        "night.yaml",
        "name: two\nrooms:\n  main: { slots: [slot-01, slot-02], game: night-vote, config: { grace: 2s } }\n\
         slots: [ { file: slot.yaml, as: [slot-01, slot-02] } ]\nsteps: !include steps.yaml\n",
    );
    let steps = "
- { at: 1s, operator: start }
- { at: 2s, operator: open, args: { question: \"Who?\", options: [A, B] } }
- { at: 3s, slot: slot-01, does: press panel/a for 80ms }
- { at: 4s, slot: slot-02, does: press panel/a for 80ms }
- { at: 6s, expect: { turnout: 2/2 } }
";
    write("steps.yaml", steps);

    let script = Script::read(&folder.path().join("night.yaml")).unwrap();
    let failures = rehearse(&script, None).unwrap().failures;
    write("steps.yaml", &steps.replace("slot-02", "slot-03"));
    let wrong = Script::read(&folder.path().join("night.yaml")).unwrap_err().to_string();

    let failures: Vec<String> = failures.iter().map(Failure::to_string).collect();
    assert_eq!(failures, [] as [&str; 0]);
    assert!(wrong.contains("steps.yaml:5:"), "{wrong}");
}

#[test]
fn what_goes_otherwise_in_included_steps_is_told_without_another_files_line() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("slot.yaml", SLOT);
    write(
        "night.yaml",
        "rooms: { main: { slots: [slot-01], game: night-vote } }\n\
         slots: [ { file: slot.yaml, as: [slot-01] } ]\nsteps: !include steps.yaml\n",
    );
    write("steps.yaml", "- { at: 1s, expect: { status: running } }\n");

    let script = Script::read(&folder.path().join("night.yaml")).unwrap();
    let failures = rehearse(&script, None).unwrap().failures;

    assert_eq!(failures.len(), 1, "{failures:?}");
    assert_eq!(failures[0].line, None);
}

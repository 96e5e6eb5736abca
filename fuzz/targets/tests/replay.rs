//! Each target gets its corpus and mutations of it: seconds of what `cargo eg fuzz` does for hours. With
//! `EG_REPLAY_SECONDS` in the environment each goes on with further mutations for so long, where libFuzzer is not to be had.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use eg_clock::monotonic;
use eg_fuzz_targets::{Mutator, TARGETS, Target, close, target};
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

/// Panics on threads that a target has started, which do not end the test by themselves.
static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn corpus(name: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus").join(name);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let mut seeds: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.display().to_string(), fs::read(&path).unwrap()))
        .collect();
    seeds.sort();
    assert!(!seeds.is_empty(), "{name} has no corpus");
    seeds
}

fn replay(name: &str) {
    panic::set_hook(Box::new(|told| PANICS.lock().unwrap().push(told.to_string())));
    let Target { run, mutations, .. } = target(name).unwrap();
    let seeds = corpus(name);
    let longer = std::env::var("EG_REPLAY_SECONDS").ok().and_then(|text| text.parse().ok());
    let end = longer.map(|seconds: u64| monotonic() + Duration::from_secs(seconds));
    let (mut mutator, mut runs) = (Mutator::new(2026), 0);
    for (place, (file, seed)) in seeds.iter().enumerate().cycle() {
        let is_first = runs <= place * (mutations + 1);
        if !is_first && end.is_none_or(|end| monotonic() >= end) {
            break;
        }
        let other = &seeds[(place + 1 + runs / seeds.len()) % seeds.len()].1;
        let mutated = (0..mutations).map(|_| mutator.mutate(seed, other));
        for input in std::iter::once(seed.clone()).chain(mutated) {
            runs += 1;
            let ended = panic::catch_unwind(AssertUnwindSafe(|| run(&input)));
            let panics = std::mem::take(&mut *PANICS.lock().unwrap());
            if ended.is_err() || !panics.is_empty() {
                drop(panic::take_hook());
                panic!("{file}: {:?}: {panics:#?}", String::from_utf8_lossy(&input));
            }
        }
    }
    close();
    println!("{name}: {runs} runs");
}

macro_rules! replays {
    ($($test:ident $name:literal),+ $(,)?) => {
        $(#[test]
        fn $test() {
            replay($name);
        })+

        #[test]
        fn every_target_is_replayed() {
            let names = [$($name),+];

            assert_eq!(TARGETS.map(|target| target.name), names);
        }
    };
}

replays! {
    any_file_of_a_core_is_taken_or_explained "core-yaml",
    any_bytes_at_the_broker_s_port_end_well "door",
    any_bytes_on_a_board_s_wires_are_read_or_refused "driver",
    any_request_is_answered "http",
    any_message_on_any_topic_is_taken_or_set_aside "ingest",
    any_row_of_a_journal_is_read_or_refused "journal",
    any_file_for_a_library_is_examined_or_refused "library",
    any_rehearsal_is_taken_or_explained "rehearsal",
    any_bytes_of_a_reader_are_codes_or_noise "scan",
    any_scenario_is_taken_or_explained "scenario",
    any_show_is_taken_or_explained "show",
    any_file_of_a_slot_is_taken_or_explained "slot-yaml",
    any_payload_is_the_same_when_written_and_read_again "wire",
}

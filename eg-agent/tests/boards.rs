//! The example files of `configs/`: each works without hardware, and each driver is in one.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use eg_agent::config::{Hal, Overrides, Source, read_slot};
use std::path::{Path, PathBuf};

/// The YAML files of a folder of `configs/`.
fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../configs").join(folder);
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|end| end == "yaml")).collect()
}

#[test]
fn every_example_board_opens_on_a_simulated_bench() {
    for file in files("boards") {
        let read = read_slot(Source::read(&file).unwrap(), &Overrides::default());

        let slot = read.unwrap_or_else(|problems| panic!("{}: {problems}", file.display()));
        assert_eq!(slot.hal, Hal::Sim, "{}", file.display());
    }
}

#[test]
fn every_driver_has_an_example() {
    let files = files("boards").into_iter().chain(files("slots"));
    let texts: Vec<String> = files.map(|file| std::fs::read_to_string(file).unwrap()).collect();

    for driver in eg_hal::drivers() {
        let line = format!("driver: {}\n", driver.kind);
        assert!(texts.iter().any(|text| text.contains(&line)), "configs/ lacks {}", driver.kind);
    }
}

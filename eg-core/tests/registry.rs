//! Test that the games in this core are the folders of `plugins/`: one game a crate, and each crate linked.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

// Names the core, so that its games are linked here as they are into the binary.
use eg_core as _;

/// Returns the names of the crates in `plugins/`, sorted.
fn folders() -> Vec<String> {
    let plugins = concat!(env!("CARGO_MANIFEST_DIR"), "/../plugins");
    let entries = std::fs::read_dir(plugins).unwrap().map(|entry| entry.unwrap());
    let crates = entries.filter(|entry| entry.path().join("Cargo.toml").exists());
    let mut names: Vec<_> = crates.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn every_game_folder_registers_one_game() {
    let mut crates: Vec<_> = eg_game::games().iter().map(|game| game.krate).collect();
    crates.sort_unstable();

    assert_eq!(crates, folders());
}

#[test]
fn no_two_games_share_a_kind() {
    assert_eq!(eg_game::twins(&eg_game::games()), None);
}

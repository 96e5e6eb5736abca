//! The drivers in this agent are the folders of `drivers/`: each crate is linked and registers a driver, or one for each
//! of its chips.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

// Names the agent, so that its drivers are linked here as they are into the binary.
use eg_agent as _;

/// Names of the packages in `drivers/`, sorted: `eg-driver-` and the name of the folder.
fn packages() -> Vec<String> {
    let drivers = concat!(env!("CARGO_MANIFEST_DIR"), "/../drivers");
    let entries = std::fs::read_dir(drivers).unwrap().map(|entry| entry.unwrap());
    let crates = entries.filter(|entry| entry.path().join("Cargo.toml").exists());
    let name = |folder: std::fs::DirEntry| folder.file_name().into_string().unwrap();
    let mut names: Vec<_> = crates.map(|folder| format!("eg-driver-{}", name(folder))).collect();
    names.sort();
    names
}

#[test]
fn every_driver_folder_registers_a_driver() {
    let mut crates: Vec<_> = eg_hal::drivers().iter().map(|driver| driver.krate).collect();
    crates.sort_unstable();
    crates.dedup();

    assert_eq!(crates, packages());
}

#[test]
fn no_two_drivers_share_a_kind() {
    assert_eq!(eg_hal::duplicate_kind(&eg_hal::drivers()), None);
}

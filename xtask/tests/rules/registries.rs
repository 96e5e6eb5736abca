//! The folders of drivers and games, and the two files that bring them into the binaries.
//!
//! A driver registers itself when its crate is linked, and a crate that no one names is not linked: so each has a line
//! `use x as _;`, or names something of it. eg-agent and eg-core check the other half, that each linked crate did register.

use crate::tree;

/// The crates that this file links, in its order.
fn linked(path: &str) -> Vec<String> {
    let text = tree::read(path);
    let line = |line: &str| {
        let path = line.strip_prefix("use ")?.strip_suffix(';')?;
        path.strip_suffix(" as _").or_else(|| path.split("::").next()).map(str::to_owned)
    };
    text.lines().filter_map(line).filter(|krate| !krate.starts_with("eg_")).collect()
}

/// The crates that this manifest depends on through the workspace.
fn depends_on(manifest: &str, krate: &str) -> bool {
    tree::read(manifest).lines().any(|line| line == format!("{krate}.workspace = true"))
}

fn check(folder: &str, host: &str, file: &str) {
    let crates = tree::folders(folder);

    let idents: Vec<_> = crates.iter().map(|name| name.replace('-', "_")).collect();
    assert_eq!(linked(&format!("{host}/src/{file}")), idents, "{file} and {folder}/ differ");
    for krate in crates {
        let manifest = format!("{host}/Cargo.toml");
        assert!(depends_on(&manifest, &krate), "{manifest} lacks {krate}.workspace = true");
    }
}

#[test]
fn every_driver_folder_is_linked_into_the_agent() {
    check("drivers", "eg-agent", "drivers.rs");
}

#[test]
fn every_game_folder_is_linked_into_the_core() {
    check("plugins", "eg-core", "games.rs");
}

/// Built as a library, a crate exports one symbol for all its drivers.
#[test]
fn every_driver_crate_registers_once() {
    for krate in tree::folders("drivers") {
        let is_of_it = |name: &String| name.starts_with(&format!("drivers/{krate}/src/"));
        let files = tree::rust_files().into_iter().filter(|(name, _)| is_of_it(name));
        let times: usize = files.map(|(_, text)| text.matches("eg_hal::register!(").count()).sum();

        assert_eq!(times, 1, "{krate}: say eg_hal::register!(…) once, with all drivers");
    }
}

//! How a crate's manifest looks.

use crate::tree;

/// Lines that every crate has, so that one place decides for all.
const INHERITED: [&str; 5] = [
    "version.workspace = true",
    "edition.workspace = true",
    "rust-version.workspace = true",
    "license.workspace = true",
    "publish.workspace = true",
];

fn manifests() -> Vec<(String, String)> {
    let is_crate = |name: &String| name.ends_with("/Cargo.toml");
    let manifests: Vec<_> = tree::files().into_iter().filter(is_crate).collect();
    assert!(manifests.len() > 10, "only {manifests:?}");
    manifests.into_iter().map(|name| (name.clone(), tree::read(&name))).collect()
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    for (name, text) in manifests() {
        assert!(text.contains("\n[lints]\nworkspace = true\n"), "{name} lacks [lints]");
    }
}

#[test]
fn every_crate_inherits_version_edition_and_licence() {
    for (name, text) in manifests() {
        for wanted in INHERITED {
            assert!(text.lines().any(|line| line == wanted), "{name} lacks {wanted}");
        }
    }
}

#[test]
fn every_crate_says_what_it_is() {
    for (name, text) in manifests() {
        let description = text.lines().find_map(|line| line.strip_prefix("description = \""));
        assert!(description.is_some_and(|text| text.len() > 10), "{name} lacks a description");
    }
}

#[test]
fn versions_of_dependencies_stand_in_the_root_alone() {
    for (name, text) in manifests() {
        let wrong: Vec<_> = text
            .split("\n[")
            .filter(|section| section.split(']').next().unwrap().ends_with("dependencies"))
            .flat_map(|section| section.lines().skip(1))
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .filter(|line| !line.contains("workspace = true"))
            .collect();
        assert!(wrong.is_empty(), "{name}: {wrong:?} belong in [workspace.dependencies]");
    }
}

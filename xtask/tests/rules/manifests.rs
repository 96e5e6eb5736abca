//! Form of a crate's manifest.

use crate::tree;

/// Lines that every crate has, so that one place decides for all.
const INHERITED: [&str; 4] = [
    "version.workspace = true",
    "edition.workspace = true",
    "rust-version.workspace = true",
    "license.workspace = true",
];

/// Crates that a registry may have: the SDKs and what they are made of. All others say `publish.workspace = true`.
const PUBLISHED: [&str; 5] = ["eg-clock", "eg-config", "eg-game", "eg-hal", "eg-proto"];

/// Lines that a crate in a registry needs beyond its description.
const WANTED_BY_A_REGISTRY: [&str; 3] =
    ["readme = \"README.md\"", "keywords = [", "categories = ["];

fn manifests() -> Vec<(String, String)> {
    // `fuzz` is a workspace of its own, and inherits nothing from this one.
    let is_crate = |name: &String| name.ends_with("/Cargo.toml") && name != "fuzz/Cargo.toml";
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
fn the_sdks_alone_are_for_a_registry_and_have_what_it_wants() {
    for (name, text) in manifests() {
        let has = |wanted: &str| text.lines().any(|line| line.starts_with(wanted));
        let folder = name.trim_end_matches("/Cargo.toml");
        let published = PUBLISHED.contains(&folder);
        assert_eq!(has("publish.workspace = true"), !published, "{name}");
        if published {
            assert!(has("publish = true"), "{name}");
            WANTED_BY_A_REGISTRY.iter().for_each(|line| assert!(has(line), "{name} lacks {line}"));
            for file in ["README.md", "LICENSE-MIT", "LICENSE-APACHE", "src/lib.rs"] {
                assert!(tree::root().join(folder).join(file).exists(), "{folder} lacks {file}");
            }
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

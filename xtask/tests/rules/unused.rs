//! A dependency that a manifest names is used by its crate.

use crate::tree;

/// Dependencies that code names by another word, with that word: what is derived names the crate.
const DERIVED: [(&str, &str); 2] = [("schemars", "JsonSchema"), ("serde", "Deserialize")];

/// A dependency that no code names: it asks for features alone.
const UNNAMED: &str = "eg-features";

/// Manifest whose dependencies are all named for their features.
const FEATURES: &str = "eg-features/Cargo.toml";

/// Names in the sections of dependencies of a manifest, as the code would write them.
fn named(manifest: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut within = false;
    for line in manifest.lines() {
        if let Some(section) = line.strip_prefix('[') {
            within = section.trim_end_matches(']').ends_with("dependencies");
        } else if within && !line.starts_with([' ', '#', ']']) {
            let name = line.split(['=', '.', ' ']).next().unwrap_or_default();
            names.extend((!name.is_empty()).then(|| name.to_owned()));
        }
    }
    names
}

/// `true` if a line of code has the name as a word of its own.
fn occurs(name: &str, code: &str) -> bool {
    let ident = name.replace('-', "_");
    let part = |c: char| c.is_alphanumeric() || c == '_';
    code.lines().filter(|line| !line.trim_start().starts_with("//")).any(|line| {
        line.match_indices(&ident).any(|(at, _)| {
            !line[..at].ends_with(part) && !line[at + ident.len()..].starts_with(part)
        })
    })
}

/// Dependencies of a manifest that none of its crate's code names.
fn unused(manifest: &str, code: &[&str]) -> Vec<String> {
    let used = |name: &str| code.iter().any(|text| occurs(name, text));
    let derived = |name: &str| DERIVED.iter().any(|(krate, word)| *krate == name && used(word));
    let names = named(manifest).into_iter().filter(|name| name != UNNAMED);
    names.filter(|name| !used(name) && !derived(name)).collect()
}

#[test]
fn every_dependency_is_used() {
    let files = tree::rust_files();
    let manifests: Vec<_> =
        tree::files().into_iter().filter(|name| name.ends_with("/Cargo.toml")).collect();
    let (mut read, mut wrong) = (0, Vec::new());
    for manifest in manifests.iter().filter(|name| *name != FEATURES) {
        let folder = manifest.trim_end_matches("Cargo.toml");
        let of_it = files.iter().filter(|(name, _)| name.starts_with(folder));
        let code: Vec<_> = of_it.map(|(_, text)| text.as_str()).collect();
        let text = tree::read(manifest);
        read += named(&text).len();
        wrong.extend(unused(&text, &code).into_iter().map(|name| format!("{manifest}: {name}")));
    }

    assert!(read > 200, "only {read} dependencies: does this test still read them?");
    assert!(wrong.is_empty(), "nothing uses these; remove them: {wrong:#?}");
}

#[test]
fn every_version_that_the_workspace_states_is_taken_by_a_crate() {
    let manifests = tree::files().into_iter().filter(|name| name.ends_with("/Cargo.toml"));
    let taken: Vec<String> = manifests.flat_map(|name| named(&tree::read(&name))).collect();

    let stated = named(&tree::read("Cargo.toml"));
    let wrong: Vec<_> = stated.iter().filter(|name| !taken.contains(name)).collect();

    assert!(stated.len() > 50, "only {stated:?}");
    assert!(wrong.is_empty(), "no crate takes these from [workspace.dependencies]: {wrong:?}");
}

#[test]
fn a_dependency_that_only_a_comment_names_is_found() {
    let manifest = "[package]\nname = \"a\"\n\n[dependencies]\nserde.workspace = true\nlog = \"1\"\n\
                    tower-http = { workspace = true }\n\n[dev-dependencies]\n# For tests.\n\
                    eg-features.workspace = true\ntempfile.workspace = true\n\n[lints]\nx = 1\n";

    let code = ["use serde::Deserialize;\n// log\nlet catalog = tower_http::x();", "tempfile_x"];

    assert_eq!(unused(manifest, &code), ["log", "tempfile"]);
}

//! No two files of a crate import each other, at once or over others.

use std::collections::{BTreeMap, BTreeSet};

use crate::tree;
use xtask::imports::{circles, imports};

/// Crates that still have a circle. This list only gets shorter.
const NOT_YET: &[&str] = &[];

/// Files of each crate below its `src`, named from there.
pub(crate) fn crates() -> BTreeMap<String, Vec<(String, String)>> {
    let mut crates = BTreeMap::<String, Vec<(String, String)>>::new();
    for (name, text) in tree::rust_files() {
        if let Some((krate, file)) = name.split_once("/src/")
            && !krate.contains("templates")
        {
            crates.entry(krate.to_owned()).or_default().push((file.to_owned(), text));
        }
    }
    crates
}

#[test]
fn no_files_of_a_crate_import_each_other_in_a_circle() {
    let crates = crates();
    let edges: BTreeMap<_, _> =
        crates.iter().map(|(krate, files)| (krate.as_str(), imports(files))).collect();
    let read: usize = edges.values().map(BTreeSet::len).sum();

    let found: BTreeMap<_, _> = edges
        .iter()
        .map(|(krate, edges)| (*krate, circles(edges)))
        .filter(|(_, circles)| !circles.is_empty())
        .collect();
    let wrong: BTreeMap<_, _> =
        found.iter().filter(|(krate, _)| !NOT_YET.contains(krate)).collect();
    let done: Vec<_> = NOT_YET.iter().filter(|krate| !found.contains_key(**krate)).collect();

    assert!(read > 500, "only {read} imports: does this test still read them?");
    assert!(wrong.is_empty(), "part these, by who needs whom: {wrong:#?}");
    assert!(done.is_empty(), "these have no circle; take them off the list: {done:?}");
}

#[test]
fn a_circle_of_three_files_is_found() {
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let files = [
        file("lib.rs", "mod a;\nmod b;\nmod c;"),
        file("a.rs", "use crate::b::B;\npub struct A;"),
        file("b.rs", "pub struct B(crate::c::C);"),
        file("c.rs", "use super::a::A;\npub struct C;"),
    ];

    assert_eq!(circles(&imports(&files)), [vec!["a.rs", "b.rs", "c.rs"]]);
}

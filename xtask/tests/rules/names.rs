//! A type that others see has a name of its own in its crate.

use std::collections::BTreeMap;

use crate::tree;

/// Names that each module may have.
const EVERYWHERE: [&str; 3] = ["Args", "Config", "Error"];

/// Crates that still have a name twice. This list only gets shorter.
const NOT_YET: &[&str] = &[];

/// Names of the types that a file declares for others, `pub(crate)` among them; at its top level alone, since an
/// associated type has the name that its trait gives it.
fn declared(text: &str) -> Vec<&str> {
    let kinds = ["struct ", "enum ", "trait ", "type ", "union ", "unsafe trait "];
    let names = text.lines().filter_map(|line| {
        let rest = line.strip_prefix("pub")?;
        let rest = match rest.strip_prefix('(') {
            Some(scope) => scope.split_once(") ")?.1,
            None => rest.strip_prefix(' ')?,
        };
        let name = kinds.iter().find_map(|kind| rest.strip_prefix(kind))?;
        name.split(|c: char| !c.is_alphanumeric() && c != '_').next()
    });
    names.collect()
}

/// Names that stand in more than one file of a crate, with their places.
fn doubled(files: &[(String, String)]) -> BTreeMap<String, Vec<String>> {
    let mut places = BTreeMap::<String, Vec<String>>::new();
    for (file, text) in files {
        let Some((krate, _)) = file.split_once("/src/") else { continue };
        for name in declared(text).into_iter().filter(|name| !EVERYWHERE.contains(name)) {
            places.entry(format!("{krate}: {name}")).or_default().push(file.clone());
        }
    }
    places.retain(|_, files| files.len() > 1);
    places
}

#[test]
fn a_type_has_its_name_to_itself_in_its_crate() {
    let files: Vec<_> = tree::rust_files();
    let read: usize = files.iter().map(|(_, text)| declared(text).len()).sum();

    let doubled = doubled(&files);
    let of = |krate: &str, name: &str| name.starts_with(&format!("{krate}: "));
    let excused = |name: &str| NOT_YET.iter().any(|krate| of(krate, name));
    let wrong: Vec<_> = doubled.iter().filter(|(name, _)| !excused(name)).collect();
    let done: Vec<_> =
        NOT_YET.iter().filter(|krate| !doubled.keys().any(|name| of(krate, name))).collect();

    assert!(read > 500, "only {read} types: does this test still read them?");
    assert!(wrong.is_empty(), "name these by what they are: {wrong:#?}");
    assert!(done.is_empty(), "these are clean; take them off the list: {done:?}");
}

#[test]
fn a_name_that_stands_twice_in_a_crate_is_found() {
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let files = [
        file("a/src/lib.rs", "pub struct Step<T>(T);\npub enum Error {}\nstruct Own;\n"),
        file("a/src/b.rs", "pub(crate) enum Step {}\npub enum Error {}\npub(super) struct Own;\n"),
        file("c/src/lib.rs", "pub trait Step {\n    type Own;\n}\n"),
    ];

    let doubled = doubled(&files);

    assert_eq!(doubled.keys().collect::<Vec<_>>(), ["a: Step"]);
    assert_eq!(doubled["a: Step"], ["a/src/lib.rs", "a/src/b.rs"]);
}

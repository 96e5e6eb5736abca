//! Pages lead to what exists: files by their names, other pages by their links.

use std::path::Path;

use crate::tree;

/// Pages that name files of the code. Paths count from the root, or from the sources of core or agent.
const NAMING_FILES: [&str; 2] = ["docs/architecture.md", "docs/journal.md"];
const FROM: [&str; 3] = ["", "eg-core/src/", "eg-agent/src/"];

/// Words in code marks that are the path of a file or of a folder.
fn named(page: &str) -> Vec<&str> {
    let marked = page.split('`').skip(1).step_by(2);
    let is_path = |word: &&str| {
        let plain = word.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c));
        let folder = ["eg-", "engine/", "http/", "server/", "mqtt/", "journal/", "xtask/"];
        plain
            && word.contains('/')
            && (word.ends_with(".rs") || folder.iter().any(|f| word.starts_with(f)))
    };
    marked.filter(is_path).collect()
}

/// Targets of links that are no address and no heading of the same page.
fn linked(page: &str) -> Vec<&str> {
    let targets = page.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let targets = targets.filter(|to| !to.contains("://") && !to.starts_with('#'));
    targets.filter_map(|to| to.split(['#', ' ']).next()).collect()
}

#[test]
fn every_file_that_a_page_names_is_there() {
    for page in NAMING_FILES {
        let text = tree::read(page);
        let named = named(&text);
        let is_there = |name: &&&str| {
            FROM.iter().any(|from| tree::root().join(format!("{from}{name}")).exists())
        };
        let wrong: Vec<_> = named.iter().filter(|name| !is_there(name)).collect();

        assert!(named.len() > 3, "{page} names {named:?}: does this test still read it?");
        assert!(wrong.is_empty(), "{page} names files that are not there: {wrong:#?}");
    }
}

#[test]
fn every_link_of_a_page_leads_somewhere() {
    let (mut read, mut wrong) = (0, Vec::new());
    for name in tree::files().into_iter().filter(|name| name.ends_with(".md")) {
        let text = tree::read(&name);
        let folder = Path::new(&name).parent().unwrap();
        // A template's links are of the crate that it becomes.
        for to in linked(&text).into_iter().filter(|_| !name.contains("templates/")) {
            read += 1;
            if !tree::root().join(folder).join(to).exists() {
                wrong.push(format!("{name}: {to}"));
            }
        }
    }

    assert!(read > 100, "only {read} links: does this test still read them?");
    assert!(wrong.is_empty(), "these lead nowhere: {wrong:#?}");
}

#[test]
fn a_path_and_a_link_are_found_and_other_marks_are_not() {
    let page = "`engine/round.rs`, `eg/dev/<slot>/cmd`, `drivers/*`, `a.rs`, [x](../y.md#z) [u](https://h/i) [v](#w)";

    assert_eq!(named(page), ["engine/round.rs"]);
    assert_eq!(linked(page), ["../y.md"]);
}

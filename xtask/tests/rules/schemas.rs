//! YAML files that ship name their schema, so that an editor explains and checks them.

use std::path::{Path, PathBuf};

/// Folders of slots' and cores' files. Those of the demo are templates, and shows and rehearsals have no schema.
const FOLDERS: [&str; 5] = [
    "configs",
    "configs/boards",
    "configs/slots",
    "deploy/debian/eg-agent",
    "deploy/debian/eg-core",
];
/// Place of a schema on a machine, and in this repository.
const INSTALLED: [(&str, &str); 2] = [
    ("/usr/share/doc/eg-agent/slot.schema.json", "configs/slot.schema.json"),
    ("/usr/share/doc/eg-core/core.schema.json", "configs/core.schema.json"),
];

fn files(root: &Path) -> Vec<PathBuf> {
    let entries = FOLDERS.iter().flat_map(|folder| std::fs::read_dir(root.join(folder)).unwrap());
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|ending| ending == "yaml")).collect()
}

#[test]
fn every_file_that_ships_names_its_schema_in_the_first_line() {
    let root = crate::tree::root();
    let found = files(&root);
    assert!(found.len() > 20, "{found:?}");

    for file in found {
        let text = std::fs::read_to_string(&file).unwrap();
        let first = text.lines().next().unwrap_or_default();
        let named = first.strip_prefix("# yaml-language-server: $schema=");
        let named = named.unwrap_or_else(|| panic!("{} names none: {first}", file.display()));
        let installed = INSTALLED.iter().find(|(place, _)| *place == named);
        let schema = match installed {
            Some((_, here)) => root.join(here),
            None => file.parent().unwrap().join(named),
        };
        assert!(schema.is_file(), "{}: no {}", file.display(), schema.display());
    }
}

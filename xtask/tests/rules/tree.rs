//! The files of the checkout, as the rules read them.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let mut root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.pop();
    root
}

/// The text of a file, named from the root.
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The folders right under this one, named from the root, in order.
pub(crate) fn folders(of: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join(of)).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("Cargo.toml").exists())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert!(!names.is_empty(), "{of}/ has no crate in it");
    names
}

/// Every file of the project, named from the root; what git ignores and hides (`target`, `data`, `.git`) left out.
pub(crate) fn files() -> Vec<String> {
    let root = root();
    let mut found = Vec::new();
    let mut todo = vec![root.clone()];
    while let Some(folder) = todo.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
            match name.as_str() {
                "target" | "data" | ".git" => {}
                _ if path.is_dir() && !path.is_symlink() => todo.push(path),
                _ => found.push(name),
            }
        }
    }
    found.sort();
    found
}

/// Every Rust file of the project, with its text.
pub(crate) fn rust_files() -> Vec<(String, String)> {
    let is_rust = |name: &String| Path::new(name).extension().is_some_and(|end| end == "rs");
    let files: Vec<_> =
        files().into_iter().filter(is_rust).map(|name| (name.clone(), read(&name))).collect();
    assert!(files.len() > 500, "only {} Rust files: are these all?", files.len());
    files
}

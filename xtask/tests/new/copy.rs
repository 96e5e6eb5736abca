//! A copy of this workspace, to be changed.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// Folders that are copied of no crate.
const LEFT_OUT: [&str; 3] = ["target", ".git", "data"];

/// The folder of the workspace.
pub(crate) fn original() -> PathBuf {
    let mut root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.pop();
    root
}

/// A copy in a folder of its own.
pub(crate) struct Copy {
    root: PathBuf,
    _temporary: Option<tempfile::TempDir>,
}

impl Copy {
    /// Everything, where the next run finds it again: what has not changed need not be built again.
    pub(crate) fn to_build() -> Self {
        let root = target().join("scaffold");
        let _ = fs::remove_dir_all(&root);
        copy(&original(), &root, &|_| true);
        Self { root, _temporary: None }
    }

    /// The manifests and the two files that link drivers and games.
    pub(crate) fn of_manifests() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("room");
        let kept = ["Cargo.toml", "Cargo.lock", "drivers.rs", "games.rs"];
        copy(&original(), &root, &|name| kept.contains(&name));
        Self { root, _temporary: Some(folder) }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }
}

/// Where this workspace is built.
pub(crate) fn target() -> PathBuf {
    let set = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    original().join(set.unwrap_or_else(|| PathBuf::from("target")))
}

/// Files keep the time at which they were changed: cargo builds again what is newer than its last build.
fn copy(from: &Path, to: &Path, wanted: &dyn Fn(&str) -> bool) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let (source, copied) = (entry.path(), to.join(&name));
        if entry.file_type().unwrap().is_dir() {
            if !LEFT_OUT.contains(&name.as_str()) {
                copy(&source, &copied, wanted);
            }
        } else if wanted(&name) {
            fs::copy(&source, &copied).unwrap();
            let changed = entry.metadata().unwrap().modified().unwrap();
            File::options().write(true).open(&copied).unwrap().set_modified(changed).unwrap();
        }
    }
}

//! A digest of the source of the crate that is built: a driver library and its agent compare it, since two states of
//! a crate may carry one version. A package from a registry has the digest of the checkout that it was made of.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::Hasher;
use std::io;
use std::path::{Path, PathBuf};

/// Tells cargo the digest as the variable `EG_SOURCE`, and to look again when a file changes.
///
/// # Errors
/// When a file of `src` cannot be read.
pub(crate) fn tell() -> io::Result<()> {
    let folder = Path::new("src");
    println!("cargo:rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    gather(folder, &mut files)?;
    files.sort();
    let mut digest = DefaultHasher::new();
    for file in files {
        digest.write(file.as_os_str().as_encoded_bytes());
        digest.write(&fs::read(&file)?);
    }
    println!("cargo:rustc-env=EG_SOURCE={:016x}", digest.finish());
    Ok(())
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            gather(&path, files)?;
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
    Ok(())
}

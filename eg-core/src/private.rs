//! Rights of the core's files: their owner alone reads and writes them.

use std::fs::{File, OpenOptions};
use std::io;
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Rights of a file: its owner reads and writes it.
const OWNER: u32 = 0o600;

/// Opens a file for writing, and creates it if it is missing. Nobody but its owner may read it, whatever rights it had.
///
/// # Errors
/// The operating system refuses.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    let file =
        OpenOptions::new().create(true).truncate(false).write(true).mode(OWNER).open(path)?;
    tighten(path)?;
    Ok(file)
}

/// Makes a database's file, if it is missing, and takes the rights to it and to the files beside it from everybody but
/// their owner. SQLite gives files that it makes beside it the same rights.
///
/// # Errors
/// The operating system refuses.
pub(crate) fn own(path: &Path) -> io::Result<()> {
    open(path)?;
    for ending in ["-wal", "-shm", "-journal"] {
        match tighten(&beside(path, ending)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

/// Writes a file whole or not at all: beside it first, then in its place.
///
/// # Errors
/// The operating system refuses.
pub(crate) fn replace(path: &Path, contents: &[u8]) -> io::Result<()> {
    let new = beside(path, ".new");
    let mut file = open(&new)?;
    file.set_len(0)?;
    file.write_all(contents)?;
    std::fs::rename(&new, path)
}

/// Returns the path of a file beside another: its name, and `ending`.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Takes the rights to a file from everybody but its owner.
///
/// # Errors
/// The operating system refuses, or there is no such file.
pub(crate) fn tighten(path: &Path) -> io::Result<()> {
    let mut rights = std::fs::metadata(path)?.permissions();
    if rights.mode() & 0o777 & !OWNER != 0 {
        rights.set_mode(OWNER);
        std::fs::set_permissions(path, rights)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_replaced_is_its_owners_alone_whatever_the_one_before_was() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("eg.clients.json");
        for name in ["eg.clients.json", "eg.clients.json.new"] {
            let path = folder.path().join(name);
            std::fs::write(&path, "a longer text than the one that comes").unwrap();
            std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).unwrap();
        }

        replace(&file, b"{}").unwrap();

        assert_eq!(std::fs::read(&file).unwrap(), b"{}");
        let rights = std::fs::metadata(&file).unwrap().permissions().mode() & 0o777;
        assert_eq!(rights, OWNER, "{rights:o}");
        assert!(!beside(&file, ".new").exists());
    }
}

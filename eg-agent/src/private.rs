//! Rights of the agent's files: their owner alone reads and writes them.

use std::fs::{File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// Rights of a file: its owner reads and writes it.
const OWNER: u32 = 0o600;

/// Opens a file for writing, and creates it if it is missing. Nobody but its owner may read it, whatever rights it had.
///
/// # Errors
/// The operating system refuses.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    let file = options.create(true).truncate(false).write(true).mode(OWNER).open(path)?;
    tighten(path);
    Ok(file)
}

/// Takes the rights to a file from everybody but its owner, if it is there and others have any. A file of somebody else
/// stays as it is, and is used.
pub(crate) fn tighten(path: &Path) {
    let Ok(found) = std::fs::metadata(path) else { return };
    if found.permissions().mode() & 0o777 & !OWNER == 0 {
        return;
    }
    if let Err(error) = std::fs::set_permissions(path, Permissions::from_mode(OWNER)) {
        let path = path.display();
        tracing::warn!(%path, %error, "others can read this file, and that cannot be changed");
    }
}

//! Permissions: nobody but root and this process's own user may put another file in a library's place.

use super::LibraryError;
use rustix::process::{getegid, geteuid};
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A folder in which only an entry's owner may replace it, such as `/tmp`.
const STICKY: u32 = 0o1000;
const BY_GROUP: u32 = 0o020;
const BY_OTHERS: u32 = 0o002;

/// Looks at the file, at its folder and at every folder above, on the path as it is written and as links lead it. Gives
/// the path without links.
///
/// # Errors
/// [`LibraryError`] with the first place that somebody else could change.
pub(super) fn check(file: &Path) -> Result<PathBuf, LibraryError> {
    let resolve = |path: &Path| path.canonicalize().map_err(|e| LibraryError::unreadable(&e));
    let real = resolve(file)?;
    let data = real.metadata().map_err(|error| LibraryError::unreadable(&error))?;
    if !data.is_file() {
        return Err(LibraryError::NoFile);
    }
    check_one(&real, &data, false)?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let written = resolve(folder.unwrap_or(Path::new(".")))?;
    let folders = |path: &Path| path.ancestors().map(Path::to_owned).collect::<Vec<_>>();
    for chain in [folders(&written), folders(real.parent().unwrap_or(&real))] {
        for (height, folder) in chain.iter().enumerate() {
            let data = folder.metadata().map_err(|error| LibraryError::unreadable(&error))?;
            check_one(folder, &data, height > 0)?;
        }
    }
    Ok(real)
}

fn check_one(path: &Path, data: &Metadata, sticky_will_do: bool) -> Result<(), LibraryError> {
    let (owner, mode) = (data.uid(), data.mode() & 0o7777);
    let path = || path.display().to_string();
    if owner != 0 && owner != geteuid().as_raw() {
        return Err(LibraryError::Owner { path: path(), owner });
    }
    if sticky_will_do && mode & STICKY != 0 {
        return Ok(());
    }
    // The group that this process itself runs in, as many systems give each user one, is no stranger.
    let by_group = mode & BY_GROUP != 0 && data.gid() != getegid().as_raw();
    if mode & BY_OTHERS != 0 || by_group {
        return Err(LibraryError::Writable { path: path(), mode });
    }
    Ok(())
}

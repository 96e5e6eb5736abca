//! Copies that take the place of a journal and of what stands beside it, while no core writes there.

use super::connection::open_read_only;
use super::schema::{damaged, examine};
use super::writer::lock;
use super::{JournalError, backup};
use crate::private;
use std::fs::DirBuilder;
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, chown};
use std::path::{Path, PathBuf};

/// Endings of the files that belong to a database. The last one names the last entry of the journal that it stood beside.
const ENDINGS: [&str; 5] = ["", "-wal", "-shm", "-journal", ".last"];

/// Outcome of a restoration.
#[derive(Debug)]
pub(crate) struct Restored {
    /// Folder of what was there before; `None` if nothing was.
    pub(crate) aside: Option<PathBuf>,
}

/// Puts a copy in the place of the journal, and one of another database in that one's place. Whatever was there is moved
/// into the folder `aside`. A copy that an earlier version made is taken too: the core brings it up when it starts.
///
/// # Errors
/// [`JournalError`]: a core runs on the journal, the copy is no journal, is damaged or newer, or the disk refuses. Then
/// everything is as it was.
pub(crate) fn restore(
    (copy, journal): (&Path, &Path),
    other: Option<(&Path, &Path)>,
    aside: &Path,
) -> Result<Restored, JournalError> {
    if !copy.exists() {
        return Err(JournalError::Missing { path: copy.into() });
    }
    let (connection, _) = open_read_only(copy).map_err(|error| damaged(copy, error))?;
    examine(&connection, copy)?;
    drop(connection);
    let _lock = lock(journal)?;
    let pairs: Vec<_> = [Some((copy, journal)), other].into_iter().flatten().collect();
    for (copy, place) in &pairs {
        prepare(copy, place)?;
    }
    let mut moved = false;
    for (_, place) in &pairs {
        moved |= move_aside(place, aside)?;
        let failed = |source| JournalError::Folder { path: (*place).into(), source };
        std::fs::rename(ready(place), place).map_err(failed)?;
    }
    Ok(Restored { aside: moved.then(|| aside.into()) })
}

/// Returns the path at which a copy is made ready, beside its place.
fn ready(place: &Path) -> PathBuf {
    private::beside(place, ".restoring")
}

/// Copies the database beside its place, for the owner of the folder.
fn prepare(copy: &Path, place: &Path) -> Result<(), JournalError> {
    let new = ready(place);
    let failed = |source| JournalError::Folder { path: new.clone(), source };
    match std::fs::remove_file(&new) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(error)),
        Ok(()) | Err(_) => {}
    }
    backup::back_up_database(copy, &new)?;
    let Some(folder) = new.parent().filter(|folder| !folder.as_os_str().is_empty()) else {
        return Ok(());
    };
    let folder = folder.metadata().map_err(failed)?;
    let is_theirs = new.metadata().map_err(failed)?.uid() == folder.uid();
    if is_theirs {
        return Ok(());
    }
    // The superuser restores, and the core runs as another user.
    chown(&new, Some(folder.uid()), Some(folder.gid())).map_err(failed)
}

/// Moves the database at this place, and what belongs to it, into a folder. Returns `true` if there was any.
fn move_aside(place: &Path, aside: &Path) -> Result<bool, JournalError> {
    let failed = |source| JournalError::Folder { path: aside.into(), source };
    let mut moved = false;
    for from in ENDINGS.map(|ending| private::beside(place, ending)) {
        let (true, Some(name)) = (from.exists(), from.file_name()) else { continue };
        DirBuilder::new().recursive(true).mode(0o700).create(aside).map_err(failed)?;
        std::fs::rename(&from, aside.join(name)).map_err(failed)?;
        moved = true;
    }
    Ok(moved)
}

//! Spare copy of the account in memory, for a core that starts on a disk that cannot be written: its operator signs in
//! and sees what is stored. What changes in the copy, such as a sign-in, ends with the core.

use crate::journal::copy_database;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// Folder of the system whose files stand in memory (Linux, tmpfs).
const MEMORY: &str = "/dev/shm";

/// Copy of an account. Dropping it removes the copy.
pub(super) struct SpareAccount {
    folder: PathBuf,
    file: PathBuf,
}

impl SpareAccount {
    /// Copies an account to memory, or to the folder for temporary files; `None` if there is no account, or no room for
    /// a copy either.
    pub(super) fn of(account: &Path) -> Option<Self> {
        let name = format!("eg-core-{}", ulid::Ulid::new());
        let folders = [PathBuf::from(MEMORY), std::env::temp_dir()];
        let file_name = account.file_name().filter(|_| account.exists())?;
        folders.into_iter().find_map(|parent| {
            let folder = parent.join(&name);
            DirBuilder::new().mode(0o700).create(&folder).ok()?;
            let spare = Self { file: folder.join(file_name), folder };
            match copy_database(account, &spare.file) {
                Ok(()) => Some(spare),
                Err(error) => {
                    tracing::warn!(%error, folder = %parent.display(), "the account cannot be copied");
                    None
                }
            }
        })
    }

    /// Returns the path of the copy.
    pub(super) fn file(&self) -> &Path {
        &self.file
    }
}

impl Drop for SpareAccount {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            tracing::warn!(%error, folder = %self.folder.display(), "the spare account is left behind");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_spare_account_is_a_private_copy_that_goes_with_its_core() {
        let folder = tempfile::tempdir().unwrap();
        let account = folder.path().join("eg.account.db");
        let database = rusqlite::Connection::open(&account).unwrap();
        database
            .execute_batch(
                "PRAGMA journal_mode = WAL; CREATE TABLE x (y); INSERT INTO x VALUES (7);",
            )
            .unwrap();

        let spare = SpareAccount::of(&account).unwrap();

        let copy = rusqlite::Connection::open(spare.file()).unwrap();
        assert_eq!(copy.query_row("SELECT y FROM x", [], |row| row.get::<_, i64>(0)).unwrap(), 7);
        let rights = std::fs::metadata(spare.file()).unwrap().permissions().mode();
        assert_eq!(rights & 0o777, 0o600);
        let place = spare.folder.clone();
        drop(spare);
        assert!(!place.exists());
    }

    #[test]
    fn without_an_account_there_is_no_spare_one() {
        let folder = tempfile::tempdir().unwrap();

        assert!(SpareAccount::of(&folder.path().join("eg.account.db")).is_none());
    }
}

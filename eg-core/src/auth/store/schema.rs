//! Format of the accounts' file, as numbered migrations.

use crate::auth::error::AuthError;
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;

/// Migrations in order; a file's `user_version` is the number of them that it has had. One that has been released is
/// never changed. A file without a version is new, or of a core before users: the first migration takes both.
const MIGRATIONS: [&str; 2] =
    [include_str!("../migrations/0001_password.sql"), include_str!("../migrations/0002_users.sql")];

/// Brings a file to this program's format, each step in a transaction of its own. Another process may do the same.
///
/// # Errors
/// [`AuthError::Newer`] if a later version wrote the file.
pub(super) fn migrate(connection: &mut Connection, file: &Path) -> Result<(), AuthError> {
    let known = MIGRATIONS.len();
    for (number, migration) in (1_i64..).zip(MIGRATIONS) {
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let version: i64 = change.query_row("PRAGMA user_version", [], |row| row.get(0))?;
        let had = usize::try_from(version).unwrap_or(usize::MAX);
        if had > known {
            return Err(AuthError::Newer { file: file.into(), version: had, known });
        }
        if version < number {
            change.execute_batch(migration)?;
            change.pragma_update(None, "user_version", number)?;
        }
        change.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::auth::store::Store;
    use rusqlite::Connection;

    #[test]
    fn a_file_of_a_later_version_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("eg.account.db");
        drop(Store::open(&file).unwrap());
        Connection::open(&file).unwrap().pragma_update(None, "user_version", 99).unwrap();

        let refused = Store::open(&file).err().unwrap().to_string();

        assert!(refused.contains("eg.account.db") && refused.contains("99"), "{refused}");
    }
}

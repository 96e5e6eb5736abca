//! Connections to the journal's files, for reading.

use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// Time for which a connection waits for a lock that another holds.
pub(super) const BUSY: Duration = Duration::from_secs(5);

/// Rolls back what a process that died was writing into an archive's file, which a reader alone cannot do.
pub(super) fn roll_back(path: &Path) -> Result<(), rusqlite::Error> {
    let mut beside = path.as_os_str().to_owned();
    beside.push("-journal");
    if Path::new(&beside).exists() {
        let writer = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        writer.busy_timeout(BUSY)?;
        writer.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    }
    Ok(())
}

/// Opens a file for reading only.
pub(super) fn open_read_only(path: &Path) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    #[cfg(test)]
    let connection = super::plans::watched(connection);
    Ok(connection)
}

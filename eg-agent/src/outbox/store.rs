//! The outbox's file: an SQLite database in WAL mode that one process holds.

use super::boot_range::BootRange;
use super::row::Row;
use crate::core_clock::Taken;
use crate::private;
use eg_hal::{Moment, Source};
use eg_proto::Boot;
use rusqlite::{Connection, ErrorCode, params};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The shape of the tables below.
const SCHEMA: i64 = 1;
const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS events (
        id INTEGER PRIMARY KEY, boot TEXT NOT NULL, seq INTEGER NOT NULL, json TEXT NOT NULL,
        at_us INTEGER, unc_us INTEGER, src TEXT
    ) STRICT;
    CREATE TABLE IF NOT EXISTS dead_letters (
        id INTEGER PRIMARY KEY, boot TEXT NOT NULL, seq INTEGER NOT NULL, json TEXT NOT NULL, why TEXT NOT NULL
    ) STRICT;";

/// Reasons why the outbox cannot use its file.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite or the disk under it refused.
    #[error("{0}")]
    Sql(#[from] rusqlite::Error),
    /// The file or its folder cannot be made.
    #[error("cannot make {path}: {source}")]
    Make {
        /// The file or folder.
        path: PathBuf,
        /// Error of the system.
        source: std::io::Error,
    },
    /// A newer agent wrote the file.
    #[error("it was written by a newer agent (schema {found}, this agent knows {SCHEMA})")]
    Newer {
        /// Schema of the file.
        found: i64,
    },
}

impl StoreError {
    /// The file is not what it was: it can be set aside, but not used.
    pub(super) fn is_damage(&self) -> bool {
        match self {
            Self::Sql(error) => matches!(
                error.sqlite_error_code(),
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
            ),
            Self::Make { .. } | Self::Newer { .. } => false,
        }
    }
}

/// The open file.
#[derive(Debug)]
pub(super) struct Store {
    sql: Connection,
    full: bool,
}

/// Content of a store when it was opened.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// One for each start that left rows, oldest first.
    pub(super) ranges: Vec<BootRange>,
    /// Rows that wait.
    pub(super) rows: u64,
    /// Rows that were given up.
    pub(super) dead_letters: u64,
    /// The highest id ever used here.
    pub(super) last_id: i64,
}

impl Store {
    /// Opens the file or makes it, readable by its owner alone. It is checked whole.
    pub(super) fn open(path: &Path, bytes: Option<u64>) -> Result<(Self, Found), StoreError> {
        make(path)?;
        Self::prepare(Connection::open(path)?, bytes)
    }

    /// Makes an empty store in memory, which lives as long as this does.
    pub(super) fn in_memory() -> Result<(Self, Found), StoreError> {
        Self::prepare(Connection::open_in_memory()?, None)
    }

    fn prepare(sql: Connection, bytes: Option<u64>) -> Result<(Self, Found), StoreError> {
        // Who holds the file holds it for good: waiting would only stop the hosts.
        sql.busy_timeout(Duration::ZERO)?;
        sql.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        sql.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        sql.pragma_update(None, "synchronous", "FULL")?;
        sql.pragma_update(None, "cache_size", -256)?;
        sql.pragma_update(None, "journal_size_limit", 4 << 20)?;
        if let Some(bytes) = bytes {
            let page: i64 = sql.pragma_query_value(None, "page_size", |row| row.get(0))?;
            let pages = (number(bytes) / page.max(1)).max(1);
            sql.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
        }
        let check: String =
            sql.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).unwrap_or_default();
        if check != "ok" {
            let damaged = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
            return Err(rusqlite::Error::SqliteFailure(damaged, Some(check)).into());
        }
        let found: i64 = sql.pragma_query_value(None, "user_version", |row| row.get(0))?;
        match found {
            0 => {
                sql.execute_batch(TABLES)?;
                sql.pragma_update(None, "user_version", SCHEMA)?;
            }
            SCHEMA => {}
            found => return Err(StoreError::Newer { found }),
        }
        let store = Self { sql, full: true };
        let found = store.found()?;
        Ok((store, found))
    }

    /// Counts what the store holds.
    pub(super) fn found(&self) -> Result<Found, rusqlite::Error> {
        let mut found = Found::default();
        let mut select = self.sql.prepare(
        "SELECT boot, min(id), min(seq), max(id), count(*) FROM events GROUP BY boot ORDER BY min(id)",
    )?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let boot = Boot(row.get::<_, String>(0)?.parse().unwrap_or_default());
            let (first, seq, last): (i64, i64, i64) = (row.get(1)?, row.get(2)?, row.get(3)?);
            found.rows += row.get::<_, i64>(4)?.unsigned_abs();
            found.last_id = found.last_id.max(last);
            found.ranges.push(BootRange { boot, base: first - seq, acked: first - 1, last });
        }
        let (dead_letters, last): (i64, Option<i64>) =
            self.sql.query_row("SELECT count(*), max(id) FROM dead_letters", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        found.dead_letters = dead_letters.unsigned_abs();
        found.last_id = found.last_id.max(last.unwrap_or(0));
        Ok(found)
    }

    /// Forgets what was acknowledged and keeps `rows`: all of it or nothing. Gives how many rows went.
    pub(super) fn write(
        &mut self,
        acked: &[BootRange],
        rows: &[Row],
    ) -> Result<u64, rusqlite::Error> {
        // One statement is all or nothing by itself; one press is one statement.
        let single = acked.len() + rows.len() == 1;
        let work = if single { None } else { Some(self.sql.unchecked_transaction()?) };
        let mut gone = 0;
        if !acked.is_empty() {
            let mut delete = self
                .sql
                .prepare_cached("DELETE FROM events WHERE id > ?1 AND id <= ?2 AND boot = ?3")?;
            for range in acked {
                let through = range.acked;
                gone += delete.execute(params![range.base, through, range.boot.to_string()])?;
            }
        }
        if !rows.is_empty() {
            let mut insert = self
                .sql
                .prepare_cached("INSERT INTO events VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
            for row in rows {
                let at = row.taken.map(|taken| number(taken.at.0));
                let unc = row.taken.map(|taken| number(taken.unc_us));
                let src = row.taken.map(|taken| source_name(taken.src));
                let boot = row.boot.to_string();
                insert.execute(params![row.id, boot, number(row.seq), row.json, at, unc, src])?;
            }
        }
        work.map_or(Ok(()), rusqlite::Transaction::commit)?;
        Ok(u64::try_from(gone).unwrap_or(0))
    }

    /// The next rows after this id, oldest first. Only those of `boot` can still be dated.
    pub(super) fn read(
        &self,
        after: i64,
        limit: usize,
        boot: Boot,
    ) -> Result<Vec<Row>, rusqlite::Error> {
        let mut select = self.sql.prepare_cached(
            "SELECT id, boot, seq, json, at_us, unc_us, src FROM events WHERE id > ?1 ORDER BY id LIMIT ?2",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = select.query_map(params![after, limit], |row| {
            let of = Boot(row.get::<_, String>(1)?.parse().unwrap_or_default());
            let at: Option<i64> = row.get(4)?;
            let taken = match at.filter(|_| of == boot) {
                Some(at) => Some(Taken {
                    at: Moment(at.unsigned_abs()),
                    unc_us: row.get::<_, i64>(5)?.unsigned_abs(),
                    src: source(&row.get::<_, String>(6)?),
                }),
                None => None,
            };
            Ok(Row {
                id: row.get(0)?,
                boot: of,
                seq: row.get::<_, i64>(2)?.unsigned_abs(),
                json: row.get(3)?,
                late: false,
                tag: None,
                taken,
            })
        })?;
        rows.collect()
    }

    /// Moves a row to the dead letters. `false`: there is no such row.
    pub(super) fn dead_letter(&mut self, id: i64, why: &str) -> Result<bool, rusqlite::Error> {
        let work = self.sql.transaction()?;
        let moved = work.execute(
            "INSERT OR REPLACE INTO dead_letters SELECT id, boot, seq, json, ?2 FROM events WHERE id = ?1",
            params![id, why],
        )?;
        work.execute("DELETE FROM events WHERE id = ?1", [id])?;
        work.commit()?;
        Ok(moved > 0)
    }

    /// Lets every read and write fail, as a disk that does not answer would, or work again.
    #[cfg(test)]
    pub(super) fn fail(&self, fails: bool) {
        let (from, to) = if fails { ("events", "away") } else { ("away", "events") };
        self.sql.execute_batch(&format!("ALTER TABLE {from} RENAME TO {to}")).unwrap();
    }

    /// `true`: every commit survives a power cut. `false`: every commit survives the death of this process.
    pub(super) fn durable(&mut self, full: bool) -> Result<(), rusqlite::Error> {
        if full == self.full {
            return Ok(());
        }
        self.sql.pragma_update(None, "synchronous", if full { "FULL" } else { "NORMAL" })?;
        if full {
            // What was committed so far reaches the disk now; the checkpoint syncs it first.
            self.sql.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        }
        self.full = full;
        Ok(())
    }
}

fn make(path: &Path) -> Result<(), StoreError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| StoreError::Make { path, source }
    };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(failed(folder))?;
    }
    private::open(path).map_err(failed(path))?;
    // Those of an earlier agent. SQLite gives files that it makes beside the database the same rights.
    for ending in ["-wal", "-shm"] {
        let mut beside = path.as_os_str().to_owned();
        beside.push(ending);
        private::tighten(Path::new(&beside));
    }
    Ok(())
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn source_name(src: Source) -> &'static str {
    match src {
        Source::Kernel => "kernel",
        Source::Driver => "driver",
        Source::Poll => "poll",
        Source::Synthetic => "synthetic",
    }
}

fn source(name: &str) -> Source {
    match name {
        "kernel" => Source::Kernel,
        "driver" => Source::Driver,
        "synthetic" => Source::Synthetic,
        _ => Source::Poll,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_outbox_of_an_earlier_agent_that_others_could_read_is_its_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("slot-01.db");
        drop(Store::open(&path, None).unwrap());
        let files =
            ["", "-wal", "-shm"].map(|ending| folder.path().join(format!("slot-01.db{ending}")));
        for file in &files {
            drop(std::fs::OpenOptions::new().create(true).append(true).open(file).unwrap());
            std::fs::set_permissions(file, PermissionsExt::from_mode(0o644)).unwrap();
        }

        let _store = Store::open(&path, None).unwrap();

        for file in files.iter().filter(|file| file.exists()) {
            let mode = file.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{file:?}: {mode:o}");
        }
    }
}

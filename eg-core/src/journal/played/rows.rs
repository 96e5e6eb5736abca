//! Sessions that are over, as statistics count them.

use super::super::{JournalError, Reader, column};
use super::{FITS, SessionFilter, join};
use eg_proto::Timestamp;
use rusqlite::ToSql;

/// Largest number of sessions that are counted; the latest come first.
const MOST: i64 = 50_000;

/// Session that is over, as statistics count it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionCount {
    /// Kind of the game.
    pub game: String,
    /// Status: `done`, `aborted` or `failed`.
    pub status: String,
    /// Month of its start, as `2026-11` by the clock of the core's machine.
    pub month: String,
    /// Hour of its start: 0 to 23.
    pub hour: usize,
    /// Time from its start to its end, in µs.
    pub took_us: i64,
    /// Number of hints; `None` if they were not counted.
    pub hints: Option<i64>,
}

impl Reader {
    /// Returns the sessions of a filter that are over, the latest first; at most 50,000 of them.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn session_counts(
        &self,
        filter: &SessionFilter,
    ) -> Result<Vec<SessionCount>, JournalError> {
        self.with(|connection| {
            let (join, _) = join(connection);
            let hints = if join.is_empty() { "NULL" } else { "figures.hints" };
            let list = format!(
                "SELECT game, status, strftime('%Y-%m', started_us / 1000000, 'unixepoch', 'localtime'),
                     CAST(strftime('%H', started_us / 1000000, 'unixepoch', 'localtime') AS INTEGER),
                     max(0, ended_us - started_us), {hints}
                 FROM session {join} WHERE {FITS} AND status != 'running' AND ended_us IS NOT NULL
                 ORDER BY started_us DESC LIMIT :most"
            );
            let mut list = connection.prepare_cached(&list)?;
            filter.with(|filter| {
                let most: (&str, &dyn ToSql) = (":most", &MOST);
                let values: Vec<_> = filter.iter().copied().chain([most]).collect();
                let rows = list.query_map(values.as_slice(), |row| {
                    let number = |place| column::number(row, place).ok().flatten();
                    Ok(SessionCount {
                        game: column::lossy(row, 0),
                        status: column::lossy(row, 1),
                        month: column::lossy(row, 2),
                        hour: number(3).and_then(|hour| usize::try_from(hour).ok()).unwrap_or_default(),
                        took_us: number(4).unwrap_or_default(),
                        hints: number(5),
                    })
                })?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
        })
    }

    /// Returns the first day of the month that began eleven months before that of `now`: with it a year of months ends.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn year_until(&self, now: Timestamp) -> Result<String, JournalError> {
        let day =
            "SELECT date(?1 / 1000000, 'unixepoch', 'localtime', 'start of month', '-11 months')";
        self.with(|connection| Ok(connection.query_row(day, [now.0], |row| row.get(0))?))
    }
}

//! List of sessions by filter, with what was played, and the totals of a filter.

mod rows;

pub use rows::SessionCount;

use super::{Figures, JournalError, Reader, SessionRow, column};
use super::{figures, schema};
use rusqlite::{Connection, Row, ToSql, named_params};
use serde::Serialize;

/// Sessions that are asked for: everything that is named must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionFilter {
    /// First day of their start, as `2026-11-30` by the clock of the core's machine.
    pub from: Option<String>,
    /// Last day of their start.
    pub to: Option<String>,
    /// Room in which they were played.
    pub room: Option<String>,
    /// Kind of the game.
    pub game: Option<String>,
    /// Status: `running`, `done`, `aborted` or `failed`.
    pub status: Option<String>,
}

/// Session of a list, with what was played.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct PlayedSession {
    /// Session as such.
    #[serde(flatten)]
    pub session: SessionRow,
    /// Number of players at the start.
    pub players: i64,
    /// Figures that stand in its entries.
    #[serde(flatten)]
    pub figures: Figures,
}

/// Sums over the sessions of a filter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Totals {
    /// Number of sessions, those that run included.
    pub sessions: i64,
    /// Number of sessions that came to their end.
    pub done: i64,
    /// Number of sessions that were called off.
    pub aborted: i64,
    /// Number of sessions whose game failed.
    pub failed: i64,
    /// Time played in sessions that are over, in µs.
    pub played_us: i64,
    /// Number of players of all sessions together.
    pub players: i64,
    /// Number of hints in all sessions whose hints were counted.
    pub hints: i64,
    /// Number of sessions that are over whose hints were not counted: an earlier core played them.
    pub uncounted: i64,
}

/// SQL condition for the sessions of a filter. Days begin at midnight where the core stands.
pub(super) const FITS: &str =
    "started_us >= coalesce(unixepoch(:from, 'utc') * 1000000, -9223372036854775808)
     AND started_us < coalesce(unixepoch(:to, '+1 day', 'utc') * 1000000, 9223372036854775807)
     AND (:room IS NULL OR room = :room) AND (:game IS NULL OR game = :game)
     AND (:status IS NULL OR status = :status)";

/// SQL expression for the number of players of a session.
pub(super) const PLAYERS: &str = "CASE WHEN json_valid(roster)
     AND json_type(roster, '$.seats') = 'array' THEN json_array_length(roster, '$.seats') ELSE 0 END";

impl SessionFilter {
    /// Passes the filter's parameters to `ask`.
    pub(super) fn with<T>(&self, ask: impl FnOnce(&[(&str, &dyn ToSql)]) -> T) -> T {
        let Self { from, to, room, game, status } = self;
        ask(
            named_params! { ":from": from, ":to": to, ":room": room, ":game": game, ":status": status },
        )
    }
}

/// Returns the SQL that joins kept figures to sessions, and the columns of these.
pub(super) fn join(connection: &Connection) -> (&'static str, &'static str) {
    match schema::has_figures(connection) {
        true => (
            "LEFT JOIN figures ON figures.session = session.id",
            "figures.started_by, figures.hints, figures.outcome, figures.names",
        ),
        false => ("", "NULL, NULL, NULL, NULL"),
    }
}

impl Reader {
    /// Returns at most `limit` sessions of a filter with a number below `before`, the latest first. Pass `i64::MAX` for
    /// the latest of all.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn played(
        &self,
        filter: &SessionFilter,
        before: i64,
        limit: usize,
    ) -> Result<Vec<PlayedSession>, JournalError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self.with(|connection| {
            let (join, columns) = join(connection);
            // The plus keeps SQLite from the index of starts: the order is that of the numbers, and a page of them is short.
            let fits = FITS.replace("started_us", "+started_us");
            let list = format!(
                "SELECT id, room, game, status, why, started_us, ended_us, {PLAYERS}, {columns}
                 FROM session {join} WHERE id < :before AND {fits} ORDER BY id DESC LIMIT :limit"
            );
            let mut list = connection.prepare_cached(&list)?;
            filter.with(|filter| {
                let page: [(&str, &dyn ToSql); 2] = [(":before", &before), (":limit", &limit)];
                let values: Vec<_> = filter.iter().copied().chain(page).collect();
                let rows = list.query_map(values.as_slice(), row)?;
                Ok(rows.collect::<Result<Vec<_>, _>>()?)
            })
        })?;
        let whole = |(session, players, kept): (SessionRow, i64, Option<Figures>)| {
            let figures = kept.map_or_else(|| self.count_figures(session.id), Ok)?;
            Ok(PlayedSession { session, players, figures })
        };
        rows.into_iter().map(whole).collect()
    }

    /// Returns the sums over all sessions of a filter.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn totals(&self, filter: &SessionFilter) -> Result<Totals, JournalError> {
        self.with(|connection| {
            let (join, _) = join(connection);
            let hints = if join.is_empty() { "NULL" } else { "figures.hints" };
            let sum = format!(
                "SELECT count(*), coalesce(sum(status = 'done'), 0), coalesce(sum(status = 'aborted'), 0),
                     coalesce(sum(status = 'failed'), 0), coalesce(sum(max(0, ended_us - started_us)), 0),
                     coalesce(sum({PLAYERS}), 0), coalesce(sum({hints}), 0),
                     coalesce(sum({hints} IS NULL AND status != 'running'), 0)
                 FROM session {join} WHERE {FITS}"
            );
            let mut sum = connection.prepare_cached(&sum)?;
            Ok(filter.with(|filter| {
                sum.query_row(filter, |row| {
                    Ok(Totals {
                        sessions: row.get(0)?,
                        done: row.get(1)?,
                        aborted: row.get(2)?,
                        failed: row.get(3)?,
                        played_us: row.get(4)?,
                        players: row.get(5)?,
                        hints: row.get(6)?,
                        uncounted: row.get(7)?,
                    })
                })
            })?)
        })
    }

    /// Returns the rooms in which sessions were played, in the order of their names.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn rooms_played(&self) -> Result<Vec<String>, JournalError> {
        // One step of the index for each room, however many sessions it had.
        let next = "SELECT min(room) FROM session WHERE room > ?1";
        self.with(|connection| {
            let mut next = connection.prepare_cached(next)?;
            let (mut rooms, mut last) = (Vec::new(), String::new());
            while let Some(room) =
                next.query_row([&last], |row| Ok(column::text(row, 0).ok().flatten()))?
            {
                last.clone_from(&room);
                rooms.push(room);
            }
            Ok(rooms)
        })
    }
}

fn row(row: &Row<'_>) -> Result<(SessionRow, i64, Option<Figures>), rusqlite::Error> {
    let session = super::queries::session_row(row)?;
    let players = column::number(row, 7).ok().flatten().unwrap_or_default();
    Ok((session, players, figures::read(row, 8)))
}

#[cfg(test)]
mod tests;

//! Figures of sessions that stand in their entries: who started one and who played, its hints, its outcome. Those of a session that is
//! over are kept beside it, so that a list of many sessions reads no entries, also once these are in the archive.

use super::{Journal, JournalError, Kind, Reader, column};
use crate::names::Players;
use rusqlite::{Connection, OptionalExtension, Row};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

/// Name of the act that starts a session.
const START: &str = "start";
/// Name of the act that gives a hint.
const HINT: &str = "hint";
/// Name of the act that undoes another.
const UNDO: &str = "undo";

/// Figures of one session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Figures {
    /// Name of whoever started it; null if no entry tells.
    pub started_by: Option<String>,
    /// Number of hints that were given: neither refused, nor undone, nor empty.
    pub hints: i64,
    /// Outcome of the last decided step, if no question was asked after it.
    pub outcome: Option<String>,
    /// Names of the players, by slot: those who sat there last. Whoever was not named is left out.
    pub names: Players,
}

/// Counter of figures, which takes the entries of a session in their order.
#[derive(Debug, Default)]
struct Counter {
    figures: Figures,
    hints: BTreeSet<i64>,
}

impl Counter {
    fn take(&mut self, id: i64, kind: Kind, cause: Option<i64>, body: &Value) {
        let text = |key: &str| body.get(key).and_then(Value::as_str);
        match kind {
            Kind::Act => {
                let arg = |key: &str| body.get("args").and_then(|args| args.get(key));
                match text("name") {
                    Some(START) if self.figures.started_by.is_none() => {
                        self.figures.started_by = text("by").map(str::to_owned);
                        self.name(arg("players"));
                    }
                    Some(HINT) => {
                        let said = arg("text").and_then(Value::as_str).unwrap_or_default();
                        if !said.trim().is_empty() {
                            self.hints.insert(id);
                        }
                    }
                    Some(UNDO) => {
                        if let Some(undone) = arg("entry").and_then(Value::as_i64) {
                            self.hints.remove(&undone);
                        }
                    }
                    Some(_) | None => {}
                }
            }
            Kind::Refused => {
                if let Some(refused) = cause {
                    self.hints.remove(&refused);
                }
            }
            Kind::Result => self.figures.outcome = text("outcome").map(str::to_owned),
            Kind::Note => {
                if body.get("question").is_some() {
                    self.figures.outcome = None;
                }
                self.name(body.get("players"));
            }
            Kind::Event
            | Kind::Vote
            | Kind::Played
            | Kind::Request
            | Kind::Timer
            | Kind::Resumed
            | Kind::Gap
            | Kind::Status
            | Kind::Unreadable => {}
        }
    }

    /// Takes the players that an entry names, in the place of all before them.
    fn name(&mut self, players: Option<&Value>) {
        let players = players.and_then(|players| Players::deserialize(players).ok());
        self.figures.names = players.unwrap_or_else(|| std::mem::take(&mut self.figures.names));
    }

    fn figures(self) -> Figures {
        let hints = i64::try_from(self.hints.len()).unwrap_or(i64::MAX);
        Figures { hints, ..self.figures }
    }
}

/// Counts the figures of a session from its entries. Rows that cannot be read are passed over.
pub(super) fn count(connection: &Connection, session: i64) -> Result<Figures, rusqlite::Error> {
    let mut list = connection.prepare_cached(
        "SELECT id, kind, cause, body FROM entry
         WHERE session = ?1 AND kind IN ('act', 'refused', 'result', 'note') ORDER BY id",
    )?;
    let mut rows = list.query([session])?;
    let mut counter = Counter::default();
    while let Some(row) = rows.next()? {
        let Some(kind) = Kind::of(&column::lossy(row, 1)) else { continue };
        let cause = column::number(row, 2).ok().flatten();
        // Of a refusal nothing but its cause is needed, and there are many.
        let body = match kind == Kind::Refused {
            true => Value::Null,
            false => column::parse(&column::lossy(row, 3)).unwrap_or_default(),
        };
        counter.take(row.get(0)?, kind, cause, &body);
    }
    Ok(counter.figures())
}

/// Reads kept figures from four columns, the first of which is `first`: `None` where none are kept.
pub(super) fn read(row: &Row<'_>, first: usize) -> Option<Figures> {
    let hints = column::number(row, first + 1).ok().flatten()?;
    let text = |place| column::text(row, place).ok().flatten();
    let names = text(first + 3).and_then(|names| serde_json::from_str(&names).ok());
    let names = names.unwrap_or_default();
    Some(Figures { started_by: text(first), hints, outcome: text(first + 2), names })
}

impl Journal {
    /// Counts the figures of a session and keeps them.
    pub(crate) fn keep_figures(&mut self, session: i64) -> Result<(), JournalError> {
        let Figures { started_by, hints, outcome, names } = count(&self.connection, session)?;
        let keep = "INSERT OR REPLACE INTO figures (session, started_by, hints, outcome, names)
             VALUES (?1, ?2, ?3, ?4, ?5)";
        let names = super::json(&names).to_string();
        let row = (session, started_by, hints, outcome, names);
        self.connection.prepare_cached(keep)?.execute(row)?;
        Ok(())
    }

    /// Keeps the figures of a session whose entries are about to leave, unless they are kept already.
    pub(super) fn keep_missing_figures(&mut self, session: i64) -> Result<(), JournalError> {
        let find = "SELECT 1 FROM figures WHERE session = ?1";
        let kept =
            self.connection.prepare_cached(find)?.query_row([session], |_| Ok(())).optional()?;
        if kept.is_none() { self.keep_figures(session) } else { Ok(()) }
    }

    /// Removes the figures of a session that goes on.
    pub(super) fn drop_figures(&mut self, session: i64) -> Result<(), JournalError> {
        let drop = "DELETE FROM figures WHERE session = ?1";
        self.connection.prepare_cached(drop)?.execute([session])?;
        Ok(())
    }
}

impl Reader {
    /// Counts the figures of a session from its entries, wherever they are; none if these cannot be read.
    pub(super) fn count_figures(&self, session: i64) -> Result<Figures, JournalError> {
        match self.home(session) {
            Ok(home) => home.with(|connection| Ok(count(connection, session)?)),
            // A file of the archive was taken away.
            Err(error) => {
                tracing::debug!(session, %error, "the figures of a session cannot be counted");
                Ok(Figures::default())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json as value;

    fn counted(entries: &[(i64, Kind, Option<i64>, Value)]) -> Figures {
        let mut counter = Counter::default();
        entries.iter().for_each(|(id, kind, cause, body)| counter.take(*id, *kind, *cause, body));
        counter.figures()
    }

    fn hint(id: i64, text: &str) -> (i64, Kind, Option<i64>, Value) {
        let body = value!({ "name": "hint", "by": "anna", "args": { "slot": "", "text": text } });
        (id, Kind::Act, None, body)
    }

    #[test]
    fn hints_count_that_were_given_and_stood() {
        let undo = value!({ "name": "undo", "by": "anna", "args": { "entry": 3 } });

        let figures = counted(&[
            (1, Kind::Act, None, value!({ "name": "start", "by": "ben" })),
            hint(2, "Look up"),
            hint(3, "Look down"),
            hint(4, "  "),
            hint(5, "To nobody"),
            (6, Kind::Refused, Some(5), Value::Null),
            (7, Kind::Act, None, undo),
        ]);

        assert_eq!((figures.hints, figures.started_by.as_deref()), (1, Some("ben")));
    }

    #[test]
    fn the_players_are_those_who_sat_there_last() {
        let start = value!({ "name": "start", "args": { "players": { "slot-01": "Anna", "slot-02": "Ben" } } });
        let change = value!({ "players": { "slot-01": "Zoë" }, "line": { "fr": "x", "en": "x" } });
        let line = value!({ "line": { "fr": "x", "en": "x" } });

        let figures = counted(&[
            (1, Kind::Act, None, start),
            (2, Kind::Note, None, change),
            (3, Kind::Note, None, line),
        ]);

        assert_eq!(figures.names, [("slot-01".parse().unwrap(), "Zoë".to_owned())].into());
    }

    #[test]
    fn the_outcome_is_that_of_the_last_step_until_another_question_opens() {
        let result = (1, Kind::Result, None, value!({ "outcome": "Ada" }));
        let note = (2, Kind::Note, None, value!({ "line": { "fr": "x", "en": "x" } }));
        let question = (3, Kind::Note, None, value!({ "step": 2, "question": "Who?" }));

        let (still, again) =
            (counted(&[result.clone(), note.clone()]), counted(&[result, note, question]));

        assert_eq!((still.outcome.as_deref(), again.outcome), (Some("Ada"), None));
    }
}

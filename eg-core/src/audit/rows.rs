//! Rows of the audit trail.

use super::act::AuditAct;
use super::author::Author;
use super::record::AuditRecord;
use eg_proto::Timestamp;
use rusqlite::{Connection, Result, Row, params};

/// Largest number of records of everybody together; the oldest go first.
const MOST: i64 = 50_000;

/// Longest text of one field, in characters.
const LONGEST: usize = 200;

/// Makes the table, if it is missing. Earlier cores, which do not know it, go on with the file.
pub(crate) fn prepare(file: &Connection) -> Result<()> {
    file.execute_batch(
        "CREATE TABLE IF NOT EXISTS audit (id INTEGER PRIMARY KEY AUTOINCREMENT, at_us INTEGER NOT NULL,
             last_us INTEGER NOT NULL, share INTEGER NOT NULL, actor TEXT NOT NULL, address TEXT NOT NULL,
             act TEXT NOT NULL, about TEXT NOT NULL, detail TEXT NOT NULL, count INTEGER NOT NULL DEFAULT 1);
         CREATE INDEX IF NOT EXISTS audit_share ON audit (share, actor, id);",
    )
}

/// Writes a record, in the transaction of the change that it tells of, and returns its number. The author's oldest
/// records beyond what is kept of one author go.
pub(crate) fn note(
    change: &Connection,
    at: Timestamp,
    by: &Author,
    act: AuditAct,
    (about, detail): (&str, &str),
) -> Result<i64> {
    let share = act.share();
    let address = by.address.map(|address| address.to_string()).unwrap_or_default();
    let actor = short(&by.name);
    change.prepare_cached(
        "INSERT INTO audit (at_us, last_us, share, actor, address, act, about, detail) VALUES (?1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![at.0, share.number(), actor, address, act.word(), short(about), short(detail)])?;
    let id = change.last_insert_rowid();
    change
        .prepare_cached(
            "DELETE FROM audit WHERE share = ?1 AND actor = ?2 AND id <=
                 (SELECT id FROM audit WHERE share = ?1 AND actor = ?2 ORDER BY id DESC LIMIT 1 OFFSET ?3)",
        )?
        .execute(params![share.number(), actor, share.most()])?;
    change
        .prepare_cached(
            "DELETE FROM audit WHERE id <= (SELECT id FROM audit ORDER BY id DESC LIMIT 1 OFFSET ?1)",
        )?
        .execute([MOST])?;
    Ok(id)
}

/// Sets the number of acts that a record tells together, and the time of the last one.
pub(crate) fn raise(file: &Connection, id: i64, count: i64, last: Timestamp) -> Result<()> {
    let raise = "UPDATE audit SET count = ?2, last_us = ?3 WHERE id = ?1";
    file.execute(raise, params![id, count, last.0]).map(drop)
}

/// Reads at most `limit` records with a number below `before`, the latest first.
pub(crate) fn read(file: &Connection, before: i64, limit: usize) -> Result<Vec<AuditRecord>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut list = file.prepare_cached(
        "SELECT id, at_us, last_us, actor, address, act, about, detail, count FROM audit
         WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
    )?;
    list.query_map([before, limit], record)?.collect()
}

fn record(row: &Row<'_>) -> Result<AuditRecord> {
    let (at, last) = (Timestamp(row.get(1)?), Timestamp(row.get(2)?));
    Ok(AuditRecord {
        id: row.get(0)?,
        at,
        last: Some(last).filter(|last| *last != at),
        by: row.get(3)?,
        address: row.get(4)?,
        act: row.get(5)?,
        about: row.get(6)?,
        detail: row.get(7)?,
        count: row.get(8)?,
    })
}

/// Returns the beginning of a text, without control characters.
fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

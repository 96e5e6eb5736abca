//! Doubts about an old database, told before money is imported, so that nobody loses any unawares.

use super::found::{OldError, Payout};
use super::table::{column, columns, pick, rows, text};
use rusqlite::Connection;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Names of the table in which the old core writes every credit and debit.
const LOG: &[&str] = &["tx_log", "transactions", "tx"];
/// Names of the column that says whose tag a payout was claimed with.
const CLAIMER: &[&str] = &["claimed_by", "claimed_tag", "claimed_tag_uid", "tag_uid"];
/// Words of a line that credits a payout without naming it.
const CREDITS: [&str; 2] = ["payout", "claim"];
/// Offset in SQLite's header of the byte that tells how the file is read; 2 is with a write-ahead log (file format,
/// section 1.3.3).
const READ_VERSION: u64 = 19;
const WITH_LOG: u8 = 2;

/// Returns a warning when the database uses a write-ahead log that is missing. A program that ends well leaves none; a
/// copy of the one file, made while the program runs, lacks the last writes.
pub(super) fn missing_log(path: &Path) -> Option<String> {
    let mut version = [0];
    let mut file = File::open(path).ok()?;
    file.seek(SeekFrom::Start(READ_VERSION)).ok()?;
    file.read_exact(&mut version).ok()?;
    let log = beside(path, "-wal");
    // An empty one says no more than none: whoever looks into a database leaves it behind.
    let is_there = log.metadata().is_ok_and(|log| log.len() > 0);
    if version != [WITH_LOG] || is_there {
        return None;
    }
    let (database, log) = (path.display(), log.display());
    Some(format!(
        "there is no {log} beside the database: if {database} was copied while the old core ran, its last amounts are \
         missing. Copy it with: sqlite3 OLD.db \".backup copy.db\" (or copy OLD.db, OLD.db-wal and OLD.db-shm together, \
         after the old core was stopped), and import that"
    ))
}

/// Returns the path with an ending appended to the file's name.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Returns a warning for each payout that was claimed and never credited: the old core writes `claimed` first, and the
/// credit that should follow hangs. Without a table of credits there are no warnings.
pub(super) fn never_credited(
    database: &Connection,
    path: &Path,
    table: &str,
    id: &str,
    payouts: &[Payout],
) -> Result<Vec<String>, OldError> {
    let open = |source| OldError::Open { path: path.into(), source };
    let names = column(database, "SELECT name FROM sqlite_schema WHERE type = 'table'");
    let names = names.map_err(open)?;
    let Ok(log) = pick("", "table", &names, LOG) else { return Ok(Vec::new()) };
    let known = columns(database, log).map_err(open)?;
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let lines = rows(database, log, &known, path, |row, _| {
        Ok((0..known.len()).map(|place| text(row, place).to_lowercase()).collect::<Vec<_>>())
    })?;

    let of_payouts = columns(database, table).map_err(open)?;
    let claimers = match pick("", "column", &of_payouts, CLAIMER) {
        Ok(claimer) => {
            rows(database, table, &[id, claimer], path, |row, _| Ok((text(row, 0), text(row, 1))))?
        }
        Err(_) => Vec::new(),
    };
    let claimer = |payout: &Payout| {
        let found = claimers.iter().find(|(id, _)| *id == payout.payout_id);
        found.map(|(_, tag)| tag.as_str()).filter(|tag| !tag.is_empty())
    };
    let unpaid = payouts.iter().filter(|payout| payout.claimed);
    let unpaid =
        unpaid.filter(|payout| !lines.iter().any(|line| credits(line, payout, claimer(payout))));
    let told = unpaid.map(|payout| {
        let Payout { payout_id, source, amount_cents, .. } = payout;
        let (euros, cents) = (amount_cents / 100, amount_cents % 100);
        let by = claimer(payout).map(|tag| format!(" by {tag}")).unwrap_or_default();
        format!(
            "payout {payout_id} ({source}, {euros}.{cents:02}) was claimed{by} and never credited: {log} has no line of \
             it. It is imported as claimed; when the money is owed, credit it by hand"
        )
    });
    Ok(told.collect())
}

/// Returns `true` if this line of the log is the credit of a payout: the line names the payout, or it gives the
/// payout's amount to its claimer for a payout.
fn credits(line: &[String], payout: &Payout, claimer: Option<&str>) -> bool {
    let id = payout.payout_id.to_lowercase();
    if line.iter().any(|field| names(field, &id)) {
        return true;
    }
    let has = |wanted: &str| line.iter().any(|field| field == wanted);
    let for_payout = line.iter().any(|field| CREDITS.iter().any(|word| field.contains(word)));
    for_payout
        && has(&payout.amount_cents.to_string())
        && claimer.is_some_and(|tag| has(&tag.to_lowercase()))
}

/// Returns `true` if a field has this id as a word of its own: `payout:z1` names `z1`, and not `z11`.
fn names(field: &str, id: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    field.match_indices(id).any(|(at, _)| {
        let before = field[..at].chars().next_back();
        let after = field[at + id.len()..].chars().next();
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

//! The databases, read by another program than the one that wrote them: `sqlite3`.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};

use super::finding::{Fault, Finding};
use super::plan::SLOTS;
use super::slots;
use super::verdict::Row;

/// Tags and presses in the order of the journal.
const PRESSES: &str = "SELECT e.id, e.slot, s.boot, e.seq, coalesce(json_extract(e.body, '$.data.uid'), '') \
    FROM entry e JOIN stream s ON s.id = e.stream \
    WHERE e.kind = 'event' AND json_valid(e.body) AND json_extract(e.body, '$.kind') IN ('tag', 'press') ORDER BY e.id";

fn ask(db: &Path, sql: &str) -> anyhow::Result<String> {
    let mut sqlite = Command::new("sqlite3");
    sqlite.arg("-readonly").args(["-separator", "|", "-cmd", ".timeout 5000"]).arg(db).arg(sql);
    let told = sqlite.output().context("sqlite3 does not start")?;
    let said = String::from_utf8_lossy(&told.stderr);
    ensure!(told.status.success(), "{}: {}", db.display(), said.trim());
    Ok(String::from_utf8_lossy(&told.stdout).into_owned())
}

/// Reads the presses of the slots that are compared.
///
/// # Errors
/// When the journal cannot be read.
pub(super) fn presses(db: &Path) -> anyhow::Result<Vec<Row>> {
    let names: Vec<String> = (0..SLOTS).map(slots::name).collect();
    let row = |line: &str| {
        let mut columns = line.split('|');
        let entry = columns.next()?.parse().ok()?;
        let slot = columns.next()?;
        let slot = names.iter().position(|name| name == slot)?;
        let (boot, seq) = (columns.next()?.to_owned(), columns.next()?.parse().ok()?);
        let uid = columns.next().filter(|uid| !uid.is_empty()).map(str::to_owned);
        Some(Row { entry, slot, boot, seq, uid })
    };
    Ok(ask(db, PRESSES)?.lines().filter_map(row).collect())
}

/// Checks a database that nobody has open. One that was never made is sound.
pub(super) fn check(db: &Path) -> Option<Finding> {
    if !db.exists() {
        return None;
    }
    let said = ask(db, "PRAGMA integrity_check").unwrap_or_else(|error| error.to_string());
    let what = format!("{}: {}", db.display(), said.trim());
    (said.trim() != "ok").then_some(Finding { fault: Fault::Damaged, what })
}

/// Replays every session.
pub(super) fn replay(core: &Path, db: &Path) -> Option<Finding> {
    let told = Command::new(core).args(["replay", "--db"]).arg(db).output();
    let what = match told {
        Ok(told) if told.status.success() => return None,
        Ok(told) => {
            let said = [told.stdout, told.stderr].concat();
            String::from_utf8_lossy(&said).trim().replace('\n', " ")
        }
        Err(error) => error.to_string(),
    };
    Some(Finding { fault: Fault::Replay, what })
}

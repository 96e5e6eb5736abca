//! Reader of the old database: finds the tables and columns by their known names, and reads every row of them.

use super::doubts;
use super::found::{Found, OldError, OldNames, Payout, Table, Wallet};
use super::table::{column, columns, pick, rows, text};
use rusqlite::{Connection, OpenFlags, Row};
use std::path::Path;

const WALLETS: OldNames = &["wallets", "wallet"];
const TAG: OldNames = &["tag_uid", "tag", "uid", "rfid"];
const BALANCE: OldNames = &["balance_cents", "balance"];
const PAYOUTS: OldNames = &["payouts", "payout"];
const PAYOUT: OldNames = &["payout_id", "id"];
const SOURCE: OldNames = &["source", "game"];
const AMOUNT: OldNames = &["amount_cents", "amount"];
const STATUS: OldNames = &["status", "state", "claimed", "claimed_at", "claimed_by"];

/// Words of a status for money that is in a wallet already, in lower case.
const CLAIMED: OldNames = &["claimed", "paid", "done", "true", "1"];
/// Words of a status for money that waits to be claimed, in lower case.
const WAITING: OldNames =
    &["pending", "ready", "waiting", "new", "open", "unclaimed", "available", "false", "0"];

/// Reads an old database without changing it. The table of payouts may be missing, that of wallets may not.
///
/// # Errors
/// [`OldError`], with the names that were found and those that are wanted.
pub fn read(path: &Path) -> Result<Found, OldError> {
    let open = |source| OldError::Open { path: path.into(), source };
    // Looked at first: opening may make an empty one.
    let missing_log = doubts::missing_log(path);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(path, flags).map_err(open)?;
    let names =
        column(&database, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
    let names = names.map_err(open)?;
    let place = path.display().to_string();
    let (wallets, first) = {
        let name = pick(&place, "table", &names, WALLETS)?;
        let known = columns(&database, name).map_err(open)?;
        let (tag, balance) =
            (pick(name, "column", &known, TAG)?, pick(name, "column", &known, BALANCE)?);
        let rows = rows(&database, name, &[tag, balance], path, |row, number| {
            let tag_uid = text(row, 0);
            let wrong = |problem| OldError::Row {
                table: name.into(),
                row: number,
                id: tag_uid.clone(),
                problem,
            };
            let balance_cents = whole(row, 1).map_err(wrong)?;
            if tag_uid.trim().is_empty() {
                return Err(wrong("a tag is wanted".to_owned()));
            }
            if balance_cents < 0 {
                return Err(wrong(format!(
                    "{balance} is {balance_cents}; a balance is never negative"
                )));
            }
            Ok(Wallet { tag_uid, balance_cents })
        })?;
        let table = Table {
            name: name.into(),
            columns: vec![tag.into(), balance.into()],
            rows: rows.len(),
        };
        (rows, table)
    };
    let (file, payouts) = (path.into(), Vec::new());
    let doubts = missing_log.into_iter().collect();
    let mut found = Found { file, tables: vec![first], wallets, payouts, doubts };
    let Ok(name) = pick(&place, "table", &names, PAYOUTS) else { return Ok(found) };
    let known = columns(&database, name).map_err(open)?;
    let column = |wanted| pick(name, "column", &known, wanted);
    let wanted = [column(PAYOUT)?, column(SOURCE)?, column(AMOUNT)?, column(STATUS)?];
    found.payouts = rows(&database, name, &wanted, path, |row, number| {
        let payout_id = text(row, 0);
        let wrong = |problem| OldError::Row {
            table: name.into(),
            row: number,
            id: payout_id.clone(),
            problem,
        };
        let amount_cents = whole(row, 2).map_err(wrong)?;
        if payout_id.is_empty() || amount_cents < 1 {
            let [id, _, amount, _] = wanted;
            return Err(wrong(format!(
                "{amount} is {amount_cents}; a {id} and an amount from 1 are wanted"
            )));
        }
        let claimed = is_claimed(row, wanted[3]).map_err(wrong)?;
        Ok(Payout { payout_id, source: text(row, 1), amount_cents, claimed })
    })?;
    let doubts = doubts::never_credited(&database, path, name, wanted[0], &found.payouts)?;
    found.doubts.extend(doubts);
    let columns = wanted.map(str::to_owned).into();
    found.tables.push(Table { name: name.into(), columns, rows: found.payouts.len() });
    Ok(found)
}

/// Reads a value as whole cents.
fn whole(row: &Row<'_>, place: usize) -> Result<i64, String> {
    let said = text(row, place);
    let of_real = || {
        let number: f64 = said.parse().ok()?;
        let whole = number.fract() == 0.0 && number.abs() < 9.0e15;
        #[expect(clippy::cast_possible_truncation, reason = "it is whole, and smaller than 2^53")]
        whole.then_some(number as i64)
    };
    let found = said.parse().ok().or_else(of_real);
    found.ok_or_else(|| format!("whole cents are wanted, found {said:?}"))
}

/// Returns `true` if a payout is in a wallet: by its status, or by the time or tag of its claim.
fn is_claimed(row: &Row<'_>, column: &str) -> Result<bool, String> {
    let said = text(row, 4 - 1).trim().to_ascii_lowercase();
    if column.to_ascii_lowercase().starts_with("claimed_") {
        return Ok(!said.is_empty());
    }
    match said.as_str() {
        word if CLAIMED.contains(&word) => Ok(true),
        word if word.is_empty() || WAITING.contains(&word) => Ok(false),
        other => Err(format!(
            "{column} is {other:?}; wanted one of {} (it waits), {} (it was claimed)",
            WAITING.join(", "),
            CLAIMED.join(", ")
        )),
    }
}

//! Contents of an old database, and the errors of one that cannot be imported.

use serde::Serialize;
use std::path::PathBuf;

/// Names that old installations use for a table or column, the usual one first.
pub(super) type OldNames = &'static [&'static str];

/// Contents of another installation's database, as the bank's act `import` takes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Path of the database.
    #[serde(skip)]
    pub file: PathBuf,
    /// Tables that were recognised, wallets first.
    #[serde(skip)]
    pub tables: Vec<Table>,
    /// Wallets of the installation, in the order of the table.
    pub wallets: Vec<Wallet>,
    /// Payouts of the installation, in the order of the table; empty without such a table.
    pub payouts: Vec<Payout>,
    /// Doubts about the database, each in one sentence for the person who imports it.
    #[serde(skip)]
    pub doubts: Vec<String>,
}

/// Table of the old database and the columns that were read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Table {
    /// Name of the table.
    pub name: String,
    /// Names of the columns that were read.
    pub columns: Vec<String>,
    /// Number of rows in the table.
    pub rows: usize,
}

/// Wallet of an old installation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Wallet {
    /// UID of the tag that the wallet belongs to.
    pub tag_uid: String,
    /// Balance in cents, 0 or more.
    pub balance_cents: i64,
}

/// Payout of an old installation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Payout {
    /// Id of the payout.
    pub payout_id: String,
    /// Name of the game that paid it out.
    pub source: String,
    /// Amount in cents, 1 or more.
    pub amount_cents: i64,
    /// `true` if the amount is in a wallet already.
    pub claimed: bool,
}

/// Error of an old database that cannot be imported. Nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum OldError {
    /// The file cannot be opened, or is no database.
    #[error("cannot read {} as an SQLite database: {source}", path.display())]
    Open {
        /// Path of the file.
        path: PathBuf,
        /// Error of SQLite.
        source: rusqlite::Error,
    },
    /// A table or a column is missing.
    #[error("{place} has no {what} called {}; it has {}", wanted.join(" or "), if found.is_empty() { "none".to_owned() } else { found.join(", ") })]
    Missing {
        /// Path of the file, or name of a table in it.
        place: String,
        /// Kind of the missing thing: `table` or `column`.
        what: &'static str,
        /// Names that are recognised.
        wanted: OldNames,
        /// Names that were found.
        found: Vec<String>,
    },
    /// A row has an impossible value.
    #[error("{table}, row {row} ({id}): {problem}")]
    Row {
        /// Name of the table.
        table: String,
        /// Number of the row in the table, from 1.
        row: usize,
        /// UID of the wallet's tag, or id of the payout.
        id: String,
        /// Description of the mistake, and of the value that is wanted.
        problem: String,
    },
}

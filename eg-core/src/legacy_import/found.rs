//! What an old database holds, and why it cannot be taken over.

use serde::Serialize;
use std::path::PathBuf;

/// Names by which old installations call a thing, the usual one first.
pub(super) type Names = &'static [&'static str];

/// What another installation holds, as the bank's act `import` takes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Its database.
    #[serde(skip)]
    pub file: PathBuf,
    /// Its tables, as they were understood.
    #[serde(skip)]
    pub tables: Vec<Table>,
    /// Its wallets.
    pub wallets: Vec<Wallet>,
    /// Its payouts.
    pub payouts: Vec<Payout>,
    /// What it leaves in doubt, each in one sentence for whoever imports it.
    #[serde(skip)]
    pub doubts: Vec<String>,
}

/// A table of the old database and the columns that were read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// The columns that were read.
    pub columns: Vec<String>,
    /// How many rows it has.
    pub rows: usize,
}

/// One wallet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Wallet {
    /// Whose.
    pub tag_uid: String,
    /// What it holds, in cents.
    pub balance_cents: i64,
}

/// One payout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Payout {
    /// Its id.
    pub payout_id: String,
    /// Which game.
    pub source: String,
    /// How much, in cents.
    pub amount_cents: i64,
    /// Whether it is in a wallet.
    pub claimed: bool,
}

/// The old database cannot be taken over. Nothing was.
#[derive(Debug, thiserror::Error)]
pub enum OldError {
    /// It cannot be opened, or is no database.
    #[error("cannot read {} as an SQLite database: {source}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// A table or a column is missing.
    #[error("{place} has no {what} called {}; it has {}", wanted.join(" or "), if found.is_empty() { "none".to_owned() } else { found.join(", ") })]
    Missing {
        /// The file, or a table of it.
        place: String,
        /// `table` or `column`.
        what: &'static str,
        /// Names that would do.
        wanted: Names,
        /// What is there.
        found: Vec<String>,
    },
    /// A row says something that cannot be.
    #[error("{table}, row {row} ({id}): {problem}")]
    Row {
        /// Which table.
        table: String,
        /// Its place in the table, from 1.
        row: usize,
        /// The tag or the payout's id.
        id: String,
        /// What is wrong, and what is wanted.
        problem: String,
    },
}

//! Audit trail: who did what to accounts and slots, when, and from which address.
//!
//! It stands in the accounts' file, because an act and its record are one transaction there: what cannot be recorded is not
//! done. The file is not exported, archived or shown with a session, as the journal is.

mod act;
mod author;
mod record;
mod rows;
#[cfg(test)]
mod tests;

pub use act::AuditAct;
pub use author::Author;
pub use record::AuditRecord;
pub(crate) use rows::{note, prepare, raise, read};

//! A session step by step: what happened in it, and what followed from each.

use super::Entry;
use super::{JournalError, Reader};

impl Reader {
    /// At most `limit` things that happened in a session after number `after`, in order; not what followed from them.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn causes(
        &self,
        session: i64,
        after: i64,
        limit: usize,
    ) -> Result<Vec<Entry>, JournalError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let order = "WHERE session = ?1 AND cause IS NULL AND id > ?2 ORDER BY id LIMIT ?3";
        self.home(session)?.list(order, (session, after, limit))
    }

    /// The `limit` things that happened last in a session before number `before`, in order. `i64::MAX` for the latest
    /// of all.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn causes_before(
        &self,
        session: i64,
        before: i64,
        limit: usize,
    ) -> Result<Vec<Entry>, JournalError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let order = "WHERE session = ?1 AND cause IS NULL AND id < ?2 ORDER BY id DESC LIMIT ?3";
        let mut all = self.home(session)?.list(order, (session, before, limit))?;
        all.reverse();
        Ok(all)
    }

    /// What followed from an entry of a session, in order: results, refusals, notes, and what slots answered.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn followed(&self, session: i64, cause: i64) -> Result<Vec<Entry>, JournalError> {
        self.home(session)?.list("WHERE cause = ?1 ORDER BY id", [cause])
    }

    /// One entry of a session; nothing when there is none of this number in it.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn entry(&self, session: i64, entry: i64) -> Result<Option<Entry>, JournalError> {
        let one = "WHERE id = ?1 AND session = ?2";
        Ok(self.home(session)?.list(one, [entry, session])?.pop())
    }
}

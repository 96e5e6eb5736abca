//! Timeline of a session: its causes, and what followed from each.

use super::Entry;
use super::{JournalError, Reader};

impl Reader {
    /// Returns at most `limit` causes of a session after number `after`, in order, without what followed from them.
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

    /// Returns the last `limit` causes of a session before number `before`, in order. Pass `i64::MAX` for the latest of
    /// all.
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

    /// Returns the entries that followed from an entry of a session, in order: results, refusals, notes, and answers of
    /// slots.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn followed(&self, session: i64, cause: i64) -> Result<Vec<Entry>, JournalError> {
        self.home(session)?.list("WHERE cause = ?1 ORDER BY id", [cause])
    }

    /// Returns one entry of a session; `None` if the session has no entry of this number.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn entry(&self, session: i64, entry: i64) -> Result<Option<Entry>, JournalError> {
        let one = "WHERE id = ?1 AND session = ?2";
        Ok(self.home(session)?.list(one, [entry, session])?.pop())
    }
}

//! Audit trail of the accounts: what the lists show, and refused logins, which are told together.

use super::accounts::Auth;
use super::error::AuthError;
use super::identity::Visit;
use super::refused::{RefusedCount, RefusedLogin, RefusedLogins};
use crate::audit::{AuditAct, AuditRecord, Author};
use eg_page::complain;
use std::sync::{MutexGuard, PoisonError};

impl Auth {
    /// Returns at most `limit` records of the audit trail with a number below `before`, the latest first. Pass
    /// `i64::MAX` for the latest of all. Blocks on the disk.
    ///
    /// # Errors
    /// [`AuthError`] if the disk refuses.
    pub fn trail(&self, before: i64, limit: usize) -> Result<Vec<AuditRecord>, AuthError> {
        if let Err(error) = self.keep_refused() {
            tracing::warn!(%error, "the latest refused logins are not in the audit trail yet");
        }
        self.read(|store| store.trail(before, limit))
    }

    /// Records that somebody takes a copy of the journal away. Blocks on the disk.
    ///
    /// # Errors
    /// [`AuthError`] if the disk refuses: what cannot be recorded is not done.
    pub(crate) fn note_backup(&self, by: &Author) -> Result<(), AuthError> {
        self.write(|change| change.note(by, AuditAct::Backup, ("", ""))).map(drop)
    }

    /// Records a login that was refused. A name that nobody has is not kept: it may be a password in the wrong field.
    pub(super) fn note_refused(&self, visit: &Visit, name: &str, way: &'static str) {
        let by = Author::at("", visit.address);
        let address = by.address.map(|address| address.to_string()).unwrap_or_default();
        let user = self.user(name).map(|user| user.name).unwrap_or_default();
        let refused = RefusedLogin { address, user, way };
        if let Err(error) = self.count_refused(refused, by) {
            complain("refused logins are not recorded", visit.address, error);
        }
    }

    fn count_refused(&self, mut refused: RefusedLogin, mut by: Author) -> Result<(), AuthError> {
        let now = self.clock.now();
        if self.refused().add(&refused, now) {
            return Ok(());
        }
        if self.refused().is_full(now) {
            (by.address, refused.address, refused.user) = (None, String::new(), String::new());
            if self.refused().add(&refused, now) {
                return Ok(());
            }
        }
        let told = (refused.user.as_str(), refused.way);
        let record = self.write(|change| change.note(&by, AuditAct::SignInRefused, told))?;
        // What was counted of the ten minutes before, and is not stored yet.
        let before = self.refused().begin(refused, record, now);
        match before {
            Some(RefusedCount { record, last, count, .. }) => {
                self.write(|change| change.raise(record, count, last))
            }
            None => Ok(()),
        }
    }

    pub(super) fn refused(&self) -> MutexGuard<'_, RefusedLogins> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

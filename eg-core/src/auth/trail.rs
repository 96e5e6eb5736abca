//! Audit trail of the accounts: what the lists show, and refused logins, which are told together.

use super::accounts::Auth;
use super::error::AuthError;
use super::identity::Visit;
use super::store::Store;
use crate::audit::{AuditAct, AuditRecord, Author};
use eg_page::complain;
use eg_proto::Timestamp;
use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

/// Time for which refused logins from one address for one name are told together.
const TOGETHER: Duration = Duration::from_secs(600);

/// Number of addresses and names that are counted by themselves; what is beyond counts as one.
const COUNTED: usize = 256;

/// Refused logins that are being counted: a stranger who tries without end writes a row in ten minutes.
#[derive(Default)]
pub(super) struct RefusedLogins(HashMap<Refused, Count>);

/// Circumstances of a refusal: the author by address, the user whose name was given, and the way of signing in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Refused {
    address: String,
    user: String,
    way: &'static str,
}

struct Count {
    record: i64,
    since: Timestamp,
    last: Timestamp,
    count: i64,
    stored: i64,
}

impl RefusedLogins {
    /// Counts one more of those that are told together; `false` if this one has to be written.
    fn add(&mut self, refused: &Refused, now: Timestamp) -> bool {
        let Some(known) = self.0.get_mut(refused) else { return false };
        if now.since(known.since) >= TOGETHER {
            return false;
        }
        (known.count, known.last) = (known.count + 1, now);
        true
    }

    /// Returns `true` if there is no room for one more, when what is over and stored is forgotten.
    fn is_full(&mut self, now: Timestamp) -> bool {
        if self.0.len() >= COUNTED {
            let is_over = |known: &Count| now.since(known.since) >= TOGETHER;
            self.0.retain(|_, known| !is_over(known) || known.count > known.stored);
        }
        self.0.len() >= COUNTED
    }

    /// Stores what was counted since the last time, and forgets what is told by itself from now on.
    pub(super) fn keep(&mut self, store: &mut Store, now: Timestamp) -> Result<(), AuthError> {
        if self.0.values().any(|known| known.count > known.stored) {
            let change = store.change(now)?;
            for known in self.0.values().filter(|known| known.count > known.stored) {
                change.raise(known.record, known.count, known.last)?;
            }
            change.commit()?;
            self.0.values_mut().for_each(|known| known.stored = known.count);
        }
        self.0.retain(|_, known| now.since(known.since) < TOGETHER);
        Ok(())
    }
}

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

    /// Records a login that was refused. A name that nobody has is not kept: it may be a password in the wrong field.
    pub(super) fn note_refused(&self, visit: &Visit, name: &str, way: &'static str) {
        let by = Author::at("", visit.address);
        let address = by.address.map(|address| address.to_string()).unwrap_or_default();
        let user = self.user(name).map(|user| user.name).unwrap_or_default();
        let refused = Refused { address, user, way };
        if let Err(error) = self.count_refused(refused, by) {
            complain("refused logins are not recorded", visit.address, error);
        }
    }

    fn count_refused(&self, mut refused: Refused, mut by: Author) -> Result<(), AuthError> {
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
        let count = Count { record, since: now, last: now, count: 1, stored: 1 };
        let before = self.refused().0.insert(refused, count);
        // What was counted of the ten minutes before, and is not stored yet.
        match before.filter(|before| before.count > before.stored) {
            Some(Count { record, last, count, .. }) => {
                self.write(|change| change.raise(record, count, last))
            }
            None => Ok(()),
        }
    }

    pub(super) fn refused(&self) -> MutexGuard<'_, RefusedLogins> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

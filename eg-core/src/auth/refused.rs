//! Refused logins that are told together.

use super::error::AuthError;
use super::store::Store;
use eg_proto::Timestamp;
use std::collections::HashMap;
use std::time::Duration;

/// Time for which refused logins from one address for one name are told together.
const TOGETHER: Duration = Duration::from_secs(600);

/// Number of addresses and names that are counted by themselves; what is beyond counts as one.
const COUNTED: usize = 256;

/// Refused logins that are being counted: a stranger who tries without end writes a row in ten minutes.
#[derive(Default)]
pub(super) struct RefusedLogins(HashMap<RefusedLogin, RefusedCount>);

/// Circumstances of a refusal: the author by address, the user whose name was given, and the way of signing in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct RefusedLogin {
    pub(super) address: String,
    pub(super) user: String,
    pub(super) way: &'static str,
}

/// Refusals that one record tells together.
pub(super) struct RefusedCount {
    pub(super) record: i64,
    since: Timestamp,
    pub(super) last: Timestamp,
    pub(super) count: i64,
    stored: i64,
}

impl RefusedLogins {
    /// Counts one more of those that are told together; `false` if this one has to be written.
    pub(super) fn add(&mut self, refused: &RefusedLogin, now: Timestamp) -> bool {
        let Some(known) = self.0.get_mut(refused) else { return false };
        if now.since(known.since) >= TOGETHER {
            return false;
        }
        (known.count, known.last) = (known.count + 1, now);
        true
    }

    /// Returns `true` if there is no room for one more, when what is over and stored is forgotten.
    pub(super) fn is_full(&mut self, now: Timestamp) -> bool {
        if self.0.len() >= COUNTED {
            let is_over = |known: &RefusedCount| now.since(known.since) >= TOGETHER;
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

    /// Begins to count under a record that was just written. Returns what was counted under the one before and is not
    /// stored yet.
    pub(super) fn begin(
        &mut self,
        refused: RefusedLogin,
        record: i64,
        now: Timestamp,
    ) -> Option<RefusedCount> {
        let count = RefusedCount { record, since: now, last: now, count: 1, stored: 1 };
        let before = self.0.insert(refused, count);
        before.filter(|before| before.count > before.stored)
    }
}

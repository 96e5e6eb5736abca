//! Digests of everything that could be seen of a session after an entry: a replay is compared with them.

use super::{Journal, JournalError};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io;

/// Everything that could be seen of a session at one moment, each part as a digest of 48 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Digest of the timers and their moments.
    pub timers: i64,
    /// Digest of the operator's view, the public view, the explanation and the hints.
    pub views: i64,
    /// Digest of the acts on offer.
    pub offers: i64,
}

/// Returns the first 48 bits of the SHA-256 of a value's JSON: a number that every JSON reader can hold. -1 if the
/// value has no JSON.
pub(crate) fn digest(value: &impl Serialize) -> i64 {
    let mut hash = Hash(Sha256::new());
    // Nothing that is shown has a key that is no text, and a hash takes whatever it is given.
    if serde_json::to_writer(&mut hash, value).is_err() {
        return -1;
    }
    let bytes = hash.0.finalize();
    bytes.iter().take(6).fold(0, |number, byte| number << 8 | i64::from(*byte))
}

struct Hash(Sha256);

impl io::Write for Hash {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Journal {
    /// Stores the digests of an entry.
    pub(crate) fn add_seen(&mut self, entry: i64, seen: &Seen) -> Result<(), JournalError> {
        let add =
            "INSERT OR REPLACE INTO seen (entry, timers, views, offers) VALUES (?1, ?2, ?3, ?4)";
        let row = (entry, seen.timers, seen.views, seen.offers);
        self.connection.prepare_cached(add)?.execute(row)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_the_same_on_every_machine() {
        assert_eq!(digest(&"eg"), 0xbc65_e352_6b56);
        assert_ne!(digest(&"eg"), digest(&"ge"));
    }
}

//! Sessions of users.

use super::connection::{Change, Store};
use crate::auth::error::AuthError;
use crate::auth::secret::Digest;
use eg_proto::Timestamp;
use std::collections::HashMap;

/// Largest number of sessions of one user: one more ends the one that was not used for longest.
const MOST: i64 = 32;

/// Session as stored.
#[derive(Clone, Debug)]
pub(in crate::auth) struct LoginRow {
    pub(in crate::auth) id: i64,
    pub(in crate::auth) user: String,
    /// Time of the login; 0 for a session of a core before users.
    pub(in crate::auth) began: Timestamp,
    /// Time of the last request.
    pub(in crate::auth) seen: Timestamp,
    pub(in crate::auth) ends: Timestamp,
    /// Address of the client at the login; empty if it is not known.
    pub(in crate::auth) address: String,
    /// Name that the client's program gave itself.
    pub(in crate::auth) browser: String,
}

/// Session to store.
#[derive(Debug)]
pub(in crate::auth) struct NewSession<'a> {
    pub(in crate::auth) digest: &'a Digest,
    pub(in crate::auth) user: &'a str,
    /// Hash of the password that was checked: the session does not begin if it was changed meanwhile.
    pub(in crate::auth) hash: &'a str,
    pub(in crate::auth) now: Timestamp,
    pub(in crate::auth) ends: Timestamp,
    pub(in crate::auth) address: &'a str,
    pub(in crate::auth) browser: &'a str,
}

impl Store {
    /// Returns every session that has not ended, by its id's digest.
    pub(in crate::auth) fn sessions(
        &self,
        now: Timestamp,
    ) -> Result<HashMap<Digest, LoginRow>, AuthError> {
        let all = "SELECT digest, id, user, began_us, seen_us, ends_us, address, browser FROM login WHERE ends_us >= ?1";
        let mut all = self.0.prepare(all)?;
        let rows = all.query_map([now.0], |row| {
            let session = LoginRow {
                id: row.get(1)?,
                user: row.get(2)?,
                began: Timestamp(row.get(3)?),
                seen: Timestamp(row.get(4)?),
                ends: Timestamp(row.get(5)?),
                address: row.get(6)?,
                browser: row.get(7)?,
            };
            Ok((row.get(0)?, session))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Change<'_> {
    /// Begins a session; `false` if the user was removed or has another password by now.
    pub(in crate::auth) fn begin(&self, new: &NewSession<'_>) -> Result<bool, AuthError> {
        self.file.execute("DELETE FROM login WHERE ends_us < ?1", [new.now.0])?;
        let begun = self.file.execute(
            "INSERT INTO login (digest, user, began_us, seen_us, ends_us, address, browser)
             SELECT ?1, name, ?4, ?4, ?5, ?6, ?7 FROM user WHERE name = ?2 AND hash = ?3",
            (
                new.digest.as_slice(),
                new.user,
                new.hash,
                new.now.0,
                new.ends.0,
                new.address,
                new.browser,
            ),
        )?;
        self.file.execute(
            "DELETE FROM login WHERE user = ?1 AND id NOT IN
             (SELECT id FROM login WHERE user = ?1 ORDER BY seen_us DESC, id DESC LIMIT ?2)",
            (new.user, MOST),
        )?;
        Ok(begun == 1)
    }

    /// Ends the session with this id's digest; `false` if there is none.
    pub(in crate::auth) fn end(&self, digest: &Digest) -> Result<bool, AuthError> {
        Ok(self.file.execute("DELETE FROM login WHERE digest = ?1", [digest.as_slice()])? > 0)
    }

    /// Ends a user's session by its number; `false` if there is none.
    pub(in crate::auth) fn end_numbered(&self, user: &str, id: i64) -> Result<bool, AuthError> {
        Ok(self.file.execute("DELETE FROM login WHERE user = ?1 AND id = ?2", (user, id))? > 0)
    }

    /// Stores when sessions and tokens were last used, by digest.
    pub(in crate::auth) fn keep_used(
        &self,
        used: impl Iterator<Item = (Digest, Timestamp)>,
    ) -> Result<(), AuthError> {
        for (digest, at) in used {
            let values = (digest.as_slice(), at.0);
            self.file
                .execute("UPDATE login SET seen_us = max(seen_us, ?2) WHERE digest = ?1", values)?;
            let token =
                "UPDATE token SET used_us = max(coalesce(used_us, 0), ?2) WHERE digest = ?1";
            self.file.execute(token, values)?;
        }
        Ok(())
    }
}

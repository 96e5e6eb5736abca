//! Login links, and the address of the page that they lead to.

use super::connection::{Change, Store};
use crate::auth::error::AuthError;
use crate::auth::secret::Digest;
use eg_proto::Timestamp;
use rusqlite::OptionalExtension;
use std::net::SocketAddr;

impl Store {
    /// Removes a link's token and returns its end.
    pub(in crate::auth) fn take_link(
        &self,
        token: &Digest,
    ) -> Result<Option<Timestamp>, AuthError> {
        let take = "DELETE FROM link WHERE digest = ?1 RETURNING ends_us";
        let ends = self.0.query_row(take, [token.as_slice()], |row| row.get(0)).optional()?;
        Ok(ends.map(Timestamp))
    }

    /// Stores the address of the page.
    pub(in crate::auth) fn keep_page(&self, page: SocketAddr) -> Result<(), AuthError> {
        let keep = "INSERT OR REPLACE INTO page (one, address) VALUES (1, ?1)";
        self.0.execute(keep, [page.to_string()])?;
        Ok(())
    }

    /// Returns the address of the page of the core that ran last.
    pub(in crate::auth) fn page(&self) -> Result<Option<SocketAddr>, AuthError> {
        let row = self.0.query_row("SELECT address FROM page", [], |row| row.get::<_, String>(0));
        Ok(row.optional()?.and_then(|address| address.parse().ok()))
    }
}

impl Change<'_> {
    /// Stores a link's token and removes those that have expired.
    pub(in crate::auth) fn add_link(
        &self,
        token: &Digest,
        now: Timestamp,
        ends: Timestamp,
    ) -> Result<(), AuthError> {
        self.file.execute("DELETE FROM link WHERE ends_us < ?1", [now.0])?;
        let values = (token.as_slice(), ends.0);
        self.file.execute("INSERT INTO link (digest, ends_us) VALUES (?1, ?2)", values)?;
        Ok(())
    }
}

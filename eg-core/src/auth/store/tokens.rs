//! Tokens of scripts.

use super::connection::{Change, Store};
use crate::auth::error::{AccountError, AuthError};
use crate::auth::role::Role;
use crate::auth::secret::Digest;
use eg_proto::{RoomId, Timestamp};
use std::collections::HashMap;

/// Largest number of tokens.
const MOST: i64 = 64;

/// Token as stored: its digest alone.
#[derive(Clone, Debug)]
pub(in crate::auth) struct TokenRow {
    pub(in crate::auth) name: String,
    pub(in crate::auth) role: Role,
    /// Room to which the token is limited.
    pub(in crate::auth) room: Option<RoomId>,
    pub(in crate::auth) made_by: String,
    pub(in crate::auth) made: Timestamp,
    /// Time of the last request.
    pub(in crate::auth) used: Option<Timestamp>,
    /// End; `None` for ever.
    pub(in crate::auth) ends: Option<Timestamp>,
}

impl Store {
    /// Returns all tokens, also those that have expired, by digest. A token for a room that cannot be read is left out.
    pub(in crate::auth) fn tokens(&self) -> Result<HashMap<Digest, TokenRow>, AuthError> {
        let all = "SELECT digest, name, role, room, made_by, made_us, used_us, ends_us FROM token";
        let mut all = self.0.prepare(all)?;
        let rows = all.query_map([], |row| {
            let room = row.get::<_, Option<String>>(3)?.map(|room| room.parse::<RoomId>());
            let (name, role, made_by) = (row.get(1)?, row.get(2)?, row.get(4)?);
            let made = Timestamp(row.get(5)?);
            let (used, ends) = (row.get::<_, Option<i64>>(6)?, row.get::<_, Option<i64>>(7)?);
            let (used, ends) = (used.map(Timestamp), ends.map(Timestamp));
            let token = room.transpose().ok().map(|room| TokenRow {
                name,
                role,
                room,
                made_by,
                made,
                used,
                ends,
            });
            Ok((row.get(0)?, token))
        })?;
        let rows: Vec<(Digest, Option<TokenRow>)> = rows.collect::<Result<_, _>>()?;
        Ok(rows.into_iter().filter_map(|(digest, token)| Some((digest, token?))).collect())
    }
}

impl Change<'_> {
    /// Stores a token under a name that no other token has.
    pub(in crate::auth) fn add_token(
        &self,
        digest: &Digest,
        new: &TokenRow,
    ) -> Result<(), AccountError> {
        let added = self.file.execute(
            "INSERT OR IGNORE INTO token (name, digest, role, room, made_by, made_us, used_us, ends_us)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL, ?7)",
            (
                &new.name,
                digest.as_slice(),
                new.role,
                new.room.as_ref().map(RoomId::as_str),
                &new.made_by,
                new.made.0,
                new.ends.map(|ends| ends.0),
            ),
        )?;
        if added == 0 {
            let fr = format!("un jeton s’appelle déjà « {} » ; révoquez-le d’abord", new.name);
            let en = format!("a token is called \"{}\" already; revoke it first", new.name);
            return Err(AccountError::conflict(fr, en));
        }
        if self.file.query_row("SELECT count(*) FROM token", [], |row| row.get::<_, i64>(0))? > MOST
        {
            let fr = format!("{MOST} jetons au plus ; révoquez-en d’abord");
            return Err(AccountError::conflict(
                fr,
                format!("{MOST} tokens at most; revoke some first"),
            ));
        }
        Ok(())
    }

    /// Removes a token.
    pub(in crate::auth) fn revoke(&self, name: &str) -> Result<(), AccountError> {
        if self.file.execute("DELETE FROM token WHERE name = ?1", [name])? == 0 {
            let fr = format!("aucun jeton ne s’appelle « {name} »");
            return Err(AccountError::unknown(fr, format!("no token called \"{name}\"")));
        }
        Ok(())
    }
}

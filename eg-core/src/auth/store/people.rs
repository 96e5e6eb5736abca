//! Users and their invitations.

use super::connection::{Change, Store};
use crate::auth::error::{AccountError, AuthError};
use crate::auth::role::Role;
use crate::auth::secret::Digest;
use eg_proto::Timestamp;
use rusqlite::{OptionalExtension, Row};

/// Largest number of users, and of invitations.
const MOST: i64 = 64;

/// User as stored.
#[derive(Clone, Debug)]
pub(in crate::auth) struct UserRow {
    pub(in crate::auth) name: String,
    pub(in crate::auth) role: Role,
    /// Argon2id hash of the password (PHC string format).
    pub(in crate::auth) hash: String,
    /// Time at which the user was made; 0 for the one of a core before users.
    pub(in crate::auth) made: Timestamp,
}

/// Invitation that was not accepted yet.
#[derive(Clone, Debug)]
pub(in crate::auth) struct InvitationRow {
    pub(in crate::auth) name: String,
    pub(in crate::auth) digest: Digest,
    pub(in crate::auth) role: Role,
    pub(in crate::auth) made_by: String,
    pub(in crate::auth) ends: Timestamp,
}

impl Store {
    /// Returns all users, by name.
    pub(in crate::auth) fn users(&self) -> Result<Vec<UserRow>, AuthError> {
        let mut all = self.0.prepare("SELECT name, role, hash, made_us FROM user ORDER BY name")?;
        let rows = all.query_map([], |row| {
            let (name, role, hash) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(UserRow { name, role, hash, made: Timestamp(row.get(3)?) })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Returns all invitations that still work, by name.
    pub(in crate::auth) fn invitations(
        &self,
        now: Timestamp,
    ) -> Result<Vec<InvitationRow>, AuthError> {
        let all = "SELECT name, digest, role, made_by, ends_us FROM invitation WHERE ends_us >= ?1 ORDER BY name";
        let mut all = self.0.prepare(all)?;
        let rows = all.query_map([now.0], invitation)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Change<'_> {
    /// Creates a user, or replaces role and password of one. Every session of the user ends.
    pub(in crate::auth) fn keep_user(&self, user: &UserRow) -> Result<(), AuthError> {
        self.put(user)?;
        self.file.execute("DELETE FROM login WHERE user = ?1", [&user.name])?;
        Ok(())
    }

    /// Sets a user's password. Every session of the user but `kept` ends.
    pub(in crate::auth) fn set_hash(
        &self,
        name: &str,
        hash: &str,
        kept: Option<i64>,
    ) -> Result<(), AccountError> {
        if self.file.execute("UPDATE user SET hash = ?2 WHERE name = ?1", [name, hash])? == 0 {
            return Err(no_user(name));
        }
        let ended = "DELETE FROM login WHERE user = ?1 AND id IS NOT ?2";
        self.file.execute(ended, (name, kept))?;
        Ok(())
    }

    /// Sets a user's role, unless nobody would be operator then.
    pub(in crate::auth) fn set_role(&self, name: &str, role: Role) -> Result<(), AccountError> {
        if self.file.execute("UPDATE user SET role = ?2 WHERE name = ?1", (name, role))? == 0 {
            return Err(no_user(name));
        }
        self.expect_operator()
    }

    /// Removes a user with all sessions, unless nobody would be operator then.
    pub(in crate::auth) fn remove_user(&self, name: &str) -> Result<(), AccountError> {
        if self.file.execute("DELETE FROM user WHERE name = ?1", [name])? == 0 {
            return Err(no_user(name));
        }
        self.expect_operator()
    }

    /// Stores an invitation; an earlier one of the same name does not work any more.
    pub(in crate::auth) fn invite(
        &self,
        new: &InvitationRow,
        now: Timestamp,
    ) -> Result<(), AccountError> {
        self.file.execute("DELETE FROM invitation WHERE ends_us < ?1", [now.0])?;
        let users = "SELECT count(*) FROM user WHERE name = ?1";
        if self.file.query_row(users, [&new.name], |row| row.get::<_, i64>(0))? > 0 {
            let (fr, en) = ("« {} » existe déjà", "there is a user called \"{}\" already");
            let told = |text: &str| text.replace("{}", &new.name);
            return Err(AccountError::conflict(told(fr), told(en)));
        }
        self.file.execute(
            "INSERT OR REPLACE INTO invitation (name, digest, role, made_by, ends_us) VALUES (?1, ?2, ?3, ?4, ?5)",
            (&new.name, new.digest.as_slice(), new.role, &new.made_by, new.ends.0),
        )?;
        let all = "SELECT (SELECT count(*) FROM invitation) + (SELECT count(*) FROM user)";
        if self.file.query_row(all, [], |row| row.get::<_, i64>(0))? > MOST {
            let fr = format!("{MOST} personnes et invitations au plus ; retirez-en d’abord");
            let en = format!("{MOST} users and invitations at most; remove some first");
            return Err(AccountError::conflict(fr, en));
        }
        Ok(())
    }

    /// Removes an invitation.
    pub(in crate::auth) fn withdraw(&self, name: &str) -> Result<(), AccountError> {
        if self.file.execute("DELETE FROM invitation WHERE name = ?1", [name])? == 0 {
            let fr = format!("pas d’invitation pour « {name} »");
            return Err(AccountError::unknown(fr, format!("no invitation for \"{name}\"")));
        }
        Ok(())
    }

    /// Uses an invitation up and creates its user with this password; `None` if it does not work any more.
    pub(in crate::auth) fn accept(
        &self,
        digest: &Digest,
        hash: &str,
        now: Timestamp,
    ) -> Result<Option<UserRow>, AuthError> {
        let take = "DELETE FROM invitation WHERE digest = ?1 RETURNING name, digest, role, made_by, ends_us";
        let taken = self.file.query_row(take, [digest.as_slice()], invitation).optional()?;
        let user = taken.filter(|taken| taken.ends >= now).map(|taken| {
            let InvitationRow { name, role, .. } = taken;
            UserRow { name, role, hash: hash.to_owned(), made: now }
        });
        if let Some(user) = &user {
            self.put(user)?;
        }
        Ok(user)
    }

    fn put(&self, user: &UserRow) -> Result<(), AuthError> {
        self.file.execute(
            "INSERT INTO user (name, role, hash, made_us) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (name) DO UPDATE SET role = excluded.role, hash = excluded.hash",
            (&user.name, user.role, &user.hash, user.made.0),
        )?;
        Ok(())
    }

    fn expect_operator(&self) -> Result<(), AccountError> {
        let operators = "SELECT count(*) FROM user WHERE role = 'operator'";
        if self.file.query_row(operators, [], |row| row.get::<_, i64>(0))? > 0 {
            return Ok(());
        }
        let fr =
            "c’est la dernière personne à la régie ; donnez d’abord ce rôle à quelqu’un d’autre";
        let en = "this is the last operator; make somebody else operator first";
        Err(AccountError::conflict(fr, en))
    }
}

fn invitation(row: &Row<'_>) -> rusqlite::Result<InvitationRow> {
    let (name, digest, role, made_by) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
    Ok(InvitationRow { name, digest, role, made_by, ends: Timestamp(row.get(4)?) })
}

fn no_user(name: &str) -> AccountError {
    let fr = format!("personne ne s’appelle « {name} » ici");
    AccountError::unknown(fr, format!("no user called \"{name}\""))
}

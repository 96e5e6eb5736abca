//! Users: invited, listed, changed and removed.

use super::accounts::Auth;
use super::error::{AccountError, AuthError, Denied};
use super::identity::{Identity, Visit};
use super::login::{BY_INVITATION, LoginToken, SessionKey};
use super::name::{check_name, check_password};
use super::role::Role;
use super::secret::Secret;
use super::store::{Change, InvitationRow};
use crate::audit::{AuditAct, Author};
use eg_proto::Timestamp;
use serde::Serialize;
use std::time::Duration;

/// Longest life of an invitation.
const LONGEST: Duration = Duration::from_secs(30 * 24 * 3600);

/// User, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct User {
    /// Name, by which the user signs in and the journal records acts.
    pub name: String,
    /// Rights.
    pub role: Role,
    /// Time at which the account was made; absent for that of a core before users.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made: Option<Timestamp>,
    /// Time of the last request of a session that has not ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen: Option<Timestamp>,
    /// Number of sessions.
    pub sessions: usize,
}

/// Invitation that was not accepted yet, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Invitation {
    /// Name that the user will have.
    pub name: String,
    /// Role that the user will have.
    pub role: Role,
    /// User or token that made it.
    pub made_by: String,
    /// Time until which it works.
    pub ends: Timestamp,
}

/// Session of a user, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Login {
    /// Number of the session.
    pub id: i64,
    /// Time of the login.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub began: Option<Timestamp>,
    /// Time of the last request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seen: Option<Timestamp>,
    /// Address of the client at the login; empty if it is not known.
    pub address: String,
    /// Name that the client's program gave itself.
    pub browser: String,
    /// `true` for the session that asks.
    pub current: bool,
}

impl From<InvitationRow> for Invitation {
    fn from(row: InvitationRow) -> Self {
        let InvitationRow { name, role, made_by, ends, .. } = row;
        Self { name, role, made_by, ends }
    }
}

impl Auth {
    /// Returns all users, by name.
    pub fn users(&self) -> Vec<User> {
        let sessions = self.all_sessions();
        let user = |name: String, role, made| {
            let own = sessions.iter().filter(|session| session.user == name);
            let seen = own.clone().map(|session| session.seen).max().and_then(told);
            User { role, made: told(made), seen, sessions: own.count(), name }
        };
        self.all_users().into_iter().map(|row| user(row.name, row.role, row.made)).collect()
    }

    /// Returns the invitations that still work, by name.
    pub fn invitations(&self) -> Vec<Invitation> {
        self.all_invitations().into_iter().map(Invitation::from).collect()
    }

    /// Invites somebody: returns the token of a link that works once, within `life`.
    ///
    /// # Errors
    /// [`AccountError`]: the name cannot be or is taken, the life is too long, or there are too many already.
    pub fn invite(
        &self,
        name: &str,
        role: Role,
        life: Duration,
        by: impl Into<Author>,
    ) -> Result<String, AccountError> {
        let (name, by) = (check_name(name)?, by.into());
        if life.is_zero() || life > LONGEST {
            let fr = "une invitation vaut entre 1 et 720 heures";
            return Err(AccountError::invalid(fr, "an invitation lives for 1 to 720 hours"));
        }
        let (secret, now) = (Secret::draw(), self.clock.now());
        let (digest, ends) = (secret.digest(), now + life);
        let new = InvitationRow { name, digest, role, made_by: by.name.clone(), ends };
        let told = (new.name.as_str(), role.word());
        self.act(&by, AuditAct::Invite, told, |change| change.invite(&new, now))?;
        Ok(secret.text())
    }

    /// Returns the invitation of a link, without using it up; `None` if it does not work. Blocks on the disk: the link may
    /// have been made at the machine just now.
    pub fn invitation(&self, token: &LoginToken) -> Option<Invitation> {
        self.catch_up();
        let digest = token.digest();
        let mut rows = self.all_invitations().into_iter();
        rows.find(|row| row.digest == digest).map(Invitation::from)
    }

    /// Accepts an invitation with a password of the invited's choice, and signs in. The link is used up.
    ///
    /// # Errors
    /// [`AccountError`]: the link does not work, the password is too short, or too many are being hashed.
    pub fn accept(
        &self,
        token: &LoginToken,
        password: &str,
        visit: &Visit,
    ) -> Result<SessionKey, AccountError> {
        check_password(password)?;
        // Before anything is hashed: whoever has no invitation costs nothing.
        self.invitation(token).ok_or_else(gone)?;
        let turn = self.hasher.turn().ok_or(AccountError::Denied(Denied::Busy))?;
        let hash = turn.hash(password)?;
        let (now, digest) = (self.clock.now(), token.digest());
        let joined = self.change(|change| {
            let user = change.accept(&digest, &hash, now)?;
            if let Some(user) = &user {
                let by = Author::at(&user.name, visit.address);
                change.note(&by, AuditAct::Join, (&user.name, user.role.word()))?;
            }
            Ok::<_, AuthError>(user)
        });
        let user = joined?.ok_or_else(gone)?;
        self.begin(&user, visit, BY_INVITATION).map_err(AccountError::Denied)
    }

    /// Withdraws an invitation.
    ///
    /// # Errors
    /// [`AccountError::Unknown`] if there is none of that name.
    pub fn withdraw(&self, name: &str, by: impl Into<Author>) -> Result<(), AccountError> {
        self.act(&by.into(), AuditAct::Withdraw, (name, ""), |change| change.withdraw(name))
    }

    /// Sets a user's role.
    ///
    /// # Errors
    /// [`AccountError`]: there is no such user, or it is the last operator.
    pub fn set_role(
        &self,
        name: &str,
        role: Role,
        by: impl Into<Author>,
    ) -> Result<(), AccountError> {
        let told = (name, role.word());
        self.act(&by.into(), AuditAct::SetRole, told, |change| change.set_role(name, role))
    }

    /// Removes a user and ends the user's sessions.
    ///
    /// # Errors
    /// [`AccountError`]: there is no such user, or it is the last operator.
    pub fn remove(&self, name: &str, by: impl Into<Author>) -> Result<(), AccountError> {
        self.act(&by.into(), AuditAct::Remove, (name, ""), |change| change.remove_user(name))
    }

    /// Sets a user's password; without one it is drawn. Returns the password. Every session of the user but `kept` ends.
    ///
    /// # Errors
    /// [`AccountError`]: there is no such user, or the password is too short.
    pub fn reset_password(
        &self,
        name: &str,
        password: Option<String>,
        kept: Option<i64>,
        by: impl Into<Author>,
    ) -> Result<String, AccountError> {
        let password = password.unwrap_or_else(|| Secret::draw().words());
        self.set_password(name, &password, kept, (&by.into(), AuditAct::ResetPassword))?;
        Ok(password)
    }

    fn set_password(
        &self,
        name: &str,
        password: &str,
        kept: Option<i64>,
        (by, act): (&Author, AuditAct),
    ) -> Result<(), AccountError> {
        check_password(password)?;
        let turn = self.hasher.turn().ok_or(AccountError::Denied(Denied::Busy))?;
        let hash = turn.hash(password)?;
        self.act(by, act, (name, ""), |change| change.set_hash(name, &hash, kept))
    }

    /// Changes the password of the user who asks, and ends the user's other sessions.
    ///
    /// # Errors
    /// [`AccountError`]: the present password is wrong, the new one is too short, or the address must wait.
    pub fn change_password(
        &self,
        who: &Identity,
        visit: &Visit,
        present: &str,
        new: &str,
    ) -> Result<(), AccountError> {
        check_password(new)?;
        self.check(visit, &who.name, present).map_err(AccountError::Denied)?;
        let by = Author::at(&who.name, visit.address);
        self.set_password(&who.name, new, who.session(), (&by, AuditAct::ChangePassword))
    }

    /// Returns a user's sessions, the latest used first. The one of `asker` is marked.
    pub fn sessions(&self, user: &str, asker: Option<i64>) -> Vec<Login> {
        let own = self.all_sessions().into_iter().filter(|row| row.user == user);
        let mut own: Vec<Login> = own
            .map(|row| Login {
                id: row.id,
                began: told(row.began),
                seen: told(row.seen),
                address: row.address,
                browser: row.browser,
                current: asker == Some(row.id),
            })
            .collect();
        own.sort_by_key(|session| std::cmp::Reverse((session.seen, session.id)));
        own
    }

    /// Ends a user's session by its number.
    ///
    /// # Errors
    /// [`AccountError::Unknown`] if the user has no such session.
    pub fn end_session(
        &self,
        user: &str,
        id: i64,
        by: impl Into<Author>,
    ) -> Result<(), AccountError> {
        self.act(&by.into(), AuditAct::EndSession, (user, ""), |change| {
            if change.end_numbered(user, id)? {
                return Ok(());
            }
            let (fr, en) = (format!("pas de session {id}"), format!("no session {id}"));
            Err(AccountError::unknown(fr, format!("{en} of \"{user}\"")))
        })
    }

    /// Carries out an act and records it with whom it is about, both or neither.
    pub(super) fn act(
        &self,
        by: &Author,
        act: AuditAct,
        told: (&str, &str),
        what: impl FnOnce(&Change<'_>) -> Result<(), AccountError>,
    ) -> Result<(), AccountError> {
        self.change(|change| {
            what(change)?;
            change.note(by, act, told)?;
            Ok(())
        })
    }
}

fn gone() -> AccountError {
    let fr = "cette invitation ne vaut plus : elle a servi, elle est trop vieille, ou elle a été retirée ; demandez-en une autre";
    let en =
        "this invitation does not work: it was used, is too old, or was withdrawn; ask for another";
    AccountError::unknown(fr, en)
}

/// Returns a time that is known; `None` for 0, the time of what a core before users did.
fn told(at: Timestamp) -> Option<Timestamp> {
    (at.0 > 0).then_some(at)
}

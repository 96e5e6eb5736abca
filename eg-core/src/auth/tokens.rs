//! Tokens for scripts: named, limited to a role and perhaps a room, and kept as digests.

use super::accounts::Auth;
use super::error::AccountError;
use super::name::check_name;
use super::role::Role;
use super::secret::Secret;
use super::store::TokenRow;
use crate::audit::{AuditAct, Author};
use eg_proto::{RoomId, Timestamp};
use serde::Serialize;
use std::time::Duration;

/// Longest life of a token that has one.
const LONGEST: Duration = Duration::from_secs(3660 * 24 * 3600);

/// Start of every token, by which a person and a scanner of secrets know one.
const PREFIX: &str = "eg_";

/// Token, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Token {
    /// Name, by which the journal records its acts: `token NAME`.
    pub name: String,
    /// Rights.
    pub role: Role,
    /// Room to which it is limited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomId>,
    /// User who made it.
    pub made_by: String,
    /// Time at which it was made.
    pub made: Timestamp,
    /// Time of the last request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used: Option<Timestamp>,
    /// Time until which it works; absent for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends: Option<Timestamp>,
    /// `true` if it has expired.
    pub expired: bool,
}

/// Token to make.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Name that no other token has.
    pub name: String,
    /// Rights.
    pub role: Role,
    /// Room to which it is limited; `None` for all.
    pub room: Option<RoomId>,
    /// Time for which it works; `None` for ever.
    pub life: Option<Duration>,
}

impl Auth {
    /// Returns all tokens, by name.
    pub fn tokens(&self) -> Vec<Token> {
        let now = self.clock.now();
        let token = |row: TokenRow| {
            let TokenRow { name, role, room, made_by, made, used, ends } = row;
            let expired = ends.is_some_and(|ends| ends < now);
            Token { name, role, room, made_by, made, used, ends, expired }
        };
        let mut all: Vec<Token> = self.all_tokens().into_iter().map(token).collect();
        all.sort_by(|one, other| one.name.cmp(&other.name));
        all
    }

    /// Makes a token and returns its text, which is told this once.
    ///
    /// # Errors
    /// [`AccountError`]: the name cannot be or is taken, the life is too long, or there are too many already.
    pub fn make_token(&self, new: NewToken, by: impl Into<Author>) -> Result<String, AccountError> {
        let by = by.into();
        let NewToken { name, role, room, life } = new;
        let name = check_name(&name)?;
        if life.is_some_and(|life| life.is_zero() || life > LONGEST) {
            let fr = "un jeton vaut entre 1 et 3660 jours, ou sans fin";
            return Err(AccountError::invalid(fr, "a token lives for 1 to 3660 days, or for ever"));
        }
        let text = format!("{PREFIX}{}", Secret::draw().text());
        let (digest, made) = (Secret::from_text(&text).digest(), self.clock.now());
        let ends = life.map(|life| made + life);
        let made_by = by.name.clone();
        let row = TokenRow { name, role, room, made_by, made, used: None, ends };
        let rights = match &row.room {
            Some(room) => format!("{} · {room}", role.word()),
            None => role.word().to_owned(),
        };
        let told = (row.name.as_str(), rights.as_str());
        self.act(&by, AuditAct::MakeToken, told, |change| change.add_token(&digest, &row))?;
        Ok(text)
    }

    /// Revokes a token.
    ///
    /// # Errors
    /// [`AccountError::Unknown`] if there is none of that name.
    pub fn revoke_token(&self, name: &str, by: impl Into<Author>) -> Result<(), AccountError> {
        self.act(&by.into(), AuditAct::RevokeToken, (name, ""), |change| change.revoke(name))
    }
}

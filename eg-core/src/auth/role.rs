//! Roles: the rights of a user or a token.

use serde::{Deserialize, Serialize};
use std::str::FromStr;
use utoipa::ToSchema;

/// Rights of a user or a token; each role may do all that the one before it may.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    ToSchema,
    clap::ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Sees everything that is not secret, and does nothing.
    Viewer,
    /// Runs sessions and shows: starts, acts, reveals, tries outputs.
    GameMaster,
    /// Does everything: users, tokens, slots, settings.
    Operator,
}

impl Role {
    /// All roles, the least first.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::GameMaster, Self::Operator];

    /// Returns the word for this role in the store, the API and the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::GameMaster => "game-master",
            Self::Operator => "operator",
        }
    }
}

/// Error of a word that names no role.
#[derive(Debug, thiserror::Error)]
#[error("no role called {0:?}; there are viewer, game-master and operator")]
pub struct UnknownRole(String);

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(word: &str) -> Result<Self, UnknownRole> {
        Self::ALL
            .into_iter()
            .find(|role| role.word() == word)
            .ok_or_else(|| UnknownRole(word.to_owned()))
    }
}

impl rusqlite::types::FromSql for Role {
    /// Reads a role from the store; a word that this version does not know has the rights of a viewer.
    fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
        Ok(value.as_str()?.parse().unwrap_or(Self::Viewer))
    }
}

impl rusqlite::types::ToSql for Role {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        Ok(self.word().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_do_what_the_one_before_it_may() {
        assert!(Role::ALL.is_sorted());
        assert_eq!(Role::ALL.map(|role| role.word().parse::<Role>().unwrap()), Role::ALL);
        assert!("admin".parse::<Role>().is_err());
    }
}

//! Accounts: users with roles, their sessions in a cookie, invitations and login links that work once, and tokens for
//! scripts.
//!
//! A password is stored as an Argon2id hash; a session's id and the token of a link, an invitation or a script as their
//! SHA-256, all in a small database of their own beside the journal: reading it gives nobody a way in. Sessions outlive
//! a restart of the core. Anyone who may write to that file, which is its owner and root alone, can give out a link.

mod accounts;
mod error;
mod hasher;
mod identity;
mod login;
mod name;
mod refused;
mod role;
mod secret;
mod store;
#[cfg(test)]
mod tests;
mod throttle;
mod tokens;
mod trail;
mod users;

pub use accounts::{Auth, FIRST};
pub use error::{AccountError, AuthError, Denied};
pub use identity::{Identity, Proof, Visit};
pub use login::{LoginToken, SessionKey, login_link};
pub use role::{Role, UnknownRole};
pub use tokens::{NewToken, Token};
pub use users::{Invitation, Login, User};

//! Store of the accounts on disk: users, their sessions, invitations, links and tokens.

mod connection;
mod links;
mod people;
mod schema;
mod sessions;
mod tokens;

pub(super) use connection::{Change, Store};
pub(super) use people::{InvitationRow, UserRow};
pub(super) use sessions::{LoginRow, NewSession};
pub(super) use tokens::TokenRow;

//! Identities: who a request comes from, as its session or token proves.

use super::role::Role;
use eg_proto::RoomId;
use std::net::IpAddr;

/// User or token behind a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Name of the user or the token.
    pub name: String,
    /// Rights.
    pub role: Role,
    /// Proof of the identity.
    pub proof: Proof,
}

/// Proof of an identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Session of a user, by its number.
    Session(i64),
    /// Token of a script; with a room, it acts in that room alone.
    Token {
        /// Room to which the token is limited.
        room: Option<RoomId>,
    },
}

impl Identity {
    /// Returns the name under which the journal records this identity: a user's name, or `token NAME`, which no user
    /// can be called.
    pub fn told(&self) -> String {
        match self.proof {
            Proof::Session(_) => self.name.clone(),
            Proof::Token { .. } => format!("token {}", self.name),
        }
    }

    /// Returns the number of the session, if a person is behind the request.
    pub fn session(&self) -> Option<i64> {
        match self.proof {
            Proof::Session(id) => Some(id),
            Proof::Token { .. } => None,
        }
    }
}

/// Longest description of a browser that is kept, in characters.
const BROWSER: usize = 200;

/// Circumstances of a login, which the list of sessions shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Address of the client.
    pub address: IpAddr,
    /// Name that the client's program gave itself (`User-Agent`, RFC 9110 section 10.1.5).
    pub browser: String,
}

impl Visit {
    /// Creates the record of a login from `address` with a program of this name, of which 200 characters are kept.
    pub fn new(address: IpAddr, browser: &str) -> Self {
        let browser = browser.chars().filter(|c| !c.is_control()).take(BROWSER).collect();
        Self { address, browser }
    }
}

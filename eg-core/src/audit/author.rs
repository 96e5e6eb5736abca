//! Authors of acts.

use std::net::IpAddr;

/// Somebody who acts: a user, a token, a command on this machine, or the core itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// Name of the user, `token NAME`, `command (USER)` or `eg-core`.
    pub name: String,
    /// Address that the request came from; `None` on this machine.
    pub address: Option<IpAddr>,
}

impl Author {
    /// Name under which the core records what it does by itself.
    pub const CORE: &'static str = "eg-core";

    /// Creates the author of a request from this address; an unspecified one counts as unknown.
    pub fn at(name: impl Into<String>, address: IpAddr) -> Self {
        let address = Some(address.to_canonical()).filter(|address| !address.is_unspecified());
        Self { name: name.into(), address }
    }
}

impl<T: Into<String>> From<T> for Author {
    fn from(name: T) -> Self {
        Self { name: name.into(), address: None }
    }
}

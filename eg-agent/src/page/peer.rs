//! The address that a request comes from.

use super::first_guest::FirstGuest;
use axum::extract::connect_info::Connected;
use axum::serve::IncomingStream;
use std::net::IpAddr;

/// Address of the browser.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(IpAddr);

impl Peer {
    /// Returns `true` if the browser runs on this machine.
    pub(super) fn is_here(self) -> bool {
        self.0.to_canonical().is_loopback()
    }
}

impl Connected<IncomingStream<'_, FirstGuest>> for Peer {
    fn connect_info(stream: IncomingStream<'_, FirstGuest>) -> Self {
        Self(stream.remote_addr().peer().ip())
    }
}

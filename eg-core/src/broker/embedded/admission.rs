//! Rules for one connection, as the library asks for them: what its identity may publish and subscribe to.
//!
//! A client is identified before the library hears of it (see [`Access::admit`]), so a connection brings its identity
//! along and nothing is looked up by names. The library asks about publications, wills as they are sent, and
//! subscriptions, also those of a session that is taken up again.

use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use mqtt5::broker::{AllowAllAuthProvider, AuthProvider, AuthResult};
use mqtt5::packet::connect::ConnectPacket;

use super::wire::Level;
use crate::access::{Access, ClientIdentity, RefusalKind, RefusedClient};

/// Returns the CONNACK that refuses a client: not authorized (MQTT 3.1.1, section 3.2.2.3; MQTT 5, section 3.2.2.2).
pub(super) fn not_authorized(level: Level) -> &'static [u8] {
    match level {
        Level::V4 => &[0x20, 2, 0, 5],
        Level::V5 => &[0x20, 3, 0, 0x87, 0],
    }
}

/// Returns the rules for a connection; without `access` everybody may do everything.
pub(super) fn rules(
    access: Option<&Arc<Access>>,
    identity: &ClientIdentity,
    client: &str,
    address: IpAddr,
) -> Arc<dyn AuthProvider> {
    match access {
        None => Arc::new(AllowAllAuthProvider),
        Some(access) => Arc::new(Rules {
            access: Arc::clone(access),
            identity: identity.clone(),
            client: client.to_owned(),
            address,
        }),
    }
}

/// Rules for one connection.
struct Rules {
    access: Arc<Access>,
    identity: ClientIdentity,
    client: String,
    address: IpAddr,
}

impl Rules {
    /// Counts a refusal, unless it is none.
    fn said(&self, granted: bool, why: RefusalKind, topic: &str) -> bool {
        if !granted {
            let (client, address) = (self.client.as_str(), self.address);
            self.access.refused(RefusedClient { client, why, topic, address, other: None });
        }
        granted
    }
}

impl AuthProvider for Rules {
    fn authenticate<'a>(
        &'a self,
        _: &'a ConnectPacket,
        _: SocketAddr,
    ) -> Pin<Box<dyn Future<Output = mqtt5::Result<AuthResult>> + Send + 'a>> {
        Box::pin(std::future::ready(Ok(AuthResult::success())))
    }

    fn authorize_publish<'a>(
        &'a self,
        _: &str,
        _: Option<&'a str>,
        topic: &'a str,
    ) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>> {
        let granted = self.access.may_publish(&self.identity, topic);
        Box::pin(std::future::ready(self.said(granted, RefusalKind::Publish, topic)))
    }

    fn authorize_subscribe<'a>(
        &'a self,
        _: &str,
        _: Option<&'a str>,
        filter: &'a str,
    ) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>> {
        let granted = self.access.may_subscribe(&self.identity, filter);
        Box::pin(std::future::ready(self.said(granted, RefusalKind::Subscribe, filter)))
    }
}

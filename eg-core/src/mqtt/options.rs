//! Options of the core's connection to the broker.

use crate::access::Access;
use crate::broker::Takeover;
use crate::clock::Clock;
use eg_mqtt::Options;
use eg_proto::{CoreHello, Topics};
use std::sync::Arc;
use tokio::sync::mpsc;

/// Options of the link.
pub(crate) struct LinkOptions {
    pub(crate) mqtt: Options,
    pub(crate) topics: Topics,
    pub(crate) compat: bool,
    pub(crate) hello: CoreHello,
    pub(crate) clock: Arc<dyn Clock>,
    /// Receiver of clients of the built-in broker that take each other's place.
    pub(crate) takeovers: mpsc::Receiver<Takeover>,
    /// Identities of slots, which answer requests for adoption.
    pub(crate) access: Arc<Access>,
}

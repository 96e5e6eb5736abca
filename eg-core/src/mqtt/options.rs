//! Options of the core's connection to the broker.

use crate::access::Access;
use crate::broker::{ClientTrouble, LocalBroker, Takeover};
use crate::clock::Clock;
use eg_mqtt::Options;
use eg_proto::{CoreHello, Topics};
use std::sync::Arc;
use tokio::sync::mpsc;

/// Way to the broker.
#[derive(Clone)]
pub(crate) enum Way {
    /// Broker in this process, where the core goes by this name.
    Local(LocalBroker, String),
    /// Connection to a broker that runs elsewhere.
    Socket(Box<Options>),
}

/// Options of the link.
pub(crate) struct LinkOptions {
    pub(crate) way: Way,
    pub(crate) topics: Topics,
    pub(crate) compat: bool,
    pub(crate) hello: CoreHello,
    pub(crate) clock: Arc<dyn Clock>,
    /// Receiver of clients of the built-in broker that take each other's place.
    pub(crate) takeovers: mpsc::Receiver<Takeover>,
    /// Receiver of clients of the built-in broker that make trouble.
    pub(crate) troubles: mpsc::Receiver<ClientTrouble>,
    /// Identities of slots, which answer requests for adoption.
    pub(crate) access: Arc<Access>,
}

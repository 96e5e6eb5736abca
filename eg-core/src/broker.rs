//! The MQTT broker: one built in, or one that runs elsewhere.
//!
//! Clients reach it over [`Address`], the core itself too, unless the broker is in its own process ([`LocalBroker`]).
//! What EG needs of a broker is written down as tests (`tests/broker_needs/`), which run against
//! the built-in one and against Mosquitto.

mod bind;
mod embedded;
mod external;
mod thread;
mod trouble;
pub mod websocket;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

pub use embedded::{Embedded, EmbeddedOptions, Limits, LocalBroker, Rate, Remember, Takeover};
pub(crate) use embedded::{LocalMessage, LocalReceiver};
pub use external::External;
pub use trouble::{ClientTrouble, TroubleKind};

/// Time within which a client must identify itself.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(5);

/// A broker that can be started, asked and stopped. All calls block for a moment at most, except
/// [`stop`](Broker::stop), which waits up to a few seconds for clients to be let go.
pub trait Broker: Send {
    /// Starts the broker and returns the address for clients on this machine. Does nothing if the broker runs already.
    ///
    /// # Errors
    /// [`BrokerError`], naming the port or the folder that is in the way.
    fn start(&mut self) -> Result<Address, BrokerError>;

    /// Disconnects every client, stores what must outlive a restart, and frees the port. The broker can be started
    /// again, on the same port.
    fn stop(&mut self);

    /// Returns the address for clients on this machine; `None` while the broker is stopped.
    fn address(&self) -> Option<Address>;

    /// Returns the access of clients in this process; `None` while the broker is stopped, and for a broker that runs
    /// elsewhere.
    fn local(&self) -> Option<LocalBroker>;

    /// Returns the counters; `None` while the broker is stopped, and for a broker that runs elsewhere.
    fn counters(&self) -> Option<Counters>;
}

/// Host and TCP port of a broker, from this machine's point of view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Host name or IP address.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(f, "[{}]:{}", self.host, self.port),
            false => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

/// Counters of the built-in broker, since it was started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Number of clients connected now.
    pub clients: usize,
    /// Number of connections accepted as MQTT clients.
    pub clients_total: u64,
    /// Number of TCP connections that have not sent a CONNECT yet.
    pub half_open: usize,
    /// Number of TCP connections closed because they sent no CONNECT, sent something else, or were too many.
    pub turned_away: u64,
    /// Number of PUBLISH packets received from clients.
    pub messages_in: u64,
    /// Number of PUBLISH packets sent to clients.
    pub messages_out: u64,
    /// Number of payload bytes received from clients.
    pub bytes_in: u64,
    /// Number of payload bytes sent to clients.
    pub bytes_out: u64,
}

/// Error of a broker, or of its WebSocket listener, that did not start.
#[derive(Debug, Error)]
pub enum BrokerError {
    /// The port is taken by another process.
    #[error("port {port} for {what} is taken on {ip}; stop what uses it (another broker, another core), or choose another port", ip = .address.ip(), port = .address.port())]
    PortTaken {
        /// Purpose of the port, e.g. `MQTT`.
        what: &'static str,
        /// Address asked for.
        address: SocketAddr,
    },
    /// The system does not let this user listen on the port.
    #[error("port {port} for {what} is not allowed to this user; choose one above 1023", port = .address.port())]
    PortForbidden {
        /// Purpose of the port, e.g. `MQTT`.
        what: &'static str,
        /// Address asked for.
        address: SocketAddr,
    },
    /// The address is not one of this machine's.
    #[error("cannot listen on {ip} for {what}: this machine has no such address; 0.0.0.0 stands for all it has", ip = .address.ip())]
    NotOurAddress {
        /// Purpose of the port, e.g. `MQTT`.
        what: &'static str,
        /// Address asked for.
        address: SocketAddr,
    },
    /// Listening failed for another reason.
    #[error("cannot listen on {address} for {what}")]
    Listen {
        /// Purpose of the port, e.g. `MQTT`.
        what: &'static str,
        /// Address asked for.
        address: SocketAddr,
        /// Error of the system.
        source: io::Error,
    },
    /// The folder for sessions and retained messages cannot be used.
    #[error("the broker cannot keep its sessions in {}; is another core using it, is it writable", folder.display())]
    Store {
        /// Folder asked for.
        folder: PathBuf,
        /// Error of the store.
        source: mqtt5::MqttError,
    },
    /// Stored sessions or retained messages cannot be read back.
    #[error("the broker cannot read back what it kept; move the folder away to start without")]
    Recover(#[source] mqtt5::MqttError),
    /// The system gave no thread or event queue.
    #[error("cannot start the thread {name}")]
    Thread {
        /// Name of the thread.
        name: &'static str,
        /// Error of the system.
        source: io::Error,
    },
}

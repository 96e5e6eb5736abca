//! Options and limits of the built-in broker.

use super::clients::Takeover;
use super::remembered::Remember;
use crate::tls::ServerTls;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use tokio::sync::mpsc;

/// Options of the built-in broker.
#[derive(Clone, Debug)]
pub struct EmbeddedOptions {
    /// Address to listen on. Anything but loopback lets the whole network in, and is warned about.
    pub listen: IpAddr,
    /// TCP port; 0 takes a free one.
    pub port: u16,
    /// Folder for sessions, their queues and retained messages; `None` keeps them in memory.
    pub folder: Option<PathBuf>,
    /// Limits on connections, packets and stored messages.
    pub limits: Limits,
    /// File that remembers the subscriptions of older clients; `None` remembers none.
    pub remember: Option<Remember>,
    /// Server's side of TLS; `None` if clients come in clear.
    pub tls: Option<BrokerTls>,
    /// Receiver of events about clients that take each other's place.
    pub takeovers: Option<mpsc::Sender<Takeover>>,
}

impl EmbeddedOptions {
    /// Creates options for a broker on loopback, in memory, with the usual limits.
    pub fn on_loopback(port: u16) -> Self {
        let listen = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let limits = Limits::default();
        Self { listen, port, folder: None, limits, remember: None, tls: None, takeovers: None }
    }
}

/// TLS of the built-in broker.
#[derive(Clone, Debug)]
pub struct BrokerTls {
    /// Certificate and key.
    pub server: ServerTls,
    /// `true` to let other machines in without TLS too, as older installations need.
    pub clear: bool,
}

/// Limits for one broker, and for one client of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Number of TCP connections, clients and half-open ones together.
    pub connections: usize,
    /// Number of TCP connections that have not sent a CONNECT.
    pub half_open: usize,
    /// Largest packet, in bytes.
    pub packet: usize,
    /// Number of messages kept for one client that is away or slow; beyond, the oldest is dropped.
    pub queued_messages: usize,
    /// Number of bytes kept for one client that is away or slow; beyond, the oldest is dropped.
    pub queued_bytes: usize,
    /// Number of messages sent to one client and not yet acknowledged.
    pub in_flight: u16,
    /// Number of subscriptions of one client.
    pub subscriptions: usize,
    /// Number of retained messages in all.
    pub retained: usize,
    /// Number of days after which the session of a client that stays away is forgotten.
    pub session_days: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            half_open: 256,
            packet: eg_mqtt::MAX_PACKET,
            queued_messages: 100_000,
            queued_bytes: 64 * 1024 * 1024,
            in_flight: 1_000,
            subscriptions: 1_000,
            retained: 100_000,
            session_days: 7,
        }
    }
}

//! Options and limits of the built-in broker.

use super::clients::Takeover;
use super::rate::Rate;
use super::remembered::Remember;
use crate::access::Access;
use crate::broker::trouble::ClientTrouble;
use crate::tls::PortTls;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Options of the built-in broker.
#[derive(Clone, Debug)]
pub struct EmbeddedOptions {
    /// Address to listen on.
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
    pub tls: Option<PortTls>,
    /// Receiver of events about clients that take each other's place.
    pub takeovers: Option<mpsc::Sender<Takeover>>,
    /// Receiver of events about clients that make trouble.
    pub troubles: Option<mpsc::Sender<ClientTrouble>>,
    /// Identities that are let in, and what each may do; `None` lets everybody do everything.
    pub access: Option<Arc<Access>>,
}

impl EmbeddedOptions {
    /// Creates options for a broker on loopback, in memory, with the usual limits, open to everybody on this machine.
    pub fn on_loopback(port: u16) -> Self {
        let listen = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let limits = Limits::default();
        Self {
            listen,
            port,
            folder: None,
            limits,
            remember: None,
            tls: None,
            takeovers: None,
            troubles: None,
            access: None,
        }
    }
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
    /// Number of bytes kept for all clients together; beyond, the client for whom
    /// most is kept is disconnected, and what was kept for it is dropped.
    pub queued_bytes_in_all: usize,
    /// Number of messages on their way to one connected client before they are queued, for each of the QoS 0 and 1.
    pub lane: usize,
    /// Number of messages sent to one client and not yet acknowledged.
    pub in_flight: u16,
    /// Number of subscriptions of one client.
    pub subscriptions: usize,
    /// Number of retained messages in all.
    pub retained: usize,
    /// Number of bytes of all retained messages, with their topics.
    pub retained_bytes: usize,
    /// Number of retained messages below one `eg/dev/<slot>`, or the like of three levels.
    pub retained_each: usize,
    /// Number of sessions of clients that are away; beyond, that of the client that was away longest is forgotten.
    pub sessions: usize,
    /// Rate that each client may keep up.
    pub rate: Rate,
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
            queued_bytes_in_all: 128 * 1024 * 1024,
            lane: 2_000,
            in_flight: 1_000,
            subscriptions: 1_000,
            retained: 10_000,
            retained_bytes: 32 * 1024 * 1024,
            retained_each: 256,
            sessions: 1_000,
            rate: Rate::default(),
            session_days: 7,
        }
    }
}

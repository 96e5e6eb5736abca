//! Brokers under test.

mod mosquitto;

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use eg_core::access::Access;
use eg_core::broker::websocket::{WebSocket, WebSocketOptions};
use eg_core::broker::{Broker, Embedded, EmbeddedOptions, Limits};
use tempfile::TempDir;

use self::mosquitto::Mosquitto;
use crate::held_port::HeldPort;

/// Mosquitto beside the broker under test, which bridges to it as Mosquitto does by default.
pub(crate) struct Neighbour {
    mosquitto: Mosquitto,
    _folder: TempDir,
}

impl Neighbour {
    pub(crate) fn bridged_to(target: &Target) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let bridge = format!(
            "connection to-eg\naddress 127.0.0.1:{}\ntopic # both 1\nrestart_timeout 1\n",
            target.port()
        );
        let mosquitto = Mosquitto::start_with(folder.path(), HALF_OPEN, &bridge);
        Self { mosquitto, _folder: folder }
    }

    pub(crate) fn port(&self) -> u16 {
        self.mosquitto.port
    }
}

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
/// Number of half-open connections that a broker under test accepts.
pub(crate) const HALF_OPEN: usize = 40;

/// Broker with its WebSocket listener, stopped when dropped.
pub(crate) struct Target {
    running: Running,
    /// The built-in broker's, where it starts again on the same.
    _held: Option<HeldPort>,
    _folder: TempDir,
}

enum Running {
    Embedded { broker: Box<Embedded>, websocket: Option<WebSocket> },
    Mosquitto(Mosquitto),
}

impl Target {
    /// Starts the built-in broker with these options, without pages.
    pub(crate) fn embedded_with(options: EmbeddedOptions) -> Self {
        let mut broker = Box::new(Embedded::new(options));
        broker.start().unwrap();
        let running = Running::Embedded { broker, websocket: None };
        Self { running, _held: None, _folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn embedded() -> Self {
        let (folder, held) = (tempfile::tempdir().unwrap(), HeldPort::take());
        let options = EmbeddedOptions {
            folder: Some(folder.path().join("broker")),
            limits: Limits { half_open: HALF_OPEN, ..Limits::default() },
            ..EmbeddedOptions::on_loopback(held.number)
        };
        let mut broker = Box::new(Embedded::new(options));
        let address = broker.start().unwrap();
        let websocket = WebSocket::start(WebSocketOptions::new(LOOPBACK, 0, address)).unwrap();
        let running = Running::Embedded { broker, websocket: Some(websocket) };
        Self { running, _held: Some(held), _folder: folder }
    }

    pub(crate) fn mosquitto() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let running = Running::Mosquitto(Mosquitto::start(folder.path(), HALF_OPEN));
        Self { running, _held: None, _folder: folder }
    }

    /// Starts the built-in broker, which lets in whom these identities admit.
    pub(crate) fn guarded_embedded(access: Arc<Access>) -> Self {
        let options = EmbeddedOptions { access: Some(access), ..EmbeddedOptions::on_loopback(0) };
        let mut broker = Box::new(Embedded::new(options));
        broker.start().unwrap();
        let running = Running::Embedded { broker, websocket: None };
        Self { running, _held: None, _folder: tempfile::tempdir().unwrap() }
    }

    /// Starts a Mosquitto with the files that the core has written into this folder.
    pub(crate) fn guarded_mosquitto(files: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = std::fs::read_to_string(files.join("mosquitto.conf")).unwrap();
        let mosquitto = Mosquitto::start_from(&settings, folder.path(), 1_000, "");
        Self { running: Running::Mosquitto(mosquitto), _held: None, _folder: folder }
    }

    /// Returns the broker's TCP port on loopback.
    pub(crate) fn port(&self) -> u16 {
        match &self.running {
            Running::Embedded { broker, .. } => broker.address().unwrap().port,
            Running::Mosquitto(mosquitto) => mosquitto.port,
        }
    }

    /// Returns the URL at which pages connect.
    pub(crate) fn url(&self) -> String {
        let port = match &self.running {
            Running::Embedded { websocket, .. } => websocket.as_ref().unwrap().address().port(),
            Running::Mosquitto(mosquitto) => mosquitto.websocket_port,
        };
        format!("ws://127.0.0.1:{port}/mqtt")
    }

    /// Returns the longest time for a client with a keep-alive of 1 s to be given up.
    pub(crate) fn keep_alive_limit(&self) -> Duration {
        Duration::from_secs(30)
    }

    /// Stops the broker as an operator stops it, and waits until it has stopped.
    pub(crate) async fn stop(&mut self) {
        tokio::task::block_in_place(|| match &mut self.running {
            Running::Embedded { broker, websocket } => {
                *websocket = None;
                broker.stop();
            }
            Running::Mosquitto(mosquitto) => mosquitto.stop(),
        });
    }

    /// Tells Mosquitto to read its passwords and rules again.
    pub(crate) fn reload(&self) {
        match &self.running {
            Running::Embedded { .. } => panic!("the built-in broker needs none"),
            Running::Mosquitto(mosquitto) => mosquitto.reload(),
        }
    }

    /// Starts the broker again, on the same port and with the data that it kept.
    pub(crate) fn start_again(&mut self) {
        match &mut self.running {
            Running::Embedded { broker, .. } => drop(broker.start().unwrap()),
            Running::Mosquitto(mosquitto) => mosquitto.start_again(),
        }
    }
}

//! Settings as the core takes them, after all checks.

use super::environment::Password;
use super::hints::HintSettings;
use super::room_times::RoomTimes;
use super::sessions::NewSessions;
use crate::journal::Durability;
use crate::show::Show;
use crate::tls::TlsFiles;
use eg_mqtt::{Authority, Credentials};
use eg_proto::{RoomId, SlotId, Topics};
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Settings that a core needs before it starts.
#[derive(Clone, Debug)]
pub struct CoreConfig {
    /// Topics, under the file's `base_topic`.
    pub topics: Topics,
    /// Id of the core, and its name at the broker; `core-01` by default.
    pub device_id: String,
    /// Address to listen on; loopback by default.
    pub listen: IpAddr,
    /// TCP ports; 0 takes a free one.
    pub ports: Ports,
    /// Path of the journal's file.
    pub db: PathBuf,
    /// Guarantee of a commit.
    pub durability: Durability,
    /// Retention of finished sessions in the journal.
    pub journal: Retention,
    /// `true` to serve the contract of older installations: their topics and routes, without credentials.
    pub compat: bool,
    /// Room whose questions and results are published on the topics of older installations, and in which their route
    /// `POST /api/night/step` opens steps; `None` if several rooms could be meant and none plays the night vote.
    pub compat_room: Option<RoomId>,
    /// `true` if the core announces itself by multicast DNS.
    pub discovery: bool,
    /// Names, in lower case, under which browsers reach this core, besides addresses and local names.
    pub hosts: Vec<String>,
    /// Origins whose pages may connect by MQTT over WebSocket, besides pages of this host: lower case; `*` means all,
    /// as does [`compat`](Self::compat).
    pub origins: Vec<String>,
    /// Addresses of the proxies before this core that are believed about their clients.
    pub proxies: Vec<IpAddr>,
    /// Files of TLS; `None` if everything goes in clear.
    pub tls: Option<TlsFiles>,
    /// Broker to use.
    pub broker: BrokerConfig,
    /// Rooms by name.
    pub rooms: BTreeMap<RoomId, RoomConfig>,
    /// Rules and seeds of new sessions.
    pub sessions: NewSessions,
    /// Password from `EG_OPERATOR_PASSWORD`, if it is set.
    pub operator_password: Option<Password>,
}

impl CoreConfig {
    /// Returns the look of each room's display.
    pub fn displays(&self) -> BTreeMap<RoomId, DisplayConfig> {
        self.rooms.iter().map(|(id, room)| (id.clone(), room.display.clone())).collect()
    }
}

/// Retention of the journal: the time for which it keeps what is over, and the archive to which that goes then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Time for which the journal keeps sessions and entries, 90 days by default; `None` for ever.
    pub keep: Option<Duration>,
    /// Folder of the archive; `archive` beside the journal by default.
    pub archive: PathBuf,
}

/// TCP ports of a core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    /// Port of MQTT, if the broker is built in; 1883 by default.
    pub mqtt: u16,
    /// Port of MQTT over WebSocket, if the broker is built in; 9001 by default.
    pub websocket: u16,
    /// Port of the API; 8000 by default.
    pub api: u16,
    /// Port of the operator page; 3000 by default.
    pub page: u16,
}

impl Default for Ports {
    fn default() -> Self {
        Self { mqtt: 1883, websocket: 9001, api: 8000, page: 3000 }
    }
}

/// Broker that a core uses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum BrokerConfig {
    /// Built-in broker.
    #[default]
    Embedded,
    /// Broker that runs elsewhere.
    External {
        /// Host name or IP address of the broker.
        host: String,
        /// TCP port of the broker.
        port: u16,
        /// Credentials that it asks for.
        credentials: Option<Credentials>,
        /// Authority of its certificate; `None` if it is reached in clear.
        authority: Option<Authority>,
        /// Folder in which the core keeps the passwords and rules of a Mosquitto; `None` if it keeps none.
        mosquitto: Option<PathBuf>,
    },
}

/// Settings of one room.
#[derive(Clone, Debug, PartialEq)]
pub struct RoomConfig {
    /// Name for people, until another is given on the page.
    pub name: Option<String>,
    /// Slots that play there, in order; `None` for every slot that is online and in no other room.
    pub slots: Option<Vec<SlotId>>,
    /// Kind of game that `start` starts when no other is named.
    pub game: String,
    /// Settings of that game, checked by it.
    pub config: Value,
    /// Show that the operator may start in this room.
    pub show: Option<Show>,
    /// Look of the room's display.
    pub display: DisplayConfig,
    /// Times of a session's clock.
    pub times: RoomTimes,
    /// Lines to tick before the next group.
    pub reset: Vec<String>,
    /// Prepared hints, and how hints are given.
    pub hints: HintSettings,
}

/// Look of a room's display.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DisplayConfig {
    /// Style sheet of the room's own, with the last word; `None` for none.
    pub theme: Option<Arc<str>>,
    /// `true` if it sounds where the browser lets it.
    pub sounds: bool,
}

impl Default for DisplayConfig {
    fn default() -> Self {
        Self { theme: None, sounds: true }
    }
}

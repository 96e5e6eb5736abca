//! The core's settings: `core.yaml` and the environment, checked. Every mistake of a run is told at once.

mod check;
mod environment;
mod file;
mod sessions;

pub use environment::{Environment, Password};
#[cfg(feature = "demo")]
pub(crate) use file::RoomsFile;
pub use sessions::{NewSessions, Seeds};

use crate::journal::Durability;
use crate::show::Show;
use eg_config::{Problems, Source};
use eg_mqtt::Credentials;
use eg_proto::{RoomId, SlotId, Topics};
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Everything a core needs to know before it starts.
#[derive(Clone, Debug)]
pub struct CoreConfig {
    /// The topics, under the file's `base_topic`.
    pub topics: Topics,
    /// The core's id, and its name at the broker; `core-01` by default.
    pub device_id: String,
    /// Where its ports are open; loopback by default.
    pub listen: IpAddr,
    /// Its TCP ports; 0 takes a free one.
    pub ports: Ports,
    /// The journal's file.
    pub db: PathBuf,
    /// What a commit means.
    pub durability: Durability,
    /// How long the journal keeps what is over.
    pub journal: Retention,
    /// Whether the contract of older installations is spoken: their topics and routes, without credentials.
    pub compat: bool,
    /// The room whose questions and results stand on the topics of older installations, and that their route
    /// `POST /api/night/step` opens; none when several rooms could be meant and none plays the night vote.
    pub compat_room: Option<RoomId>,
    /// Names under which browsers reach this core, besides addresses and local names; lower case.
    pub hosts: Vec<String>,
    /// Origins whose pages may connect by MQTT over WebSocket, besides pages of this host: lower case, `*` is all. Under
    /// [`compat`](Self::compat) all may.
    pub origins: Vec<String>,
    /// Which broker.
    pub broker: BrokerConfig,
    /// The rooms by name.
    pub rooms: BTreeMap<RoomId, RoomConfig>,
    /// How sessions begin.
    pub sessions: NewSessions,
    /// `EG_OPERATOR_PASSWORD`, when it is set.
    pub operator_password: Option<Password>,
}

/// How long the journal keeps what is over, and where it goes then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// So long, 90 days by default; none: for ever.
    pub keep: Option<Duration>,
    /// The folder of the archive; `archive` beside the journal by default.
    pub archive: PathBuf,
}

/// TCP ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    /// MQTT, when the broker is built in; 1883.
    pub mqtt: u16,
    /// MQTT over WebSocket, when the broker is built in; 9001.
    pub websocket: u16,
    /// The API; 8000.
    pub api: u16,
    /// The operator page; 3000.
    pub page: u16,
}

impl Default for Ports {
    fn default() -> Self {
        Self { mqtt: 1883, websocket: 9001, api: 8000, page: 3000 }
    }
}

/// Which broker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum BrokerConfig {
    /// The one that is built in.
    #[default]
    Embedded,
    /// One that somebody else runs.
    External {
        /// Host name or address.
        host: String,
        /// TCP port.
        port: u16,
        /// What it asks for.
        credentials: Option<Credentials>,
    },
}

/// One room.
#[derive(Clone, Debug, PartialEq)]
pub struct RoomConfig {
    /// The slots that play there, in order; none named: every slot that is online and in no other room.
    pub slots: Option<Vec<SlotId>>,
    /// The game that `start` starts when nobody names another.
    pub game: String,
    /// That game's settings, checked by it.
    pub config: Value,
    /// The show that the operator may start here.
    pub show: Option<Show>,
}

impl CoreConfig {
    /// The settings of a core without a file.
    ///
    /// # Errors
    /// What is wrong in the environment.
    pub fn without_file(environment: &Environment) -> Result<Self, Problems> {
        Self::from_source(&Source::text("core.yaml (built in)", "{}"), environment)
    }

    /// Checks a file and lays the environment over it. The games' own settings are checked by the games.
    ///
    /// # Errors
    /// Every mistake in both.
    pub fn from_source(source: &Source, environment: &Environment) -> Result<Self, Problems> {
        check::check(source, environment)
    }

    /// A core with these rooms, read out of another file, and everything else as it is without a file.
    #[cfg(feature = "demo")]
    pub(crate) fn of_rooms(
        source: &Source,
        rooms: RoomsFile,
        problems: &mut Problems,
    ) -> Option<Self> {
        check::of_rooms(source, rooms, problems)
    }

    /// The JSON Schema of the file, for editors.
    pub fn schema() -> schemars::Schema {
        schemars::schema_for!(file::CoreFile)
    }
}

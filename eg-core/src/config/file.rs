//! Format of `core.yaml`, before its values are checked against each other.

use super::hints::HintFile;
use super::keep::Keep;
use super::room_times::IdleFile;
use super::settings::Ports;
use crate::games::NIGHT;
use crate::journal::Durability;
use eg_config::{Anything, Located, Span};
use eg_proto::{RoomId, SlotId};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Settings of a core of EG. Everything has a default.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "A core of EG")]
pub(super) struct CoreFile {
    /// First part of every topic.
    pub(super) base_topic: Located<String>,
    /// Id of the core, 1 to 32 of a-z, 0-9 and -. The environment's CORE_DEVICE_ID wins.
    pub(super) device_id: Located<String>,
    /// Address to listen on: 127.0.0.1 for this machine alone, 0.0.0.0 for the whole network.
    pub(super) listen: Located<String>,
    /// TCP ports of the core.
    pub(super) ports: PortsFile,
    /// Path of the journal's file. The environment's DB_PATH wins.
    #[schemars(with = "PathBuf")]
    pub(super) db: Located<PathBuf>,
    /// Guarantee of a commit: `full` survives a power cut.
    pub(super) durability: Durability,
    /// Retention of finished sessions in the journal.
    pub(super) journal: JournalFile,
    /// `true` to serve the contract of older installations, without credentials.
    pub(super) compat: bool,
    /// Room of the old topics; by default the only room, or the first that plays the night vote.
    #[schemars(with = "Option<String>")]
    pub(super) compat_room: Option<Located<RoomId>>,
    /// `false`: the core does not announce itself by multicast DNS, and slots have to name it.
    pub(super) discovery: bool,
    /// Names under which browsers reach this core, besides addresses and local names such as `core-01.local`.
    pub(super) hosts: Vec<String>,
    /// Origins whose pages may connect by MQTT over WebSocket, besides pages of this host, such as
    /// `http://192.168.1.30:5173`; `*` allows all, as does `compat`.
    #[schemars(with = "Vec<String>")]
    pub(super) origins: Vec<Located<String>>,
    /// Addresses of the proxies before this core, such as `10.0.0.2`: what they say of their clients is believed
    /// (`X-Forwarded-For`, or `Forwarded`), and logins are throttled by client. Without any, nobody is believed.
    #[schemars(with = "Vec<String>")]
    pub(super) proxies: Vec<Located<String>>,
    /// Certificate and key for TLS on every port, made by `eg-core cert`; left out: everything goes in clear.
    pub(super) tls: Option<TlsFile>,
    /// Broker: `embedded`, or `{host, port, username, password, ca}`; `password_file` names a file with the password
    /// instead, and `mosquitto: {files: FOLDER}` lets the core keep a Mosquitto's passwords and rules there. The
    /// environment's MQTT_HOST, MQTT_PORT and MQTT_PASSWORD_FILE win.
    #[schemars(with = "serde_json::Value")]
    pub(super) broker: Option<Anything>,
    /// Rooms, by a name of yours; without any, one called `main` for every slot.
    #[schemars(with = "Option<BTreeMap<String, RoomFile>>")]
    pub(super) rooms: RoomsFile,
}

impl Default for CoreFile {
    fn default() -> Self {
        Self {
            base_topic: "eg".to_owned().into(),
            device_id: "core-01".to_owned().into(),
            listen: "127.0.0.1".to_owned().into(),
            ports: PortsFile::default(),
            db: PathBuf::from("./data/eg.db").into(),
            durability: Durability::default(),
            journal: JournalFile::default(),
            compat: false,
            compat_room: None,
            discovery: true,
            hosts: Vec::new(),
            origins: Vec::new(),
            proxies: Vec::new(),
            tls: None,
            broker: None,
            rooms: None,
        }
    }
}

/// Retention of the journal. Older sessions and entries move to the archive, where they can still be listed, replayed
/// and shown.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct JournalFile {
    /// Time for which finished sessions stay in the journal: `90d`, or `forever`.
    pub(super) keep: Keep,
    /// Folder of the archive, one file a month; by default `archive` beside the journal.
    pub(super) archive: Option<PathBuf>,
}

/// Files of TLS, relative to the folder of this file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TlsFile {
    /// Certificate in PEM, those of the authorities between behind it.
    #[schemars(with = "String")]
    pub(super) cert: Located<String>,
    /// Key of the certificate, in PEM.
    #[schemars(with = "String")]
    pub(super) key: Located<String>,
    /// Certificate of the room's own authority, which slots pin and browsers may take.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub(super) ca: Option<Located<String>>,
}

/// TCP ports of a core; 0 takes a free one.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PortsFile {
    /// Port of MQTT.
    pub(super) mqtt: u16,
    /// Port of MQTT over WebSocket.
    pub(super) websocket: u16,
    /// Port of the API.
    pub(super) api: u16,
    /// Port of the operator page.
    pub(super) page: u16,
}

impl Default for PortsFile {
    fn default() -> Self {
        let Ports { mqtt, websocket, api, page } = Ports::default();
        Self { mqtt, websocket, api, page }
    }
}

/// Word for the built-in broker.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum EmbeddedWord {
    Embedded,
}

/// Broker that runs elsewhere.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExternalFile {
    pub(super) host: Located<Option<String>>,
    #[serde(default = "mqtt_port")]
    pub(super) port: Located<u16>,
    #[serde(default)]
    pub(super) username: Option<String>,
    #[serde(default)]
    pub(super) password: Option<String>,
    /// Certificate of the authority that signed the broker's, in PEM.
    #[serde(default)]
    pub(super) ca: Option<Located<String>>,
    #[serde(default)]
    pub(super) password_file: Located<Option<PathBuf>>,
    #[serde(default)]
    pub(super) mosquitto: Option<MosquittoFile>,
}

/// Mosquitto of which the core keeps the passwords and rules.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MosquittoFile {
    pub(super) files: PathBuf,
}

fn mqtt_port() -> Located<u16> {
    Ports::default().mqtt.into()
}

/// Rooms of a file, by name.
pub(crate) type RoomsFile = Option<BTreeMap<Located<RoomId>, RoomFile>>;

/// Room of a file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoomFile {
    /// Name for people, as pages show it until another is given there; left out: the room's id.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub(super) name: Option<Located<String>>,
    /// Slots that play here, in order; left out: every slot that is online and in no other room.
    #[serde(default)]
    #[schemars(with = "Option<Vec<SlotId>>")]
    pub(super) slots: Option<Vec<Located<SlotId>>>,
    /// Kind of game that is started when no other is named.
    #[serde(default = "night_vote")]
    pub(super) game: Located<String>,
    /// Settings of that game.
    #[serde(default)]
    #[schemars(with = "serde_json::Value")]
    #[expect(dead_code, reason = "the game reads it out of the file by itself")]
    pub(super) config: Option<Anything>,
    /// File of the show that the operator may start here, relative to the folder of this file.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub(super) show: Option<Located<String>>,
    /// Look of the room's display, `/display/ROOM`.
    #[serde(default)]
    pub(super) display: DisplayFile,
    /// Planned duration of a session, e.g. `60m`: the clock then counts down, and the operator may give more.
    #[serde(default)]
    #[schemars(with = "Option<Span>")]
    pub(super) duration: Option<Located<Span>>,
    /// Silence after which the room's clock warns that nobody does anything.
    #[serde(default)]
    pub(super) idle: Option<IdleFile>,
    /// Lines to tick before the next group, e.g. `Close the safe`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) reset: Vec<Located<String>>,
    /// Time for which a hint stands unless the operator says otherwise: `2m`, or `forever`, until it is taken away.
    #[serde(default)]
    #[schemars(with = "Option<Keep>")]
    pub(super) hint_time: Option<Located<Keep>>,
    /// `true`: slots and displays read hints aloud, where the browser can.
    #[serde(default)]
    pub(super) hint_aloud: bool,
    /// Prepared hints, from which the operator chooses.
    #[serde(default)]
    pub(super) hints: Vec<HintFile>,
}

/// Look of a room's display.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct DisplayFile {
    /// Style sheet of the room's own, relative to the folder of this file, 64 kB at most. It is read at the start.
    #[schemars(with = "Option<String>")]
    pub(super) theme: Option<Located<String>>,
    /// `false` for a display that makes no sound.
    pub(super) sounds: bool,
}

impl Default for DisplayFile {
    fn default() -> Self {
        Self { theme: None, sounds: true }
    }
}

fn night_vote() -> Located<String> {
    NIGHT.to_owned().into()
}

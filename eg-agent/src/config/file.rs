//! The shape of a slot's file, before its values are checked against each other.

use super::device::{Active, InputKind};
use super::slot::{Hal, MQTT_PORT, PAGE_PORT};
use eg_config::{Anything, Located, Span};
use eg_hal::Channel;
use eg_proto::{Set, SlotId};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

/// One slot: its core and its devices.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "A slot of EG")]
pub(super) struct SlotFile {
    /// The slot's id, e.g. `slot-01`. The environment's SLOT_ID wins.
    #[schemars(with = "Option<SlotId>")]
    pub(super) slot: Option<Located<String>>,
    /// Address of the core; left out: the core is looked for on the network.
    #[serde(default)]
    pub(super) core: Located<Core>,
    /// `false`: nobody is looked for by multicast DNS, and the core has to be named.
    #[serde(default = "discovery")]
    pub(super) discovery: bool,
    /// Backend that the devices are opened on: `linux`, `rppal`, or `sim` for a simulated board.
    #[serde(default)]
    pub(super) hal: Located<Hal>,
    /// The database that holds events until the core has stored them; `./data/<slot>.outbox.db` by default.
    pub(super) outbox: Option<Located<PathBuf>>,
    /// The file with the slot's secret, drawn at the first start; beside the outbox by default, with `.secret` in place of
    /// `.db`.
    pub(super) secret_file: Option<Located<PathBuf>>,
    /// The page of this slot.
    #[serde(default)]
    pub(super) page: Page,
    /// The folder of this slot's driver libraries: every `*.so` in it, unless `plugins` lists them.
    pub(super) plugins_dir: Option<Located<PathBuf>>,
    /// The driver libraries of this slot, and no other.
    pub(super) plugins: Option<Vec<Plugin>>,
    /// The slot belongs to a room of the older stack: it obeys that stack's topics too, which tell no slot from another
    /// and know no expiry (`…/input/cmd/led`, `…/input/cmd/test`, `night/step`, `night/result`).
    #[serde(default)]
    pub(super) compat: bool,
    /// `false` to refuse operators who restart this agent from the core's page.
    #[serde(default = "restart")]
    pub(super) restart: bool,
    /// Names under which browsers reach this slot's page, beside addresses and local names.
    #[serde(default)]
    pub(super) hosts: Vec<String>,
    /// The first part of every topic.
    #[serde(default = "base_topic")]
    pub(super) base_topic: Located<String>,
    /// The boards on this slot, by a name of yours: 1 to 32 of a-z, 0-9 and -.
    pub(super) devices: BTreeMap<Located<String>, Device>,
}

fn discovery() -> bool {
    true
}

fn restart() -> bool {
    true
}

fn base_topic() -> Located<String> {
    Located::new("eg".to_owned())
}

/// A driver library.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Plugin {
    /// Name of the file, in `plugins_dir` where there is one.
    pub(super) file: Located<PathBuf>,
    /// The file's SHA-256, as `sha256sum` prints it: another file is refused.
    #[schemars(regex(pattern = "^[0-9a-fA-F]{64}$"))]
    pub(super) sha256: Option<Located<String>>,
}

/// Address of the core.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Core {
    /// Host name or address; left out: the core is looked for on the network. The environment's CORE_HOST wins.
    pub(super) host: Option<Located<String>>,
    /// TCP port of its MQTT broker. The environment's MQTT_PORT wins.
    #[schemars(range(min = 1))]
    pub(super) port: Located<u16>,
    /// `true` to speak under TLS alone, by the authority that is pinned when the slot is adopted. The environment's
    /// CORE_TLS wins.
    pub(super) tls: bool,
}

impl Default for Core {
    fn default() -> Self {
        Self { host: None, port: Located::new(MQTT_PORT), tls: false }
    }
}

/// The page of a slot.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Page {
    /// TCP port.
    #[schemars(range(min = 1))]
    pub(super) port: Located<u16>,
    /// The address it listens on: 127.0.0.1 for this machine alone, 0.0.0.0 for the whole network.
    pub(super) listen: IpAddr,
    /// `true` for a touch panel on this slot: the players' page presses the buttons of real boards, for the browser of
    /// this machine alone. Those of a simulated board can always be touched.
    pub(super) touch: bool,
}

impl Default for Page {
    fn default() -> Self {
        Self { port: Located::new(PAGE_PORT), listen: Ipv4Addr::LOCALHOST.into(), touch: false }
    }
}

/// One board.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Device {
    /// Name of the driver that opens the board; `eg-agent drivers` lists them.
    pub(super) driver: Located<String>,
    /// The driver's own settings.
    #[serde(default)]
    #[expect(dead_code, reason = "the driver reads it itself, at its place in the file")]
    #[schemars(with = "Option<BTreeMap<String, serde_json::Value>>")]
    config: Option<Anything>,
    /// Inputs by role. An input that is not named is not listened to; where this is left out, a device's only input has
    /// the device's name.
    pub(super) inputs: Option<BTreeMap<Located<String>, Input>>,
    /// Outputs by role.
    #[serde(default)]
    pub(super) outputs: BTreeMap<Located<String>, Output>,
}

/// One input of a board.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    /// Number of the input on the board, from 0.
    pub(super) channel: Located<Channel>,
    /// The level at which it is pressed: `low` for a button to ground under a pull-up.
    #[serde(default)]
    pub(super) active: Active,
    /// `momentary` springs back, `switch` stays, `key` is told by its symbol.
    #[serde(default)]
    pub(super) kind: InputKind,
    /// Symbol that is printed on a `key`; the input's name by default.
    pub(super) symbol: Option<Located<String>>,
    /// Time after a press in which bounce is ignored; 20ms for contacts, 10ms in a matrix, 0ms for what a chip has
    /// debounced.
    pub(super) lockout: Option<Located<Span>>,
    /// Rest after which the input counts as released; 10ms for contacts, 20ms in a matrix, 0ms for what a chip has
    /// debounced.
    pub(super) release: Option<Located<Span>>,
    /// Time after which a held input is reported as stuck; 10s by default, 0s for never.
    pub(super) stuck_after: Option<Located<Span>>,
    /// Gestures that are reported beside press and release.
    #[serde(default)]
    pub(super) gestures: Located<GestureWants>,
}

/// Gestures that are reported beside press and release.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct GestureWants {
    /// Count presses that follow each other within this, and report them as one `click`, e.g. `300ms`.
    pub(super) click: Option<Located<Span>>,
    /// Report `hold` when it was held for so long, e.g. `800ms`.
    pub(super) hold: Option<Located<Span>>,
    /// Report `hold_end` when a `hold` is over.
    pub(super) hold_end: Located<bool>,
}

/// One output of a board.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Output {
    /// Number of the output on the board, from 0.
    pub(super) channel: Located<Channel>,
    /// The level at which it is on.
    #[serde(default)]
    pub(super) active: Active,
    /// State at start, at stop and when the core is lost.
    #[serde(default = "safe")]
    pub(super) safe: Located<Set>,
    /// Time for which the core may be lost before the output takes that state.
    #[serde(default = "safe_after")]
    pub(super) safe_after: Span,
    /// Longest time that the output is ever on.
    pub(super) max_on: Option<Located<Span>>,
}

fn safe() -> Located<Set> {
    Located::new(Set::Off)
}

fn safe_after() -> Span {
    Span::from_secs(10)
}

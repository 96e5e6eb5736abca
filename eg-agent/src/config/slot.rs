//! One slot's settings, checked.

use super::device::DeviceConfig;
use crate::pairing::SecretFile;
use eg_config::Source;
use eg_proto::{SlotId, Topics};
use schemars::JsonSchema;
use serde::Deserialize;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// The port of the slot page unless the file says otherwise.
pub const PAGE_PORT: u16 = 5173;
/// The port of the broker unless the file says otherwise.
pub const MQTT_PORT: u16 = 1883;

/// Error of an agent that was built without the feature.
pub(crate) const NO_RPPAL: &str = "this agent has no rppal; wanted linux or sim, or an agent built with --features rppal, as the Debian package is";

/// Settings of one slot that an agent needs, checked.
#[derive(Clone, Debug)]
pub struct SlotConfig {
    /// Id of the slot.
    pub slot: SlotId,
    /// Address of the core's broker.
    pub core: CoreAddress,
    /// Backend that the devices are opened on.
    pub hal: Hal,
    /// The database that holds events until the core has stored them; by default `./data/<slot>.outbox.db`.
    pub outbox: PathBuf,
    /// The file with the slot's secret; by default beside the outbox, `./data/<slot>.secret`.
    pub secret: SecretFile,
    /// TCP port of the slot page; by default [`PAGE_PORT`].
    pub page_port: u16,
    /// The address the page listens on; this machine alone by default.
    pub page_listen: IpAddr,
    /// `true` if the browser of this machine may press the buttons of real boards on the slot page.
    pub touch: bool,
    /// `true` if the slot obeys the topics of the older stack.
    pub compat: bool,
    /// `true` if an operator may restart the agent from the core's page.
    pub restart: bool,
    /// Names under which browsers reach the slot page, in lower case.
    pub hosts: Vec<String>,
    /// The topics, under the file's `base_topic`.
    pub topics: Topics,
    /// The devices in the order of the file. Names are unique.
    pub devices: Vec<DeviceConfig>,
    /// The file itself: each driver reads its own `config:` from it, see [`DeviceConfig::config_path`].
    pub source: Arc<Source>,
}

/// Address of the core's broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoreAddress {
    /// Host name or address; empty for a core that is looked for on the network.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// `true` to speak under TLS alone.
    pub tls: bool,
}

impl CoreAddress {
    /// Tells whether nobody names the core, so that it is looked for.
    pub fn is_looked_for(&self) -> bool {
        self.host.is_empty()
    }
}

/// Backend that the devices of a slot are opened on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Hal {
    /// The kernel's GPIO, I2C, SPI, serial and input devices.
    #[default]
    Linux,
    /// A Raspberry Pi's registers for fast outputs, the kernel for the rest.
    Rppal,
    /// A simulated board: the same file without hardware.
    Sim,
}

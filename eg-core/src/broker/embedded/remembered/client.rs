//! Clients of older installations, as they are remembered.

use std::collections::BTreeMap;

use eg_proto::Timestamp;
use serde::{Deserialize, Serialize};

/// Remembered state of one client.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Client {
    /// Topic filters of the client, each with the options byte of its subscription (MQTT 5, section 3.8.3.1).
    pub(super) filters: BTreeMap<String, u8>,
    /// Payload of the last retained message on the topic of the client's will.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) word: Option<String>,
    /// Time of the client's last connection or change.
    pub(super) seen: Timestamp,
}

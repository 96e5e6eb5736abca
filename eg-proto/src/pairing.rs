//! Pairing: messages of a slot that waits for its adoption, and of the core that answers it.

mod secret;

pub use secret::{MosquittoHash, PairingError, Secret, SecretDigest};

use crate::{SlotId, Timestamp};
use serde::{Deserialize, Serialize};

/// User name and password of a connection that may do nothing but ask for adoption.
pub const PAIRING_USER: &str = "pairing";

/// Start of the client id of such a connection; the slot's id follows.
pub const PAIRING_CLIENT: &str = "pair-";

/// Longest text of a [`PairRequest`]'s fields, in characters; what is longer is cut where it is read.
const TEXT: usize = 64;

/// Largest number of boards in a [`PairRequest`]; further ones are left out where it is read.
const BOARDS: usize = 32;

/// Returns the client id under which this slot asks for adoption, e.g. `pair-slot-01`.
pub fn pairing_client(slot: &SlotId) -> String {
    format!("{PAIRING_CLIENT}{slot}")
}

/// Request for adoption, on `eg/pair/<slot>`, QoS 1, not retained. Said at each connection, again at
/// each `eg/core/hello`, and every 15 s.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairRequest {
    /// Version of this message, 1.
    pub v: u8,
    /// The slot that asks.
    pub slot: SlotId,
    /// The agent's version.
    #[serde(default, deserialize_with = "short")]
    pub version: String,
    /// Host name of the machine.
    #[serde(default, deserialize_with = "short")]
    pub machine: String,
    /// Digest of the slot's secret.
    pub secret_sha256: SecretDigest,
    /// SHA-256 of the authority that the slot saw, under TLS. Whoever sits between shows another one, and so another
    /// code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority_sha256: Option<SecretDigest>,
    /// Line of a Mosquitto password file for the same secret, if the agent makes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mosquitto: Option<MosquittoHash>,
    /// Boards of the slot for people to recognize, e.g. `panel (gpio-buttons)`.
    #[serde(default, deserialize_with = "few")]
    pub boards: Vec<String>,
}

/// Answer of the core, on `eg/pair/<slot>/answer`, not retained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairAnswer {
    /// Version of this message, 1.
    pub v: u8,
    /// `true` once the slot may connect with its secret.
    pub adopted: bool,
    /// Device id of the core that adopted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub core: Option<String>,
    /// Reason why it is not adopted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<NotAdopted>,
    /// Version of the core's program; earlier cores do not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The core's clock as it answered; earlier cores do not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now_us: Option<Timestamp>,
    /// `true` if the core speaks the topics of the older stack too; earlier cores do not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compat: Option<bool>,
}

impl PairAnswer {
    /// Answer to a slot that was adopted by the core with this device id.
    pub fn adopted(core: impl Into<String>) -> Self {
        Self { adopted: true, core: Some(core.into()), ..Self::empty() }
    }

    /// Answer to a slot that was not adopted.
    pub fn waits(why: NotAdopted) -> Self {
        Self { why: Some(why), ..Self::empty() }
    }

    /// The same answer with what a slot's doctor compares: version, clock and topics of the core.
    #[must_use]
    pub fn about(self, version: impl Into<String>, now: Timestamp, compat: bool) -> Self {
        Self { version: Some(version.into()), now_us: Some(now), compat: Some(compat), ..self }
    }

    fn empty() -> Self {
        let (core, why, version, now_us, compat) = (None, None, None, None, None);
        Self { v: 1, adopted: false, core, why, version, now_us, compat }
    }
}

/// Reasons why a slot is not adopted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NotAdopted {
    /// Nobody has adopted this slot yet.
    Unknown,
    /// The secret was adopted and revoked since.
    Revoked,
    /// The slot's id belongs to another secret: another card, or a copy of the file.
    OtherSecret,
    /// Too many slots wait.
    Full,
    /// One that a later core knows of.
    #[serde(other)]
    Other,
}

/// Returns the code that the slot's page and the operator's page both show for this secret, e.g. `ABC-DEF`: 30 bits of
/// SHA-256 over `eg-pair`, the secret's digest and, under TLS, that of the authority.
pub fn code(secret: &SecretDigest, authority: Option<&SecretDigest>) -> String {
    secret.code(authority)
}

fn short<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    String::deserialize(from).map(cut)
}

fn few<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let boards = Vec::<String>::deserialize(from)?;
    Ok(boards.into_iter().take(BOARDS).map(cut).collect())
}

/// Cuts a text that people will read, and leaves out what moves a terminal's cursor.
fn cut(text: String) -> String {
    text.chars().filter(|c| !c.is_control()).take(TEXT).collect()
}

#[cfg(test)]
mod tests;

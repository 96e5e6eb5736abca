//! Identities that are known: adopted slots, and secrets that count no more.

use crate::audit::Author;
use eg_proto::{MosquittoHash, SecretDigest, SlotId, Timestamp};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// Slot whose secret lets it in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Adopted {
    /// Digest of its secret.
    #[serde(skip)]
    pub sha256: SecretDigest,
    /// Hash of its secret for Mosquitto, if its agent made one.
    #[serde(skip)]
    pub mosquitto: Option<MosquittoHash>,
    /// Host name of the machine, as it said at its adoption; empty if it did not.
    pub machine: String,
    /// Name for people; empty if nobody gave one.
    pub label: String,
    /// Time of the adoption.
    pub at: Timestamp,
    /// Name of whoever adopted it.
    pub by: String,
}

/// Secret that counts no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Revoked {
    pub(super) slot: String,
    pub(super) at: Timestamp,
    pub(super) by: String,
}

/// Act on the identity of a slot, with who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// Time of the act.
    pub at: Timestamp,
    /// Author of the act; the address is not known of one that was stored before.
    pub by: Author,
    /// Name of the act: `adopt`, `replace`, `revoke` or `label`.
    pub name: String,
    /// Id of the slot.
    pub slot: String,
    /// Code of the secret that was adopted, or the label that was given; else empty.
    pub detail: String,
}

/// Everything that the store knows.
#[derive(Clone, Debug, Default)]
pub(super) struct Identities {
    pub(super) adopted: BTreeMap<SlotId, Adopted>,
    pub(super) revoked: HashMap<SecretDigest, Revoked>,
}

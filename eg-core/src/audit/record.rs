//! Records of acts, as lists show them.

use eg_proto::Timestamp;
use serde::Serialize;

/// Record of one act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditRecord {
    /// Number of the record: a later one has a greater number.
    pub id: i64,
    /// Time of the act.
    pub at: Timestamp,
    /// Time of the last one, where several are told together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<Timestamp>,
    /// Name of whoever acted; empty if nobody was signed in.
    pub by: String,
    /// Address that the request came from; empty for a command on this machine, or the core itself.
    pub address: String,
    /// Word of the act, as [`AuditAct::word`](super::AuditAct::word) gives it. A later version may have written others.
    pub act: String,
    /// Name of the user, token or slot that it was done to.
    pub about: String,
    /// New role, label, room or code, or the way of signing in; empty if there is nothing to add.
    pub detail: String,
    /// Number of acts that are told together: 1, but for refused logins.
    pub count: i64,
}

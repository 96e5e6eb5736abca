//! One thing that needs attention.

use eg_proto::{RoomId, SlotId, Text, Timestamp};
use serde::Serialize;

/// Weight of an item, the lightest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Severity {
    /// Worth knowing; nobody has to come.
    Note,
    /// Somebody should look before it hurts.
    Warning,
    /// Broken now.
    Failure,
}

/// Kind of an item. Among items of one weight, the kinds come in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AttentionKind {
    /// The journal cannot be written: nothing is acknowledged.
    JournalRefuses,
    /// Little room is left on the journal's disk.
    DiskSpace,
    /// The journal lacks entries that it had.
    EntriesMissing,
    /// The core has no link to its broker.
    BrokerLost,
    /// Session has failed because its game panicked.
    SessionFailed,
    /// Game of a room waits for the operator to decide.
    GameWaits,
    /// Slot is not connected.
    SlotLost,
    /// Two machines use the id of one slot.
    SlotTwin,
    /// Board cannot be reached by its slot.
    BoardLost,
    /// Board reports a fault.
    BoardFault,
    /// Slot waits to be adopted.
    SlotWaiting,
    /// Events of a slot never came.
    EventsMissing,
    /// Many events wait in a slot's outbox.
    OutboxBacklog,
    /// A slot knows the core's clock too vaguely, or its clock runs unlike a crystal's.
    ClockVague,
    /// Date of a slot differs from the core's.
    ClockDate,
    /// Something else that the core reports: a client, a message, a refusal.
    Alert,
    /// Agent is older than the core.
    AgentOutdated,
}

/// One thing that needs attention.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct AttentionItem {
    /// Text that names the item for as long as it stands.
    pub(crate) key: String,
    /// Weight of the item.
    pub(crate) severity: Severity,
    /// Kind of the item.
    pub(crate) kind: AttentionKind,
    /// Slot that the item is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) slot: Option<SlotId>,
    /// Room that the item is about; items about a slot name none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) room: Option<RoomId>,
    /// Time since which it stands, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) since: Option<Timestamp>,
    /// Reason: what is broken, and why.
    pub(crate) what: Text,
    /// Next step.
    pub(crate) next: Text,
    /// Path of the page on which it is mended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) link: Option<String>,
}

impl AttentionItem {
    pub(super) fn new(
        severity: Severity,
        kind: AttentionKind,
        of: &str,
        what: Text,
        next: Text,
    ) -> Self {
        let key = format!("{kind:?} {of}").trim_end().to_owned();
        let (slot, room, since, link) = (None, None, None, None);
        Self { key, severity, kind, slot, room, since, what, next, link }
    }

    pub(super) fn link(self, link: impl Into<String>) -> Self {
        Self { link: Some(link.into()), ..self }
    }

    pub(super) fn since(self, since: Option<Timestamp>) -> Self {
        Self { since, ..self }
    }

    /// Returns `true` if somebody has to do something about it.
    pub(crate) fn is_alarm(&self) -> bool {
        self.severity > Severity::Note
    }
}

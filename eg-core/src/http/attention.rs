//! What needs attention: everything that is broken, each with its reason and the next step, worst first.

mod core;
mod health;
mod rooms;
mod slots;
#[cfg(test)]
mod tests;

pub(crate) use health::Health;

use super::context::Context;
use super::disk::Space;
use crate::access::Waiting;
use crate::engine::read_model::ReadModel;
use eg_page::{Lang, Words};
use eg_proto::{RoomId, SlotId, Text, Timestamp};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::time::Duration;

/// Silence after which a lost slot counts as put away: it is named, and alarms nobody.
const PUT_AWAY: Duration = Duration::from_secs(7 * 24 * 3_600);

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
    fn new(severity: Severity, kind: AttentionKind, of: &str, what: Text, next: Text) -> Self {
        let key = format!("{kind:?} {of}").trim_end().to_owned();
        let (slot, room, since, link) = (None, None, None, None);
        Self { key, severity, kind, slot, room, since, what, next, link }
    }

    fn link(self, link: impl Into<String>) -> Self {
        Self { link: Some(link.into()), ..self }
    }

    fn since(self, since: Option<Timestamp>) -> Self {
        Self { since, ..self }
    }

    /// Returns `true` if somebody has to do something about it.
    pub(crate) fn is_alarm(&self) -> bool {
        self.severity > Severity::Note
    }
}

/// Everything from which the list is made.
#[derive(Clone, Copy)]
pub(crate) struct Facts<'a> {
    /// What the engine knows.
    pub(crate) state: &'a ReadModel,
    /// Slots that wait to be adopted.
    pub(crate) waiting: &'a BTreeMap<SlotId, Waiting>,
    /// Room on the journal's disk, if that is known.
    pub(crate) disk: Option<Space>,
    /// Time by the core's clock.
    pub(crate) now: Timestamp,
    pub(crate) words: &'a Words,
}

impl Facts<'_> {
    /// Returns the words of a key in both languages.
    fn say(&self, key: &str) -> Text {
        Text::new(self.words.say(Lang::Fr, key), self.words.say(Lang::En, key))
    }

    /// Returns the words of a key in both languages, with its blanks filled in.
    fn tell<const N: usize>(&self, key: &str, blanks: [(&str, &Text); N]) -> Text {
        let told = |lang: Lang| {
            self.words.tell(lang, key, blanks.map(|(name, text)| (name, lang.of(text).into())))
        };
        Text::new(told(Lang::Fr), told(Lang::En))
    }

    /// Returns the words of a key that tell of one slot.
    fn of_slot(&self, key: &str, slot: &SlotId) -> Text {
        self.tell(key, [("slot", &slot_name(slot))])
    }
}

/// Returns the name of a slot for people.
fn slot_name(slot: &SlotId) -> Text {
    Text::same(slot.as_str())
}

/// Health, and everything that needs attention, worst first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(crate) struct Attention {
    /// One figure for everything.
    pub(crate) health: Health,
    /// Everything that needs attention, worst first.
    pub(crate) items: Vec<AttentionItem>,
}

impl Attention {
    /// Makes the list from everything that is known.
    pub(crate) fn of(facts: &Facts<'_>) -> Self {
        let mut items = core::items(facts);
        items.extend(rooms::items(facts));
        items.extend(slots::items(facts));
        items.sort_by(|one, other| {
            let weight = |item: &AttentionItem| (Reverse(item.severity), item.kind);
            weight(one).cmp(&weight(other)).then_with(|| one.key.cmp(&other.key))
        });
        Self { health: Health::of(facts, &items), items }
    }

    /// Makes the list of now.
    pub(crate) fn now(context: &Context) -> Self {
        let (state, waiting) = (context.handle.state(), context.access.waiting());
        let (disk, now) = (context.disk.space(), context.clock.now());
        Self::of(&Facts { state: &state, waiting: &waiting, disk, now, words: &context.words })
    }
}

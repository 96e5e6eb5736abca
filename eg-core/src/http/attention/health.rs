//! One figure for everything: how many slots work, and how bad the rest is.

use super::facts::{Facts, PUT_AWAY};
use super::item::{AttentionItem, Severity};
use eg_proto::Presence;
use std::collections::BTreeSet;

/// Health of the whole installation, as the header and the window's title tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub(crate) struct Health {
    /// Number of slots that work.
    pub(crate) well: usize,
    /// Number of slots that should work: those that were put away do not count.
    pub(crate) all: usize,
    /// Number of items that somebody has to do something about.
    pub(crate) alarms: usize,
    /// Weight of the worst of them; null if there is none.
    pub(crate) worst: Option<Severity>,
}

impl Health {
    /// Sums up what needs attention.
    pub(crate) fn of(facts: &Facts<'_>, items: &[AttentionItem]) -> Self {
        let alarms = || items.iter().filter(|item| item.is_alarm());
        let slots = facts.state.slots.iter();
        let counted = slots.filter(|(_, slot)| {
            let silent = slot.last_seen.is_some_and(|seen| facts.now.since(seen) >= PUT_AWAY);
            slot.presence == Presence::Online || !silent
        });
        let counted: Vec<_> = counted.map(|(id, _)| id).collect();
        let ailing: BTreeSet<_> = alarms().filter_map(|item| item.slot.as_ref()).collect();
        Self {
            well: counted.iter().filter(|id| !ailing.contains(*id)).count(),
            all: counted.len(),
            alarms: alarms().count(),
            worst: alarms().map(|item| item.severity).max(),
        }
    }
}

//! Items that need attention: everything that is broken, each with its reason and the next step, worst first.

mod core;
mod facts;
mod health;
mod item;
mod rooms;
mod slots;
#[cfg(test)]
mod tests;

pub(crate) use facts::Facts;
pub(crate) use health::Health;
pub(crate) use item::{AttentionItem, Severity};

use super::context::Context;
use serde::Serialize;
use std::cmp::Reverse;

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

//! What the engine tells: the state for pages, the public state of rooms, and what each slot is told.

mod publish;
mod publish_questions;
mod questions;

use self::questions::{AskedInRoom, ShownAtSlot};
use super::effects::message::OutgoingMessage;
use crate::journal::{EffectKind, StoredEffect};
use eg_proto::{Mode, NightResult, RoomId, RoomState, SlotId, Timestamp, Topic};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What slots, pages and the broker were told, and what still waits for the broker.
pub(in crate::engine) struct Publisher {
    /// Public state of each room.
    rooms: BTreeMap<RoomId, RoomState>,
    /// Hint of each slot; empty when it was told that none stands.
    hints: BTreeMap<SlotId, String>,
    /// Question and result of each slot's room.
    questions: BTreeMap<SlotId, ShownAtSlot>,
    /// What stood in each room when slots were told last.
    asked: BTreeMap<RoomId, AskedInRoom>,
    mode: Option<Mode>,
    /// States that games show at slots.
    slots: HashMap<Topic, Value>,
    /// Effects that are stored, and not known to be at the broker.
    unsent: BTreeMap<i64, StoredEffect>,
    /// Effects that are at the broker, and not marked so in the journal.
    pub(in crate::engine) sent: Vec<i64>,
    /// Time at which they are marked at the latest.
    pub(in crate::engine) sent_by: Option<Timestamp>,
}

impl Publisher {
    /// Takes over what a core before this one did not send. `outdated` effects are marked as sent and go nowhere.
    pub(in crate::engine) fn new(
        unsent: Vec<StoredEffect>,
        outdated: &[StoredEffect],
        now: Timestamp,
    ) -> Self {
        Self {
            rooms: BTreeMap::new(),
            hints: BTreeMap::new(),
            questions: BTreeMap::new(),
            asked: BTreeMap::new(),
            mode: None,
            slots: HashMap::new(),
            unsent: unsent.into_iter().map(|effect| (effect.id, effect)).collect(),
            sent: outdated.iter().map(|effect| effect.id).collect(),
            sent_by: (!outdated.is_empty()).then_some(now),
        }
    }

    /// Hands out stored effects as messages, and remembers them until the broker has them.
    pub(in crate::engine) fn send(
        &mut self,
        effects: Vec<StoredEffect>,
        messages: &mut Vec<OutgoingMessage>,
    ) {
        for effect in effects {
            messages.extend(OutgoingMessage::of(&effect));
            self.unsent.insert(effect.id, effect);
        }
    }

    /// Takes note of effects that the broker has; the journal learns it with the next round, or at `by`.
    pub(in crate::engine) fn confirm(&mut self, effects: Vec<i64>, by: Timestamp) {
        for effect in effects {
            if self.unsent.remove(&effect).is_some() {
                self.sent.push(effect);
                self.sent_by.get_or_insert(by);
            }
        }
    }

    /// Drops commands that expired before the broker had them.
    fn expire(&mut self, now: Timestamp) {
        let expired = |effect: &StoredEffect| effect.expires.is_some_and(|at| at <= now);
        let gone: Vec<i64> =
            self.unsent.values().filter(|effect| expired(effect)).map(|effect| effect.id).collect();
        if gone.is_empty() {
            return;
        }
        tracing::warn!(commands = gone.len(), "expired before the broker had them");
        gone.iter().for_each(|id| drop(self.unsent.remove(id)));
        self.sent.extend(gone);
        self.sent_by.get_or_insert(now);
    }
}

/// What happened in a round, as far as it decides what is told after it.
#[derive(Debug)]
pub(in crate::engine) struct News {
    pub(in crate::engine) now: Timestamp,
    /// The connection to the broker is new: everything is told again.
    pub(in crate::engine) all: bool,
    /// Slots that said hello: each is told what stands there, so that it knows that this core tells it.
    pub(in crate::engine) greeted: BTreeSet<SlotId>,
    /// Steps of which older installations are told the result.
    pub(in crate::engine) closed: BTreeSet<u32>,
}

impl News {
    pub(in crate::engine) fn closed_in(effects: &[StoredEffect]) -> BTreeSet<u32> {
        let results = effects.iter().filter(|effect| effect.kind == EffectKind::Result);
        let step = |effect: &StoredEffect| {
            serde_json::from_str::<NightResult>(&effect.body).map(|result| result.step)
        };
        results.filter_map(|effect| step(effect).ok()).collect()
    }
}

//! Publication of hints: to each slot its own, as a retained state that is cleared at its end.

use crate::engine::Engine;
use crate::engine::effects::message::OutgoingMessage;
use crate::engine::read_model::{self, Session};
use eg_proto::{Hint, SlotId, Topic, encode};
use std::collections::BTreeMap;

impl Engine {
    /// Publishes the hint of each slot, or that none stands any more.
    pub(super) fn publish_hints(&mut self, all: bool, messages: &mut Vec<OutgoingMessage>) {
        let mut now: BTreeMap<SlotId, Option<Hint>> = BTreeMap::new();
        for (room, run) in &self.rooms.sessions {
            for seat in &run.roster.seats {
                now.entry(seat.slot.clone()).or_default();
            }
            let aloud = self.rooms.config.get(room).is_some_and(|room| room.hints.aloud);
            // A slot that sits in two sessions reads the hint of the one that takes its presses.
            let plays =
                |slot: &SlotId| self.rooms.playing(slot).is_some_and(|(there, _)| there == *room);
            for hint in &run.shown().hints {
                if let Some(slot) = hint.slot.as_ref().filter(|slot| plays(slot)) {
                    now.insert(slot.clone(), Some(spoken(hint, aloud)));
                }
            }
        }
        if all {
            // Whatever a core before this one has left at the broker.
            for slot in self.slots.known.keys() {
                now.entry(slot.clone()).or_default();
            }
        }
        let told = &mut self.publisher.hints;
        let gone = told.keys().filter(|slot| !now.contains_key(*slot)).cloned();
        let gone: Vec<_> = gone.map(|slot| (slot, None)).collect();
        for (slot, hint) in gone.into_iter().chain(now) {
            if told.get(&slot).cloned().flatten() != hint || all {
                let payload = hint.as_ref().map(encode).unwrap_or_default();
                messages.push(OutgoingMessage::retained(Topic::Hint(slot.clone()), payload));
            }
            told.insert(slot, hint);
        }
    }
}

/// Returns the hint for the room's display.
pub(super) fn room_hint(session: &Session, aloud: bool) -> Option<Hint> {
    session.hints.iter().find(|hint| hint.slot.is_none()).map(|hint| spoken(hint, aloud))
}

fn spoken(hint: &read_model::Hint, aloud: bool) -> Hint {
    let read_model::Hint { id, slot: _, text, en, ends } = hint;
    Hint { text: text.clone(), en: en.clone(), id: Some(*id), ends_us: *ends, aloud }
}

//! Publication of states: the read model for pages, the public state of rooms, and what each slot is told.

mod publish;
mod publish_hints;
mod publish_questions;
mod publish_scenes;
mod questions;

use self::questions::{AskedInRoom, ShownAtSlot};
use super::effects::message::OutgoingMessage;
use crate::journal::{EffectKind, StoredEffect};
use eg_proto::{Hint, Mode, NightResult, RoomId, RoomState, SlotId, SlotScene, Timestamp, Topic};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// States that were last published, and effects that still wait for the broker.
pub(in crate::engine) struct Publisher {
    /// Public state of each room, as last published.
    rooms: BTreeMap<RoomId, RoomState>,
    /// Hint of each slot, as last published; `None` if none stands.
    hints: BTreeMap<SlotId, Option<Hint>>,
    /// Question and result of each slot's room, as last published.
    questions: BTreeMap<SlotId, ShownAtSlot>,
    /// Question and result of each room at the last publication.
    asked: BTreeMap<RoomId, AskedInRoom>,
    /// Scene of each slot, as last published.
    scenes: BTreeMap<SlotId, SlotScene>,
    mode: Option<Mode>,
    /// States that games show at slots, as last published.
    slots: HashMap<Topic, Value>,
    /// Effects that are stored and not confirmed by the broker, by number.
    unsent: BTreeMap<i64, StoredEffect>,
    /// Effects that the broker has and that are not marked as sent in the journal.
    pub(in crate::engine) sent: Vec<i64>,
    /// Time by which `sent` is marked in the journal; `None` while it is empty.
    pub(in crate::engine) sent_by: Option<Timestamp>,
}

impl Publisher {
    /// Takes over the effects that an earlier core did not send. `outdated` effects are marked as sent and go nowhere.
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
            scenes: BTreeMap::new(),
            mode: None,
            slots: HashMap::new(),
            unsent: unsent.into_iter().map(|effect| (effect.id, effect)).collect(),
            sent: outdated.iter().map(|effect| effect.id).collect(),
            sent_by: (!outdated.is_empty()).then_some(now),
        }
    }

    /// Appends stored effects to `messages`, and keeps them until the broker has them.
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

    /// Notes effects that the broker has; the journal learns of them with the next round, or by `by`.
    pub(in crate::engine) fn confirm(&mut self, effects: Vec<i64>, by: Timestamp) {
        for effect in effects {
            if self.unsent.remove(&effect).is_some() {
                self.sent.push(effect);
                self.sent_by.get_or_insert(by);
            }
        }
    }

    /// Drops commands that expired before the broker got them.
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

/// Events of a round that decide what is published after it.
#[derive(Debug)]
pub(in crate::engine) struct News {
    pub(in crate::engine) now: Timestamp,
    /// `true` if the connection to the broker is new: everything is published again.
    pub(in crate::engine) all: bool,
    /// Slots that said hello: each is told its states again, as a sign that this core serves it.
    pub(in crate::engine) greeted: BTreeSet<SlotId>,
    /// Steps whose result older installations are told in this round.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn command(id: i64, expires: Option<i64>) -> StoredEffect {
        let (slot, expires) = ("slot-01".parse().ok(), expires.map(Timestamp));
        let (kind, subject, body) = (EffectKind::Command, None, "{}".to_owned());
        StoredEffect { id, kind, slot, subject, body, expires }
    }

    fn publisher() -> Publisher {
        Publisher::new(vec![command(1, None)], &[], Timestamp(0))
    }

    #[test]
    fn an_effect_is_marked_once_and_only_when_the_broker_has_it() {
        let mut publisher = publisher();
        let mut messages = Vec::new();

        publisher.send(vec![command(2, None)], &mut messages);
        publisher.confirm(vec![2, 2, 7], Timestamp(50));

        assert_eq!(messages.len(), 1, "what an earlier core left is sent with the connection");
        assert_eq!((publisher.sent.as_slice(), publisher.sent_by), (&[2][..], Some(Timestamp(50))));
        assert_eq!(publisher.unsent.keys().collect::<Vec<_>>(), [&1]);
    }

    #[test]
    fn a_command_that_expired_before_the_broker_had_it_is_dropped_and_marked() {
        let mut publisher = publisher();
        publisher.send(vec![command(2, Some(10)), command(3, Some(11))], &mut Vec::new());

        publisher.expire(Timestamp(10));

        assert_eq!(publisher.sent, [2]);
        assert_eq!(publisher.unsent.keys().collect::<Vec<_>>(), [&1, &3]);
    }

    #[test]
    fn effects_that_nobody_listens_to_any_more_are_marked_and_go_nowhere() {
        let publisher = Publisher::new(Vec::new(), &[command(4, None)], Timestamp(3));

        assert!(publisher.unsent.is_empty());
        assert_eq!((publisher.sent.as_slice(), publisher.sent_by), (&[4][..], Some(Timestamp(3))));
    }
}

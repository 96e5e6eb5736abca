//! Hands on a board: two keys at once, and keys that are stuck.

use eg_game::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// State of the keys of all boards.
#[derive(Default)]
pub(crate) struct Hands {
    /// The last key of each slot that chose something and is still held down.
    down: BTreeMap<SlotId, Down>,
    stuck: BTreeSet<(SlotId, InputName)>,
}

/// A key that is held down.
pub(crate) struct Down {
    pub(crate) input: InputName,
    pub(crate) when: When,
    /// The step it chose in, and that player's paper before; nothing when they are not asked.
    pub(crate) before: Option<(u32, Paper)>,
}

impl Hands {
    /// Takes in what is no press. A line for the log when a key is stuck, or no longer.
    pub(crate) fn hear(&mut self, input: &Input) -> Option<Text> {
        if let InputData::Event { input: key, kind, .. } = &input.what {
            return self.event(&input.slot, key, kind);
        }
        if input.what == InputData::Slot(Presence::Offline) {
            self.down.remove(&input.slot);
        }
        None
    }

    fn event(&mut self, slot: &SlotId, key: &InputName, kind: &EventKind) -> Option<Text> {
        let place = (slot.clone(), key.clone());
        if let EventKind::Release | EventKind::Recovered = kind {
            if self.down.get(slot).is_some_and(|down| down.input == *key) {
                self.down.remove(slot);
            }
            return self.stuck.remove(&place).then(|| {
                Text::new(
                    format!("{slot} : la touche {key} n'est plus bloquée"),
                    format!("{slot}: the key {key} is no longer stuck"),
                )
            });
        }
        let is_stuck = matches!(kind, EventKind::Fault { what: Fault::Stuck, .. });
        (is_stuck && self.stuck.insert(place)).then(|| {
            Text::new(
                format!("{slot} : la touche {key} est bloquée et ne compte plus"),
                format!("{slot}: the key {key} is stuck and does not count"),
            )
        })
    }

    pub(crate) fn is_stuck(&self, slot: &SlotId, key: &InputName) -> bool {
        self.stuck.contains(&(slot.clone(), key.clone()))
    }

    /// The keys that are stuck, with their slots.
    pub(crate) fn stuck(&self) -> impl Iterator<Item = &(SlotId, InputName)> {
        self.stuck.iter()
    }

    /// The key that this player still holds, pressed within `span` of this other one.
    pub(crate) fn at_once(
        &self,
        slot: &SlotId,
        key: &InputName,
        when: When,
        span: Duration,
    ) -> bool {
        self.down.get(slot).is_some_and(|down| {
            down.input != *key
                && when.earliest.since(down.when.latest) <= span
                && down.when.earliest.since(when.latest) <= span
        })
    }

    pub(crate) fn press(&mut self, slot: &SlotId, down: Down) {
        self.down.insert(slot.clone(), down);
    }

    /// Forgets the paper to lay back, once.
    pub(crate) fn take_before(&mut self, slot: &SlotId) -> Option<(u32, Paper)> {
        self.down.get_mut(slot)?.before.take()
    }

    /// A step opens or closes: what was on a paper before no longer matters.
    pub(crate) fn forget_papers(&mut self) {
        self.down.values_mut().for_each(|down| down.before = None);
    }
}

//! Slots: their own reports, the timing of their links, and the machines that speak as each of them.

mod clocks;
pub(in crate::engine) mod controls;
mod identity;
mod lamp_tour;
mod lights;
mod limits;
mod orders;
pub(in crate::engine) mod registry;
mod restart;
mod silence;
mod speakers;
pub(in crate::engine) mod timing;
pub(in crate::engine) mod twins;

use super::read_model::{Panel, Slot};
use super::transactional::TransactionalMap;
use eg_proto::{SlotId, Timestamp};
use lamp_tour::LampTour;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use timing::LinkTiming;
use twins::SpeakerHistory;

/// State of all slots. Changes of a round are rolled back with it.
#[derive(Debug)]
pub(in crate::engine) struct Slots {
    /// Slots as pages show them. A read model shares those that have not changed since.
    pub(in crate::engine) known: TransactionalMap<SlotId, Arc<Slot>>,
    /// Inputs and outputs of each slot, as pages show them.
    pub(in crate::engine) panels: TransactionalMap<SlotId, Arc<Panel>>,
    /// Lamps that light up one after the other, by slot.
    pub(in crate::engine) tours: TransactionalMap<SlotId, LampTour>,
    /// Time at which each slot was last heard, as the journal knows it.
    pub(in crate::engine) heard: TransactionalMap<SlotId, Timestamp>,
    /// Slots that have announced their presence since this core started.
    pub(in crate::engine) announced: TransactionalMap<SlotId, ()>,
    /// Measurements of each slot's link and clock.
    pub(in crate::engine) timing: TransactionalMap<SlotId, LinkTiming>,
    /// Machines that speak as each slot.
    pub(in crate::engine) speakers: TransactionalMap<SlotId, SpeakerHistory>,
    /// Devices that have voted by the old contract since this core started.
    pub(in crate::engine) voters: TransactionalMap<SlotId, ()>,
    /// Devices that say they are something other than a slot.
    pub(in crate::engine) tables: TransactionalMap<SlotId, ()>,
    /// Ids of commands by which the operator tries an output, until they are answered.
    pub(in crate::engine) tried: TransactionalMap<String, ()>,
    /// Slots that were linked (`true`) or lost (`false`) and are not marked so in the journal yet.
    pub(in crate::engine) links: BTreeMap<SlotId, bool>,
    /// Slots that counted as offline and have spoken since.
    pub(in crate::engine) back: BTreeSet<SlotId>,
    /// Time from which the core hears slots; `None` while its own link is lost.
    listening: Option<Timestamp>,
    /// Time before which no slot falls silent; `None` while that is to be looked for again.
    calm: Cell<Option<Timestamp>>,
}

impl Default for Slots {
    fn default() -> Self {
        Self {
            known: TransactionalMap::default(),
            panels: TransactionalMap::default(),
            tours: TransactionalMap::default(),
            heard: TransactionalMap::default(),
            announced: TransactionalMap::default(),
            timing: TransactionalMap::default(),
            speakers: TransactionalMap::default(),
            voters: TransactionalMap::default(),
            tables: TransactionalMap::default(),
            tried: TransactionalMap::default(),
            links: BTreeMap::new(),
            back: BTreeSet::new(),
            listening: Some(Timestamp::default()),
            calm: Cell::new(None),
        }
    }
}

impl Slots {
    /// Begins a transaction: changes from here on can be rolled back.
    pub(in crate::engine) fn begin(&mut self) {
        self.known.begin();
        self.panels.begin();
        self.tours.begin();
        self.heard.begin();
        self.announced.begin();
        self.timing.begin();
        self.speakers.begin();
        self.voters.begin();
        self.tables.begin();
        self.tried.begin();
    }

    /// Undoes every change since the last [`begin`](Self::begin), except of `links`, which still wait for the journal.
    pub(in crate::engine) fn rollback(&mut self) {
        self.known.rollback();
        self.panels.rollback();
        self.tours.rollback();
        self.heard.rollback();
        self.announced.rollback();
        self.timing.rollback();
        self.speakers.rollback();
        self.voters.rollback();
        self.tables.rollback();
        self.tried.rollback();
        self.calm.set(None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_that_is_taken_back_leaves_every_map_as_it_was() {
        let slot: SlotId = "slot-01".parse().unwrap();
        let mut slots = Slots::default();
        slots.links.insert(slot.clone(), true);

        slots.begin();
        slots.known.insert(slot.clone(), Slot::unheard().into());
        slots.panels.insert(slot.clone(), Arc::default());
        slots.heard.insert(slot.clone(), Timestamp(1));
        slots.announced.insert(slot.clone(), ());
        slots.timing.insert(slot.clone(), LinkTiming::default());
        slots.speakers.insert(slot.clone(), SpeakerHistory::default());
        slots.voters.insert(slot.clone(), ());
        slots.tables.insert(slot.clone(), ());
        slots.tried.insert("01KA000000000000000000000A".to_owned(), ());
        slots.rollback();

        assert!(slots.panels.is_empty());
        assert!(slots.known.is_empty() && slots.heard.is_empty() && slots.announced.is_empty());
        assert!(slots.timing.is_empty() && slots.speakers.is_empty() && slots.voters.is_empty());
        assert!(slots.tables.is_empty() && slots.tried.is_empty());
        assert_eq!(slots.links.len(), 1, "the journal still has to learn of it");
    }
}

//! Plan of a room: places of its slots, as the operator has dragged them. Kept in the journal until they are moved again.

use crate::engine::Engine;
use crate::engine::command::{Actor, Refused, RefusedKind};
use crate::engine::read_model::{Place, RoomPlan};
use crate::engine::rooms::acts::{ActRequest, Attempt, no_room};
use crate::engine::text;
use crate::engine::transaction::Transaction;
use crate::journal::{JournalError, json};
use eg_proto::{RoomId, SlotId, Text};
use std::sync::Arc;

impl Engine {
    /// Loads the plans of all rooms from the journal.
    pub(in crate::engine) fn recall_plans(&mut self) -> Result<(), JournalError> {
        self.rooms.plans.clear();
        for room in self.rooms.config.keys() {
            // Places that cannot be read are none: a slot without one is listed.
            let kept = self.journal.plan(room)?.unwrap_or_default();
            let plan: RoomPlan = serde_json::from_str(&kept).unwrap_or_default();
            self.rooms.plans.insert(room.clone(), Arc::new(plan));
        }
        Ok(())
    }

    /// Moves a slot to a place of its room's plan; `None` takes it off. A slot that stood there takes the place that
    /// became free.
    pub(in crate::engine) fn move_slot(
        &mut self,
        tx: &mut Transaction,
        room: &RoomId,
        slot: SlotId,
        place: Option<Place>,
        by: Actor,
    ) -> Attempt<()> {
        let Some(plan) = self.rooms.plans.get(room) else { return Ok(Err(no_room(room))) };
        if !self.seats(room).contains(&slot) {
            return Ok(Err(Refused::unknown(
                format!("pas de poste « {slot} » dans {room}"),
                format!("no slot called {:?} in {room}", slot.as_str()),
            )));
        }
        if place.is_some_and(|place| !place.is_on_plan()) {
            let (columns, rows) = (Place::COLUMNS, Place::ROWS);
            let why = Text::new(
                format!("le plan a {columns} colonnes et {rows} lignes, comptées à partir de 0"),
                format!("the plan has {columns} columns and {rows} rows, counted from 0"),
            );
            return Ok(Err(Refused::new(RefusedKind::Invalid, why)));
        }
        let mut plan = RoomPlan::clone(plan);
        if !put(&mut plan, &slot, place) {
            return Ok(Ok(()));
        }
        let args = [("room", json(room)), ("slot", json(&slot)), ("place", json(&place))];
        let name = "plan".to_owned();
        let request = ActRequest { name, args: text::args(args), reason: None, by };
        self.write_act(tx, None, request)?;
        self.journal.keep_plan(room, &json(&plan).to_string())?;
        self.rooms.plans.insert(room.clone(), Arc::new(plan));
        Ok(Ok(()))
    }
}

/// Puts a slot in its place. Returns `false` if it is there already.
fn put(plan: &mut RoomPlan, slot: &SlotId, place: Option<Place>) -> bool {
    let before = plan.get(slot).copied();
    if before == place {
        return false;
    }
    plan.remove(slot);
    let Some(place) = place else { return true };
    let stands = plan.iter().find(|(_, there)| **there == place).map(|(other, _)| other.clone());
    if let Some(other) = stands {
        match before {
            Some(free) => plan.insert(other, free),
            None => plan.remove(&other),
        };
    }
    plan.insert(slot.clone(), place);
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn slot(number: u8) -> SlotId {
        format!("slot-{number:02}").parse().unwrap()
    }

    #[test]
    fn a_slot_that_is_in_the_way_takes_the_place_that_became_free() {
        let (here, there) = (Place { x: 0, y: 0 }, Place { x: 3, y: 1 });
        let mut plan = RoomPlan::from([(slot(1), here), (slot(2), there)]);

        assert!(put(&mut plan, &slot(1), Some(there)));

        assert_eq!(plan, RoomPlan::from([(slot(1), there), (slot(2), here)]));
        assert!(!put(&mut plan, &slot(1), Some(there)), "it stands there already");
        assert!(put(&mut plan, &slot(3), Some(there)));
        assert_eq!(
            plan,
            RoomPlan::from([(slot(2), here), (slot(3), there)]),
            "the other is off the plan"
        );
    }

    proptest! {
        #[test]
        fn no_two_slots_stand_in_one_place(
            moves in prop::collection::vec((0..6_u8, prop::option::of((0..3_u8, 0..2_u8))), 0..60),
        ) {
            let mut plan = RoomPlan::default();
            for (number, place) in moves {
                let place = place.map(|(x, y)| Place { x, y });
                put(&mut plan, &slot(number), place);
                prop_assert_eq!(plan.get(&slot(number)).copied(), place);
                let mut places: Vec<_> = plan.values().collect();
                places.sort();
                places.dedup();
                prop_assert_eq!(places.len(), plan.len());
            }
        }
    }
}

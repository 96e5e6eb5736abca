//! Slots of each room: those that have a place stand on its plan, the others in a grid, trouble first.

use super::health::{place, trouble};
use crate::engine::read_model::{Place, ReadModel, RoomPlan, Slot};
use crate::http::page::text::Localizer;
use eg_proto::{RoomId, SlotId};
use maud::{Markup, html};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Slots that are shown together: those of one room, or those of none.
pub(super) struct Group<'a> {
    room: Option<&'a RoomId>,
    plan: Option<&'a RoomPlan>,
    slots: Vec<(&'a SlotId, &'a Slot)>,
}

/// Returns the slots by room. One that plays in several rooms stands in the first.
pub(super) fn groups(state: &ReadModel) -> Vec<Group<'_>> {
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for (id, room) in &state.rooms {
        let slots = room.slots.iter().filter_map(|id| state.slots.get_key_value(id));
        let slots: Vec<_> = slots.filter(|(id, _)| seen.insert(*id)).map(apart).collect();
        let plan = state.plans.get(id).map(Arc::as_ref);
        all.push(Group { room: Some(id), plan, slots });
    }
    let rest = state.slots.iter().filter(|(id, _)| !seen.contains(id)).map(apart);
    all.push(Group { room: None, plan: None, slots: rest.collect() });
    all.retain(|group| !group.slots.is_empty());
    all
}

fn apart<'a>((id, slot): (&'a SlotId, &'a Arc<Slot>)) -> (&'a SlotId, &'a Slot) {
    (id, slot.as_ref())
}

impl Group<'_> {
    /// Renders the places of the group's tiles. `is_only` leaves the room's name out, `arranges` lets the reader move them.
    pub(super) fn show(&self, voice: Localizer<'_>, is_only: bool, arranges: bool) -> Markup {
        let placed = |id: &SlotId| self.plan.and_then(|plan| plan.get(id)).copied();
        let mut on_plan: Vec<_> =
            self.slots.iter().filter_map(|(id, _)| Some((placed(id)?, *id))).collect();
        // Read and tabbed from left to right and from top to bottom.
        on_plan.sort_by_key(|(place, _)| (place.y, place.x));
        let mut listed: Vec<_> =
            self.slots.iter().filter(|(id, _)| placed(id).is_none()).copied().collect();
        listed.sort_by_key(|(id, slot)| (trouble(slot), *id));
        let name = self
            .room
            .map_or_else(|| voice.say("slots-elsewhere"), |id| voice.names.room(id).to_owned());
        let key = self.room.map_or("", RoomId::as_str);
        html! {
            @if !is_only { h3 { (name) } }
            @if let Some(room) = self.room && (arranges || !on_plan.is_empty()) {
                div.plan id=(format!("plan-{room}")) data-plan=[arranges.then(|| format!("/api/rooms/{room}/plan"))] {
                    @for (Place { x, y }, id) in &on_plan {
                        (tile(id, &format!("x{x} y{y}"), Some((*x, *y))))
                    }
                }
            }
            div.grid id=(format!("grid-{key}")) { @for (id, _) in &listed { (tile(id, "", None)) } }
        }
    }
}

/// Renders the place of a tile, which is a part of its own.
fn tile(id: &SlotId, class: &str, at: Option<(u8, u8)>) -> Markup {
    let at = at.map(|(x, y)| format!("{x},{y}"));
    html! {
        section.tile.slot.(class) id=(place(id)) data-slot=(id) data-place=[at] aria-label=(id) data-part {}
    }
}

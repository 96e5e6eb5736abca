//! Slots: a plan and a grid of tiles with their health and their lights, and a page for each.

mod adoption;
mod detail;
mod health;
mod plan;
mod tile;

pub(super) use adoption::Adoption;
pub(super) use detail::table;
#[cfg(test)]
pub(super) use detail::whole;

use super::room::forced;
use super::text::Localizer;
use crate::engine::read_model::{Panel, ReadModel};
use eg_proto::{Presence, Timestamp};
use health::place;
use maud::{Markup, html};
use std::sync::Arc;

/// Renders the slots of every room as a plan and a grid of tiles, and then each tile as a part of its own.
pub(super) fn slots(
    voice: Localizer<'_>,
    state: &ReadModel,
    adoption: &Adoption,
    now: Timestamp,
) -> Vec<(String, Markup)> {
    let online = state.slots.values().filter(|slot| slot.presence == Presence::Online).count();
    let told = voice.words.tell(
        voice.lang,
        "slots-online",
        [("online", online.into()), ("all", state.slots.len().into())],
    );
    let groups = plan::groups(state);
    let card = html! {
        div.row {
            h2.grow { (voice.say("slots")) span.soft.small { (told) } }
            @if !groups.is_empty() { (tools(voice, adoption.manages)) }
        }
        (adoption.above(voice, state))
        @if state.slots.is_empty() && adoption.waiting.is_empty() {
            p.soft { (voice.say("slots-none")) }
        }
        @for group in &groups { (group.show(voice, groups.len() == 1, adoption.manages)) }
        (adoption.below(voice, state))
    };
    let dark = Panel::default();
    let tiles = state.slots.iter().map(|(id, slot)| {
        let panel = state.panels.get(id).map_or(&dark, Arc::as_ref);
        let forced = forced::of_slot(voice, state, id);
        (place(id), tile::tile(voice, id, slot, panel, now, forced))
    });
    [("slots".to_owned(), card)].into_iter().chain(tiles).collect()
}

/// Renders the field that filters the tiles, and the button with which an operator arranges them.
fn tools(voice: Localizer<'_>, arranges: bool) -> Markup {
    html! {
        div #slot-tools .row data-keep {
            input #slot-filter type="search" placeholder=(voice.say("slots-filter")) aria-label=(voice.say("slots-filter"))
                autocomplete="off" data-filter="#slots .slot";
            @if arranges {
                button #arrange type="button" aria-pressed="false" data-arrange data-moved=(voice.say("slots-moved"))
                    data-listed=(voice.say("slots-listed")) { (voice.say("slots-arrange")) }
            }
        }
        @if arranges { p #arrange-help .small.soft { (voice.say("slots-arrange-help")) } }
        p #slot-moved .unseen role="status" data-keep {}
    }
}

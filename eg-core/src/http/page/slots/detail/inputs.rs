//! Boards of a slot with the states of their inputs.

use super::context::Detail;
use crate::engine::read_model::{Device, InputLight};
use crate::http::page::slots::health::{board, was_just};
use crate::http::page::text::Localizer;
use eg_proto::{InputName, Presence, SlotId, State};
use maud::{Markup, html};

/// Renders every board with its state, and each of its inputs with its level.
pub(super) fn inputs(detail: &Detail<'_>) -> Markup {
    let Detail { voice, id, slot, panel, acts, .. } = *detail;
    let is_gone = slot.presence == Presence::Offline;
    html! {
        @if panel.veiled { p.note.small { (voice.say("slot-veiled")) } }
        @if acts && !is_gone { (look(voice, id)) }
        @if slot.devices.is_empty() { p.soft { (voice.say("slot-no-boards")) } }
        @for device in &slot.devices {
            section.tile.tight aria-label=(device.name) {
                ul.tight { @if is_gone { li.soft { (device.name) " · " (device.driver) } } @else { (board(voice, device)) } }
                @if !device.inputs.is_empty() {
                    ul.lights { @for input in &device.inputs { (row(detail, device, input)) } }
                }
            }
        }
    }
}

/// Renders the button that asks the slot for the state of its inputs.
fn look(voice: Localizer<'_>, id: &SlotId) -> Markup {
    html! {
        form.inline #slot-look data-post=(format!("/api/slots/{id}/look")) data-again {
            button type="submit" { (voice.say("slot-look")) }
            output {}
        }
    }
}

fn row(detail: &Detail<'_>, device: &Device, input: &InputName) -> Markup {
    let Detail { voice, panel, now, .. } = *detail;
    let light = panel.input(&device.name, input);
    let is_on = light.is_some_and(InputLight::is_on);
    let just = light.is_some_and(|light| was_just(light, now));
    html! {
        li.light.on[is_on].just[just && !is_on] {
            span.mono { (input) }
            span.soft.small { (told(voice, light)) }
        }
    }
}

/// Describes the state of an input.
fn told(voice: Localizer<'_>, light: Option<&InputLight>) -> String {
    match light.map(|light| &light.state) {
        None => voice.say("input-unknown"),
        Some(None) => voice.say("input-moment"),
        Some(Some(State::On(true))) => voice.say("input-on"),
        Some(Some(State::On(false))) => voice.say("input-off"),
        Some(Some(State::Value(value))) => voice.number(*value),
        Some(Some(State::Tags(tags))) if tags.is_empty() => voice.say("input-no-tag"),
        Some(Some(State::Tags(tags))) => tags.join(", "),
    }
}

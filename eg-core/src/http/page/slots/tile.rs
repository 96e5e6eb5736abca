//! Tile of one slot: its state, the lights of its inputs and outputs, and what is wrong with it.

use super::health::{health, is_just, was_just};
use crate::engine::read_model::{Device, InputLight, Panel, Slot};
use crate::http::page::text::Localizer;
use eg_proto::{DeviceState, Presence, SlotId, Timestamp};
use maud::{Markup, html};

/// Number of inputs, and of outputs, whose lights a tile shows.
const LIGHTS: usize = 16;

/// Renders the content of a tile.
pub(super) fn tile(
    voice: Localizer<'_>,
    id: &SlotId,
    slot: &Slot,
    panel: &Panel,
    now: Timestamp,
    forced: Markup,
) -> Markup {
    let (tone, word) = health(slot);
    html! {
        (voice.place(id))
        @if tone == "good" { span.state.good title=(voice.say(word)) { span.unseen { (voice.say(word)) } } }
        @else { span.state.(tone) { (voice.say(word)) } }
        @if slot.presence == Presence::Online { (lights(slot, panel, now)) }
        (forced)
        @if let Some(reason) = reason(voice, slot) { p.small.(reason.0) { (reason.1) } }
        @else if slot.sim { p.small.soft { (voice.say("sim")) } }
    }
}

/// Renders a dot for each input and a square for each output; lit ones are filled. They are for the eye: the slot's page
/// says the same in words.
fn lights(slot: &Slot, panel: &Panel, now: Timestamp) -> Markup {
    let inputs = slot
        .devices
        .iter()
        .flat_map(|device| device.inputs.iter().map(move |input| panel.input(&device.name, input)));
    let outputs = slot.devices.iter().flat_map(|device| {
        device.outputs.iter().map(move |output| {
            panel.output(&device.name, output).is_some_and(|output| output.lit == Some(true))
        })
    });
    let just = panel.touched.is_some_and(|at| is_just(at, now));
    html! {
        span.dots aria-hidden="true" {
            @if panel.veiled { i.just[just] {} }
            @else {
                @for input in inputs.take(LIGHTS) {
                    i.on[input.is_some_and(InputLight::is_on)] .just[input.is_some_and(|input| was_just(input, now))] {}
                }
            }
            @for lit in outputs.take(LIGHTS) { b.on[lit] {} }
        }
    }
}

/// Returns the first thing that is wrong with a slot, with its tone.
fn reason(voice: Localizer<'_>, slot: &Slot) -> Option<(&'static str, String)> {
    if slot.twin.is_some() {
        return Some(("bad", voice.say("tile-twin")));
    }
    if slot.presence == Presence::Offline {
        return None;
    }
    let in_state = |state: DeviceState| slot.devices.iter().find(|device| device.state == state);
    let told = |device: &Device, word: &str| format!("{} {}", device.name, voice.say(word));
    if let Some(device) = in_state(DeviceState::Lost) {
        return Some(("bad", told(device, "device-lost")));
    }
    in_state(DeviceState::Fault).map(|device| ("warn", told(device, "device-fault")))
}

//! The boards: their health, their inputs lit as they are pressed, their outputs. A simulated board can be touched.

use super::faults::faults;
use super::technician;
use super::view::View;
use crate::slot::{DeviceView, InputView, OutputView};
use eg_hal::sim::Touch;
use eg_proto::{DeviceState, Noise, Set};
use maud::{Markup, html};
use std::iter::Peekable;

/// Number of contacts that have a key of the keyboard, counted over all boards.
const KEYS: usize = 6;

/// Every board of the slot.
pub(super) fn devices(view: &View<'_>) -> Markup {
    let mut keys = (1..=KEYS).map(|key| key.to_string()).peekable();
    html! {
        @for device in &view.state.devices {
            section.card id=(format!("device-{}", device.name)) aria-label=(device.name) {
                (head(view, device))
                (inputs(view, device, &mut keys))
                (outputs(view, device))
                (technician::levels(view, device))
                (faults(view, device))
            }
        }
    }
}

fn head(view: &View<'_>, device: &DeviceView) -> Markup {
    let (tone, word) = match device.state {
        DeviceState::Ready => ("good", "device-ready"),
        DeviceState::Lost => ("bad", "device-lost"),
        DeviceState::Fault => ("warn", "device-fault"),
    };
    html! {
        h2 {
            (device.name)
            span.soft.small { (device.driver) }
            span.pill.(tone) { (view.say(word)) }
        }
        @if let Some(error) = &device.error { p.note.(tone).mono.small { (view.cause(error)) } }
        @if let Some(Noise { count, last }) = &device.noise {
            p.soft.small { (view.words.tell(view.lang, "dropped", [("n", (*count).into())])) " " span.mono { (last) } }
        }
    }
}

fn inputs(
    view: &View<'_>,
    device: &DeviceView,
    keys: &mut Peekable<impl Iterator<Item = String>>,
) -> Markup {
    let touch = |input: &InputView| {
        view.inputs.map_or(Touch::Nothing, |inputs| inputs.takes(&device.name, &input.name))
    };
    let contacts = device.inputs.iter().filter(|input| touch(input) == Touch::Contact).count();
    html! {
        @if !device.inputs.is_empty() { h3 { (view.say("inputs")) } }
        @if contacts > 0 && keys.peek().is_some() { p.soft.small { (view.with("press-help", "n", KEYS)) } }
        div.keys {
            @for input in &device.inputs {
                @if touch(input) == Touch::Contact { (contact(device, input, keys.next())) } @else { (readout(input)) }
            }
        }
        @for input in &device.inputs { (hand(view, device, input, touch(input))) }
    }
}

/// A button that is held down as long as it is pressed.
fn contact(device: &DeviceView, input: &InputView, key: Option<String>) -> Markup {
    let at = format!("/poke/{}/{}", device.name, input.name);
    html! {
        button.key.lit[input.pressed] type="button" id=(format!("input-{}-{}", device.name, input.name))
            data-press=(at) data-key=[key.as_deref()] aria-pressed=(input.pressed) {
            (input.name)
            @if let Some(key) = &key { kbd { (key) } }
        }
    }
}

fn readout(input: &InputView) -> Markup {
    html! {
        div.tile {
            strong { (input.name) }
            span.lamp.lit[input.pressed] { @if input.pressed { "●" } @else { "○" } }
            @if let Some(last) = &input.last { span.mono.small { (last) } }
        }
    }
}

/// Renders the controls of an input that is no contact.
fn hand(view: &View<'_>, device: &DeviceView, input: &InputView, touch: Touch) -> Markup {
    let at = format!("/poke/{}/{}", device.name, input.name);
    let id = format!("{}-{}", device.name, input.name);
    // A dial is turned on by pressing again and again.
    let send = |label: &str, name: &str, value: &str, kind: &str| {
        html! {
            form.inline data-post=(at) data-again[kind == "number"] {
                input type="hidden" name=(name) value=(value) data-as=(kind);
                button type="submit" { (view.say(label)) }
                output {}
            }
        }
    };
    match touch {
        Touch::Contact | Touch::Nothing => html! {},
        Touch::Tag => html! {
            form.inline id=(format!("tag-{id}")) data-post=(at) {
                label { (view.say("tag")) input name="tag" value="04A37C91" pattern="[0-9A-Fa-f]{4,32}" required; }
                button type="submit" { (view.say("present")) }
                output {}
            }
            (send("take-away", "away", "true", "json"))
        },
        Touch::Text => html! {
            form.inline data-post=(at) {
                label { (view.say("text")) input name="line" required maxlength="200"; }
                button type="submit" { (view.say("send")) }
                output {}
            }
        },
        Touch::Dial => html! {
            div.row { (send("turn-left", "turn", "-1", "number")) (send("turn-right", "turn", "1", "number")) }
        },
        Touch::Range => html! {
            form.inline data-post=(at) {
                label { (input.name) input type="range" name="value" min="0" max="1" step="0.01" data-as="number"; }
                button type="submit" { (view.say("send")) }
                output {}
            }
        },
    }
}

fn outputs(view: &View<'_>, device: &DeviceView) -> Markup {
    html! {
        @if !device.outputs.is_empty() {
            h3 { (view.say("outputs")) }
            ul.row { @for output in &device.outputs { (lamp(view, device, output)) } }
        }
    }
}

fn lamp(view: &View<'_>, device: &DeviceView, output: &OutputView) -> Markup {
    // Of a simulated display what is read on it, as it is broken into lines there.
    let seen = view.inputs.and_then(|inputs| inputs.shown(&device.name, &output.name));
    let set = seen.as_ref().filter(|seen| matches!(seen, Set::Text(_))).unwrap_or(&output.set);
    let hex = |[r, g, b]: &[u8; 3]| format!("#{r:02x}{g:02x}{b:02x}");
    let (lit, shown) = match set {
        Set::Off => (false, String::new()),
        Set::On | Set::Pulse(_) => (true, String::new()),
        Set::Level(level) => (*level > 0.0, format!("{:.0} %", level * 100.0)),
        Set::Rgb(rgb) => (*rgb != [0; 3], hex(rgb)),
        Set::Text(text) => (!text.is_empty(), String::new()),
        _ => (true, String::new()),
    };
    let told = view.say(if lit { "lit" } else { "dark" });
    html! {
        li.tight {
            @match set {
                Set::Text(text) => pre.screen aria-label=(output.name) { (text) },
                _ => span.lamp.lit[lit] role="img" aria-label=(format!("{}: {told}", output.name)) {
                    @if let Set::Rgb(rgb) = set {
                        svg width="34" height="34" viewBox="0 0 16 16" { circle cx="8" cy="8" r="8" fill=(hex(rgb)) {} }
                    } @else if lit { "●" } @else { "○" }
                },
            }
            span.small { (output.name) }
            @if !shown.is_empty() { span.mono.small { (shown) } }
        }
    }
}

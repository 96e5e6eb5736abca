//! Outputs of a slot: what each was told last, how the slot reports it, and buttons to try it.

use super::context::Detail;
use crate::engine::read_model::{Device, OutputLight, Told};
use crate::http::page::ask::Ask;
use crate::http::page::text::Localizer;
use eg_proto::{CommandAck, CommandResult, DeviceName, OutputName, Presence, Set, SlotId};
use maud::{Markup, html};

/// Value of the button that blinks an output shortly.
const TEST: &str = r#"{"pulse_ms":300}"#;
/// Value of the button that pulses an output.
const PULSE: &str = r#"{"pulse_ms":1000}"#;

/// Renders the outputs of every board, each with the place of its state.
pub(super) fn outputs(detail: &Detail<'_>) -> Markup {
    let Detail { voice, id, slot, acts, .. } = *detail;
    let acts = acts && slot.presence == Presence::Online;
    let boards = || slot.devices.iter().filter(|device| !device.outputs.is_empty());
    html! {
        @if boards().next().is_none() { p.soft { (voice.say("slot-no-outputs")) } }
        @for device in boards() {
            section.tile.tight aria-label=(format!("{} · {}", voice.say("slot-outputs"), device.name)) {
                h3 { (device.name) }
                ul.tight { @for output in &device.outputs { (row(voice, id, device, output, acts)) } }
                @if acts { (value(voice, id, device)) (text(voice, id, device)) }
            }
        }
    }
}

/// Renders the state of every output, by the id of its place.
pub(super) fn states<'a>(detail: &'a Detail<'_>) -> impl Iterator<Item = (String, Markup)> + 'a {
    let each = detail
        .slot
        .devices
        .iter()
        .flat_map(|device| device.outputs.iter().map(move |output| (&device.name, output)));
    each.map(|(device, output)| {
        let light = detail.panel.output(device, output);
        (place(device, output), state(detail.voice, output, light))
    })
}

fn place(device: &DeviceName, output: &OutputName) -> String {
    format!("state-{device}-{output}")
}

fn row(
    voice: Localizer<'_>,
    slot: &SlotId,
    device: &Device,
    output: &OutputName,
    acts: bool,
) -> Markup {
    let button = |word: &str, set: &str, json: bool| {
        let told = voice.say(word);
        html! {
            button type="submit" name="set" value=(set) data-as=[json.then_some("json")]
                aria-label=(format!("{} {output}: {told}", device.name)) { (told) }
        }
    };
    html! {
        li.output {
            div id=(place(&device.name, output)) .row data-part {}
            @if acts {
                form.inline data-again id=(format!("set-{}-{output}", device.name))
                    data-post=(format!("/api/slots/{slot}/outputs")) {
                    input type="hidden" name="device" value=(device.name);
                    input type="hidden" name="output" value=(output);
                    (button("output-test", TEST, true))
                    (button("on", "on", false))
                    (button("off", "off", false))
                    (button("output-pulse", PULSE, true))
                    output {}
                }
            }
        }
    }
}

/// Renders how an output is: lit or dark as its slot reports, and what it was told last.
fn state(voice: Localizer<'_>, output: &OutputName, light: Option<&OutputLight>) -> Markup {
    let lit = light.and_then(|light| light.lit);
    html! {
        span.light.out.on[lit == Some(true)] { span.mono { (output) } }
        span.soft.small {
            (voice.say(match lit {
                Some(true) => "output-lit",
                Some(false) => "output-dark",
                None => "output-unknown",
            }))
        }
        @if let Some(told) = light.and_then(|light| light.told.as_ref()) { (command(voice, told)) }
    }
}

/// Renders a command with its answer.
fn command(voice: Localizer<'_>, told: &Told) -> Markup {
    let Told { set, at, by, answer, .. } = told;
    let by = by.clone().unwrap_or_else(|| voice.say("output-by-game"));
    html! {
        span.soft.small {
            (voice.words.tell(voice.lang, "output-told", [("set", words(voice, set).into()), ("by", by.into())]))
            " · " time data-at=(at.0 / 1_000) data-keep {}
            " · "
            @match answer {
                None => (voice.say("output-no-answer")),
                Some(CommandAck { result: CommandResult::Done, .. }) => (voice.say("output-done")),
                Some(CommandAck { result: CommandResult::Expired, .. }) => span.warn { (voice.say("output-expired")) },
                Some(CommandAck { result: CommandResult::Refused, reason, .. }) => span.bad {
                    (voice.say("output-refused")) ": " (voice.cause(reason.as_deref().unwrap_or_default()))
                },
            }
        }
    }
}

/// Describes a value of an output.
fn words(voice: Localizer<'_>, set: &Set) -> String {
    match set {
        Set::On => voice.say("on"),
        Set::Off => voice.say("off"),
        Set::Level(level) => voice.number(*level),
        Set::Rgb([red, green, blue]) => format!("#{red:02x}{green:02x}{blue:02x}"),
        Set::Text(text) => text.clone(),
        Set::Pulse(ms) => voice.with("output-pulsed", "ms", ms),
        _ => String::new(),
    }
}

/// Renders a form that sets an output to a level between 0 and 1, or pulses it for a span.
fn value(voice: Localizer<'_>, slot: &SlotId, device: &Device) -> Markup {
    html! {
        form.inline data-again id=(format!("level-{}", device.name)) data-post=(format!("/api/slots/{slot}/outputs")) {
            input type="hidden" name="device" value=(device.name);
            label { (voice.say("output"))
                select name="output" { @for output in &device.outputs { option { (output) } } }
            }
            label { (voice.say("output-level"))
                input type="number" name="set.level" data-as="number" min="0" max="1" step="0.05" value="0.5" required;
            }
            button type="submit" { (voice.say("output-set")) }
            output {}
        }
    }
}

/// Renders a form that shows a text on one of the board's outputs. One that is no display refuses it, which the list
/// of events shows.
fn text(voice: Localizer<'_>, slot: &SlotId, device: &Device) -> Markup {
    html! {
        form.inline data-post=(format!("/api/slots/{slot}/outputs")) {
            input type="hidden" name="device" value=(device.name);
            @if let [only] = &device.outputs[..] {
                input type="hidden" name="output" value=(only);
            } @else {
                label { (voice.say("output"))
                    select name="output" { @for output in &device.outputs { option { (output) } } }
                }
            }
            label.grow { (voice.say("output-text")) input name="set.text" required maxlength="200"; }
            button type="submit" { (voice.say("output-show")) }
            output {}
        }
    }
}

/// Renders the lamps that light up one by one, and what concerns all outputs.
pub(super) fn tour(detail: &Detail<'_>) -> Markup {
    let Detail { voice, id, slot, panel, .. } = *detail;
    if slot.presence == Presence::Offline {
        return html! {};
    }
    let post = format!("/api/slots/{id}/lamps");
    html! {
        @if let Some(tour) = &panel.tour {
            form.inline #lamps-stop data-post=(post) {
                input type="hidden" name="on" data-as="json" value="false";
                button.main type="submit" { (voice.say("lamps-stop")) }
                output {}
            }
            p role="status" {
                (voice.words.tell(voice.lang, "lamps-on", [
                    ("lamp", format!("{} {}", tour.device, tour.output).into()),
                    ("place", tour.place.into()), ("of", tour.of.into()),
                ]))
            }
        } @else {
            form.inline #lamps data-post=(post) {
                input type="hidden" name="on" data-as="json" value="true";
                button type="submit" { (voice.say("lamps")) }
                output {}
            }
        }
        (Ask {
            id: "all-off".to_owned(),
            label: voice.say("all-off"),
            means: "all-off-means",
            post: &format!("/api/slots/{id}/outputs/off"),
            fields: html! {},
            key: None,
        }.show(voice))
    }
}

//! Outputs of every slot that is online, with buttons to try them: a board's are fetched when somebody opens it.

use super::text::{Localizer, digest};
use crate::engine::read_model::{Device, ReadModel};
use eg_proto::{Presence, SlotId};
use maud::{Markup, html};

/// Renders the boards with outputs, all of them shut and empty.
pub(super) fn outputs(voice: Localizer<'_>, state: &ReadModel) -> Markup {
    let boards: Vec<_> = state
        .slots
        .iter()
        .filter(|(_, slot)| slot.presence == Presence::Online)
        .flat_map(|(id, slot)| slot.devices.iter().map(move |device| (id, device)))
        .filter(|(_, device)| !device.outputs.is_empty())
        .collect();
    html! {
        @if boards.is_empty() { p.soft { (voice.say("outputs-none")) } }
        @for (slot, device) in boards {
            @let id = format!("outputs-{slot}-{}", device.name);
            // Other outputs are another address, so that a board that is open is fetched again.
            @let of = digest(&device.outputs);
            @let src = format!("/outputs/{slot}/{}?lang={}&of={of:x}", device.name, voice.lang.code());
            details id=(id) data-src=(src) {
                summary { (voice.both(slot.as_str())) " / " (device.name) }
                div id=(format!("{id}-all")) data-part {}
            }
        }
    }
}

/// Renders the outputs of one board.
pub(super) fn board(voice: Localizer<'_>, slot: &SlotId, device: &Device) -> Markup {
    html! {
        ul.tight {
            @for output in &device.outputs {
                li.row {
                    span.mono.grow { (output) }
                    @for (set, word) in [("on", "on"), ("off", "off")] {
                        form.inline data-post=(format!("/api/slots/{slot}/outputs")) {
                            input type="hidden" name="device" value=(device.name);
                            input type="hidden" name="output" value=(output);
                            input type="hidden" name="set" value=(set);
                            button type="submit"
                                aria-label=(format!("{slot} {} {output}: {}", device.name, voice.say(word))) {
                                (voice.say(word))
                            }
                            output {}
                        }
                    }
                }
            }
        }
        (text(voice, slot, device))
    }
}

/// Renders a form that shows a text on one of the board's outputs. One that is no display refuses it, which the list
/// of events shows.
pub(super) fn text(voice: Localizer<'_>, slot: &SlotId, device: &Device) -> Markup {
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

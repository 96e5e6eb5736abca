//! Forced inputs: their marks on the page, and the dialog in which the operator says how an input stands.

use super::field::address;
use crate::engine::read_model::{ForcedInput, ReadModel, Session, SessionStatus};
use crate::http::page::act_log::actor;
use crate::http::page::ask::dialog;
use crate::http::page::keys::key_of;
use crate::http::page::text::{Localizer, digest};
use eg_game::State;
use eg_page::Tone;
use eg_proto::{DeviceName, InputName, RoomId, SlotId};
use maud::{Markup, html};

/// Renders the inputs of a session that are forced, each with a button that releases it for those who may act.
pub(super) fn forced(
    voice: Localizer<'_>,
    room: &RoomId,
    session: &Session,
    may_act: bool,
) -> Markup {
    html! {
        @for forced in &session.forced {
            div.note.warn.standing id=(format!("forced-{room}-{}", forced.entry)) {
                p {
                    strong { (voice.say("forced")) " " }
                    (place(&forced.slot, &forced.input)) " = " (spoken(voice, &forced.state))
                    span.soft.small { " · " (actor(voice, &forced.by)) }
                }
                @if may_act { (release(voice, room, forced)) }
            }
        }
    }
}

/// Renders a note above the page for each forced input, whatever its room.
pub(in crate::http::page) fn above(voice: Localizer<'_>, state: &ReadModel) -> Markup {
    html! {
        @for (room, forced) in standing(state) {
            p.note.warn id=(format!("forced-above-{}", forced.entry)) {
                strong { (voice.room_title(room)) } " · "
                (voice.say("forced")) " " (place(&forced.slot, &forced.input)) " = " (spoken(voice, &forced.state))
            }
        }
    }
}

/// Renders the forced inputs of a slot, on its tile.
pub(in crate::http::page) fn of_slot(
    voice: Localizer<'_>,
    state: &ReadModel,
    slot: &SlotId,
) -> Markup {
    html! {
        @for (_, forced) in standing(state).filter(|(_, forced)| forced.slot == *slot) {
            p { span.pill.warn { (voice.say("forced")) " " (forced.input) " = " (spoken(voice, &forced.state)) } }
        }
    }
}

/// Returns the inputs that are forced in running sessions, with their rooms.
fn standing(state: &ReadModel) -> impl Iterator<Item = (&RoomId, &ForcedInput)> {
    state.rooms.iter().flat_map(|(room, known)| {
        let session =
            known.session.iter().filter(|session| session.status == SessionStatus::Running);
        session.flat_map(|session| &session.forced).map(move |forced| (room, forced))
    })
}

fn release(voice: Localizer<'_>, room: &RoomId, forced: &ForcedInput) -> Markup {
    let ForcedInput { entry, slot, device, input, .. } = forced;
    html! {
        form.inline id=(format!("release-{room}-{entry}")) data-post=(address(room)) {
            input type="hidden" name="name" value="release";
            (which(slot, device, input))
            button type="submit" { (voice.say("force-release")) }
            output {}
        }
    }
}

/// Renders the fields that name an input.
pub(in crate::http::page) fn which(
    slot: &SlotId,
    device: &DeviceName,
    input: &InputName,
) -> Markup {
    html! {
        input type="hidden" name="args.slot" value=(slot);
        input type="hidden" name="args.device" value=(device);
        input type="hidden" name="args.input" value=(input);
    }
}

/// Renders the button that forces an input, with its dialog; nothing for a game that reads no inputs for how they stand.
pub(super) fn force(voice: Localizer<'_>, room: &RoomId, session: &Session) -> Markup {
    if session.reads.is_empty() {
        return html! {};
    }
    let entries: Vec<_> = session.forced.iter().map(|forced| forced.entry).collect();
    let of = digest((session.id, &session.reads, entries));
    let src = format!("/rooms/{room}/inputs?lang={}&of={of:x}", voice.lang.code());
    let content = html! {
        p.small.soft { (voice.say("force-means")) }
        div.readings id=(format!("force-inputs-{room}")) data-src=(src) data-part {}
    };
    let (id, label) = (format!("offer-{room}-force"), voice.say("force"));
    dialog(voice, &id, &label, Tone::Plain, key_of("force"), &content)
}

/// Returns the name of an input for people.
pub(in crate::http::page) fn place(slot: &SlotId, input: &InputName) -> String {
    format!("{slot} / {input}")
}

/// Returns a state in words.
pub(in crate::http::page) fn spoken(voice: Localizer<'_>, state: &State) -> String {
    match state {
        State::On(true) => voice.say("force-on"),
        State::On(false) => voice.say("force-off"),
        State::Value(value) => value.to_string(),
        State::Tags(tags) if tags.is_empty() => voice.say("force-no-tag"),
        State::Tags(tags) => tags.join(", "),
    }
}

//! Inputs that a room's game reads for how they stand, which the dialog to force one fetches when it is opened.

use super::door::Route;
use super::room::forced::{place, spoken, which};
use super::text::Localizer;
use crate::engine::read_model::{Device, ReadModel, Session};
use crate::http::access::GAME_MASTER;
use crate::http::context::Context;
use crate::http::extract::PathParam;
use crate::http::locale::Locale;
use crate::http::problem::Problem;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use eg_proto::{InputKind, InputName, RoomId, SlotId};
use maud::{Markup, html};
use std::collections::BTreeSet;

/// Returns the address of the inputs.
pub(super) fn table() -> Vec<Route> {
    vec![("/rooms/{room}/inputs", GAME_MASTER, get(part))]
}

async fn part(
    State(context): State<Context>,
    PathParam(room): PathParam<RoomId>,
    Locale(lang): Locale,
) -> Result<Response, Problem> {
    let state = context.handle.state();
    let Some(known) = state.rooms.get(&room) else { return Err(Problem::no_room(&room)) };
    let voice = Localizer { words: &context.words, lang, names: &state.names };
    let session = known.session.as_ref();
    Ok(session
        .map(|session| inputs(voice, &room, session, &state))
        .unwrap_or_default()
        .into_response())
}

/// Renders a row for each input, with the states that it may be taken for.
fn inputs(voice: Localizer<'_>, room: &RoomId, session: &Session, state: &ReadModel) -> Markup {
    let reads: BTreeSet<_> = session.reads.iter().collect();
    html! {
        @for (slot, input) in reads {
            div.reading {
                strong { (place(slot, input)) }
                @for forced in session.forced.iter().filter(|it| it.slot == *slot && it.input == *input) {
                    span.pill.warn { (voice.say("forced")) " " (spoken(voice, &forced.state)) }
                }
                @match board(state, slot, input) {
                    Some(board) => div.row { (states(voice, room, (slot, board, input))) },
                    None => span.soft.small { (voice.say("force-unheard")) },
                }
            }
        }
    }
}

/// Returns the first board of a slot with an input of this name.
fn board<'a>(state: &'a ReadModel, slot: &SlotId, input: &InputName) -> Option<&'a Device> {
    state.slots.get(slot)?.devices.iter().find(|device| device.inputs.contains(input))
}

/// Renders what an input may be taken for, by its kind; one of an unknown kind is a contact.
fn states(
    voice: Localizer<'_>,
    room: &RoomId,
    (slot, board, input): (&SlotId, &Device, &InputName),
) -> Markup {
    let kind = board.kinds.as_ref().and_then(|kinds| kinds.get(input)).copied();
    let form = |name: &str, fields: Markup, words: &str| {
        let said = format!("{} {}", place(slot, input), voice.say(words));
        html! {
            form.inline id=(format!("force-{room}-{slot}-{input}-{name}")) data-post=(format!("/api/rooms/{room}/acts")) {
                input type="hidden" name="name" value="force";
                (which(slot, &board.name, input))
                (fields)
                button type="submit" aria-label=(said) { (voice.say(words)) }
                output {}
            }
        }
    };
    let contact =
        |on: &str| html! { input type="hidden" name="args.state" value=(on) data-as="json"; };
    match kind {
        Some(InputKind::Tag) => form(
            "tag",
            html! {
                label {
                    (voice.say("force-tag"))
                    input name="args.state" data-as="lines" maxlength="64" autocomplete="off" spellcheck="false";
                }
            },
            "force-set",
        ),
        Some(InputKind::Turn | InputKind::Value) => form(
            "value",
            html! {
                label {
                    (voice.say("force-value"))
                    input name="args.state" type="number" step="any" required data-as="number";
                }
            },
            "force-set",
        ),
        Some(InputKind::Press | InputKind::Switch | InputKind::Text | InputKind::Unknown)
        | None => {
            html! {
                (form("on", contact("true"), "force-on"))
                (form("off", contact("false"), "force-off"))
            }
        }
    }
}

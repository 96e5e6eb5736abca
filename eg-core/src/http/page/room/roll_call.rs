//! Roll-call before a session.

use crate::engine::read_model::Room;
use crate::http::page::ask::Ask;
use crate::http::page::keys::key_of;
use crate::http::page::text::Localizer;
use eg_proto::RoomId;
use maud::{Markup, html};

/// Renders the roll-call before a session: the slots that have and have not answered, and the buttons to call it.
pub(super) fn roll_call(voice: Localizer<'_>, id: &RoomId, room: &Room, may_act: bool) -> Markup {
    html! {
        div.tight id=(format!("roll-call-{id}")) {
            @if let Some(roll) = &room.roll_call {
                p role="status" {
                    strong {
                        (voice.words.tell(voice.lang, "roll-call-count", [
                            ("here", roll.present.len().into()),
                            ("all", (roll.present.len() + roll.missing.len()).into()),
                        ]))
                    }
                }
                div.seats.small {
                    @for slot in &roll.present { span.pill.good { (voice.names.seat(slot)) } }
                    @for slot in &roll.missing { span.pill.warn { (voice.names.seat(slot)) " " (voice.say("roll-call-silent")) } }
                }
            }
            @if may_act { (roll_call_acts(voice, id, room)) }
        }
    }
}

/// Renders the buttons that call the roll, call it again and end it.
fn roll_call_acts(voice: Localizer<'_>, id: &RoomId, room: &Room) -> Markup {
    let address = format!("/api/rooms/{id}/roll-call");
    let on = |value: &str| html! { input type="hidden" name="on" value=(value) data-as="json"; };
    html! {
        div.acts {
            @if room.roll_call.is_none() {
                form.inline id=(format!("roll-call-on-{id}")) data-post=(address) {
                    (on("true"))
                    button type="submit" data-key=[key_of("roll-call")] { (voice.say("roll-call")) }
                    output {}
                }
            } @else {
                @for (value, word, means) in [
                    ("true", "roll-call-again", "roll-call-again-means"),
                    ("false", "roll-call-end", "roll-call-end-means"),
                ] {
                    (Ask {
                        id: format!("{word}-{id}"),
                        label: voice.say(word),
                        means,
                        post: &address,
                        fields: on(value),
                        key: None,
                    }.show(voice))
                }
            }
        }
    }
}

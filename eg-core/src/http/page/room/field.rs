//! Fields of an act, and the address that acts are sent to.

use crate::http::page::text::Localizer;
use eg_game::{Field, FieldKind, Offer};
use eg_proto::RoomId;
use maud::{Markup, html};

/// Renders a field as its kind is filled in.
pub(super) fn field(voice: Localizer<'_>, room: &RoomId, offer: &Offer, field: &Field) -> Markup {
    let name = format!("args.{}", field.name);
    let id = format!("field-{room}-{}-{}", offer.name, field.name);
    let label = voice.read(&field.label);
    let value = &field.value;
    match &field.kind {
        FieldKind::Text => html! {
            label { (label) input id=(id) name=(name) value=(value) maxlength="200"; }
        },
        FieldKind::Number => html! {
            label { (label) input id=(id) name=(name) value=(value) type="number" data-as="number"; }
        },
        FieldKind::Lines => html! {
            label { (label) textarea id=(id) name=(name) rows="4" data-as="lines" { (value) } }
        },
        FieldKind::Tick => html! {
            label.tick { input id=(id) name=(name) type="checkbox" checked[value == "true"]; (label) }
        },
        FieldKind::OneOf(choices) => html! {
            label {
                (label)
                select id=(id) name=(name) required[!choices.iter().any(String::is_empty)] {
                    @for choice in choices { option value=(choice) selected[choice == value] { (voice.both(choice)) } }
                }
            }
        },
    }
}

/// Returns the address of the acts in a room.
pub(super) fn address(room: &RoomId) -> String {
    format!("/api/rooms/{room}/acts")
}

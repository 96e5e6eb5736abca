//! Fields by which events are filtered.

use super::rows::{EventFilter, REFUSED, RowGroup};
use crate::http::page::text::Localizer;
use maud::{Markup, html};

/// Renders the fields by which events are filtered: slot, kind, and room where there are several.
pub(super) fn fields(
    voice: Localizer<'_>,
    asked: &EventFilter,
    slots: &[&str],
    rooms: &[&str],
) -> Markup {
    let chosen = |field: &Option<String>, value: &str| field.as_deref() == Some(value);
    let groups = RowGroup::ALL.map(RowGroup::word).into_iter().chain([REFUSED]);
    html! {
        label { (voice.say("events-slot"))
            select name="slot" {
                option value="" { (voice.say("events-every-slot")) }
                @for slot in slots {
                    option value=(slot) selected[chosen(&asked.slot, slot)] { (voice.both(slot)) }
                }
            }
        }
        label { (voice.say("events-what"))
            select name="kind" {
                option value="" { (voice.say("events-everything")) }
                @for group in groups {
                    option value=(group) selected[chosen(&asked.kind, group)] {
                        (voice.say(&format!("events-{group}")))
                    }
                }
            }
        }
        @if rooms.len() > 1 {
            label { (voice.say("past-room"))
                select name="room" {
                    option value="" { (voice.say("past-every-room")) }
                    @for room in rooms { option value=(room) selected[chosen(&asked.room, room)] { (voice.room_of(room)) } }
                }
            }
        }
    }
}

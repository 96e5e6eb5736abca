//! Checklist by which a room is put back before the next group.

use crate::engine::read_model::{ResetLine, Room};
use crate::http::page::act_log::actor;
use crate::http::page::text::{Localizer, digest};
use eg_proto::RoomId;
use maud::{Markup, html};

/// Renders the lines of a room's reset, each a button that is pressed once it is done; nothing for a room without lines.
pub(super) fn reset(voice: Localizer<'_>, id: &RoomId, room: &Room, may_act: bool) -> Markup {
    let open = room.reset.iter().filter(|line| line.by.is_none()).count();
    let told = voice.words.tell(
        voice.lang,
        "reset-count",
        [("done", (room.reset.len() - open).into()), ("all", room.reset.len().into())],
    );
    html! {
        @if room.reset.is_empty() && may_act && room.session.is_some() {
            p.soft.small { (voice.say("reset-none")) }
        } @else if !room.reset.is_empty() {
            details.reset id=(format!("reset-{id}")) open[open > 0] {
                summary { (voice.say("reset")) " " span.pill.(if open == 0 { "good" } else { "warn" }) { (told) } }
                ul.tight { @for line in &room.reset { li { (tick(voice, id, line, may_act)) } } }
            }
        }
    }
}

fn tick(
    voice: Localizer<'_>,
    room: &RoomId,
    ResetLine { what, by }: &ResetLine,
    may_act: bool,
) -> Markup {
    let done = by.is_some();
    let words = html! {
        span {
            span aria-hidden="true" { (if done { "☑ " } else { "☐ " }) }
            (voice.lang.of(what))
            @if let Some(by) = by { " " span.soft.small { (actor(voice, by)) } }
        }
    };
    html! {
        @if may_act {
            form.inline id=(format!("reset-{room}-{:x}", digest(&what.en))) data-post=(format!("/api/rooms/{room}/reset"))
                data-again {
                input type="hidden" name="line" value=(what.en);
                input type="hidden" name="done" value=(!done) data-as="json";
                button.tick type="submit" aria-pressed=(done) { (words) }
                output {}
            }
        } @else { p { (words) } }
    }
}

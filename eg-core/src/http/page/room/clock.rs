//! Clock of a room's session. The script counts; the server says when the clock runs from, to, and where it stands.

use crate::engine::read_model::{Room, Session};
use crate::http::page::text::Localizer;
use eg_game::Widget;
use eg_proto::Timestamp;
use maud::{Markup, html};

/// Renders the clock of a session: the time left if the room has a planned duration, and else the time it has taken.
pub(in crate::http::page) fn clock(voice: Localizer<'_>, room: &Room, session: &Session) -> Markup {
    let clock = &session.clock;
    let millis = |at: Timestamp| at.0 / 1_000;
    let over = session.status != crate::engine::read_model::SessionStatus::Running;
    // A time of the game that runs out is what one looks for.
    let times = session.operator.parts.iter().any(|part| matches!(part, Widget::Timer { .. }));
    let idles = !over && clock.stopped.is_none();
    html! {
        div.clock data-clock=(millis(clock.since)) data-clock-ends=[clock.ends.map(millis)]
            data-clock-stopped=[clock.stopped.map(millis)] data-clock-over[over] {
            @if clock.ends.is_some() {
                p { span.soft.small { (voice.say("clock-left")) " " } span.left role="timer" aria-label=(voice.say("clock-left")) data-left data-keep {} }
                p.soft.small { (voice.say("clock-elapsed")) " " span data-elapsed data-keep {} }
            } @else {
                p { span.soft.small { (voice.say("clock-elapsed")) " " } span.left.minor[times] role="timer" aria-label=(voice.say("clock-elapsed")) data-elapsed data-keep {} }
            }
            @if clock.stopped.is_some() && !over { p.pill { (voice.say("clock-stopped")) } }
            @if idles {
                p.idle.small data-moved=(millis(clock.moved)) data-warn=(room.idle_warn_us / 1_000)
                    data-alarm=(room.idle_alarm_us / 1_000) {
                    (voice.say("clock-idle")) " " span data-idle data-keep {}
                }
            }
        }
    }
}

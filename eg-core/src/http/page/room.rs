//! Card of a room: its session, the acts that the operator may do, and a form to start a session.

mod acts;
mod broken;
pub(super) mod clock;
mod field;
pub(super) mod forced;
mod hints;
mod mode;
mod reset;
mod roll_call;
mod start;

use self::acts::acts;
use self::clock::clock;
use self::mode::mode;
use self::reset::reset;
use self::roll_call::roll_call;
use self::start::start;
use super::act_log::deeds;
use super::text::Localizer;
use super::view::view;
pub(super) use start::doubts;

use crate::engine::read_model::{ReadModel, Room, Session, SessionStatus};
use eg_game::Widget;
use eg_proto::RoomId;
use maud::{Markup, html};

/// Renders a room's card, and then its parts: what a press changes, and what it does not. `may_act` adds what only those
/// may do who run sessions.
pub(super) fn room(
    voice: Localizer<'_>,
    id: &RoomId,
    room: &Room,
    state: &ReadModel,
    may_act: bool,
) -> Vec<(String, Markup)> {
    let running = room.session.as_ref().is_some_and(|s| s.status == SessionStatus::Running);
    let card = html! {
        h2 {
            (voice.room_title(id))
            @if let Some(session) = &room.session { (title(voice, session)) }
        }
        div.part id=(format!("names-{id}")) data-part {}
        (super::show::show(voice, id, room, running, may_act))
        @match &room.session {
            None => p.soft { (voice.say("no-session")) },
            Some(session) => {
                div id=(format!("clock-{id}")) data-part {}
                (show(voice, id, session))
            }
        }
        div.row {
            a.small href=(format!("/display/{id}")) target="_blank" { (voice.say("display")) }
            (mode(voice, id, room, running, may_act))
        }
        @if !running && (may_act || room.roll_call.is_some()) { (roll_call(voice, id, room, may_act)) }
        @if !running { (reset(voice, id, room, may_act)) }
        @if !running && may_act { (start(voice, id, room, state)) }
    };
    let mut parts = vec![(format!("room-{id}"), card)];
    if let Some(session) = &room.session {
        let asks = may_act && running;
        let acts = html! { @if asks { (acts(voice, id, session, state)) } };
        parts.push((format!("clock-{id}"), clock(voice, room, session)));
        parts.push((format!("view-{id}"), view(voice, &session.operator, state)));
        parts.push((format!("session-forced-{id}"), forced::forced(voice, id, session, asks)));
        parts.push((format!("session-hints-{id}"), hints::standing(voice, id, session, asks)));
        parts.push((format!("session-acts-{id}"), acts));
        parts.push((format!("session-deeds-{id}"), deeds(voice, id, session, may_act)));
    }
    parts
}

pub(super) fn title(voice: Localizer<'_>, session: &Session) -> Markup {
    let (tone, word) = match session.status {
        SessionStatus::Running if session.clock.stopped.is_some() => ("warn", "clock-stopped"),
        SessionStatus::Running => ("good", "status-running"),
        SessionStatus::Done => ("", "status-done"),
        SessionStatus::Aborted => ("warn", "status-aborted"),
        SessionStatus::Failed(_) => ("bad", "status-failed"),
    };
    let blanks = [("id", session.id.to_string().into()), ("game", session.game.as_str().into())];
    html! {
        span.soft.small { (voice.words.tell(voice.lang, "session", blanks)) }
        span.pill.(tone) { (voice.say(word)) }
    }
}

fn show(voice: Localizer<'_>, room: &RoomId, session: &Session) -> Markup {
    html! {
        @if session.resumed { p.note.warn.small { (voice.say("resumed")) } }
        @if let SessionStatus::Failed(why) = &session.status {
            p.note.bad { (voice.with("failed-why", "why", voice.cause(why))) }
        }
        div.stack.view id=(format!("view-{room}")) data-part {}
        @if !told(session) { p.soft.small { (voice.read(&session.explain)) } }
        div.part id=(format!("session-forced-{room}")) data-part {}
        div.part id=(format!("session-hints-{room}")) data-part {}
        div.part id=(format!("session-acts-{room}")) data-part {}
        div.part id=(format!("session-deeds-{room}")) data-part {}
    }
}

/// Returns `true` if the view contains the session's reason already.
pub(super) fn told(session: &Session) -> bool {
    let says =
        |part: &Widget| matches!(part, Widget::Text { text, .. } if *text == session.explain);
    session.operator.parts.iter().any(says)
}

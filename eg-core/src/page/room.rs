//! One room: its session, what the operator may do in it, and how to start one.

use super::view::view;
use super::words::Voice;
use crate::state::{Room, Session, SessionStatus, State};
use eg_game::{Field, FieldKind, Offer};
use eg_proto::RoomId;
use maud::{Markup, html};

/// A room's card.
pub(super) fn room(voice: Voice<'_>, id: &RoomId, room: &Room, state: &State) -> Markup {
    let running = room.session.as_ref().is_some_and(|s| s.status == SessionStatus::Running);
    html! {
        h2 {
            (voice.with("room", "room", id))
            @if let Some(session) = &room.session { (title(voice, session)) }
        }
        @match &room.session {
            None => p.soft { (voice.say("no-session")) },
            Some(session) => (show(voice, id, session, state)),
        }
        @if !running { (start(voice, id, room)) }
    }
}

fn title(voice: Voice<'_>, session: &Session) -> Markup {
    let (tone, word) = match session.status {
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

fn show(voice: Voice<'_>, room: &RoomId, session: &Session, state: &State) -> Markup {
    html! {
        @if session.resumed { p.note.warn.small { (voice.say("resumed")) } }
        @if let SessionStatus::Failed(why) = &session.status {
            p.note.bad { (voice.with("failed-why", "why", why)) }
        }
        (view(voice, &session.operator, state))
        p.soft.small { (voice.lang.of(&session.explain)) }
        @if session.status == SessionStatus::Running {
            div.row { @for offer in &session.offers { @if offer.fields.is_empty() { (act(voice, room, offer)) } } }
            @for offer in &session.offers { @if !offer.fields.is_empty() { (act(voice, room, offer)) } }
        }
    }
}

/// A button, or a form when the act has fields.
fn act(voice: Voice<'_>, room: &RoomId, offer: &Offer) -> Markup {
    let label = voice.lang.of(&offer.label);
    let ask = offer.grave.then(|| format!("{label}: {}", voice.say("confirm-grave")));
    let class = if offer.grave { "grave" } else { "main" };
    let form = html! {
        form id=(format!("act-{room}-{}", offer.name)) data-post=(format!("/api/rooms/{room}/acts")) data-ask=[ask]
            .inline[offer.fields.is_empty()] {
            input type="hidden" name="name" value=(offer.name);
            @for input in &offer.fields { (field(voice, room, offer, input)) }
            @if offer.asks_reason {
                label { (voice.say("reason")) input name="reason" required maxlength="200"; }
            }
            button.(class) type="submit" { (label) }
            output {}
        }
    };
    if offer.fields.is_empty() {
        return form;
    }
    html! { details id=(format!("offer-{room}-{}", offer.name)) open { summary { (label) } (form) } }
}

fn field(voice: Voice<'_>, room: &RoomId, offer: &Offer, field: &Field) -> Markup {
    let name = format!("args.{}", field.name);
    let id = format!("field-{room}-{}-{}", offer.name, field.name);
    let label = voice.lang.of(&field.label);
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
                select id=(id) name=(name) {
                    @for choice in choices { option value=(choice) selected[choice == value] { (choice) } }
                }
            }
        },
    }
}

fn start(voice: Voice<'_>, id: &RoomId, room: &Room) -> Markup {
    html! {
        form.inline id=(format!("start-{id}")) data-post=(format!("/api/rooms/{id}/sessions")) {
            button.main type="submit" { (voice.with("start", "game", &room.game)) }
            output {}
        }
    }
}

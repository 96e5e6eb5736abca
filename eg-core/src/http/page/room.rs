//! Card of a room: its session, the acts that the operator may do, and a form to start a session.

use super::act_log::deeds;
use super::ask::Ask;
use super::text::Localizer;
use super::view::view;
use crate::engine::read_model::{ReadModel, Room, Session, SessionStatus};
use eg_game::{Field, FieldKind, Offer, OfferGroup, Widget};
use eg_proto::{RoomId, Text};
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
            (voice.with("room", "room", voice.names.room(id)))
            @if let Some(session) = &room.session { (title(voice, session)) }
        }
        (super::show::show(voice, id, room, running, may_act))
        @match &room.session {
            None => p.soft { (voice.say("no-session")) },
            Some(session) => (show(voice, id, session)),
        }
        p.small { a href=(format!("/display/{id}")) target="_blank" { (voice.say("display")) } }
        @if !running && (may_act || room.roll_call.is_some()) { (roll_call(voice, id, room, may_act)) }
        @if !running && may_act { (start(voice, id, room)) }
    };
    let mut parts = vec![(format!("room-{id}"), card)];
    if let Some(session) = &room.session {
        let asks = may_act && running;
        let acts = html! { @if asks { (acts(voice, id, session, state)) } };
        parts.push((format!("view-{id}"), view(voice, &session.operator, state)));
        parts.push((format!("session-acts-{id}"), acts));
        parts.push((format!("session-deeds-{id}"), deeds(voice, id, session, may_act)));
    }
    parts
}

pub(super) fn title(voice: Localizer<'_>, session: &Session) -> Markup {
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

fn show(voice: Localizer<'_>, room: &RoomId, session: &Session) -> Markup {
    html! {
        @if session.resumed { p.note.warn.small { (voice.say("resumed")) } }
        @if let SessionStatus::Failed(why) = &session.status {
            p.note.bad { (voice.with("failed-why", "why", voice.cause(why))) }
        }
        div.stack.view id=(format!("view-{room}")) data-part {}
        @if !told(session) { p.soft.small { (voice.read(&session.explain)) } }
        @for hint in &session.hints {
            p.note.warn {
                strong { (voice.say("hint")) " " }
                @if let Some(slot) = &hint.slot { span.soft { (voice.names.seat(slot)) " · " } }
                (hint.text)
            }
        }
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

/// Renders the acts that the operator may do: the game's own, then those on the session and its players.
fn acts(voice: Localizer<'_>, room: &RoomId, session: &Session, state: &ReadModel) -> Markup {
    let own = |name: &str| session.offers.iter().any(|offer| offer.name == name);
    let reveal = (!session.revealed && !own("reveal")).then(|| of_core("reveal", voice));
    let abort = (!own("abort")).then(|| of_core("abort", voice));
    let hint = hint(voice, room, state);
    let of_core: Vec<_> = std::iter::once(hint).chain(reveal).chain(abort).collect();
    let about = |about| session.offers.iter().filter(move |offer| offer.about == about);
    let on_session: Vec<_> = about(OfferGroup::Session).chain(&of_core).collect();
    let groups = [
        ("acts-game", about(OfferGroup::Game).collect()),
        ("acts-session", on_session),
        ("acts-players", about(OfferGroup::Players).collect()),
    ];
    html! {
        @for (name, offers) in &groups {
            @if !offers.is_empty() {
                div.acts id=(format!("{name}-{room}")) role="group" aria-label=(voice.say(name)) {
                    @if *name != "acts-game" { span.soft.small { (voice.say(name)) } }
                    (group(voice, room, offers, *name == "acts-game"))
                }
            }
        }
    }
}

/// Renders acts: first those that one press does, then those that ask for more, the grave ones last. If they `lead`,
/// the first of them is emphasised as the operator's most likely next act.
fn group(voice: Localizer<'_>, room: &RoomId, offers: &[&Offer], lead: bool) -> Markup {
    let plain = |offer: &&Offer| offer.fields.is_empty() && !offer.asks_reason && !offer.grave;
    let (quick, rest): (Vec<&Offer>, Vec<&Offer>) = offers.iter().copied().partition(plain);
    let (grave, rest): (Vec<&Offer>, Vec<&Offer>) = rest.into_iter().partition(|it| it.grave);
    html! {
        @for (place, offer) in quick.iter().enumerate() {
            form.inline id=(form_id(room, offer)) data-post=(address(room)) {
                input type="hidden" name="name" value=(offer.name);
                button.main[lead && place == 0] type="submit" { (voice.lang.of(&offer.label)) }
                output {}
            }
        }
        @for (place, offer) in rest.into_iter().chain(grave).enumerate() {
            (asking(voice, room, offer, lead && quick.is_empty() && place == 0))
        }
    }
}

/// Returns the offer of an act that every game knows.
fn of_core(name: &'static str, voice: Localizer<'_>) -> Offer {
    Offer::new(name, Text::same(voice.say(name))).with_reason().grave()
}

/// Returns the offer of a hint for the room or one slot.
fn hint(voice: Localizer<'_>, room: &RoomId, state: &ReadModel) -> Offer {
    let slots = state.rooms.get(room).map(|room| room.slots.as_slice()).unwrap_or_default();
    let places = std::iter::once(String::new()).chain(slots.iter().map(ToString::to_string));
    let label = |key: &str| Text::same(voice.say(key));
    Offer::new("hint", label("hint-give"))
        .field("slot", label("hint-where"), FieldKind::OneOf(places.collect()), String::new())
        .field("text", label("hint-text"), FieldKind::Text, String::new())
}

/// Renders an act that asks for fields or a reason, or for confirmation: its form opens first.
fn asking(voice: Localizer<'_>, room: &RoomId, offer: &Offer, open: bool) -> Markup {
    let label = voice.lang.of(&offer.label);
    html! {
        details.act.grave[offer.grave] id=(format!("offer-{room}-{}", offer.name)) open[open && !offer.grave] {
            summary { (label) }
            form id=(form_id(room, offer)) data-post=(address(room)) {
                input type="hidden" name="name" value=(offer.name);
                @for input in &offer.fields { (field(voice, room, offer, input)) }
                @if offer.asks_reason {
                    label { (voice.say("reason")) input name="reason" required maxlength="200" autocomplete="off"; }
                }
                div { button.(if offer.grave { "grave" } else { "main" }) type="submit" { (label) } }
                output {}
            }
        }
    }
}

fn form_id(room: &RoomId, offer: &Offer) -> String {
    format!("act-{room}-{}", offer.name)
}

fn address(room: &RoomId) -> String {
    format!("/api/rooms/{room}/acts")
}

fn field(voice: Localizer<'_>, room: &RoomId, offer: &Offer, field: &Field) -> Markup {
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
                select id=(id) name=(name) required[!choices.iter().any(String::is_empty)] {
                    @for choice in choices { option value=(choice) selected[choice == value] { (voice.both(choice)) } }
                }
            }
        },
    }
}

/// Renders the roll-call before a session: the slots that have and have not answered, and the buttons to call it.
fn roll_call(voice: Localizer<'_>, id: &RoomId, room: &Room, may_act: bool) -> Markup {
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
                    button type="submit" { (voice.say("roll-call")) }
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
                    }.show(voice))
                }
            }
        }
    }
}

/// Renders the field for a reason to start without those who have not answered the roll-call.
fn without(voice: Localizer<'_>, id: &RoomId, room: &Room, form: &str) -> Markup {
    let missing = room.roll_call.as_ref().is_some_and(|roll| !roll.missing.is_empty());
    html! {
        @if missing {
            label {
                (voice.say("start-without"))
                input id=(format!("without-{form}-{id}")) name="reason" required maxlength="200" autocomplete="off";
            }
        }
    }
}

fn start(voice: Localizer<'_>, id: &RoomId, room: &Room) -> Markup {
    let address = format!("/api/rooms/{id}/sessions");
    html! {
        div.acts id=(format!("begin-{id}")) {
            form.inline id=(format!("start-{id}")) data-post=(address) {
                (without(voice, id, room, "own"))
                button.main type="submit" { (voice.with("start", "game", &room.game)) }
                output {}
            }
            details.act id=(format!("start-other-{id}")) {
                summary { (voice.say("start-other")) }
                form id=(format!("start-other-form-{id}")) data-post=(address) {
                    label {
                        (voice.say("game"))
                        select name="game" id=(format!("start-game-{id}")) {
                            @for game in eg_game::games() {
                                option value=(game.kind) selected[game.kind == room.game] { (game.kind) }
                            }
                        }
                    }
                    label {
                        (voice.say("settings"))
                        textarea.mono name="config" id=(format!("start-config-{id}")) rows="4" data-as="json"
                            placeholder="{ \"timeout\": \"60s\" }" spellcheck="false" {}
                    }
                    (without(voice, id, room, "other"))
                    div { button.main type="submit" { (voice.say("start-plain")) } }
                    output {}
                }
            }
        }
    }
}

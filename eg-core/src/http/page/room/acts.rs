//! Acts that the operator may do in a session, as buttons and dialogs.

use super::field::{address, field};
use super::forced::force;
use super::hints::give;
use crate::engine::read_model::{ReadModel, Session};
use crate::http::page::ask::dialog;
use crate::http::page::keys::key_of;
use crate::http::page::text::Localizer;
use eg_game::{FieldKind, Offer, OfferGroup};
use eg_page::Tone;
use eg_proto::{RoomId, Text};
use maud::{Markup, html};

/// Renders the acts that the operator may do: the game's own, then those on the session and its players.
pub(super) fn acts(
    voice: Localizer<'_>,
    room: &RoomId,
    session: &Session,
    state: &ReadModel,
) -> Markup {
    let own = |name: &str| session.offers.iter().any(|offer| offer.name == name);
    let reveal = (!session.revealed && !own("reveal")).then(|| of_core("reveal", voice));
    let abort = (!own("abort")).then(|| of_core("abort", voice));
    let time = session.clock.ends.map(|_| time(voice));
    let of_core: Vec<_> = time.into_iter().chain(reveal).chain(abort).collect();
    let about = |about| session.offers.iter().filter(move |offer| offer.about == about);
    let on_session: Vec<_> = about(OfferGroup::Session).chain(&of_core).collect();
    let groups = [
        ("acts-game", about(OfferGroup::Game).collect()),
        ("acts-session", on_session),
        ("acts-players", about(OfferGroup::Players).collect()),
    ];
    let paused = session.clock.stopped.is_some();
    let likely = if paused { Some("resume") } else { likely(session) };
    html! {
        @for (name, offers) in &groups {
            @let hint = state.rooms.get(room).filter(|_| *name == "acts-session");
            @if !offers.is_empty() || hint.is_some() {
                div.acts id=(format!("{name}-{room}")) role="group" aria-label=(voice.say(name)) {
                    @if *name != "acts-game" { span.soft.small { (voice.say(name)) } }
                    @if let Some(known) = hint { (give(voice, room, known, session)) (force(voice, room, session)) }
                    (group(voice, room, offers, likely))
                }
            }
        }
    }
}

/// Returns the operator's most likely act: the first that the game offers, unless it ends something.
fn likely(session: &Session) -> Option<&'static str> {
    let first = session.offers.iter().find(|offer| offer.about == OfferGroup::Game)?;
    (!first.grave).then_some(first.name)
}

/// Renders acts: first those that one press does, then those that ask for more, the grave ones last. The `likely` one is
/// emphasised.
fn group(voice: Localizer<'_>, room: &RoomId, offers: &[&Offer], likely: Option<&str>) -> Markup {
    let leads = |offer: &Offer| likely == Some(offer.name);
    let plain = |offer: &&Offer| offer.fields.is_empty() && !offer.asks_reason && !offer.grave;
    let (quick, rest): (Vec<&Offer>, Vec<&Offer>) = offers.iter().copied().partition(plain);
    let (grave, rest): (Vec<&Offer>, Vec<&Offer>) = rest.into_iter().partition(|it| it.grave);
    html! {
        @for offer in quick {
            form.inline id=(form_id(room, offer)) data-post=(address(room)) {
                input type="hidden" name="name" value=(offer.name);
                button.main[leads(offer)] type="submit" data-key=[key_of(offer.name)] {
                    (voice.read(&offer.label))
                }
                output {}
            }
        }
        @for offer in rest.into_iter().chain(grave) { (asking(voice, room, offer, leads(offer))) }
    }
}

/// Returns the offer of an act that every game knows.
fn of_core(name: &'static str, voice: Localizer<'_>) -> Offer {
    Offer::new(name, Text::same(voice.say(name))).with_reason().grave()
}

/// Returns the offer of more or less time.
fn time(voice: Localizer<'_>) -> Offer {
    let minutes = Text::same(voice.say("time-minutes"));
    Offer::new("time", Text::same(voice.say("time")))
        .field("minutes", minutes, FieldKind::Number, "5".to_owned())
        .with_reason()
}

/// Renders an act that asks for fields or a reason, or for confirmation: its dialog opens first. One that `leads` is
/// emphasised.
fn asking(voice: Localizer<'_>, room: &RoomId, offer: &Offer, leads: bool) -> Markup {
    let label = voice.read(&offer.label);
    let form = html! {
        form id=(form_id(room, offer)) data-post=(address(room)) {
            input type="hidden" name="name" value=(offer.name);
            @for input in &offer.fields { (field(voice, room, offer, input)) }
            @if offer.asks_reason { (reason(voice, &format!("{}-reason", form_id(room, offer)))) }
            div { button.(if offer.grave { "grave" } else { "main" }) type="submit" { (label) } }
            output {}
        }
    };
    let tone = match (offer.grave, leads) {
        (true, _) => Tone::Grave,
        (false, true) => Tone::Main,
        (false, false) => Tone::Plain,
    };
    let id = format!("offer-{room}-{}", offer.name);
    dialog(voice, &id, &label, tone, key_of(offer.name), &form)
}

/// Renders the field for the reason of an act.
pub(super) fn reason(voice: Localizer<'_>, id: &str) -> Markup {
    html! {
        label {
            (voice.say("reason"))
            input id=(id) name="reason" required maxlength="200" autocomplete="off";
        }
    }
}

fn form_id(room: &RoomId, offer: &Offer) -> String {
    format!("act-{room}-{}", offer.name)
}

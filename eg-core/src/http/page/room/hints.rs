//! Hints on a room's card: those that stand, and the dialog from which the operator gives one.

use super::field::address;
use crate::config::HINT_LENGTH;
use crate::engine::read_model::{Hint, Room, Session};
use crate::http::page::ask::dialog;
use crate::http::page::keys::key_of;
use crate::http::page::text::{Localizer, digest};
use eg_page::{Lang, Tone};
use eg_proto::{RoomId, SlotId};
use maud::{Markup, html};

/// Times for which a hint may stand, in seconds, as the dialog lists them.
const TIMES: [u64; 5] = [30, 60, 120, 300, 600];

/// Renders the hints that stand, each with its end and, for those who may act, the button that takes it away.
pub(super) fn standing(
    voice: Localizer<'_>,
    room: &RoomId,
    session: &Session,
    may_act: bool,
) -> Markup {
    html! {
        @for hint in &session.hints {
            div.note.warn.standing id=(format!("hint-{room}-{}", hint.id)) {
                p {
                    strong { (voice.say("hint")) " " }
                    span.soft { (place(voice, hint.slot.as_ref())) " · " }
                    (words(voice, hint))
                    @if let Some(ends) = hint.ends {
                        " " span.soft.num data-ends=(ends.0 / 1_000) title=(voice.say("hint-ends")) data-keep {}
                    }
                }
                @if may_act { (take_away(voice, room, hint)) }
            }
        }
    }
}

/// Returns the text of a hint in the language of the page.
fn words<'a>(voice: Localizer<'_>, hint: &'a Hint) -> &'a str {
    match (voice.lang, &hint.en) {
        (Lang::En, Some(en)) => en,
        (Lang::En | Lang::Fr, _) => &hint.text,
    }
}

/// Returns the name of the place where a hint is read.
fn place(voice: Localizer<'_>, slot: Option<&SlotId>) -> String {
    slot.map_or_else(|| voice.say("hint-display"), |slot| voice.both(slot.as_str()).into_owned())
}

fn take_away(voice: Localizer<'_>, room: &RoomId, hint: &Hint) -> Markup {
    html! {
        form.inline id=(format!("hint-gone-{room}-{}", hint.id)) data-post=(address(room)) {
            input type="hidden" name="name" value="hint";
            input type="hidden" name="args.slot" value=[hint.slot.as_ref()];
            input type="hidden" name="args.text" value="";
            button type="submit" { (voice.say("hint-take-away")) }
            output {}
        }
    }
}

/// Renders the button that gives a hint, with its dialog, and the number of hints that were given.
pub(super) fn give(voice: Localizer<'_>, id: &RoomId, room: &Room, session: &Session) -> Markup {
    let field = |name: &str| format!("hint-{name}-{id}");
    // After each hint the library is another one.
    let of = digest((session.id, session.hints_given, room.hints.prepared.len()));
    let src = format!("/rooms/{id}/hints?lang={}&of={of:x}", voice.lang.code());
    let form = html! {
        form id=(format!("act-{id}-hint")) data-post=(address(id)) {
            input type="hidden" name="name" value="hint";
            label {
                (voice.say("hint-search"))
                input type="search" id=(field("search")) data-filters autocomplete="off";
            }
            div.library id=(field("library")) data-src=(src) data-part {}
            label {
                (voice.say("hint-text"))
                textarea id=(field("text")) name="args.text" rows="2" data-sends required maxlength=(HINT_LENGTH) {}
            }
            details id=(field("more")) {
                summary.small { (voice.say("hint-english")) }
                label {
                    (voice.say("hint-english-means"))
                    textarea id=(field("en")) name="args.en" rows="2" maxlength=(HINT_LENGTH) {}
                }
            }
            div.fields {
                label {
                    (voice.say("hint-where"))
                    select id=(field("slot")) name="args.slot" {
                        option value="" selected { (voice.say("hint-display")) }
                        @for slot in &room.slots { option value=(slot) { (place(voice, Some(slot))) } }
                    }
                }
                label { (voice.say("hint-time")) (time(voice, &field("seconds"), room.hints.seconds)) }
            }
            div { button.main type="submit" { (voice.say("hint-give")) } }
            output {}
        }
    };
    let dialog = dialog(
        voice,
        &format!("offer-{id}-hint"),
        &voice.say("hint-give"),
        Tone::Plain,
        key_of("hint"),
        &form,
    );
    html! {
        (dialog)
        span.soft.small.given id=(field("given")) {
            (voice.words.tell(voice.lang, "hints-given", [("n", session.hints_given.into())]))
        }
    }
}

/// Returns a time in minutes and seconds.
fn spoken(seconds: u64) -> String {
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, 0) => format!("{minutes} min"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

/// Renders the choice of a hint's time; the room's own is chosen first.
fn time(voice: Localizer<'_>, id: &str, own: Option<u64>) -> Markup {
    let mut times: Vec<u64> = TIMES.into_iter().chain(own).collect();
    times.sort_unstable();
    times.dedup();
    html! {
        select id=(id) name="args.seconds" data-as="number" {
            @for seconds in times {
                option value=(seconds) selected[own == Some(seconds)] {
                    (spoken(seconds))
                }
            }
            option value="" selected[own.is_none()] { (voice.say("hint-for-good")) }
        }
    }
}

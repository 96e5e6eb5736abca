//! Display of a room, `/display/ROOM`: for a projector or a screen that everybody sees, without signing in. It fills its
//! screen and shows the public view and nothing else: no ballot, no event, no act, no link.

mod scene;
mod theme;

pub(super) use theme::table;

use super::text::Localizer;
use super::view::is_lost;
use crate::config::DisplayConfig;
use crate::engine::read_model::{ReadModel, RollCall, Room};
use eg_page::{Kiosk, Lang, Parts, Sounds, Words};
use eg_proto::{Mode, RoomId};
use maud::{Markup, html};

/// Renders the parts of the display that change, by element id; none when there is no such room.
pub(super) fn parts(voice: Localizer<'_>, id: &RoomId, state: &ReadModel) -> Vec<(String, Markup)> {
    let room = state.rooms.get(id);
    room.map(|room| ("display".to_owned(), stage(voice, room, state))).into_iter().collect()
}

/// Renders the whole display around its parts.
pub(super) fn document(
    voice: Localizer<'_>,
    id: &RoomId,
    look: &DisplayConfig,
    parts: &Parts,
) -> Markup {
    let live = format!("/display/{id}/live?lang={}&seen={}", voice.lang.code(), parts.mark());
    let (title, theme) = (voice.room_title(id), theme::address(id, look));
    let page = Kiosk {
        title: &title,
        lang: voice.lang,
        live: Some(&live),
        theme: theme.as_deref(),
        sounds: if look.sounds { Sounds::All } else { Sounds::None },
    };
    let main = html! { div #display data-part {} };
    parts.fill(&page.document(voice.words, &main))
}

/// Renders the screen of a room that there is not, in both languages: nobody is signed in who could choose one.
pub(super) fn unknown(words: &Words, lang: Lang, name: &str) -> Markup {
    let title = words.say(lang, "display");
    let page = Kiosk { title: &title, lang, live: None, theme: None, sounds: Sounds::None };
    let both = [Lang::Fr, Lang::En];
    page.document(
        words,
        &html! {
            div.scene.display {
                div.above {}
                div.middle {
                    @for lang in both {
                        p.ask.mid lang=(lang.code()) { (words.tell(lang, "display-unknown", [("room", name.into())])) }
                    }
                    @for lang in both { p.says lang=(lang.code()) { (words.say(lang, "display-unknown-help")) } }
                }
            }
        },
    )
}

fn stage(voice: Localizer<'_>, room: &Room, state: &ReadModel) -> Markup {
    html! {
        div.scene.display.night[room.mode == Mode::Night] {
            @match (&room.session, &room.roll_call) {
                (_, Some(roll)) => (roll_call(voice, roll, state)),
                (Some(session), None) => (scene::session(voice, session, room.hints.aloud, state)),
                (None, None) => (scene::welcome(voice)),
            }
        }
    }
}

fn roll_call(voice: Localizer<'_>, roll: &RollCall, state: &ReadModel) -> Markup {
    let (here, all) = (roll.present.len(), roll.present.len() + roll.missing.len());
    html! {
        div.above {}
        div.middle {
            p.ask.mid { (voice.say("display-roll-call")) }
            p.says role="status" {
                (voice.words.tell(voice.lang, "roll-call-count", [("here", here.into()), ("all", all.into())]))
            }
            div.missing { @for slot in &roll.missing { span.pill.warn.bad[is_lost(slot, state)] { (voice.names.seat(slot)) } } }
        }
    }
}

#[cfg(test)]
mod tests;

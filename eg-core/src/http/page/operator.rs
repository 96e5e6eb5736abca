//! Operator page as a whole, and its parts that change.

use super::places::Here;
use super::room::forced;
use super::slots::Adoption;
use super::text::Localizer;
use super::{attention, events, header, keys, names, room, slots, status_bar};
use crate::engine::read_model::ReadModel;
use crate::http::attention::Attention;
use crate::http::caller::Caller;
use crate::journal::Redacted;
use eg_page::{Page, Parts};
use eg_proto::Timestamp;
use maud::{Markup, html};

/// Data for one rendering of the operator page, for all readers of one role.
pub(super) struct PageContext<'a> {
    pub(super) voice: Localizer<'a>,
    pub(super) all: &'a ReadModel,
    /// Page whose parts these are: of all rooms, or of one.
    pub(super) here: &'a Here,
    pub(super) adoption: &'a Adoption,
    /// Everything that needs attention.
    pub(super) attention: &'a Attention,
    /// Latest entries of the journal, oldest first.
    pub(super) recent: &'a [Redacted],
    pub(super) now: Timestamp,
    /// `true` for readers who may run sessions.
    pub(super) acts: bool,
}

impl PageContext<'_> {
    /// Renders the parts of the page that change, by the id of the element they stand in.
    pub(super) fn parts(&self) -> Vec<(String, Markup)> {
        let Self { voice, all, here, adoption, attention, recent, now, acts } = *self;
        let of_room = here.room().map(|id| {
            let state = all.of_room(id);
            let adoption = adoption.of_slots(&state);
            (state, adoption)
        });
        let (state, adoption) = of_room.as_ref().map_or((all, adoption), |(one, two)| (one, two));
        let mut parts = vec![
            ("attention".to_owned(), attention::attention(voice, attention, now)),
            ("troubles".to_owned(), forced::above(voice, state)),
            ("counts".to_owned(), self.counts()),
        ];
        parts.extend(events::parts(voice, all, here.room(), recent));
        let rooms = state.rooms.iter();
        parts.extend(rooms.flat_map(|(id, room)| room::room(voice, id, room, state, acts)));
        parts.extend(state.rooms.iter().map(|(id, room)| {
            let part = names::of_room(voice, id, room, acts, adoption.manages);
            (format!("names-{id}"), part)
        }));
        parts.extend(slots::slots(voice, state, adoption, now));
        parts.extend(status_bar::parts(voice, all, attention, here));
        parts
    }

    fn counts(&self) -> Markup {
        let Self { voice, all, .. } = *self;
        let counts = all.counts;
        let blanks = [
            ("stored", voice.grouped(counts.stored).into()),
            ("duplicates", voice.grouped(counts.duplicates).into()),
            ("missing", voice.grouped(counts.missing).into()),
            ("quarantined", voice.grouped(counts.quarantined).into()),
        ];
        html! { p.soft.small { (voice.words.tell(voice.lang, "counts", blanks)) } }
    }
}

/// Renders the whole page around its parts.
pub(super) fn document(
    voice: Localizer<'_>,
    state: &ReadModel,
    here: &Here,
    parts: &Parts,
    caller: &Caller,
    acts: bool,
) -> Markup {
    let say = |key| voice.say(key);
    let header = html! {
        @if acts { (keys::list(voice)) }
        (header::account(voice, caller))
    };
    let main = html! {
        div #troubles .tight.banner aria-live="polite" data-part {}
        section #attention .card aria-label=(say("attention")) data-part {}
        div.two {
            div.stack {
                div.rooms {
                    @for id in state.rooms.keys().filter(|id| here.room().is_none_or(|room| room == *id)) {
                        @let id = format!("room-{id}");
                        section.card id=(id) aria-label=(id) tabindex="-1" data-room data-part {}
                    }
                }
                section #slots .card aria-label=(say("slots")) data-part {}
            }
            div.stack {
                section.card aria-label=(say("events")) {
                    h2 { (say("events")) }
                    (events::filter(voice, state))
                    div #events data-part {}
                    div #counts data-part {}
                }
            }
        }
    };
    let (title, of_room) = match here.room() {
        Some(id) => (voice.room_title(id), format!("&room={id}")),
        None => (say("title"), String::new()),
    };
    let lang = voice.lang.code();
    let live = format!("/live?lang={lang}&seen={}{of_room}", parts.mark());
    let page = Page { title: &title, lang: voice.lang, live: Some(&live), header: &header };
    let bar = status_bar::bar(voice, caller);
    parts.fill(&page.document_under(voice.words, &bar, &main))
}

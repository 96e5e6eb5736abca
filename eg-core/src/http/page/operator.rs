//! Operator page as a whole, and its parts that change.

use super::room::forced;
use super::slots::Adoption;
use super::text::{Localizer, digest};
use super::{events, header, keys, names, room, slots};
use crate::engine::read_model::ReadModel;
use crate::http::caller::Caller;
use crate::journal::Redacted;
use eg_page::{Page, Parts};
use eg_proto::Timestamp;
use maud::{Markup, html};

/// Data for one rendering of the operator page, for all readers of one role.
pub(super) struct PageContext<'a> {
    pub(super) voice: Localizer<'a>,
    pub(super) state: &'a ReadModel,
    pub(super) adoption: &'a Adoption,
    /// Latest entries of the journal, oldest first.
    pub(super) recent: &'a [Redacted],
    pub(super) now: Timestamp,
    /// `true` for readers who may run sessions.
    pub(super) acts: bool,
}

impl PageContext<'_> {
    /// Renders the parts of the page that change, by the id of the element they stand in.
    pub(super) fn parts(&self) -> Vec<(String, Markup)> {
        let Self { voice, state, adoption, recent, now, acts } = *self;
        let mut all = vec![
            ("mode".to_owned(), header::mode(voice, state, acts)),
            ("troubles".to_owned(), self.troubles()),
            ("counts".to_owned(), self.counts()),
        ];
        all.extend(events::parts(voice, state, recent));
        let rooms = state.rooms.iter();
        all.extend(rooms.flat_map(|(id, room)| room::room(voice, id, room, state, acts)));
        all.extend(state.rooms.iter().map(|(id, room)| {
            let part = names::of_room(voice, id, room, acts, adoption.manages);
            (format!("names-{id}"), part)
        }));
        all.extend(slots::slots(voice, state, adoption, now));
        all
    }

    fn troubles(&self) -> Markup {
        let Self { voice, state, .. } = *self;
        html! {
            (forced::above(voice, state))
            @for trouble in &state.troubles {
                // By what it says, so that none is announced again when another goes.
                @let id = format!("trouble-{:x}", digest(&trouble.en));
                p.note.bad id=(id) role="alert" { (voice.names.beside(voice.lang.of(trouble))) }
            }
        }
    }

    fn counts(&self) -> Markup {
        let Self { voice, state, .. } = *self;
        let counts = state.counts;
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
    parts: &Parts,
    caller: &Caller,
    acts: bool,
) -> Markup {
    let say = |key| voice.say(key);
    let header = html! {
        div #mode .row.mode role="group" aria-label=(say("mode")) data-part {}
        @if acts { (keys::list(voice)) }
        (header::account(voice, caller))
    };
    let main = html! {
        div #troubles .tight.banner aria-live="polite" data-part {}
        div.two {
            div.stack {
                @for id in state.rooms.keys() {
                    @let id = format!("room-{id}");
                    section.card id=(id) aria-label=(id) tabindex="-1" data-room data-part {}
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
    let title = say("title");
    let live = format!("/live?lang={}&seen={}", voice.lang.code(), parts.mark());
    let page = Page { title: &title, lang: voice.lang, live: Some(&live), header: &header };
    parts.fill(&page.document(voice.words, &main))
}

//! Operator page as a whole, and its parts that change.

use super::slots::Adoption;
use super::text::Localizer;
use super::{events, header, outputs, room, slots};
use crate::engine::read_model::ReadModel;
use crate::http::access::may_act;
use crate::http::caller::Caller;
use crate::journal::Redacted;
use eg_page::Page;
use eg_proto::Timestamp;
use maud::{Markup, html};

/// Data for one rendering of the operator page.
pub(super) struct PageContext<'a> {
    pub(super) voice: Localizer<'a>,
    pub(super) state: &'a ReadModel,
    pub(super) adoption: &'a Adoption,
    /// Latest entries of the journal, oldest first.
    pub(super) recent: &'a [Redacted],
    pub(super) now: Timestamp,
    /// Reader of the page.
    pub(super) caller: &'a Caller,
}

impl PageContext<'_> {
    /// Renders the parts of the page that change, by the id of the element they stand in.
    pub(super) fn fragments(&self) -> Vec<(String, Markup)> {
        let Self { voice, state, adoption, recent, now, caller } = *self;
        let acts = may_act(caller.identity());
        let rooms = state
            .rooms
            .iter()
            .map(|(id, room)| (format!("room-{id}"), room::room(voice, id, room, state, acts)));
        let mut all = vec![
            ("mode".to_owned(), header::mode(voice, state, acts)),
            ("troubles".to_owned(), self.troubles()),
            ("slots".to_owned(), slots::slots(voice, state, adoption, now)),
            ("events".to_owned(), events::events(voice, recent)),
            ("counts".to_owned(), self.counts()),
        ];
        if acts {
            all.push(("outputs".to_owned(), outputs::outputs(voice, state)));
        }
        all.extend(rooms);
        all
    }

    /// Renders the whole page.
    pub(super) fn document(&self) -> Markup {
        let Self { voice, state, .. } = *self;
        let say = |key| voice.say(key);
        let fragments = self.fragments();
        let part = |id: &str| fragments.iter().find(|(name, _)| name == id).map(|(_, html)| html);
        let header = html! {
            div #mode .row.mode role="group" aria-label=(say("mode")) { @if let Some(html) = part("mode") { (html) } }
            (header::account(voice, self.caller))
        };
        let main = html! {
            div #troubles .tight.banner aria-live="polite" { @if let Some(html) = part("troubles") { (html) } }
            div.two {
                div.stack {
                    @for id in state.rooms.keys() {
                        @let id = format!("room-{id}");
                        section.card id=(id) aria-label=(id) { @if let Some(html) = part(&id) { (html) } }
                    }
                    section #slots .card aria-label=(say("slots")) { @if let Some(html) = part("slots") { (html) } }
                }
                div.stack {
                    section.card aria-label=(say("events")) {
                        h2 { (say("events")) }
                        div #events { @if let Some(html) = part("events") { (html) } }
                        div #counts { @if let Some(html) = part("counts") { (html) } }
                    }
                    @if let Some(html) = part("outputs") {
                        section.card aria-label=(say("outputs")) {
                            h2 { (say("outputs")) }
                            div #outputs .outputs { (html) }
                        }
                    }
                }
            }
        };
        let title = say("title");
        let live = format!("/live?lang={}", voice.lang.code());
        let page = Page { title: &title, lang: voice.lang, live: Some(&live), header: &header };
        page.document(voice.words, &main)
    }

    fn troubles(&self) -> Markup {
        let Self { voice, state, .. } = *self;
        html! {
            @for trouble in &state.troubles { p.note.bad role="alert" { (voice.lang.of(trouble)) } }
        }
    }

    fn counts(&self) -> Markup {
        let Self { voice, state, .. } = *self;
        let counts = state.counts;
        let blanks = [
            ("stored", counts.stored.into()),
            ("duplicates", counts.duplicates.into()),
            ("missing", counts.missing.into()),
            ("quarantined", counts.quarantined.into()),
        ];
        html! { p.soft.small { (voice.words.tell(voice.lang, "counts", blanks)) } }
    }
}

//! Page of one slot: its boards, inputs and outputs as they are now, its link and its card, with everything to try.

mod context;
mod inputs;
mod link;
mod log;
mod outputs;

use self::context::Detail;
use super::adoption::Adoption;
use super::health::{health, seen};
use crate::auth::Role;
use crate::engine::read_model::{ReadModel, Slot};
use crate::http::access::VIEWER;
use crate::http::caller::Caller;
use crate::http::context::Context;
use crate::http::extract::PathParam;
use crate::http::locale::{Locale, remember};
use crate::http::page::door::Route;
use crate::http::page::glance::bar_parts;
use crate::http::page::live::LivePage;
use crate::http::page::names::rename_slot;
use crate::http::page::text::Localizer;
use crate::http::page::{header, status_bar};
use crate::http::problem::Problem;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use eg_page::{Lang, Page, Parts, StreamRequest};
use eg_proto::{SlotId, Text};
use maud::{Markup, html};

/// Returns the page of a slot and its stream.
pub(in crate::http::page) fn table() -> [Route; 2] {
    [("/slots/{slot}", VIEWER, get(page)), ("/slots/{slot}/live", VIEWER, get(stream))]
}

impl Detail<'_> {
    /// Renders the parts that change, by the id of the element they stand in.
    fn parts(&self) -> Vec<(String, Markup)> {
        let mut all = vec![
            ("slot-head".to_owned(), self.head()),
            ("slot-inputs".to_owned(), inputs::inputs(self)),
            ("slot-outputs".to_owned(), outputs::outputs(self)),
        ];
        all.extend(outputs::states(self));
        all.extend([
            ("slot-tour".to_owned(), outputs::tour(self)),
            ("slot-link".to_owned(), link::link(self)),
            ("slot-times".to_owned(), link::times(self)),
            ("slot-card".to_owned(), self.adoption.of_page(self.voice, self.id, self.slot)),
            ("slot-log".to_owned(), log::log(self)),
        ]);
        all
    }

    /// Renders how the slot is, in one line, and what is wrong with it.
    fn head(&self) -> Markup {
        let Self { voice, id, slot, adoption, now, .. } = *self;
        let (tone, word) = health(slot);
        html! {
            div.row {
                h2 { (voice.names.slot(id)) }
                @if voice.names.slot(id) != id.as_str() { span.soft { (id) } }
                @if let Some(player) = voice.names.player(id) { strong { (player) } }
                @if adoption.manages { (rename_slot(voice, id)) }
                span.pill.(tone) { (voice.say(word)) }
                @if slot.sim { span.pill { (voice.say("sim")) } }
                span.soft.small { (seen(voice, slot.last_seen, now)) }
            }
            @if slot.twin.is_some() { p.note.bad { (voice.say("slot-twin")) } }
            @if slot.counts.missing > 0 {
                p.note.warn {
                    (voice.words.tell(voice.lang, "missing-events", [("n", slot.counts.missing.into())]))
                }
            }
        }
    }

    /// Renders the page around its parts.
    fn document(&self, parts: &Parts, caller: &Caller) -> Markup {
        let Self { voice, id, acts, .. } = *self;
        let say = |key| voice.say(key);
        let main = html! {
            nav.row { a.quiet href="/" { "← " (say("slot-back")) } }
            section #slot-head .card aria-label=(say("slot-how")) data-part {}
            div.two {
                div.stack {
                    section.card aria-label=(say("slot-inputs")) {
                        h2 { (say("slot-inputs")) }
                        div #slot-inputs .tight data-part {}
                    }
                    section.card aria-label=(say("slot-outputs")) {
                        h2 { (say("slot-outputs")) }
                        @if acts { div #slot-tour .row data-part {} }
                        div #slot-outputs .tight data-part {}
                    }
                }
                div.stack {
                    section.card aria-label=(say("slot-link")) {
                        h2 { (say("slot-link")) }
                        div #slot-link .tight data-part {}
                        div #slot-times .tight data-part {}
                    }
                    section.card aria-label=(say("identity")) {
                        h2 { (say("identity")) }
                        div #slot-card .tight data-part {}
                    }
                    section.card aria-label=(say("slot-log")) {
                        h2 { (say("slot-log")) }
                        div #slot-log data-part {}
                    }
                }
            }
        };
        let live = format!("/slots/{id}/live?lang={}&seen={}", voice.lang.code(), parts.mark());
        let header = header::account(voice, caller);
        let title = voice.names.slot(id);
        let page = Page { title, lang: voice.lang, live: Some(&live), header: &header };
        let bar = status_bar::bar(voice, caller);
        parts.fill(&page.document_under(voice.words, &bar, &main))
    }
}

async fn page(
    State(context): State<Context>,
    caller: Caller,
    PathParam(id): PathParam<SlotId>,
    Locale(lang): Locale,
) -> Result<Response, Problem> {
    known(&context, &id)?;
    context.audience.open_page();
    let parts = live_page(&context, &caller, id.clone(), lang).now();
    let role = caller.role();
    let html = detail(&context, &id, role, lang, |detail| detail.document(&parts, &caller));
    Ok((remember(lang), html).into_response())
}

async fn stream(
    State(context): State<Context>,
    caller: Caller,
    PathParam(id): PathParam<SlotId>,
    Locale(lang): Locale,
    stream: StreamRequest,
) -> Result<Response, Problem> {
    known(&context, &id)?;
    Ok(stream.answer(live_page(&context, &caller, id, lang).feed(caller), ()))
}

/// Returns the page of a slot for readers of the caller's role, who all see the same.
fn live_page(context: &Context, caller: &Caller, id: SlotId, lang: Lang) -> LivePage {
    let role = caller.role();
    let name = format!("slot {} {} {id}", lang.code(), role.map_or("", Role::word));
    let look = move |context: &Context| {
        let mut parts = detail(context, &id, role, lang, |detail| detail.parts());
        parts.extend(bar_parts(context, lang));
        parts
    };
    LivePage::shared(context.clone(), name, Box::new(look))
}

/// Renders something of a slot as it is now.
fn detail<T>(
    context: &Context,
    id: &SlotId,
    role: Option<Role>,
    lang: Lang,
    render: impl FnOnce(&Detail<'_>) -> T,
) -> T {
    let state = context.handle.state();
    let ReadModel { slots, panels, .. } = &*state;
    let slot = slots.get(id).cloned().unwrap_or_else(|| Slot::unheard().into());
    let panel = panels.get(id).cloned().unwrap_or_default();
    render(&Detail {
        voice: Localizer { words: &context.words, lang, names: &state.names },
        id,
        slot: &slot,
        panel: &panel,
        adoption: &Adoption::now(context, role),
        address: context.access.address(id),
        now: context.clock.now(),
        acts: role.is_some_and(|role| role >= Role::GameMaster),
    })
}

/// Renders the page of a slot for an operator, with everything that may stand on it.
#[cfg(test)]
pub(in crate::http::page) fn whole(
    voice: Localizer<'_>,
    id: &SlotId,
    slot: &Slot,
    adoption: &Adoption,
    caller: &Caller,
) -> Markup {
    let panel = &crate::engine::read_model::Panel::default();
    let (address, now) =
        (Some(std::net::Ipv4Addr::LOCALHOST.into()), eg_proto::Timestamp(60_000_000));
    let detail = Detail { voice, id, slot, panel, adoption, address, now, acts: true };
    detail.document(&Parts::new(detail.parts()), caller)
}

/// Refuses an id that no slot has used, and that none waits for.
fn known(context: &Context, id: &SlotId) -> Result<(), Problem> {
    let access = &context.access;
    let is_known = context.handle.state().slots.contains_key(id)
        || access.waiting().contains_key(id)
        || access.adopted().contains_key(id);
    is_known.then_some(()).ok_or_else(|| {
        let fr = format!("pas de poste « {id} »");
        Problem::unknown(Text::new(fr, format!("no slot called \"{id}\"")))
    })
}

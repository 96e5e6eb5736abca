//! Page of one slot with the times that its presses took.

use crate::http::access::VIEWER;
use crate::http::caller::Caller;
use crate::http::context::Context;
use crate::http::extract::PathParam;
use crate::http::locale::{Locale, remember};
use crate::http::page::door::Route;
use crate::http::page::header;
use crate::http::page::text::Localizer;
use crate::http::problem::Problem;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use eg_page::{Page, press_times};
use eg_proto::{SlotId, Text};
use maud::html;

/// Returns the page of a slot's times. It is one of its own, so that the page of all slots does not carry them.
pub(in crate::http::page) fn table() -> [Route; 1] {
    [("/slots/{slot}", VIEWER, get(times))]
}

async fn times(
    State(context): State<Context>,
    caller: Caller,
    PathParam(id): PathParam<SlotId>,
    Locale(lang): Locale,
) -> Result<Response, Problem> {
    let state = context.handle.state();
    let slot = state.slots.get(&id).ok_or_else(|| no_slot(&id))?;
    let voice = Localizer { words: &context.words, lang, names: &state.names };
    let main = html! {
        section.card {
            h2 { (voice.say("press-times-title")) }
            p.soft.small { (voice.say("press-times-help")) }
            @match &slot.latency {
                Some(latency) => (press_times(lang, latency)),
                None => p.soft { (voice.say("press-times-none")) },
            }
        }
    };
    let header = header::account(voice, &caller);
    let page = Page { title: id.as_str(), lang, live: None, header: &header };
    Ok((remember(lang), page.document(&context.words, &main)).into_response())
}

fn no_slot(id: &SlotId) -> Problem {
    Problem::unknown(Text::new(
        format!("pas de poste « {id} »"),
        format!("no slot called \"{id}\""),
    ))
}

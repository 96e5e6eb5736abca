//! Health figure alone, for pages that nobody sees, and the bar alone, for pages that are not live themselves.

use super::live::LivePage;
use super::places::Here;
use super::text::Localizer;
use super::{header, status_bar};
use crate::http::attention::Attention;
use crate::http::caller::Caller;
use crate::http::context::Context;
use crate::http::locale::Locale;
use crate::names::Names;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use eg_page::{Lang, Page, StreamRequest};
use maud::Markup;

/// Returns the health figure as a page of its own, which every reader shares.
pub(super) fn glance(context: &Context, lang: Lang) -> LivePage {
    let look = move |context: &Context| {
        let state = context.handle.state();
        let voice = Localizer { words: &context.words, lang, names: &state.names };
        vec![status_bar::health(voice, &state, &Attention::now(context))]
    };
    LivePage::shared(context.clone(), format!("glance {}", lang.code()), Box::new(look))
}

/// Renders the parts of the bar on a page that is no room's.
pub(super) fn bar_parts(context: &Context, lang: Lang) -> Vec<(String, Markup)> {
    let (state, attention) = (context.handle.state(), Attention::now(context));
    let voice = Localizer { words: &context.words, lang, names: &state.names };
    status_bar::parts(voice, &state, &attention, &Here::Elsewhere)
}

/// Returns the bar as a page of its own.
fn bar(context: &Context, lang: Lang) -> LivePage {
    let look = move |context: &Context| bar_parts(context, lang);
    LivePage::shared(context.clone(), format!("bar {}", lang.code()), Box::new(look))
}

/// Renders a page that is not live itself; its bar is.
pub(super) fn still_page(
    context: &Context,
    lang: Lang,
    caller: &Caller,
    title: &str,
    main: &Markup,
) -> Markup {
    let voice = Localizer { words: &context.words, lang, names: Names::none() };
    let (parts, header) = (bar(context, lang).now(), header::account(voice, caller));
    let live = format!("/glance/live?lang={}&seen={}", lang.code(), parts.mark());
    let page = Page { title, lang, live: Some(&live), header: &header };
    parts.fill(&page.document_under(voice.words, &status_bar::bar(voice, caller), main))
}

/// Answers with the health figure, for a page that holds no stream while nobody sees it.
pub(super) async fn part(State(context): State<Context>, Locale(lang): Locale) -> Response {
    let state = context.handle.state();
    let voice = Localizer { words: &context.words, lang, names: &state.names };
    let (_, figure) = status_bar::health(voice, &state, &Attention::now(&context));
    figure.into_response()
}

pub(super) async fn stream(
    State(context): State<Context>,
    caller: Caller,
    Locale(lang): Locale,
    stream: StreamRequest,
) -> Response {
    let glance = glance(&context, lang);
    let feed = bar(&context, lang).feed(caller);
    stream.answer(feed.glance(move || glance.read()), ())
}

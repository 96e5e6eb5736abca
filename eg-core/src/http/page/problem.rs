//! Page for a refusal: the reason, in both languages, and links to other pages.

use super::text::Localizer;
use crate::http::context::Context;
use crate::http::problem::Problem;
use axum::response::{IntoResponse, Response};
use eg_page::{Lang, Page};
use maud::html;

/// Renders a refusal as a page, in both languages: a person before a display has no account and perhaps another
/// language.
pub(crate) fn problem(context: &Context, lang: Lang, problem: &Problem) -> Response {
    let state = context.handle.state();
    let voice = Localizer { words: &context.words, lang, names: &state.names };
    let (title, detail) = problem.told(lang);
    let (other_title, other_detail) = problem.told(lang.other());
    let main = html! {
        section.card.door {
            h2 { (title) }
            @if detail != title { p { (detail) } }
            div lang=(lang.other().code()) {
                p.soft { strong { (other_title) } @if other_detail != other_title { " — " (other_detail) } }
            }
            p.row {
                a.button href="/" { (voice.say("title")) }
                @for room in state.rooms.keys() {
                    a.button href=(format!("/display/{room}")) { (voice.say("display")) " " (voice.names.room(room)) }
                }
            }
        }
    };
    let page = Page { title, lang, live: None, header: &html! {} };
    (problem.status(), page.document(voice.words, &main)).into_response()
}

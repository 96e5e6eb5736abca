//! Page for browsers that come in clear to a core of TLS: where to go, and how a device takes the room's authority.

use super::text::Localizer;
use crate::http::scheme::AUTHORITY;
use crate::names::Names;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use eg_page::{Lang, Page, Words};
use maud::html;

/// Renders the page, in both languages: a person before a display has no account and perhaps another language. `secure`
/// is the same address under TLS; `authority` is `true` if the room has an authority of its own, which devices have to
/// take once.
pub(crate) fn in_clear(words: &Words, lang: Lang, secure: &str, authority: bool) -> Response {
    let title = Localizer { words, lang, names: Names::none() }.say("clear-title");
    let main = html! {
        @for lang in [lang, lang.other()] {
            @let voice = Localizer { words, lang, names: Names::none() };
            section.card.door lang=(lang.code()) {
                h2 { (voice.say("clear-title")) }
                p { (voice.say("clear-lead")) }
                p.row { a.button.main href=(secure) { (secure) } }
                @if authority {
                    p.soft { (voice.say("clear-once")) }
                    p { a href=(AUTHORITY) { (voice.say("clear-take")) } }
                    @for device in ["clear-android", "clear-ios", "clear-windows", "clear-firefox"] {
                        p.small { (voice.say(device)) }
                    }
                }
            }
        }
    };
    let page = Page { title: &title, lang, live: None, header: &html! {} };
    (StatusCode::UPGRADE_REQUIRED, page.document(words, &main)).into_response()
}

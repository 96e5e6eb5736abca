//! Login page.

use super::text::Localizer;
use crate::auth::FIRST;
use eg_page::Page;
use maud::{Markup, html};

/// Renders the page that asks for name and password.
pub(super) fn login(voice: Localizer<'_>) -> Markup {
    let title = voice.say("login-title");
    let main = html! {
        section.card.door {
            h2 { (title) }
            p.soft { (voice.say("login-lead")) }
            form #login data-post="/api/login" data-then="/" {
                label {
                    (voice.say("user-name"))
                    input name="user" id="user" value=(FIRST) maxlength="32" autocomplete="username"
                        autocapitalize="none" spellcheck="false";
                }
                label {
                    (voice.say("password"))
                    input type="password" name="password" id="password" required autofocus autocomplete="current-password";
                }
                button.main type="submit" { (voice.say("login")) }
                output {}
            }
        }
    };
    let page = Page { title: &title, lang: voice.lang, live: None, header: &html! {} };
    page.document(voice.words, &main)
}

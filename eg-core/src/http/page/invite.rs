//! Page of an invitation: whoever opens its link chooses a password.

use super::account::role;
use super::text::Localizer;
use crate::auth::Invitation;
use eg_page::Page;
use maud::{Markup, html};

/// Renders the page of an invitation with its token; of one that does not work, the reason.
pub(super) fn invite(voice: Localizer<'_>, invitation: Option<&Invitation>, token: &str) -> Markup {
    let title = voice.say("invite-title");
    let main = html! {
        section.card.door {
            h2 { (title) }
            @if let Some(invitation) = invitation {
                p { strong { (invitation.name) } " · " (role(voice, invitation.role)) }
                p.soft { (voice.with("invite-lead", "by", &invitation.made_by)) }
                form #accept data-post="/api/invitation" data-then="/" {
                    input type="hidden" name="token" value=(token);
                    input type="hidden" autocomplete="username" value=(invitation.name);
                    label {
                        (voice.say("password-new"))
                        input type="password" name="password" id="password" required minlength="8" maxlength="256"
                            autofocus autocomplete="new-password";
                    }
                    button.main type="submit" { (voice.say("login")) }
                    output {}
                }
            } @else {
                p.note.warn { (voice.say("invite-gone")) }
                p { a href="/login" { (voice.say("login-title")) } }
            }
        }
    };
    let page = Page { title: &title, lang: voice.lang, live: None, header: &html! {} };
    page.document(voice.words, &main)
}

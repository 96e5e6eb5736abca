//! Right side of the page's header: the links of the operator's account.

use super::ask::Ask;
use super::text::Localizer;
use crate::auth::Role;
use crate::http::caller::Caller;
use maud::{Markup, html};

/// Renders the links to history, documentation and accounts, and the button to sign out.
pub(super) fn account(voice: Localizer<'_>, caller: &Caller) -> Markup {
    html! {
        a.quiet href="/sessions" { (voice.say("history")) }
        a.quiet href="/docs" { (voice.say("docs")) }
        @if caller.role() == Some(Role::Operator) { a.quiet href="/users" { (voice.say("users")) } }
        (Ask {
            id: "logout".to_owned(),
            label: voice.say("logout"),
            means: "logout-means",
            post: "/api/logout",
            fields: html! {},
            key: None,
        }.then(voice, Some("/login")))
    }
}

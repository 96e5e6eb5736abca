//! Right side of the page's header: day or night, and the links of the operator's account.

use super::ask::Ask;
use super::text::Localizer;
use crate::auth::Role;
use crate::engine::read_model::{ReadModel, SessionStatus};
use crate::http::caller::Caller;
use eg_proto::Mode;
use maud::{Markup, html};

/// Renders day and night as two buttons of which one is pressed. While a session runs, a change is confirmed first:
/// every room and slot is told. Who may not act is told the mode alone.
pub(super) fn mode(voice: Localizer<'_>, state: &ReadModel, may_act: bool) -> Markup {
    let mut sessions = state.rooms.values().filter_map(|room| room.session.as_ref());
    let runs = sessions.any(|session| session.status == SessionStatus::Running);
    html! {
        span.soft.small { (voice.say("mode")) }
        @for (mode, value, word) in [(Mode::Day, "day", "mode-day"), (Mode::Night, "night", "mode-night")] {
            @let (is_on, id, label) = (state.mode == mode, format!("mode-{value}"), voice.say(word));
            @let fields = html! { input type="hidden" name="mode" value=(value); };
            @if !may_act {
                @if is_on { strong { (label) } }
            } @else if runs && !is_on {
                (Ask { id, label, means: "mode-means", post: "/api/mode", fields, key: None }.show(voice))
            } @else {
                form.inline id=(format!("{id}-form")) data-post="/api/mode" {
                    (fields)
                    button type="submit" id=(id) aria-pressed=(is_on) { (label) }
                    output {}
                }
            }
        }
    }
}

/// Renders the links to history, documentation and accounts, and the button to sign out.
pub(super) fn account(voice: Localizer<'_>, caller: &Caller) -> Markup {
    html! {
        a.quiet href="/sessions" { (voice.say("history")) }
        a.quiet href="/docs" { (voice.say("docs")) }
        @if caller.role() == Some(Role::Operator) { a.quiet href="/users" { (voice.say("users")) } }
        @if let Some(who) = caller.identity() {
            a.quiet #me href="/account" title=(voice.say("account")) { (who.name) }
        }
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

//! Page of all accounts, for operators: users, invitations, and tokens for scripts.

use super::account::{list, role};
use super::ask::Ask;
use super::text::Localizer;
use super::{header, status_bar};
use crate::auth::{Auth, Identity, Invitation, Role, Token, User};
use crate::engine::read_model::ReadModel;
use crate::http::caller::Caller;
use eg_page::Page;
use maud::{Markup, html};

/// Renders the parts of the page that change.
pub(super) fn fragments(
    voice: Localizer<'_>,
    auth: &Auth,
    who: &Identity,
) -> Vec<(String, Markup)> {
    let people = html! {
        @for known in auth.users() { (user(voice, auth, who, &known)) }
    };
    vec![
        ("people".to_owned(), people),
        ("invitations".to_owned(), invitations(voice, &auth.invitations())),
        ("tokens".to_owned(), tokens(voice, &auth.tokens())),
    ]
}

/// Renders the whole page.
pub(super) fn document(
    voice: Localizer<'_>,
    auth: &Auth,
    state: &ReadModel,
    caller: &Caller,
    who: &Identity,
) -> Markup {
    let fragments = fragments(voice, auth, who);
    let title = voice.say("users");
    let part = |id: &str| fragments.iter().find(|(name, _)| name == id).map(|(_, html)| html);
    let main = html! {
        div.two {
            div.stack {
                section.card {
                    h2 { (voice.say("users")) }
                    div #people .tight { @if let Some(html) = part("people") { (html) } }
                    p { a href="/audit" { (voice.say("audit")) } }
                }
            }
            div.stack {
                section.card {
                    h2 { (voice.say("invite")) }
                    p.soft.small { (voice.say("invite-means")) }
                    (invite(voice))
                    div #invitations { @if let Some(html) = part("invitations") { (html) } }
                }
                section.card {
                    h2 { (voice.say("tokens")) }
                    p.soft.small { (voice.say("tokens-mean")) }
                    (new_token(voice, state))
                    div #tokens { @if let Some(html) = part("tokens") { (html) } }
                }
            }
        }
    };
    let header = header::account(voice, caller);
    let live = format!("/users/live?lang={}", voice.lang.code());
    let page = Page { title: &title, lang: voice.lang, live: Some(&live), header: &header };
    page.document_under(voice.words, &status_bar::bar(voice, caller), &main)
}

fn user(voice: Localizer<'_>, auth: &Auth, who: &Identity, user: &User) -> Markup {
    let name = &user.name;
    let address = |act: &str| format!("/api/users/{name}/{act}");
    let sessions = auth.sessions(name, who.session());
    let end = |id: i64| address(&format!("sessions/{id}/end"));
    html! {
        details.act id=(format!("user-{name}")) {
            summary {
                strong { (name) } " " span.pill { (role(voice, user.role)) }
                @if user.sessions > 0 { " " span.soft.small { (voice.words.tell(voice.lang, "sessions-count", [("n", user.sessions.into())])) } }
            }
            div.stack {
                form.inline id=(format!("role-{name}")) data-post=(address("role")) {
                    (roles(voice, &format!("role-of-{name}"), user.role))
                    button type="submit" { (voice.say("role-set")) }
                    output {}
                }
                form.inline id=(format!("reset-{name}")) data-post=(address("password")) data-show="password" {
                    button type="submit" { (voice.say("password-reset")) }
                    output {}
                }
                @if !sessions.is_empty() {
                    div { h3 { (voice.say("sessions")) } (list(voice, &format!("of-{name}"), &sessions, end)) }
                }
                (Ask {
                    id: format!("remove-{name}"),
                    label: voice.say("user-remove"),
                    means: "user-remove-means",
                    post: &address("remove"),
                    fields: html! {},
                    key: None,
                }.show(voice))
            }
        }
    }
}

fn roles(voice: Localizer<'_>, id: &str, chosen: Role) -> Markup {
    html! {
        label {
            (voice.say("role"))
            select name="role" id=(id) {
                @for known in Role::ALL {
                    option value=(known.word()) selected[known == chosen] { (role(voice, known)) }
                }
            }
        }
    }
}

fn invite(voice: Localizer<'_>) -> Markup {
    html! {
        form #invite data-post="/api/users/invitations" data-show="link" {
            label {
                (voice.say("user-name"))
                input name="name" id="invite-name" required maxlength="32" autocomplete="off" autocapitalize="none"
                    spellcheck="false";
            }
            (roles(voice, "invite-role", Role::GameMaster))
            label {
                (voice.say("invite-hours"))
                input type="number" name="hours" id="invite-hours" data-as="number" value="48" min="1" max="720" required;
            }
            div { button.main type="submit" { (voice.say("invite")) } }
            output {}
        }
    }
}

fn invitations(voice: Localizer<'_>, all: &[Invitation]) -> Markup {
    html! {
        ul.people {
            @for invitation in all {
                li id=(format!("invitation-{}", invitation.name)) {
                    div.row {
                        strong { (invitation.name) }
                        span.pill { (role(voice, invitation.role)) }
                        span.grow {}
                        form.inline data-post="/api/users/invitations/withdraw" {
                            input type="hidden" name="name" value=(invitation.name);
                            button type="submit" { (voice.say("invite-withdraw")) }
                            output {}
                        }
                    }
                    p.soft.small {
                        (voice.with("history-by", "by", &invitation.made_by)) " · " (voice.say("until")) " "
                        time data-at=(invitation.ends.0 / 1_000) data-day data-keep {}
                    }
                }
            }
        }
    }
}

fn new_token(voice: Localizer<'_>, state: &ReadModel) -> Markup {
    html! {
        form #new-token data-post="/api/tokens" data-show="token" {
            label {
                (voice.say("token-name"))
                input name="name" id="token-name" required maxlength="32" autocomplete="off" autocapitalize="none"
                    spellcheck="false";
            }
            (roles(voice, "token-role", Role::Viewer))
            label {
                (voice.say("token-room"))
                select name="room" id="token-room" {
                    option value="" { (voice.say("token-all-rooms")) }
                    @for room in state.rooms.keys() { option value=(room) { (voice.names.room(room)) } }
                }
            }
            label {
                (voice.say("token-days"))
                input type="number" name="days" id="token-days" data-as="number" value="365" min="1" max="3660";
            }
            div { button.main type="submit" { (voice.say("token-make")) } }
            output {}
        }
    }
}

fn tokens(voice: Localizer<'_>, all: &[Token]) -> Markup {
    html! {
        ul.people {
            @for token in all {
                li id=(format!("token-{}", token.name)) {
                    div.row {
                        strong { (token.name) }
                        span.pill { (role(voice, token.role)) }
                        @if let Some(room) = &token.room { span.pill { (voice.room_title(room)) } }
                        @if token.expired { span.pill.warn { (voice.say("token-expired")) } }
                        span.grow {}
                        form.inline data-post=(format!("/api/tokens/{}/revoke", token.name)) {
                            button type="submit" { (voice.say("token-revoke")) }
                            output {}
                        }
                    }
                    p.soft.small {
                        (voice.with("history-by", "by", &token.made_by))
                        @if let Some(used) = token.used {
                            @let minute = used.0 / 60_000_000 * 60_000;
                            " · " (voice.say("session-seen")) " "
                            time data-at=(minute) data-day id=(format!("used-{}-{minute}", token.name)) data-keep {}
                        }
                        @if let Some(ends) = token.ends {
                            " · " (voice.say("until")) " " time data-at=(ends.0 / 1_000) data-day data-keep {}
                        }
                    }
                }
            }
        }
    }
}

//! Page of the own account: password and sessions.

use super::text::Localizer;
use super::{header, status_bar};
use crate::auth::{Auth, Identity, Login, Role};
use crate::http::caller::Caller;
use eg_page::Page;
use maud::{Markup, html};

/// Renders the parts of the page that change.
pub(super) fn fragments(
    voice: Localizer<'_>,
    auth: &Auth,
    who: &Identity,
) -> Vec<(String, Markup)> {
    let sessions = auth.sessions(&who.name, who.session());
    let post = |id: i64| format!("/api/account/sessions/{id}/end");
    vec![("sessions".to_owned(), list(voice, "session", &sessions, post))]
}

/// Renders the whole page.
pub(super) fn document(
    voice: Localizer<'_>,
    auth: &Auth,
    caller: &Caller,
    who: &Identity,
) -> Markup {
    let fragments = fragments(voice, auth, who);
    let title = voice.say("account");
    let main = html! {
        div.two {
            section.card {
                h2 { (who.name) span.soft.small { (role(voice, who.role)) } }
                p.soft { (voice.say(match who.role {
                    Role::Viewer => "role-viewer-means",
                    Role::GameMaster => "role-game-master-means",
                    Role::Operator => "role-operator-means",
                })) }
                h3 { (voice.say("password-change")) }
                form #change-password data-post="/api/account/password" data-done=(voice.say("password-changed")) {
                    input type="hidden" autocomplete="username" value=(who.name);
                    label {
                        (voice.say("password-present"))
                        input type="password" name="present" id="present" required autocomplete="current-password";
                    }
                    label {
                        (voice.say("password-new"))
                        input type="password" name="new" id="new" required minlength="8" maxlength="256"
                            autocomplete="new-password";
                    }
                    p.soft.small { (voice.say("password-means")) }
                    div { button.main type="submit" { (voice.say("password-change")) } }
                    output {}
                }
            }
            section.card {
                h2 { (voice.say("sessions")) }
                p.soft.small { (voice.say("sessions-mean")) }
                @for (id, html) in &fragments { div id=(id) { (html) } }
            }
        }
    };
    let header = header::account(voice, caller);
    let live = format!("/account/live?lang={}", voice.lang.code());
    let page = Page { title: &title, lang: voice.lang, live: Some(&live), header: &header };
    page.document_under(voice.words, &status_bar::bar(voice, caller), &main)
}

/// Returns the name of a role.
pub(super) fn role(voice: Localizer<'_>, role: Role) -> String {
    voice.say(match role {
        Role::Viewer => "role-viewer",
        Role::GameMaster => "role-game-master",
        Role::Operator => "role-operator",
    })
}

/// Renders sessions with a button to end each but the reader's own, which the header ends; `post` is its address.
pub(super) fn list(
    voice: Localizer<'_>,
    key: &str,
    sessions: &[Login],
    post: impl Fn(i64) -> String,
) -> Markup {
    html! {
        ul.people {
            @for session in sessions {
                li id=(format!("{key}-{}", session.id)) {
                    div.row {
                        strong { (program(voice, &session.browser)) }
                        @if !session.address.is_empty() { span.mono.small { (session.address) } }
                        @if session.current { span.pill.good { (voice.say("session-current")) } }
                        span.grow {}
                        @if !session.current {
                            form.inline data-post=(post(session.id)) {
                                button type="submit" { (voice.say("session-end")) }
                                output {}
                            }
                        }
                    }
                    p.soft.small {
                        @if let Some(began) = session.began {
                            (voice.say("session-began")) " " time data-at=(began.0 / 1_000) data-day data-keep {}
                        }
                        @if let Some(seen) = session.seen {
                            " · " (voice.say("session-seen")) " "
                            // By the minute: a page that is looked at does not change with every look.
                            @let minute = seen.0 / 60_000_000 * 60_000;
                            time data-at=(minute) data-day id=(format!("{key}-{}-{minute}", session.id)) data-keep {}
                        }
                    }
                }
            }
        }
    }
}

/// Describes a client's program by its `User-Agent`: browser and system, or the program's first word.
fn program(voice: Localizer<'_>, agent: &str) -> String {
    let known = |names: &[(&str, &'static str)]| {
        names.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name)
    };
    // Nearly every browser names those that it is compatible with: the least claimed comes first.
    let browser = known(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = known(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, _) => agent
            .split(['/', ' '])
            .next()
            .filter(|word| !word.is_empty())
            .map_or_else(|| voice.say("session-unknown"), str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::page::text::words;
    use crate::names::Names;
    use eg_page::Lang;

    #[test]
    fn a_browser_is_told_by_its_name_and_a_program_by_its_own() {
        let words = words().unwrap();
        let voice = Localizer { words: &words, lang: Lang::En, names: Names::none() };
        let told = |agent| program(voice, agent);

        let edge =
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0";
        assert_eq!(told(edge), "Edge · Windows");
        assert_eq!(
            told("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"),
            "Firefox · Linux"
        );
        assert_eq!(told("curl/8.5.0"), "curl");
        assert_eq!(told(""), "unknown program");
    }
}

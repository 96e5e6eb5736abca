//! List of past sessions: a filter, the totals of what it finds, and the sessions.

use crate::http::page::text::Localizer;
use crate::http::session_query::{SessionState, address};
use crate::journal::{PlayedSession, SessionFilter, Totals};
use eg_game::games;
use maud::{Markup, html};

/// Data for one rendering of the list.
pub(super) struct ListPage<'a> {
    pub(super) voice: Localizer<'a>,
    pub(super) filter: SessionFilter,
    /// Rooms in which sessions were played.
    pub(super) rooms: Vec<String>,
    pub(super) totals: Totals,
    pub(super) sessions: Vec<PlayedSession>,
    /// `true` if the list does not begin with the latest session.
    pub(super) is_older: bool,
    /// `true` if there are older sessions than the last one of the list.
    pub(super) has_more: bool,
    /// `true` for readers who may take the journal away.
    pub(super) may_back_up: bool,
}

impl ListPage<'_> {
    /// Renders the page below its header.
    pub(super) fn show(&self) -> Markup {
        let Self { voice, filter, sessions, is_older, has_more, .. } = self;
        let asked = address(filter);
        html! {
            section.card {
                h2 { (voice.say("history")) }
                (filters(*voice, filter, &self.rooms, "/sessions", true))
                (self.totals())
                p.row {
                    a.button #csv href=(path("/api/sessions.csv", &asked)) download="sessions.csv" {
                        (voice.say("past-csv"))
                    }
                    a.quiet href=(path("/statistics", &asked)) { (voice.say("statistics")) }
                }
                @if sessions.is_empty() {
                    @let none = if *filter == SessionFilter::default() { "history-none" } else { "past-none" };
                    p.soft { (voice.say(none)) }
                } @else {
                    (self.table())
                }
                p.row {
                    @if *is_older { a href=(path("/sessions", &asked)) { (voice.say("history-newest")) } }
                    @if let Some(last) = sessions.last().filter(|_| *has_more) {
                        a href=(format!("/sessions?before={}{asked}", last.session.id)) data-key="ArrowRight" {
                            (voice.say("history-older"))
                        }
                    }
                }
            }
            @if self.may_back_up {
                section.card {
                    h2 { (voice.say("past-backup")) }
                    p.soft.small { (voice.say("past-backup-means")) }
                    p { a.button #backup href="/api/backup" download { (voice.say("past-backup-take")) } }
                }
            }
        }
    }

    fn totals(&self) -> Markup {
        let Self { voice, totals, .. } = self;
        let Totals { sessions, done, aborted, failed, played_us, players, hints, uncounted } =
            *totals;
        let figure = |word: &str, figure: &str| {
            html! { div { dt { (voice.say(word)) } dd { (figure) } } }
        };
        html! {
            dl #totals .totals {
                (figure("past-sessions", &sessions.to_string()))
                (figure("status-done", &done.to_string()))
                (figure("status-aborted", &aborted.to_string()))
                (figure("status-failed", &failed.to_string()))
                (figure("past-played", &voice.lasted(played_us)))
                (figure("past-players", &players.to_string()))
                (figure("past-hints", &hints.to_string()))
            }
            @if uncounted > 0 {
                p.soft.small { (voice.words.tell(voice.lang, "past-uncounted", [("n", uncounted.into())])) }
            }
        }
    }

    fn table(&self) -> Markup {
        let Self { voice, sessions, .. } = self;
        let say = |key| voice.say(key);
        html! {
            table.past {
                thead { tr {
                    th scope="col" { (say("past-number")) }
                    th scope="col" { (say("past-when")) }
                    th scope="col" { (say("past-game")) }
                    th scope="col" { (say("past-room")) }
                    th scope="col" { (say("past-outcome")) }
                    th.num scope="col" { (say("past-duration")) }
                    th.num scope="col" { (say("past-players")) }
                    th.num scope="col" { (say("past-hints")) }
                    th scope="col" { (say("past-by")) }
                } }
                tbody { @for played in sessions { (self.row(played)) } }
            }
        }
    }

    fn row(&self, played: &PlayedSession) -> Markup {
        let voice = self.voice;
        let PlayedSession { session, players, figures } = played;
        let (tone, word) = match session.status.as_str() {
            "running" => ("good", "status-running"),
            "done" => ("", "status-done"),
            "aborted" => ("warn", "status-aborted"),
            _ => ("bad", "status-failed"),
        };
        let took = session.ended.map(|ended| voice.lasted(ended - session.started));
        let label = |key: &str| voice.say(key);
        html! {
            tr {
                td { a id=(format!("session-{}", session.id)) href=(format!("/sessions/{}", session.id))
                    aria-label=(voice.with("past-look", "n", session.id)) { (session.id) } }
                td data-label=(label("past-when")) { time data-at=(session.started / 1_000) data-day {} }
                td data-label=(label("past-game")) { a href=(format!("/sessions/{}", session.id)) { (session.game) } }
                td data-label=(label("past-room")) { (voice.room_of(&session.room)) }
                td data-label=(label("past-outcome")) {
                    span.pill.(tone) { (voice.say(word)) }
                    @if let Some(outcome) = &figures.outcome { " " strong { (outcome) } }
                    @if let Some(why) = &session.why { p.bad.small { (voice.cause(why)) } }
                    @if !figures.names.is_empty() {
                        @let names: Vec<_> = figures.names.values().map(String::as_str).collect();
                        p.soft.small { (names.join(", ")) }
                    }
                }
                td.num data-label=(label("past-duration")) { (took.unwrap_or_default()) }
                td.num data-label=(label("past-players")) { (players) }
                td.num data-label=(label("past-hints")) { (figures.hints) }
                td data-label=(label("past-by")) {
                    @if let Some(by) = &figures.started_by { (crate::http::page::act_log::actor(voice, by)) }
                }
            }
        }
    }
}

/// Renders the form that asks for sessions by day, room, game and status.
pub(in crate::http::page) fn filters(
    voice: Localizer<'_>,
    filter: &SessionFilter,
    rooms: &[String],
    action: &str,
    by_status: bool,
) -> Markup {
    let kinds: Vec<String> = games().iter().map(|game| game.kind.to_owned()).collect();
    let all = |word: &str| html! { option value="" { (voice.say(word)) } };
    let options = |known: &[String], asked: &Option<String>| {
        let stranger = asked.iter().filter(|asked| !known.contains(asked));
        html! {
            @for name in known.iter().chain(stranger) {
                option value=(name) selected[asked.as_ref() == Some(name)] { (voice.room_of(name)) }
            }
        }
    };
    html! {
        form.filters method="get" action=(action) role="search" {
            label { (voice.say("past-from")) input type="date" name="from" value=[filter.from.as_ref()]; }
            label { (voice.say("past-to")) input type="date" name="to" value=[filter.to.as_ref()]; }
            label { (voice.say("past-room"))
                select name="room" { (all("past-every-room")) (options(rooms, &filter.room)) } }
            label { (voice.say("past-game"))
                select name="game" { (all("past-every-game")) (options(&kinds, &filter.game)) } }
            @if by_status {
                label { (voice.say("past-outcome"))
                    select name="status" {
                        (all("past-every-outcome"))
                        @for state in SessionState::ALL {
                            @let word = state.word();
                            option value=(word) selected[filter.status.as_deref() == Some(word)] {
                                (voice.say(&format!("status-{word}")))
                            }
                        }
                    }
                }
            }
            button.main type="submit" { (voice.say("past-show")) }
        }
    }
}

/// Returns an address with a query, of which `asked` begins with `&`.
pub(in crate::http::page) fn path(path: &str, asked: &str) -> String {
    asked.strip_prefix('&').map_or_else(|| path.to_owned(), |asked| format!("{path}?{asked}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_question_mark_only_before_a_filter() {
        assert_eq!(path("/sessions", ""), "/sessions");
        assert_eq!(path("/sessions", "&room=main&game=x"), "/sessions?room=main&game=x");
    }
}

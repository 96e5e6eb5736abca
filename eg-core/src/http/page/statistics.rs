//! Statistics of past sessions: for all games and for each, by month and by hour of the day, as pictures and as tables.

use super::chart::{Chart, ChartColumn};
use super::door::Route;
use super::glance::still_page;
use super::history::list::{filters, path};
use super::text::Localizer;
use crate::http::access::VIEWER;
use crate::http::caller::Caller;
use crate::http::context::{Context, read};
use crate::http::extract::QueryParams;
use crate::http::locale::{Locale, remember};
use crate::http::problem::Problem;
use crate::http::session_query::{SessionQuery, address};
use crate::http::statistics::{GameStatistics, Statistics, Sums};
use crate::journal::{Reader, SessionFilter};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use eg_page::Lang;
use maud::{Markup, html};

/// Largest number of months in a picture; the latest.
const MONTHS: usize = 24;

/// Tones of sessions that came to their end, were called off, and failed.
const TONES: [&str; 3] = ["done", "aborted", "failed"];

pub(super) fn table() -> [Route; 1] {
    [("/statistics", VIEWER, get(show))]
}

async fn show(
    State(context): State<Context>,
    caller: Caller,
    QueryParams(asked): QueryParams<SessionQuery>,
    Locale(lang): Locale,
) -> Result<Response, Problem> {
    let (mut filter, now) = (asked.filter()?, context.clock.now());
    let ask = move |journal: &Reader| {
        if filter.from.is_none() && filter.to.is_none() {
            filter.from = Some(journal.year_until(now)?);
        }
        let sessions = journal.session_counts(&filter)?;
        Ok((Statistics::of(&sessions), journal.rooms_played()?, filter))
    };
    let (statistics, rooms, filter) = read(&context, ask).await?;
    let state = context.handle.state();
    let voice = Localizer { words: &context.words, lang, names: &state.names };
    let main = StatisticsPage { voice, statistics, rooms, filter }.show();
    let page = still_page(&context, lang, &caller, &voice.say("statistics"), &main);
    Ok((remember(lang), page).into_response())
}

struct StatisticsPage<'a> {
    voice: Localizer<'a>,
    statistics: Statistics,
    rooms: Vec<String>,
    filter: SessionFilter,
}

impl StatisticsPage<'_> {
    fn show(&self) -> Markup {
        let Self { voice, statistics, rooms, filter } = self;
        let months = statistics.months();
        html! {
            section.card {
                h2 { (voice.say("statistics")) }
                (filters(*voice, filter, rooms, "/statistics", true))
                p.soft.small { (voice.say("statistics-means")) }
                p.row {
                    a href=(path("/sessions", &address(filter))) { (voice.say("statistics-list")) }
                }
                @if statistics.games.is_empty() { p.soft { (voice.say("past-none")) } }
            }
            @if statistics.games.len() > 1 {
                (self.game("all", &voice.say("past-all-games"), &statistics.all, &months))
            }
            @for (kind, game) in &statistics.games { (self.game(kind, kind, game, &months)) }
        }
    }

    /// Renders the pictures and the table of one game, or of all.
    fn game(&self, id: &str, name: &str, game: &GameStatistics, months: &[String]) -> Markup {
        let voice = self.voice;
        html! {
            section.card id=(format!("game-{id}")) aria-label=(name) {
                h2 { (name) }
                ul.legend {
                    @for tone in TONES { li { span.swatch.(tone) {} (voice.say(&format!("status-{tone}"))) } }
                }
                div.charts {
                    (self.sessions(id, game, months).bars())
                    (self.hours(id, game).bars())
                    (self.lengths(id, game, months).line())
                    (self.hints(id, game, months).bars())
                }
                details {
                    summary { (voice.say("statistics-table")) }
                    div.scroll tabindex="0" role="group" aria-label=(voice.say("statistics-table")) {
                        (self.months_table(game))
                    }
                }
            }
        }
    }

    fn sessions(&self, id: &str, game: &GameStatistics, months: &[String]) -> Chart {
        let GameStatistics { all, .. } = game;
        let blanks = [
            ("done", all.done.into()),
            ("aborted", all.aborted.into()),
            ("failed", all.failed.into()),
        ];
        let told = self.voice.words.tell(self.voice.lang, "chart-sessions-told", blanks);
        let value = |of: &Sums| [of.done, of.aborted, of.failed].map(|n| Some(number(n))).to_vec();
        self.by_month(
            id,
            "chart-sessions",
            (game, months),
            value,
            |of| of.sessions.to_string(),
            told,
            whole,
        )
    }

    fn lengths(&self, id: &str, game: &GameStatistics, months: &[String]) -> Chart {
        #[expect(clippy::cast_precision_loss, reason = "a length in minutes")]
        let minutes = |us: i64| us as f64 / 60_000_000.0;
        let length = |of: &Sums| of.median_us.map(|us| self.voice.lasted(us));
        let told = match length(&game.all) {
            Some(all) => self.voice.with("chart-lengths-told", "length", all),
            None => self.voice.say("chart-lengths-none"),
        };
        let value = |of: &Sums| vec![of.median_us.map(minutes)];
        let said = |of: &Sums| length(of).unwrap_or_default();
        let chart = self.by_month(id, "chart-lengths", (game, months), value, said, told, minute);
        Chart { tones: &["length"], ..chart }
    }

    fn hints(&self, id: &str, game: &GameStatistics, months: &[String]) -> Chart {
        let value = |of: &Sums| vec![of.hints_per_session()];
        let said = |of: &Sums| of.hints_per_session().map_or_else(String::new, |n| self.digit(n));
        let told = self.voice.with("chart-hints-told", "hints", said(&game.all));
        let chart = self.by_month(id, "chart-hints", (game, months), value, said, told, whole);
        Chart { tones: &["hint"], ..chart }
    }

    fn hours(&self, id: &str, game: &GameStatistics) -> Chart {
        let hours = game.hours.iter().enumerate();
        let column = |(hour, count): (usize, &u64)| ChartColumn {
            name: self.hour(hour),
            told: format!("{}: {count}", self.hour(hour)),
            values: vec![Some(number(*count))],
        };
        let told = game.busiest().map(|(hour, most)| {
            let blanks = [("hour", self.hour(hour).into()), ("n", most.into())];
            self.voice.words.tell(self.voice.lang, "chart-hours-told", blanks)
        });
        Chart {
            id: format!("{id}-hours"),
            title: self.voice.say("chart-hours"),
            told: told.unwrap_or_default(),
            tones: &["hour"],
            columns: hours.map(column).collect(),
            scale: whole,
        }
    }

    /// Builds a chart with a column for each month, of which `said` tells the value.
    #[expect(clippy::too_many_arguments, reason = "each is one property of the chart")]
    fn by_month(
        &self,
        id: &str,
        key: &str,
        (game, months): (&GameStatistics, &[String]),
        values: impl Fn(&Sums) -> Vec<Option<f64>>,
        said: impl Fn(&Sums) -> String,
        told: String,
        scale: fn(f64) -> String,
    ) -> Chart {
        let none = Sums::default();
        let latest = months.iter().skip(months.len().saturating_sub(MONTHS));
        let columns = latest.map(|month| {
            let of = game.months.get(month).unwrap_or(&none);
            let name = self.month(month);
            ChartColumn { told: format!("{name}: {}", said(of)), name, values: values(of) }
        });
        Chart {
            id: format!("{id}-{key}"),
            title: self.voice.say(key),
            told,
            tones: &TONES,
            columns: columns.collect(),
            scale,
        }
    }

    /// Renders the figures of every month, the latest first, with their sums.
    fn months_table(&self, game: &GameStatistics) -> Markup {
        let voice = self.voice;
        let row = |name: &str, of: &Sums| {
            let length = of.median_us.map_or_else(String::new, |us| voice.lasted(us));
            let hints = of.hints_per_session().map_or_else(String::new, |hints| self.digit(hints));
            html! {
                th scope="row" { (name) }
                td.num { (of.sessions) } td.num { (of.done) } td.num { (of.aborted) } td.num { (of.failed) }
                td.num { (length) } td.num { (hints) }
            }
        };
        html! {
            table.figures {
                thead { tr {
                    th scope="col" { (voice.say("statistics-month")) }
                    @for word in ["past-sessions", "status-done", "status-aborted", "status-failed",
                        "statistics-median", "statistics-hints"] {
                        th.num scope="col" { (voice.say(word)) }
                    }
                } }
                tbody { @for (month, of) in game.months.iter().rev() { tr { (row(&self.month(month), of)) } } }
                tfoot { tr { (row(&voice.say("statistics-all"), &game.all)) } }
            }
        }
    }

    /// Formats a month: `Nov 26`, in French `nov. 26`.
    fn month(&self, month: &str) -> String {
        let Some((year, number)) = month.split_once('-') else { return month.to_owned() };
        format!("{} {}", self.voice.say(&format!("month-{number}")), year.get(2..).unwrap_or(year))
    }

    /// Formats an hour of the day: `20:00`, in French `20 h`.
    fn hour(&self, hour: usize) -> String {
        self.voice.with("statistics-hour", "hour", hour)
    }

    /// Formats a number with one digit: `2.5`, in French `2,5`.
    fn digit(&self, value: f64) -> String {
        let told = format!("{value:.1}");
        if self.voice.lang == Lang::Fr { told.replace('.', ",") } else { told }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a number of sessions")]
fn number(count: u64) -> f64 {
    count as f64
}

/// Formats a value of a scale that counts.
fn whole(value: f64) -> String {
    format!("{value:.0}")
}

/// Formats a value of a scale in minutes.
fn minute(value: f64) -> String {
    format!("{value:.0} min")
}

//! Page of the audit trail, for operators: who did what to accounts and slots.

use super::glance::still_page;
use super::text::Localizer;
use crate::audit::{AuditAct, AuditRecord};
use crate::auth::{AccountError, Auth};
use crate::http::caller::Caller;
use crate::http::context::{Context, accounts};
use crate::http::locale::{Locale, remember};
use crate::http::problem::Problem;
use crate::names::Names;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// Number of records on one page.
const PAGE: usize = 100;

#[derive(Deserialize)]
pub(super) struct Asked {
    /// Number before which the page begins: only records with a smaller one are listed.
    before: Option<i64>,
}

pub(super) async fn list(
    State(context): State<Context>,
    caller: Caller,
    Query(Asked { before }): Query<Asked>,
    Locale(lang): Locale,
) -> Result<Response, Problem> {
    let from = before.unwrap_or(i64::MAX);
    let ask = move |auth: &Auth| auth.trail(from, PAGE + 1).map_err(AccountError::from);
    let mut records = accounts(&context, ask).await?;
    let has_more = records.len() > PAGE;
    records.truncate(PAGE);
    let voice = Localizer { words: &context.words, lang, names: Names::none() };
    let main = html! {
        section.card {
            h2 { (voice.say("audit")) }
            p.soft.small { (voice.say("audit-means")) }
            @if records.is_empty() { p.soft { (voice.say("audit-none")) } }
            ol.log.dated { @for record in &records { li { (row(voice, record)) } } }
            p.row {
                @if before.is_some() { a href="/audit" { (voice.say("history-newest")) } }
                @if let Some(last) = records.last().filter(|_| has_more) {
                    a href=(format!("/audit?before={}", last.id)) data-key="ArrowRight" {
                        (voice.say("history-older"))
                    }
                }
            }
        }
    };
    let page = still_page(&context, lang, &caller, &voice.say("audit"), &main);
    Ok((remember(lang), page).into_response())
}

/// Renders a record as three cells: time, author and address, and act.
fn row(voice: Localizer<'_>, record: &AuditRecord) -> Markup {
    let AuditRecord { at, last, by, address, act, about, detail, count, .. } = record;
    let known = AuditAct::of_word(act);
    let words =
        known.map_or_else(|| act.clone(), |act| voice.say(&format!("audit-{}", act.word())));
    let is_refusal = known == Some(AuditAct::SignInRefused);
    html! {
        time.soft data-at=(at.0 / 1_000) data-day {}
        span {
            @if by.is_empty() { em { (voice.say("audit-stranger")) } } @else { strong { (by) } }
            @if !address.is_empty() { " " span.mono.small { (address) } }
        }
        span {
            span.bad[is_refusal] { (words) }
            @if !about.is_empty() && about != by { " " strong { (about) } }
            @if !detail.is_empty() { " " span.soft { "(" (self::detail(voice, detail)) ")" } }
            @if *count > 1 {
                " " span.pill.warn { "× " (count) }
                @if let Some(last) = last {
                    " " span.soft.small { (voice.say("until")) " " time data-at=(last.0 / 1_000) data-day {} }
                }
            }
        }
    }
}

/// Renders a detail: roles and ways of signing in have words of their own.
fn detail(voice: Localizer<'_>, detail: &str) -> String {
    // A token's role, and the room that it is limited to.
    if let Some((role, room)) = detail.split_once(" · ") {
        return format!("{} · {}", self::detail(voice, role), voice.room_of(room));
    }
    match detail {
        "viewer" | "game-master" | "operator" => voice.say(&format!("role-{detail}")),
        "password" | "link" | "invitation" => voice.say(&format!("audit-by-{detail}")),
        other => other.to_owned(),
    }
}

//! Library of a room's hints, which the dialog fetches when it is opened: prepared ones, and texts given before.

use super::door::Route;
use super::text::Localizer;
use crate::config::PreparedHint;
use crate::http::access::GAME_MASTER;
use crate::http::context::{Context, read};
use crate::http::extract::PathParam;
use crate::http::locale::Locale;
use crate::http::problem::Problem;
use crate::journal::GivenHint;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use eg_page::Lang;
use eg_proto::RoomId;
use maud::{Markup, html};
use serde_json::json;

/// Number of texts given before that are listed.
const RECENT: usize = 12;

/// Returns the address of the library.
pub(super) fn table() -> Vec<Route> {
    vec![("/rooms/{room}/hints", GAME_MASTER, get(part))]
}

async fn part(
    State(context): State<Context>,
    PathParam(room): PathParam<RoomId>,
    Locale(lang): Locale,
) -> Result<Response, Problem> {
    let state = context.handle.state();
    let Some(known) = state.rooms.get(&room) else { return Err(Problem::no_room(&room)) };
    let prepared = known.hints.prepared.clone();
    // Prepared ones may be among those that were given.
    let most = RECENT + prepared.len();
    let mut given = read(&context, move |journal| journal.given_hints(&room, most)).await?;
    given.retain(|given| prepared.iter().all(|hint| hint.text != given.text));
    given.truncate(RECENT);
    let voice = Localizer { words: &context.words, lang, names: &state.names };
    Ok(library(voice, &prepared, &given).into_response())
}

/// Renders the library: the groups in the order of the file, then what was given before.
fn library(voice: Localizer<'_>, prepared: &[PreparedHint], given: &[GivenHint]) -> Markup {
    let mut groups: Vec<(&str, Vec<&PreparedHint>)> = Vec::new();
    for hint in prepared {
        let name = hint.group.as_deref().unwrap_or_default();
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, hints)) => hints.push(hint),
            None => groups.push((name, vec![hint])),
        }
    }
    html! {
        @for (name, hints) in &groups {
            section data-group=(name) {
                h3 { @if name.is_empty() { (voice.say("hints-prepared")) } @else { (name) } }
                ul {
                    @for hint in hints {
                        li { (choice(voice, hint.label.as_deref(), &hint.text, hint.en.as_deref(), 0)) }
                    }
                }
            }
        }
        @if !given.is_empty() {
            section data-group=(voice.say("hints-before")) {
                h3 { (voice.say("hints-before")) }
                ul {
                    @for hint in given {
                        li { (choice(voice, None, &hint.text, hint.en.as_deref(), hint.times)) }
                    }
                }
            }
        }
        @if groups.is_empty() && given.is_empty() { p.small.soft { (voice.say("hints-none")) } }
    }
}

/// Renders the button that fills the form with a hint.
fn choice(
    voice: Localizer<'_>,
    label: Option<&str>,
    text: &str,
    en: Option<&str>,
    times: usize,
) -> Markup {
    let words = if voice.lang == Lang::En { en.unwrap_or(text) } else { text };
    let fills = json!({ "args.text": text, "args.en": en.unwrap_or_default() }).to_string();
    html! {
        button.choice type="button" aria-pressed="false" data-fills=(fills) {
            @if let Some(label) = label { strong { (label) } }
            span { (words) }
            @if times > 1 { span.soft.small { "×" (times) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::page::text::words;
    use crate::names::Names;

    #[test]
    fn the_library_groups_prepared_hints_and_tells_how_often_others_were_given() {
        let words = words().unwrap();
        let hint = |group: Option<&str>, text: &str| PreparedHint {
            group: group.map(str::to_owned),
            label: None,
            text: text.to_owned(),
            en: Some(format!("{text} in English")),
        };
        let prepared =
            [hint(Some("Coffre"), "Tapis"), hint(None, "Bougies"), hint(Some("Coffre"), "Dos")];
        let given = [GivenHint { text: "Regardez".to_owned(), en: None, times: 3 }];

        let fr = library(
            Localizer { words: &words, lang: Lang::Fr, names: Names::none() },
            &prepared,
            &given,
        )
        .into_string();
        let en = library(
            Localizer { words: &words, lang: Lang::En, names: Names::none() },
            &prepared,
            &given,
        )
        .into_string();

        assert_eq!(fr.matches("<h3>").count(), 3, "{fr}");
        assert!(fr.contains("<span>Tapis</span>") && fr.contains("×3"), "{fr}");
        assert!(en.contains("<span>Tapis in English</span>"), "{en}");
    }
}

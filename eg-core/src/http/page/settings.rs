//! Page of a room's settings: a form made of the game's schema, beside it the same as YAML.

mod form;
mod shown;
#[cfg(test)]
mod tests;
mod told;

use self::shown::{Shown, shown};
use super::door::Route;
use super::glance::still_page;
use super::text::Localizer;
use crate::engine::read_model::{ReadModel, Room, RoomSettings};
use crate::http::access::GAME_MASTER;
use crate::http::caller::Caller;
use crate::http::context::Context;
use crate::http::extract::{JsonBody, PathParam};
use crate::http::locale::{Locale, remember};
use crate::http::problem::Problem;
use crate::http::settings::{FormFields, ListChange, Schema, apply, game_called, value, yaml};
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use eg_config::{Source, read};
use eg_game::{GameEntry, games};
use eg_proto::{RoomId, Text};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;

pub(super) fn table() -> [Route; 1] {
    [("/rooms/{room}/settings", GAME_MASTER, get(page).post(redraw))]
}

#[derive(Deserialize)]
struct Asked {
    /// Kind of the game; the room's own by default.
    game: Option<String>,
}

/// Settings that somebody is writing: the fields of the form, or the text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Draft {
    game: String,
    #[serde(default)]
    fields: FormFields,
    /// Change of a list, made before anything else.
    change: Option<ListChange>,
    /// YAML in the place of the fields.
    yaml: Option<String>,
}

async fn page(
    State(context): State<Context>,
    PathParam(room): PathParam<RoomId>,
    caller: Caller,
    Query(Asked { game }): Query<Asked>,
    Locale(lang): Locale,
) -> Result<Response, Problem> {
    let state = context.handle.state();
    let voice = Localizer { words: &context.words, lang, names: &state.names };
    let (known, of_room) = found(&state, &room)?;
    let entry = called(game.as_deref().unwrap_or(&known.game))?;
    let own = entry.kind == known.game;
    let now = if own { of_room.now().clone() } else { Value::Object(serde_json::Map::new()) };
    let shown =
        shown(voice, &room, &state, (known, &of_room), entry, &caller, (yaml(&now), Some(now)));
    let title = voice.with("settings-of", "room", state.names.room(&room));
    let page = still_page(&context, lang, &caller, &title, &document(&shown));
    Ok((remember(lang), page).into_response())
}

/// Draws the page anew for what somebody is writing.
async fn redraw(
    State(context): State<Context>,
    PathParam(room): PathParam<RoomId>,
    caller: Caller,
    Locale(lang): Locale,
    JsonBody(draft): JsonBody<Draft>,
) -> Result<Response, Problem> {
    let state = context.handle.state();
    let voice = Localizer { words: &context.words, lang, names: &state.names };
    let (known, of_room) = found(&state, &room)?;
    let entry = called(&draft.game)?;
    let Draft { mut fields, change, yaml: text, .. } = draft;
    let written = match text {
        Some(text) => {
            let value = read::<Value>(&Source::text("settings.yaml", text.as_str())).ok();
            (text, value)
        }
        None => {
            if let Some(change) = &change {
                apply(change, &mut fields);
            }
            let schema = (entry.schema)().to_value();
            let value = value(Schema::of(&schema), "", &fields).unwrap_or_default();
            (yaml(&value), Some(value))
        }
    };
    let shown = shown(voice, &room, &state, (known, &of_room), entry, &caller, written);
    Ok(editor(&shown).into_response())
}

fn found<'a>(
    state: &'a ReadModel,
    room: &RoomId,
) -> Result<(&'a Room, std::sync::Arc<RoomSettings>), Problem> {
    let known = state.rooms.get(room).ok_or_else(|| Problem::no_room(room))?;
    Ok((known, state.settings.get(room).cloned().unwrap_or_default()))
}

fn called(kind: &str) -> Result<&'static GameEntry, Problem> {
    game_called(kind).ok_or_else(|| {
        let fr = format!("pas de jeu « {kind} »");
        Problem::unknown(Text::new(fr, format!("no game called {kind:?}")))
    })
}

fn document(shown: &Shown<'_>) -> Markup {
    let Shown { voice, room, entry, .. } = shown;
    html! {
        nav.games aria-label=(voice.say("game")) {
            a.quiet href="/" { (voice.say("settings-back")) }
            @for game in games() {
                a.pill href=(format!("/rooms/{room}/settings?game={}", game.kind)) title=[french(voice, game)]
                    aria-current=[(game.kind == entry.kind).then_some("page")] { (game.kind) }
            }
        }
        div #settings data-game=(entry.kind) { (editor(shown)) }
    }
}

/// Returns the description of a game, which is English alone.
fn french(voice: &Localizer<'_>, game: &GameEntry) -> Option<&'static str> {
    (voice.lang == eg_page::Lang::En).then_some(game.about)
}

/// Renders form and text side by side.
fn editor(shown: &Shown<'_>) -> Markup {
    let Shown { voice, entry, value, .. } = shown;
    html! {
        div.two.settings {
            section.card {
                h2 { (entry.kind) }
                p.soft.small { (voice.say("settings-form-means")) }
                form #settings-form .stack autocomplete="off" novalidate data-unread[value.is_none()] {
                    @if let Some(value) = value { (form::form(shown, value)) }
                }
            }
            div.stack {
                section.card {
                    h2 { (voice.say("settings-next")) }
                    div #settings-told .stack { (told::told(shown)) }
                }
                section.card {
                    h2 { label for="settings-text" { (voice.say("settings-text")) } }
                    p.soft.small #settings-text-means { (voice.say("settings-text-means")) }
                    textarea #settings-text .mono rows="12" spellcheck="false" autocapitalize="none" wrap="off"
                        aria-describedby="settings-text-means" { (shown.text) }
                    h3 { (voice.say("settings-take")) }
                    pre #settings-file .mono tabindex="0" aria-label=(voice.say("settings-take")) { (told::file(shown)) }
                    div.row {
                        button type="button" #settings-copy data-done=(voice.say("settings-copied")) { (voice.say("settings-copy")) }
                        button type="button" #settings-save data-name=(format!("{}-{}.yaml", shown.room, entry.kind)) {
                            (voice.say("settings-download"))
                        }
                        output #settings-copied {}
                    }
                }
            }
        }
    }
}

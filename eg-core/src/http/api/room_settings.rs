//! Settings of rooms: those of the file, and those that an operator saved in their place.

use crate::auth::Role;
use crate::engine::command::Command;
use crate::engine::read_model::RoomSettings;
use crate::http::access::{GAME_MASTER, Rights, Routes};
use crate::http::caller::Caller;
use crate::http::context::Context;
use crate::http::extract::{JsonBody, PathParam};
use crate::http::problem::Problem;
use crate::http::settings::{all_told, check, game_called, yaml};
use axum::Json;
use axum::extract::State;
use eg_proto::{RoomId, Text};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    let operator = Rights::Role(Role::Operator);
    Routes::new()
        .add(GAME_MASTER, routes!(settings))
        .add(operator, routes!(save))
        .add(operator, routes!(forget))
}

/// Reads settings in YAML as a game reads its file.
///
/// # Errors
/// [`Problem`]: there is no such room or game, or something is wrong in the settings.
pub(super) fn read_settings(
    context: &Context,
    room: &RoomId,
    game: Option<&str>,
    settings: &str,
) -> Result<Value, Problem> {
    let state = context.handle.state();
    let known = state.rooms.get(room).ok_or_else(|| Problem::no_room(room))?;
    let kind = game.unwrap_or(&known.game);
    let entry = game_called(kind).ok_or_else(|| {
        Problem::unknown(Text::new(
            format!("pas de jeu « {kind} »"),
            format!("no game called {kind:?}"),
        ))
    })?;
    let of_room = state.settings.get(room);
    let players = of_room.and_then(|settings| settings.players.as_deref());
    let read = check(entry, settings, players);
    read.map_err(|problems| Problem::invalid(all_told(&problems), Some("/settings".to_owned())))
}

fn of_room(context: &Context, room: &RoomId) -> Result<Arc<RoomSettings>, Problem> {
    let settings = context.handle.state().settings.get(room).cloned();
    settings.ok_or_else(|| Problem::no_room(room))
}

/// Returns the settings of a room's own game
///
/// `file` are those of `core.yaml`; `saved` those that an operator saved in their place, or null; `yaml` is the text of
/// those that count. They may hold what players must not know.
#[utoipa::path(get, path = "/api/rooms/{room}/settings", tag = "rooms",
    params(("room" = String, Path, description = "Id of the room.")),
    responses((status = 200, description = "The settings.", body = Value,
            example = json!({"file": {}, "saved": null, "yaml": ""})),
        (status = 404, description = "No such room.")))]
async fn settings(
    State(context): State<Context>,
    PathParam(room): PathParam<RoomId>,
) -> Result<Json<Value>, Problem> {
    let settings = of_room(&context, &room)?;
    let RoomSettings { file, saved, .. } = settings.as_ref();
    Ok(Json(json!({ "file": file, "saved": saved, "yaml": yaml(settings.now()) })))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SettingsBody {
    /// YAML that stands below `config:` in a file.
    settings: String,
}

/// Saves settings of a room's own game
///
/// They count from the next session on, in place of those of the file. The journal names who saved them and which keys
/// differ from the file.
#[utoipa::path(post, path = "/api/rooms/{room}/settings", tag = "rooms",
    params(("room" = String, Path, description = "Id of the room.")), request_body = SettingsBody,
    responses((status = 200, description = "Saved.", body = Value, example = json!({"ok": true})),
        (status = 404, description = "No such room."),
        (status = 422, description = "Something is wrong in the settings.")))]
async fn save(
    State(context): State<Context>,
    caller: Caller,
    PathParam(room): PathParam<RoomId>,
    JsonBody(SettingsBody { settings }): JsonBody<SettingsBody>,
) -> Result<Json<Value>, Problem> {
    let settings = Some(read_settings(&context, &room, None, &settings)?);
    context.handle.ask(caller.actor(), Command::Settings { room, settings }).await?;
    Ok(Json(json!({ "ok": true })))
}

/// Goes back to the settings of the file
#[utoipa::path(post, path = "/api/rooms/{room}/settings/forget", tag = "rooms",
    params(("room" = String, Path, description = "Id of the room.")),
    responses((status = 200, description = "Done.", body = Value, example = json!({"ok": true})),
        (status = 404, description = "No such room.")))]
async fn forget(
    State(context): State<Context>,
    caller: Caller,
    PathParam(room): PathParam<RoomId>,
) -> Result<Json<Value>, Problem> {
    context.handle.ask(caller.actor(), Command::Settings { room, settings: None }).await?;
    Ok(Json(json!({ "ok": true })))
}

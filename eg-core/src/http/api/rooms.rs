//! Rooms: their sessions, and the operator's acts.

use super::room_settings::read_settings;
use crate::engine::command::Command;
use crate::engine::read_model::Room;
use crate::http::access::{GAME_MASTER, Routes, VIEWER};
use crate::http::caller::Caller;
use crate::http::context::Context;
use crate::http::extract::{JsonBody, PathParam};
use crate::http::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use eg_proto::{ModeState, RoomId, Text};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(VIEWER, routes!(rooms))
        .add(VIEWER, routes!(room))
        .add(GAME_MASTER, routes!(start))
        .add(GAME_MASTER, routes!(act))
        .add(GAME_MASTER, routes!(roll_call))
        .add(GAME_MASTER, routes!(reset))
        .add(GAME_MASTER, routes!(set_mode))
        .merge(super::room_settings::routes())
}

/// Room with its id.
#[derive(Serialize)]
struct Named {
    id: RoomId,
    #[serde(flatten)]
    room: Room,
}

/// Lists the rooms, each with its session
#[utoipa::path(get, path = "/api/rooms", tag = "rooms",
    responses((status = 200, description = "Rooms by id.", body = Value, example = json!({"items": [{"id": "main"}]}))))]
async fn rooms(State(context): State<Context>) -> Json<impl Serialize> {
    let state = context.handle.state();
    let named = state.rooms.iter().map(|(id, room)| Named { id: id.clone(), room: room.clone() });
    Json(json!({ "items": named.collect::<Vec<_>>() }))
}

/// Returns one room
///
/// `session.offers` lists the acts that are possible now, each with its fields.
#[utoipa::path(get, path = "/api/rooms/{room}", tag = "rooms",
    params(("room" = String, Path, description = "Id of the room, e.g. `main`.")),
    responses((status = 200, description = "The room.", body = ref("#/components/schemas/Room")),
        (status = 404, description = "No room of that name.")))]
async fn room(
    State(context): State<Context>,
    PathParam(id): PathParam<RoomId>,
) -> Result<Json<impl Serialize>, Problem> {
    let room = context.handle.state().rooms.get(&id).cloned();
    let room = room.ok_or_else(|| Problem::no_room(&id))?;
    Ok(Json(Named { id, room }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StartBody {
    /// Kind of the game; by default the room's own.
    game: Option<String>,
    /// Settings of the game, after the schema that `GET /api/games` gives; by default the room's own.
    #[schema(value_type = Option<Value>)]
    config: Option<Value>,
    /// The same as the YAML that stands below `config:` in a file, in the place of `config`.
    settings: Option<String>,
    /// Reason to start without those who have not answered the roll-call, for the journal.
    reason: Option<String>,
}

/// Starts a session
#[utoipa::path(post, path = "/api/rooms/{room}/sessions", tag = "rooms",
    params(("room" = String, Path, description = "Id of the room.")), request_body = StartBody,
    responses((status = 201, description = "Started; `Location` is the session.", body = Value, example = json!({"id": 7})),
        (status = 404, description = "No such room or game."),
        (status = 409, description = "A session runs in this room, or somebody did not answer the roll-call and no reason is given."),
        (status = 422, description = "The settings do not fit the game or the roster.")))]
async fn start(
    State(context): State<Context>,
    caller: Caller,
    PathParam(room): PathParam<RoomId>,
    JsonBody(StartBody { game, config, settings, reason }): JsonBody<StartBody>,
) -> Result<impl IntoResponse, Problem> {
    let config = match settings {
        Some(_) if config.is_some() => {
            let fr = "`config` et `settings` disent la même chose ; l’un des deux suffit";
            let en = "`config` and `settings` say the same; one of the two is enough";
            return Err(Problem::invalid(Text::new(fr, en), Some("/settings".to_owned())));
        }
        Some(yaml) => Some(read_settings(&context, &room, game.as_deref(), &yaml)?),
        None => config,
    };
    let command = Command::Start { room, game, config, reason: worded(reason) };
    let id = context.handle.ask(caller.actor(), command).await?.number;
    let place = [(header::LOCATION, format!("/api/sessions/{id}"))];
    Ok((StatusCode::CREATED, place, Json(json!({ "id": id }))))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ActBody {
    /// Name of the act, from `session.offers`; `abort`, `reveal`, `hint` (`slot`, `text`), `time` (`minutes`) and
    /// `undo` (`entry`) are known to every game.
    name: String,
    /// Fields of the act.
    #[serde(default)]
    #[schema(value_type = Object)]
    args: Map<String, Value>,
    /// Reason of the act, for the journal; some acts ask for it.
    reason: Option<String>,
}

/// Acts in the running session
///
/// Every act is written down with who did it and why.
#[utoipa::path(post, path = "/api/rooms/{room}/acts", tag = "rooms",
    params(("room" = String, Path, description = "Id of the room.")),
    request_body(content = ActBody, example = json!({"name": "open",
        "args": {"question": "Who leaves?", "options": ["A", "B"]}})),
    responses((status = 200, description = "Done; its number in the journal.", body = Value, example = json!({"id": 4711})),
        (status = 404, description = "No such room, or nothing runs there."),
        (status = 409, description = "The game refuses it now.")))]
async fn act(
    State(context): State<Context>,
    caller: Caller,
    PathParam(room): PathParam<RoomId>,
    JsonBody(ActBody { name, args, reason }): JsonBody<ActBody>,
) -> Result<Json<Value>, Problem> {
    let command = Command::Act { room, name, args, reason: worded(reason) };
    let id = context.handle.ask(caller.actor(), command).await?.number;
    Ok(Json(json!({ "id": id })))
}

/// Trims a reason; `None` if nothing is left.
pub(super) fn worded(reason: Option<String>) -> Option<String> {
    reason.map(|why| why.trim().to_owned()).filter(|why| !why.is_empty())
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RollCallBody {
    /// `true` to call the roll, `false` to end it.
    on: bool,
}

/// Calls the roll, or ends it
///
/// Everybody presses once before a session starts. `roll_call` of the room names who has not; starting without them
/// asks for a reason.
#[utoipa::path(post, path = "/api/rooms/{room}/roll-call", tag = "rooms",
    params(("room" = String, Path, description = "Id of the room.")), request_body = RollCallBody,
    responses((status = 200, description = "Done.", body = Value, example = json!({"ok": true})),
        (status = 404, description = "No such room."),
        (status = 409, description = "A session runs in this room, or nobody is there.")))]
async fn roll_call(
    State(context): State<Context>,
    caller: Caller,
    PathParam(room): PathParam<RoomId>,
    JsonBody(RollCallBody { on }): JsonBody<RollCallBody>,
) -> Result<Json<Value>, Problem> {
    context.handle.ask(caller.actor(), Command::RollCall { room, on }).await?;
    Ok(Json(json!({ "ok": true })))
}

/// Sets the mode of a room, day or night
///
/// The room's display and the screens of its slots are told.
#[utoipa::path(post, operation_id = "set_mode_of_room", path = "/api/rooms/{room}/mode", tag = "rooms",
    params(("room" = String, Path, description = "Id of the room.")),
    request_body = ref("#/components/schemas/ModeState"),
    responses((status = 200, description = "Done.", body = Value, example = json!({"ok": true, "mode": "night"})),
        (status = 404, description = "No room of that name.")))]
async fn set_mode(
    State(context): State<Context>,
    caller: Caller,
    PathParam(room): PathParam<RoomId>,
    JsonBody(ModeState { mode }): JsonBody<ModeState>,
) -> Result<Json<Value>, Problem> {
    let command = Command::Mode { room: Some(room), mode };
    context.handle.ask(caller.actor(), command).await?;
    Ok(Json(json!({ "ok": true, "mode": mode })))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ResetBody {
    /// English words of a line in `reset` of the room.
    line: String,
    /// `true` to tick the line, `false` to take the tick back.
    done: bool,
}

/// Ticks a line of the room's reset
///
/// The lines come from the room's file and from outputs that the last game left on. They are open again after the next
/// session.
#[utoipa::path(post, path = "/api/rooms/{room}/reset", tag = "rooms",
    params(("room" = String, Path, description = "Id of the room.")), request_body = ResetBody,
    responses((status = 200, description = "Done.", body = Value, example = json!({"ok": true})),
        (status = 404, description = "No such room."),
        (status = 409, description = "A session runs in this room, or it has no such line.")))]
async fn reset(
    State(context): State<Context>,
    caller: Caller,
    PathParam(room): PathParam<RoomId>,
    JsonBody(ResetBody { line, done }): JsonBody<ResetBody>,
) -> Result<Json<Value>, Problem> {
    context.handle.ask(caller.actor(), Command::Reset { room, line, done }).await?;
    Ok(Json(json!({ "ok": true })))
}

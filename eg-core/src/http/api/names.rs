//! Names for people of slots, rooms and players.

use crate::auth::Role;
use crate::engine::command::{Command, NewName};
use crate::http::access::{GAME_MASTER, Rights, Routes, VIEWER};
use crate::http::caller::Caller;
use crate::http::context::Context;
use crate::http::extract::{JsonBody, PathParam};
use crate::http::problem::Problem;
use axum::Json;
use axum::extract::State;
use eg_proto::{RoomId, SlotId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::routes;

/// Rights that naming what stays asks for.
const OPERATOR: Rights = Rights::Role(Role::Operator);

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(VIEWER, routes!(names))
        .add(OPERATOR, routes!(name_slot))
        .add(OPERATOR, routes!(name_room))
        .add(GAME_MASTER, routes!(name_players))
}

/// Lists the names of slots, rooms and players
///
/// Whatever is not listed is called by its id. A player goes before the slot at which they sit.
#[utoipa::path(get, path = "/api/names", tag = "rooms",
    responses((status = 200, description = "Names by id.", body = ref("#/components/schemas/Names"))))]
async fn names(State(context): State<Context>) -> Json<impl Serialize> {
    Json(context.handle.state().names.as_ref().clone())
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NameBody {
    /// Name for people, of 40 characters at most, in any script; empty to take it away.
    #[schema(example = "left table")]
    name: String,
}

/// Names a slot as a place
#[utoipa::path(put, path = "/api/slots/{slot}/name", tag = "slots",
    params(("slot" = String, Path, description = "Id of the slot.")), request_body = NameBody,
    responses((status = 200, description = "Named.", body = Value, example = json!({"ok": true})),
        (status = 404, description = "No slot of that id."),
        (status = 422, description = "Nobody can be called so.")))]
async fn name_slot(
    State(context): State<Context>,
    caller: Caller,
    PathParam(slot): PathParam<SlotId>,
    JsonBody(NameBody { name }): JsonBody<NameBody>,
) -> Result<Json<Value>, Problem> {
    let new = NewName::Slot { slot, name };
    context.handle.ask(caller.actor(), Command::Name(new)).await?;
    Ok(Json(json!({ "ok": true })))
}

/// Names a room
#[utoipa::path(put, path = "/api/rooms/{room}/name", tag = "rooms",
    params(("room" = String, Path, description = "Id of the room.")), request_body = NameBody,
    responses((status = 200, description = "Named.", body = Value, example = json!({"ok": true})),
        (status = 404, description = "No room of that id."),
        (status = 422, description = "Nothing can be called so.")))]
async fn name_room(
    State(context): State<Context>,
    caller: Caller,
    PathParam(room): PathParam<RoomId>,
    JsonBody(NameBody { name }): JsonBody<NameBody>,
) -> Result<Json<Value>, Problem> {
    let new = NewName::Room { room, name };
    context.handle.ask(caller.actor(), Command::Name(new)).await?;
    Ok(Json(json!({ "ok": true })))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlayersBody {
    /// Name of whoever sits at each slot, by the slot's id; who is not listed has none, and an empty list clears all.
    #[serde(default)]
    #[schema(value_type = Object, example = json!({"slot-01": "Anna"}))]
    players: BTreeMap<SlotId, String>,
}

/// Says who plays in a room
///
/// The names stand in the place of all that were given before, until the next ones, and are kept with the session.
/// `shared` lists names that several players have.
#[utoipa::path(put, path = "/api/rooms/{room}/players", tag = "rooms",
    params(("room" = String, Path, description = "Id of the room.")), request_body = PlayersBody,
    responses((status = 200, description = "Named.", body = Value, example = json!({"ok": true, "shared": []})),
        (status = 404, description = "No room of that id."),
        (status = 422, description = "Nobody can be called so, or the slot does not play there.")))]
async fn name_players(
    State(context): State<Context>,
    caller: Caller,
    PathParam(room): PathParam<RoomId>,
    JsonBody(PlayersBody { players }): JsonBody<PlayersBody>,
) -> Result<Json<Value>, Problem> {
    let new = NewName::Players { room: room.clone(), players };
    context.handle.ask(caller.actor(), Command::Name(new)).await?;
    let state = context.handle.state();
    Ok(Json(json!({ "ok": true, "shared": state.names.shared(&room) })))
}

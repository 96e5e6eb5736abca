//! Plan of a room: places of its slots on the operator's page.

use crate::auth::Role;
use crate::engine::command::Command;
use crate::engine::read_model::Place;
use crate::http::access::{Rights, Routes};
use crate::http::caller::Caller;
use crate::http::context::Context;
use crate::http::extract::{JsonBody, PathParam};
use crate::http::problem::Problem;
use axum::Json;
use axum::extract::State;
use eg_proto::{RoomId, SlotId};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    Routes::new().add(Rights::Role(Role::Operator), routes!(place))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlaceBody {
    /// Id of the slot.
    #[schema(value_type = String)]
    slot: SlotId,
    /// Column from 0 to 9 and row from 0 to 19; null takes the slot off the plan.
    #[schema(value_type = Value, example = json!({"x": 3, "y": 1}))]
    place: Option<Place>,
}

/// Moves a slot on the plan of a room
///
/// A slot that stands there takes the place that became free. `GET /api/live` tells the places as `plans`.
#[utoipa::path(post, path = "/api/rooms/{room}/plan", tag = "rooms",
    params(("room" = String, Path, description = "Id of the room.")), request_body = PlaceBody,
    responses((status = 200, description = "Moved."), (status = 404, description = "No such room, or no such slot in it."),
        (status = 422, description = "There is no such place.")))]
async fn place(
    State(context): State<Context>,
    caller: Caller,
    PathParam(room): PathParam<RoomId>,
    JsonBody(PlaceBody { slot, place }): JsonBody<PlaceBody>,
) -> Result<Json<Value>, Problem> {
    context.handle.ask(caller.actor(), Command::Plan { room, slot, place }).await?;
    Ok(Json(json!({ "ok": true })))
}

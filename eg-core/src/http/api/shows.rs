//! Shows: sequences of sessions in a room.

use super::rooms::worded;
use crate::engine::command::{Command, ShowAct, ShowOrder};
use crate::http::access::{GAME_MASTER, Routes};
use crate::http::caller::Caller;
use crate::http::context::Context;
use crate::http::extract::{JsonBody, PathParam};
use crate::http::problem::Problem;
use axum::Json;
use axum::extract::State;
use eg_proto::RoomId;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    Routes::new().add(GAME_MASTER, routes!(show))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShowBody {
    /// Order to the show: `start`; `next`: start what waits, or finish what runs as its game does; `skip`, `repeat`,
    /// `jump`, `stop`: these overrule the show, abort the running session, and need a reason.
    #[schema(value_type = String, example = "next")]
    act: ShowAct,
    /// Name of the item to jump to, for `jump`.
    item: Option<String>,
    /// Show to start, as its file would say it, for `start`; by default the room's own.
    #[schema(value_type = Option<Value>)]
    show: Option<Value>,
    /// Reason of the order, for the journal.
    reason: Option<String>,
}

/// Controls the show of a room
///
/// A show strings sessions together. `show` of the room tells its items, where it is, and what comes next; every step
/// stands in the journal.
#[utoipa::path(post, path = "/api/rooms/{room}/show", tag = "rooms",
    params(("room" = String, Path, description = "Id of the room.")),
    request_body(content = ShowBody, example = json!({"act": "start"})),
    responses((status = 200, description = "Done.", body = Value, example = json!({"ok": true})),
        (status = 404, description = "No such room or item."),
        (status = 409, description = "No show is on, or another is, or the game cannot do it now."),
        (status = 422, description = "The show makes no sense, or a reason is missing.")))]
async fn show(
    State(context): State<Context>,
    caller: Caller,
    PathParam(room): PathParam<RoomId>,
    JsonBody(ShowBody { act, item, show, reason }): JsonBody<ShowBody>,
) -> Result<Json<Value>, Problem> {
    let order = ShowOrder { act, item, show, reason: worded(reason) };
    context.handle.ask(caller.actor(), Command::Show { room, order }).await?;
    Ok(Json(json!({ "ok": true })))
}

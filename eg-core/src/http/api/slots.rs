//! Slots and their boards, and commands that try their outputs.

use super::paging::PAGE;
use crate::engine::command::Command;
use crate::engine::read_model::Slot;
use crate::http::access::{GAME_MASTER, Routes, VIEWER};
use crate::http::caller::Caller;
use crate::http::context::Context;
use crate::http::extract::{JsonBody, PathParam, QueryParams};
use crate::http::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use eg_proto::{Command as OutputCommand, DeviceName, OutputName, Set, SlotId, Text};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::ops::Bound;
use std::sync::Arc;
use std::time::Duration;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::routes;

/// Time after which a command that was not carried out yet expires.
const COMMAND_LIFETIME: Duration = Duration::from_secs(3);

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(VIEWER, routes!(slots))
        .add(VIEWER, routes!(slot))
        .add(GAME_MASTER, routes!(set_output))
}

/// Slot with its id.
#[derive(Serialize)]
struct Named {
    id: SlotId,
    #[serde(flatten)]
    slot: Slot,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct SlotSpan {
    /// Id after which the page begins: only slots with a greater one are listed.
    #[param(value_type = Option<String>)]
    after: Option<SlotId>,
    /// Largest number of slots in the answer: 1 to 1000, by default 1000.
    limit: Option<usize>,
}

/// Lists the slots, each with its health
///
/// `next` is the address of the next page, and null on the last one.
#[utoipa::path(get, path = "/api/slots", tag = "slots", params(SlotSpan),
    responses((status = 200, description = "Slots by id.", body = Value, example = json!({"items": [{"id": "slot-01"}], "next": null}))))]
async fn slots(
    State(context): State<Context>,
    QueryParams(SlotSpan { after, limit }): QueryParams<SlotSpan>,
) -> Json<impl Serialize> {
    let limit = limit.unwrap_or(PAGE).clamp(1, PAGE);
    let state = context.handle.state();
    let from = after.map_or(Bound::Unbounded, Bound::Excluded);
    let mut rest = state.slots.range((from, Bound::Unbounded));
    let named =
        |(id, slot): (&SlotId, &Arc<Slot>)| Named { id: id.clone(), slot: Slot::clone(slot) };
    let items: Vec<Named> = rest.by_ref().take(limit).map(named).collect();
    let last = items.last().filter(|_| rest.next().is_some()).map(|slot| &slot.id);
    let next = last.map(|last| format!("/api/slots?after={last}&limit={limit}"));
    Json(json!({ "items": items, "next": next }))
}

/// Returns one slot
#[utoipa::path(get, path = "/api/slots/{slot}", tag = "slots",
    params(("slot" = String, Path, description = "Id of the slot, e.g. `slot-01`.")),
    responses((status = 200, description = "The slot.", body = ref("#/components/schemas/Slot")),
        (status = 404, description = "No slot of that name.")))]
async fn slot(
    State(context): State<Context>,
    PathParam(id): PathParam<SlotId>,
) -> Result<Json<impl Serialize>, Problem> {
    let state = context.handle.state();
    let slot = state.slots.get(&id).ok_or_else(|| no_slot(&id))?;
    Ok(Json(Named { id, slot: Slot::clone(slot) }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OutputBody {
    /// Name of the board in the slot.
    #[schema(value_type = String)]
    device: DeviceName,
    /// Name of the output on the board.
    #[schema(value_type = String)]
    output: OutputName,
    /// Value to set: `on`, `off`, `{"level": 0.5}`, `{"rgb": [255, 0, 0]}`, `{"text": "…"}`, `{"pulse_ms": 500}`.
    #[schema(value_type = Value, example = "on")]
    set: Set,
}

/// Tries an output
///
/// The command expires after a few seconds: an output of a slot that is away does not move when it comes back.
#[utoipa::path(post, path = "/api/slots/{slot}/outputs", tag = "slots",
    params(("slot" = String, Path, description = "Id of the slot.")), request_body = OutputBody,
    responses((status = 202, description = "Sent; what the slot answers stands among the events."),
        (status = 404, description = "No such slot, board or output.")))]
async fn set_output(
    State(context): State<Context>,
    caller: Caller,
    PathParam(slot): PathParam<SlotId>,
    JsonBody(OutputBody { device, output, set }): JsonBody<OutputBody>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let id = format!("try-{:016x}", rand::random::<u64>());
    let expires_us = context.clock.now() + COMMAND_LIFETIME;
    let command = OutputCommand { id, expires_us, device, output, set, pressed_us: None };
    context.handle.ask(caller.actor(), Command::Output { slot, command }).await?;
    Ok((StatusCode::ACCEPTED, Json(json!({ "ok": true }))))
}

/// Builds the problem of a slot that nobody has heard of.
pub(super) fn no_slot(id: &SlotId) -> Problem {
    Problem::unknown(Text::new(
        format!("pas de poste « {id} »"),
        format!("no slot called \"{id}\""),
    ))
}

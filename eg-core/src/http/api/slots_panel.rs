//! Panels of slots: inputs and outputs as they are now, and orders about all outputs of a slot.

use crate::auth::Role;
use crate::engine::command::{Command, SlotOrder};
use crate::engine::read_model::{BoardLights, LogLine, TourProgress};
use crate::http::access::{GAME_MASTER, Rights, Routes, VIEWER};
use crate::http::caller::Caller;
use crate::http::context::Context;
use crate::http::extract::{JsonBody, PathParam};
use crate::http::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use eg_proto::{DeviceName, SlotId, Spread, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use utoipa::ToSchema;
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(VIEWER, routes!(panel))
        .add(GAME_MASTER, routes!(all_off))
        .add(GAME_MASTER, routes!(lamps))
        .add(GAME_MASTER, routes!(look))
        .add(Rights::Role(Role::Operator), routes!(restart))
}

/// Panel of a slot, as the API tells it.
#[derive(Serialize)]
struct PanelBody<'a> {
    boards: &'a BTreeMap<DeviceName, BoardLights>,
    veiled: bool,
    touched: Option<Timestamp>,
    waiting: Option<u64>,
    arrived: Spread,
    log: &'a VecDeque<LogLine>,
    tour: &'a Option<TourProgress>,
}

/// Returns the inputs and outputs of a slot as they are now
///
/// Nothing of it is stored: after a start of the core everything is unknown until the slot speaks. While a session at the
/// slot keeps its choices secret, `veiled` is true and no input is told.
#[utoipa::path(get, path = "/api/slots/{slot}/panel", tag = "slots",
    params(("slot" = String, Path, description = "Id of the slot.")),
    responses((status = 200, description = "Inputs, outputs, times of presses and latest lines.", body = Value,
        example = json!({"boards": {"panel": {"inputs": {"a": {"state": true, "at": 1764000000000000_i64}},
            "outputs": {"lamp-a": {"told": null, "lit": false}}}}, "veiled": false, "waiting": 0})),
        (status = 404, description = "No slot of that name.")))]
async fn panel(
    State(context): State<Context>,
    PathParam(slot): PathParam<SlotId>,
) -> Result<Json<Value>, Problem> {
    let state = context.handle.state();
    if !state.slots.contains_key(&slot) {
        return Err(super::slots::no_slot(&slot));
    }
    let panel = state.panels.get(&slot).cloned().unwrap_or_default();
    let body = PanelBody {
        boards: &panel.boards,
        veiled: panel.veiled,
        touched: panel.touched,
        waiting: panel.waiting,
        arrived: panel.arrived.told(),
        log: &panel.log,
        tour: &panel.tour,
    };
    Ok(Json(json!(body)))
}

/// Switches every output of a slot off
#[utoipa::path(post, path = "/api/slots/{slot}/outputs/off", tag = "slots",
    params(("slot" = String, Path, description = "Id of the slot.")),
    responses((status = 202, description = "Sent."), (status = 404, description = "No such slot."),
        (status = 409, description = "The slot is offline.")))]
async fn all_off(
    State(context): State<Context>,
    caller: Caller,
    PathParam(slot): PathParam<SlotId>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    order(&context, &caller, slot, SlotOrder::AllOff).await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LampsBody {
    /// `true` to begin with the first lamp, `false` to stop.
    on: bool,
}

/// Lights every lamp of a slot in turn, or stops that
///
/// Outputs whose name begins with `lamp`, one a second, each for 0.7 s; it ends with the last one.
#[utoipa::path(post, path = "/api/slots/{slot}/lamps", tag = "slots",
    params(("slot" = String, Path, description = "Id of the slot.")), request_body = LampsBody,
    responses((status = 202, description = "Begun, or stopped."),
        (status = 404, description = "No such slot, or it has no lamp."),
        (status = 409, description = "The slot is offline.")))]
async fn lamps(
    State(context): State<Context>,
    caller: Caller,
    PathParam(slot): PathParam<SlotId>,
    JsonBody(LampsBody { on }): JsonBody<LampsBody>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let wanted = if on { SlotOrder::Lamps } else { SlotOrder::StopLamps };
    order(&context, &caller, slot, wanted).await
}

/// Asks a slot for the state of all inputs
///
/// The slot answers with a snapshot of each board, which stands among the events.
#[utoipa::path(post, path = "/api/slots/{slot}/look", tag = "slots",
    params(("slot" = String, Path, description = "Id of the slot.")),
    responses((status = 202, description = "Asked."), (status = 404, description = "No such slot."),
        (status = 409, description = "The slot is offline.")))]
async fn look(
    State(context): State<Context>,
    caller: Caller,
    PathParam(slot): PathParam<SlotId>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    order(&context, &caller, slot, SlotOrder::Look).await
}

/// Restarts the agent of a slot
///
/// The agent answers, brings its outputs into their safe state, and ends; the supervisor of its machine starts it again.
/// Slots of the same process go with it. `agent.restarts` of a slot tells whether that works.
#[utoipa::path(post, path = "/api/slots/{slot}/restart", tag = "slots",
    params(("slot" = String, Path, description = "Id of the slot.")),
    responses((status = 202, description = "Ordered."), (status = 404, description = "No such slot."),
        (status = 409, description = "The slot is offline, or its agent would not come back.")))]
async fn restart(
    State(context): State<Context>,
    caller: Caller,
    PathParam(slot): PathParam<SlotId>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    order(&context, &caller, slot, SlotOrder::Restart).await
}

async fn order(
    context: &Context,
    caller: &Caller,
    slot: SlotId,
    order: SlotOrder,
) -> Result<(StatusCode, Json<Value>), Problem> {
    context.handle.ask(caller.actor(), Command::Slot { slot, order }).await?;
    Ok((StatusCode::ACCEPTED, Json(json!({ "ok": true }))))
}

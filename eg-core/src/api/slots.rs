//! Slots, their boards, and their outputs to try.

use super::{At, Body, Problem};
use crate::auth::Operator;
use crate::state::Slot;
use crate::web::Web;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use eg_proto::{Command, DeviceName, OutputName, Set, SlotId, Text};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::time::Duration;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// A command that was not carried out by then is not carried out at all.
const PATIENCE: Duration = Duration::from_secs(3);

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(slots)).routes(routes!(slot)).routes(routes!(set_output))
}

/// A slot with its id.
#[derive(Serialize)]
struct Named {
    id: SlotId,
    #[serde(flatten)]
    slot: Slot,
}

/// Every slot with its health
#[utoipa::path(get, path = "/api/slots", tag = "slots",
    responses((status = 200, description = "By id.", body = Value, example = json!({"items": [{"id": "slot-01"}]}))))]
async fn slots(State(web): State<Web>, _: Operator) -> Json<impl Serialize> {
    let state = web.handle.state();
    let named = state.slots.iter().map(|(id, slot)| Named { id: id.clone(), slot: slot.clone() });
    Json(json!({ "items": named.collect::<Vec<_>>() }))
}

/// One slot
#[utoipa::path(get, path = "/api/slots/{slot}", tag = "slots",
    params(("slot" = String, Path, description = "Its id, e.g. `slot-01`.")),
    responses((status = 200, description = "The slot.", body = ref("#/components/schemas/Slot")),
        (status = 404, description = "No slot of that name.")))]
async fn slot(
    State(web): State<Web>,
    _: Operator,
    At(id): At<SlotId>,
) -> Result<Json<impl Serialize>, Problem> {
    let slot = web.handle.state().slots.get(&id).cloned().ok_or_else(|| no_slot(&id))?;
    Ok(Json(Named { id, slot }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OutputBody {
    /// Which board of the slot.
    #[schema(value_type = String)]
    device: DeviceName,
    /// Which output of it.
    #[schema(value_type = String)]
    output: OutputName,
    /// What it shall do: `on`, `off`, `{"level": 0.5}`, `{"rgb": [255, 0, 0]}`, `{"text": "…"}`, `{"pulse_ms": 500}`.
    #[schema(value_type = Value, example = "on")]
    set: Set,
}

/// Try an output
///
/// The command expires after a few seconds: an output of a slot that is away does not move when it comes back.
#[utoipa::path(post, path = "/api/slots/{slot}/outputs", tag = "slots",
    params(("slot" = String, Path, description = "Its id.")), request_body = OutputBody,
    responses((status = 202, description = "Sent; what the slot answers stands among the events."),
        (status = 404, description = "No such slot, board or output.")))]
async fn set_output(
    State(web): State<Web>,
    operator: Operator,
    At(slot): At<SlotId>,
    Body(OutputBody { device, output, set }): Body<OutputBody>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let id = format!("try-{:016x}", rand::random::<u64>());
    let expires_us = web.clock.now() + PATIENCE;
    let command = Command { id, expires_us, device, output, set };
    web.handle.output(slot, command, operator.actor()).await?;
    Ok((StatusCode::ACCEPTED, Json(json!({ "ok": true }))))
}

fn no_slot(id: &SlotId) -> Problem {
    Problem::unknown(Text::new(
        format!("pas de poste « {id} »"),
        format!("no slot called \"{id}\""),
    ))
}

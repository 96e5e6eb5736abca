//! Routes that existing installations call: health, mode, the step of the night and the payouts of the day. With
//! `compat` they need no password.

use crate::auth::Role;
use crate::engine::command::Command;
use crate::http::access::{Rights, Routes};
use crate::http::caller::Caller;
use crate::http::context::Context;
use crate::http::extract::JsonBody;
use crate::http::locale::Locale;
use crate::http::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use eg_proto::{ModeState, NightStep};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa_axum::routes;

/// Returns the old contract's routes; `http/origin.rs` knows their paths too.
pub(super) fn routes() -> Routes {
    Routes::new()
        .add(Rights::Open, routes!(health))
        .add(Rights::Contract(Role::Viewer), routes!(mode))
        .add(Rights::Contract(Role::GameMaster), routes!(set_mode))
        .add(Rights::Contract(Role::GameMaster), routes!(night_step))
        .add(Rights::Contract(Role::Viewer), routes!(payouts))
}

/// Tells the health of the core
///
/// Answers 503 while nothing can be stored: no press is acknowledged then, and slots keep theirs. A restart does not
/// help, so a watchdog that restarts should look at whether this port answers at all.
#[utoipa::path(get, path = "/health", tag = "core",
    responses(
        (status = 200, description = "Everything that comes is stored.", body = Value, example = json!({"ok": true})),
        (status = 503, description = "Nothing can be stored, and why.", body = Value,
            example = json!({"ok": false, "why": "the disk refuses: database or disk is full"})),
    ))]
async fn health(State(context): State<Context>, Locale(lang): Locale) -> (StatusCode, Json<Value>) {
    match context.handle.fault() {
        None => (StatusCode::OK, Json(json!({ "ok": true }))),
        Some(why) => {
            let body = json!({ "ok": false, "why": lang.of(&why) });
            (StatusCode::SERVICE_UNAVAILABLE, Json(body))
        }
    }
}

/// Returns the mode, day or night
///
/// That of the room of the old contract, of the first room where none is named.
#[utoipa::path(get, path = "/api/mode", tag = "core",
    responses((status = 200, description = "The mode.", body = ref("#/components/schemas/ModeState"))))]
async fn mode(State(context): State<Context>) -> Json<ModeState> {
    Json(ModeState { mode: context.handle.state().mode })
}

/// Answer of `POST /api/mode`.
#[derive(Serialize)]
struct Set {
    ok: bool,
    #[serde(flatten)]
    mode: ModeState,
}

/// Sets the mode of all rooms, day or night
///
/// Told to every slot by the retained topic `eg/state/mode`.
#[utoipa::path(post, path = "/api/mode", tag = "core",
    request_body = ref("#/components/schemas/ModeState"),
    responses((status = 200, description = "Done.", body = Value, example = json!({"ok": true, "mode": "night"}))))]
async fn set_mode(
    State(context): State<Context>,
    caller: Caller,
    JsonBody(mode): JsonBody<ModeState>,
) -> Result<Json<impl Serialize>, Problem> {
    context.handle.ask(caller.actor(), Command::Mode { room: None, mode: mode.mode }).await?;
    Ok(Json(Set { ok: true, mode }))
}

/// Opens a step of the night
///
/// Starts a session of `night-vote` in the room of the old contract when none runs. A step that is open there is replaced.
#[utoipa::path(post, path = "/api/night/step", tag = "rooms",
    request_body(content = ref("#/components/schemas/NightStep"),
        example = json!({"step": 1, "question": "Who leaves?", "options": ["A", "B", "C"]})),
    responses((status = 200, description = "Open.", body = Value, example = json!({"ok": true})),
        (status = 409, description = "That room does not play the night vote, or nobody can answer the question.")))]
async fn night_step(
    State(context): State<Context>,
    caller: Caller,
    JsonBody(step): JsonBody<NightStep>,
) -> Result<Json<Value>, Problem> {
    context.handle.ask(caller.actor(), Command::NightStep(step)).await?;
    Ok(Json(json!({ "ok": true })))
}

/// Lists the payouts that wait to be claimed
///
/// Of the first room where the game `casino` is played; the same list that its cashier is told.
#[utoipa::path(get, path = "/api/payouts", tag = "rooms",
    responses((status = 200, description = "Payouts by id; empty before a bank has been open.", body = Value,
        example = json!({"items": [{"payout_id": "r-17", "source": "roulette", "amount_cents": 700}]}))))]
async fn payouts(State(context): State<Context>) -> Json<Value> {
    let state = context.handle.state();
    let sessions = state.rooms.values().filter_map(|room| room.session.as_ref());
    let told = sessions.filter_map(|session| session.told.get("payouts")).next();
    Json(told.cloned().unwrap_or_else(|| json!({ "items": [] })))
}

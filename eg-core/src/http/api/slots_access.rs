//! Identities of slots: who waits, who is adopted, and what the operator decides.

use crate::access::{AccessError, Adopted, Refusal, Waiting};
use crate::audit::Author;
use crate::auth::Role;
use crate::http::access::{Rights, Routes, VIEWER};
use crate::http::context::Context;
use crate::http::extract::{JsonBody, PathParam};
use crate::http::problem::Problem;
use crate::http::problem_type::ProblemType;
use axum::Json;
use axum::extract::State;
use eg_proto::{Presence, SlotId, Text};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::routes;

/// Rights that decisions about slots ask for.
const OPERATOR: Rights = Rights::Role(Role::Operator);

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(VIEWER, routes!(pairing))
        .add(OPERATOR, routes!(adopt))
        .add(OPERATOR, routes!(revoke))
        .add(OPERATOR, routes!(label))
}

/// Slot in a list, with its id.
#[derive(Serialize)]
struct Named<T> {
    id: SlotId,
    #[serde(flatten)]
    slot: T,
}

/// Everybody who has to do with adoption.
#[derive(Serialize)]
struct Pairing {
    waiting: Vec<Named<Waiting>>,
    adopted: Vec<Named<Adopted>>,
    refused: Vec<Refusal>,
    /// Slots that are online without a secret, as old agents are under `compat`.
    without_secret: Vec<SlotId>,
}

/// Lists the slots that wait for their adoption, those that are adopted, and who was refused
///
/// Compare the code of a slot that waits with the one on its own page. `without_secret` names slots that are online under
/// `compat` without a secret: agents from before pairing.
#[utoipa::path(get, path = "/api/slots/pairing", tag = "slots",
    responses((status = 200, description = "Slots by what they are at the broker.", body = Value,
        example = json!({"waiting": [{"id": "slot-01", "code": "ABC-DEF", "machine": "pi-01", "why": "unknown"}],
            "adopted": [], "refused": [], "without_secret": []}))))]
async fn pairing(State(context): State<Context>) -> Json<impl Serialize> {
    let access = &context.access;
    let adopted = access.adopted();
    let state = context.handle.state();
    let online = state.slots.iter().filter(|(_, slot)| slot.presence == Presence::Online);
    let without = online.map(|(id, _)| id).filter(|id| !adopted.contains_key(*id)).cloned();
    let waiting = access.waiting().into_iter().map(|(id, slot)| Named { id, slot });
    Json(Pairing {
        waiting: waiting.collect(),
        without_secret: without.collect(),
        adopted: adopted.into_iter().map(|(id, slot)| Named { id, slot }).collect(),
        refused: access.refusals(),
    })
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AdoptBody {
    /// Code of the slot that waits, as its own page shows it.
    #[schema(example = "ABC-DEF")]
    code: String,
}

/// Adopts a slot that waits
///
/// The slot connects with its own secret from then on. A card that had this id before is refused at once.
#[utoipa::path(post, path = "/api/slots/{slot}/adopt", tag = "slots",
    params(("slot" = String, Path, description = "Id of the slot.")), request_body = AdoptBody,
    responses((status = 200, description = "Adopted."), (status = 404, description = "No such slot waits."),
        (status = 409, description = "A slot with another code waits.")))]
async fn adopt(
    State(context): State<Context>,
    author: Author,
    PathParam(slot): PathParam<SlotId>,
    JsonBody(AdoptBody { code }): JsonBody<AdoptBody>,
) -> Result<Json<Value>, Problem> {
    decide(&context, move |access| access.adopt(&slot, &code, author)).await
}

/// Revokes a slot's secret
///
/// The slot's connection is cut at once; the slot may be adopted again.
#[utoipa::path(post, operation_id = "revoke_slot", path = "/api/slots/{slot}/revoke", tag = "slots",
    params(("slot" = String, Path, description = "Id of the slot.")),
    responses((status = 200, description = "Revoked."), (status = 404, description = "No such slot is adopted.")))]
async fn revoke(
    State(context): State<Context>,
    author: Author,
    PathParam(slot): PathParam<SlotId>,
) -> Result<Json<Value>, Problem> {
    decide(&context, move |access| access.revoke(&slot, author)).await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LabelBody {
    /// Name for people, of 64 characters at most; empty for none.
    #[schema(example = "left table")]
    label: String,
}

/// Gives an adopted slot a name for people
#[utoipa::path(post, path = "/api/slots/{slot}/label", tag = "slots",
    params(("slot" = String, Path, description = "Id of the slot.")), request_body = LabelBody,
    responses((status = 200, description = "Named."), (status = 404, description = "No such slot is adopted.")))]
async fn label(
    State(context): State<Context>,
    author: Author,
    PathParam(slot): PathParam<SlotId>,
    JsonBody(LabelBody { label }): JsonBody<LabelBody>,
) -> Result<Json<Value>, Problem> {
    decide(&context, move |access| access.label(&slot, &label, author)).await
}

/// Carries out a decision on a thread for blocking work.
async fn decide(
    context: &Context,
    decision: impl FnOnce(&crate::access::Access) -> Result<(), AccessError> + Send + 'static,
) -> Result<Json<Value>, Problem> {
    let access = std::sync::Arc::clone(&context.access);
    match tokio::task::spawn_blocking(move || decision(&access)).await {
        Ok(Ok(())) => Ok(Json(json!({ "ok": true }))),
        Ok(Err(error)) => Err(problem(&error)),
        Err(_) => Err(Problem::disk()),
    }
}

fn problem(error: &AccessError) -> Problem {
    let en = error.to_string();
    match error {
        AccessError::NotWaiting(slot) => {
            Problem::unknown(Text::new(format!("aucun poste « {slot} » n’attend son adoption"), en))
        }
        AccessError::NotAdopted(slot) => {
            Problem::unknown(Text::new(format!("aucun poste « {slot} » n’est adopté"), en))
        }
        AccessError::OtherCode { slot, waits, said } => {
            let fr = format!(
                "{slot} attend avec le code {waits}, et non {said} ; comparez avec la page du poste"
            );
            Problem::new(ProblemType::Conflict, Text::new(fr, en))
        }
        AccessError::Core(slot) => {
            let fr = format!("{slot} est le nom du core ; donnez-en un autre au poste");
            Problem::new(ProblemType::Conflict, Text::new(fr, en))
        }
        AccessError::File { .. } | AccessError::Store(_) => {
            tracing::warn!(%error, "a decision about a slot could not be kept");
            Problem::disk()
        }
    }
}

//! Audit trail: who did what to accounts and slots.

use super::paging::{Back, page_back};
use crate::auth::{AccountError, Auth, Role};
use crate::http::access::{Rights, Routes};
use crate::http::context::{Context, accounts};
use crate::http::extract::QueryParams;
use crate::http::problem::Problem;
use axum::Json;
use axum::extract::State;
use serde_json::Value;
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    Routes::new().add(Rights::Person(Role::Operator), routes!(audit))
}

/// Lists who did what to accounts and slots, the latest first
///
/// Logins and refused ones, invitations, users, roles, passwords, sessions, tokens, and the adoption of slots: who (`by`;
/// empty for a stranger), from which `address` (empty at the machine itself), which `act`, and what it was `about`.
/// Refused logins from one address are told together, with their `count`. The oldest go when there are too many: of
/// each author 5000 acts on others, and 200 on the own account; 1000 refusals. `next` is the address of the next page,
/// and null on the last one.
#[utoipa::path(get, path = "/api/audit", tag = "users", params(Back),
    responses((status = 200, description = "The latest first.", body = Value,
        example = json!({"items": [{"id": 9, "at": 1764012345678901_i64, "by": "operator", "address": "192.168.1.9",
            "act": "role", "about": "anna", "detail": "game-master", "count": 1}], "next": null}))))]
async fn audit(
    State(context): State<Context>,
    QueryParams(span): QueryParams<Back>,
) -> Result<Json<Value>, Problem> {
    let (before, limit) = span.bounds();
    let ask = move |auth: &Auth| auth.trail(before, limit + 1).map_err(AccountError::from);
    let items = accounts(&context, ask).await?;
    Ok(Json(page_back("/api/audit", limit, items, |record| record.id)))
}

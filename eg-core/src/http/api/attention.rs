//! Items that need attention, for whoever watches over the installation.

use crate::http::access::{Routes, VIEWER};
use crate::http::attention::Attention;
use crate::http::context::Context;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    Routes::new().add(VIEWER, routes!(attention))
}

/// Lists everything that needs attention, worst first
///
/// Each item has its reason, the next step, and where it is mended. `severity` is `failure` or `warning`, for which
/// somebody should come, or `note`. `health` counts slots and alarms.
#[utoipa::path(get, path = "/api/attention", tag = "core",
    responses((status = 200, description = "Health, and what needs attention.", body = ref("#/components/schemas/Attention"))))]
async fn attention(State(context): State<Context>) -> Json<impl Serialize> {
    Json(Attention::now(&context))
}

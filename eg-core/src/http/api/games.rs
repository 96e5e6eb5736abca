//! Games that this core can play.

use crate::http::access::{Routes, VIEWER};
use axum::Json;
use eg_game::games as registered;
use schemars::Schema;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa_axum::routes;

pub(super) fn routes() -> Routes {
    Routes::new().add(VIEWER, routes!(games))
}

/// Game in the answer of the API.
#[derive(Serialize)]
struct Game {
    kind: &'static str,
    version: &'static str,
    about: &'static str,
    /// JSON Schema of `config`.
    schema: Schema,
}

/// Lists the games, each with the schema of its settings
///
/// What an operator may do in a game depends on the moment: `GET /api/rooms/{room}` tells it as `session.offers`.
#[utoipa::path(get, path = "/api/games", tag = "games",
    responses((status = 200, description = "Games by kind.", body = Value, example = json!({"items": [{"kind": "night-vote"}]}))))]
async fn games() -> Json<Value> {
    let game = |entry: &eg_game::GameEntry| Game {
        kind: entry.kind,
        version: entry.version,
        about: entry.about,
        schema: (entry.schema)(),
    };
    Json(json!({ "items": registered().into_iter().map(game).collect::<Vec<_>>() }))
}

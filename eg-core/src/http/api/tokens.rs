//! Tokens for scripts.

use crate::audit::Author;
use crate::auth::{NewToken, Role};
use crate::http::access::{Rights, Routes};
use crate::http::context::{Context, accounts};
use crate::http::extract::{JsonBody, PathParam};
use crate::http::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use eg_proto::RoomId;
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;
use utoipa::ToSchema;
use utoipa_axum::routes;

/// Rights that the tokens ask for.
const OPERATOR: Rights = Rights::Person(Role::Operator);

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(OPERATOR, routes!(tokens))
        .add(OPERATOR, routes!(make))
        .add(OPERATOR, routes!(revoke))
}

/// Lists the tokens
#[utoipa::path(get, path = "/api/tokens", tag = "users",
    responses((status = 200, description = "Tokens by name, with their last use; never their text.", body = Value,
        example = json!({"items": [{"name": "lights", "role": "viewer", "room": "main", "expired": false}]}))))]
async fn tokens(State(context): State<Context>) -> Json<Value> {
    Json(json!({ "items": context.auth.tokens() }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TokenBody {
    /// Name of the token: 1 to 32 of `a-z`, `0-9`, `.`, `_` and `-`. The journal records its acts under `token NAME`.
    name: String,
    /// Role of the token.
    role: Role,
    /// Room to which the token is limited: it opens `/api/rooms/ROOM` and what is below it alone.
    #[schema(value_type = Option<String>)]
    #[serde(default, deserialize_with = "room")]
    room: Option<RoomId>,
    /// Days for which the token works, 1 to 3660; for ever if absent.
    days: Option<u64>,
}

/// Reads a room; a form that names none sends an empty text.
fn room<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<RoomId>, D::Error> {
    let said = Option::<String>::deserialize(from)?.filter(|room| !room.is_empty());
    said.map(|room| room.parse().map_err(serde::de::Error::custom)).transpose()
}

/// Makes a token
///
/// Send it as `Authorization: Bearer TOKEN`; never in an address. The text is told this once, and kept as a digest.
#[utoipa::path(post, path = "/api/tokens", tag = "users", request_body = TokenBody,
    responses((status = 201, description = "The token, told this once.", body = Value, example = json!({"token": "eg_…"})),
        (status = 404, description = "No such room."),
        (status = 409, description = "There is such a token already, or too many."),
        (status = 422, description = "The name or the days cannot be.")))]
async fn make(
    State(context): State<Context>,
    author: Author,
    JsonBody(TokenBody { name, role, room, days }): JsonBody<TokenBody>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    if let Some(room) = &room {
        let known = context.handle.state().rooms.contains_key(room);
        known.then_some(()).ok_or_else(|| Problem::no_room(room))?;
    }
    let life = days.map(|days| Duration::from_secs(days.saturating_mul(24 * 3600)));
    let new = NewToken { name, role, room, life };
    let token = accounts(&context, move |auth| auth.make_token(new, author)).await?;
    Ok((StatusCode::CREATED, Json(json!({ "token": token }))))
}

/// Revokes a token
#[utoipa::path(post, operation_id = "revoke_token", path = "/api/tokens/{token}/revoke", tag = "users",
    params(("token" = String, Path, description = "Name of the token.")),
    responses((status = 204, description = "Revoked: it does not work any more."),
        (status = 404, description = "No such token.")))]
async fn revoke(
    State(context): State<Context>,
    author: Author,
    PathParam(token): PathParam<String>,
) -> Result<StatusCode, Problem> {
    accounts(&context, move |auth| auth.revoke_token(&token, author)).await?;
    Ok(StatusCode::NO_CONTENT)
}

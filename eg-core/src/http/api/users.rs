//! Users of the core, as operators manage them.

use crate::audit::Author;
use crate::auth::{Auth, Role};
use crate::http::access::{Rights, Routes};
use crate::http::caller::SignedIn;
use crate::http::context::{Context, accounts};
use crate::http::extract::{JsonBody, PathParam};
use crate::http::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use eg_proto::Text;
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;
use utoipa::ToSchema;
use utoipa_axum::routes;

/// Rights that the accounts of others ask for.
const OPERATOR: Rights = Rights::Person(Role::Operator);

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(OPERATOR, routes!(users))
        .add(OPERATOR, routes!(invite))
        .add(OPERATOR, routes!(withdraw))
        .add(OPERATOR, routes!(set_role))
        .add(OPERATOR, routes!(reset_password))
        .add(OPERATOR, routes!(remove))
        .add(OPERATOR, routes!(sessions))
        .add(OPERATOR, routes!(end_session))
}

/// Lists the users, and the invitations that wait
#[utoipa::path(get, path = "/api/users", tag = "users",
    responses((status = 200, description = "Users and invitations by name.", body = Value,
        example = json!({"items": [{"name": "anna", "role": "game-master", "sessions": 1}], "invitations": []}))))]
async fn users(State(context): State<Context>) -> Json<Value> {
    let auth = &context.auth;
    Json(json!({ "items": auth.users(), "invitations": auth.invitations() }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InviteBody {
    /// Name of the user: 1 to 32 of `a-z`, `0-9`, `.`, `_` and `-`.
    name: String,
    /// Role of the user.
    role: Role,
    /// Hours for which the link works: 1 to 720, by default 48.
    #[serde(default = "two_days")]
    hours: u64,
}

fn two_days() -> u64 {
    48
}

/// Invites somebody
///
/// The link works once; whoever opens it chooses a password. It is told this once.
#[utoipa::path(post, path = "/api/users/invitations", tag = "users", request_body = InviteBody,
    responses((status = 201, description = "The path of the link, on the operator page's port.", body = Value,
        example = json!({"link": "/invite?token=…"})),
        (status = 409, description = "There is such a user already, or too many."),
        (status = 422, description = "The name or the hours cannot be.")))]
async fn invite(
    State(context): State<Context>,
    author: Author,
    JsonBody(InviteBody { name, role, hours }): JsonBody<InviteBody>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let life = Duration::from_secs(hours.saturating_mul(3600));
    let invite = move |auth: &Auth| auth.invite(&name, role, life, author);
    let token = accounts(&context, invite).await?;
    Ok((StatusCode::CREATED, Json(json!({ "link": format!("/invite?token={token}") }))))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WithdrawBody {
    /// Name of the invited.
    name: String,
}

/// Withdraws an invitation
#[utoipa::path(post, path = "/api/users/invitations/withdraw", tag = "users", request_body = WithdrawBody,
    responses((status = 204, description = "Withdrawn: the link does not work any more."),
        (status = 404, description = "No invitation of that name.")))]
async fn withdraw(
    State(context): State<Context>,
    author: Author,
    JsonBody(WithdrawBody { name }): JsonBody<WithdrawBody>,
) -> Result<StatusCode, Problem> {
    accounts(&context, move |auth| auth.withdraw(&name, author)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RoleBody {
    /// Role from now on.
    role: Role,
}

/// Sets a user's role
#[utoipa::path(post, path = "/api/users/{user}/role", tag = "users",
    params(("user" = String, Path, description = "Name of the user.")), request_body = RoleBody,
    responses((status = 204, description = "Set."),
        (status = 404, description = "No such user."),
        (status = 409, description = "Nobody would be operator.")))]
async fn set_role(
    State(context): State<Context>,
    author: Author,
    PathParam(user): PathParam<String>,
    JsonBody(RoleBody { role }): JsonBody<RoleBody>,
) -> Result<StatusCode, Problem> {
    accounts(&context, move |auth| auth.set_role(&user, role, author)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ResetBody {
    /// New password: 8 characters at least; without one, it is drawn.
    password: Option<String>,
}

/// Resets a user's password
///
/// Every session of the user ends, but that of whoever asks.
#[utoipa::path(post, path = "/api/users/{user}/password", tag = "users",
    params(("user" = String, Path, description = "Name of the user.")), request_body = ResetBody,
    responses((status = 200, description = "The new password, told this once.", body = Value, example = json!({"password": "abcd-efgh-2345"})),
        (status = 404, description = "No such user."),
        (status = 422, description = "The password is too short.")))]
async fn reset_password(
    State(context): State<Context>,
    SignedIn(who): SignedIn,
    author: Author,
    PathParam(user): PathParam<String>,
    JsonBody(ResetBody { password }): JsonBody<ResetBody>,
) -> Result<Json<Value>, Problem> {
    let password = password.filter(|password| !password.is_empty());
    let kept = who.session().filter(|_| who.name == user);
    let reset = move |auth: &Auth| auth.reset_password(&user, password, kept, author);
    let password = accounts(&context, reset).await?;
    Ok(Json(json!({ "password": password })))
}

/// Removes a user
///
/// The user's sessions end; what the user did stays in the journal.
#[utoipa::path(post, path = "/api/users/{user}/remove", tag = "users",
    params(("user" = String, Path, description = "Name of the user.")),
    responses((status = 204, description = "Removed."),
        (status = 404, description = "No such user."),
        (status = 409, description = "Nobody would be operator.")))]
async fn remove(
    State(context): State<Context>,
    author: Author,
    PathParam(user): PathParam<String>,
) -> Result<StatusCode, Problem> {
    accounts(&context, move |auth| auth.remove(&user, author)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists the sessions of a user
#[utoipa::path(get, operation_id = "sessions_of_user", path = "/api/users/{user}/sessions", tag = "users",
    params(("user" = String, Path, description = "Name of the user.")),
    responses((status = 200, description = "The latest used first: since when, from where, by what.", body = Value, example = json!({"items": []})),
        (status = 404, description = "No such user.")))]
async fn sessions(
    State(context): State<Context>,
    SignedIn(who): SignedIn,
    PathParam(user): PathParam<String>,
) -> Result<Json<Value>, Problem> {
    if !context.auth.users().iter().any(|known| known.name == user) {
        let fr = format!("personne ne s’appelle « {user} » ici");
        return Err(Problem::unknown(Text::new(fr, format!("no user called \"{user}\""))));
    }
    Ok(Json(json!({ "items": context.auth.sessions(&user, who.session()) })))
}

/// Ends a session of a user
#[utoipa::path(post, operation_id = "end_session_of_user", path = "/api/users/{user}/sessions/{session}/end", tag = "users",
    params(("user" = String, Path, description = "Name of the user."),
        ("session" = i64, Path, description = "Number of the session.")),
    responses((status = 204, description = "Ended."),
        (status = 404, description = "No such user or session.")))]
async fn end_session(
    State(context): State<Context>,
    author: Author,
    PathParam((user, session)): PathParam<(String, i64)>,
) -> Result<StatusCode, Problem> {
    accounts(&context, move |auth| auth.end_session(&user, session, author)).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! Account of whoever asks: signing in and out, password, sessions, and the acceptance of an invitation.

use crate::audit::Author;
use crate::auth::{Auth, FIRST, Identity, LoginToken, Proof, Role, SessionKey, Visit};
use crate::http::access::{Rights, Routes, VIEWER};
use crate::http::caller::{SignedIn, enter, leave, session};
use crate::http::client::{Browser, ClientConnection};
use crate::http::context::{Context, accounts};
use crate::http::extract::{JsonBody, PathParam};
use crate::http::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::routes;

/// Rights that an account of one's own asks for: any user's, and no token's.
const USER: Rights = Rights::Person(Role::Viewer);

pub(super) fn routes() -> Routes {
    Routes::new()
        .add(Rights::Open, routes!(login))
        .add(Rights::Open, routes!(logout))
        .add(Rights::Open, routes!(accept))
        .add(VIEWER, routes!(account))
        .add(USER, routes!(password))
        .add(USER, routes!(sessions))
        .add(USER, routes!(end_session))
}

/// Returns the answer that begins a session in a browser.
fn signed_in(key: &SessionKey, client: ClientConnection) -> Response {
    ([(header::SET_COOKIE, enter(key, client))], StatusCode::NO_CONTENT).into_response()
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LoginBody {
    /// Name of the user; by default `operator`, the user that a core makes at its first start.
    user: Option<String>,
    /// Password of the user.
    password: String,
}

/// Signs in
///
/// The answer sets the cookie `eg_session`, which every other route asks for. With curl:
/// `curl -c jar -H 'content-type: application/json' -d '{"user":"anna","password":"…"}' http://CORE:8000/api/login`, then
/// `curl -b jar http://CORE:8000/api/slots`. Scripts do better with a token of their own.
#[utoipa::path(post, path = "/api/login", tag = "account", request_body = LoginBody,
    responses((status = 204, description = "Signed in; `Set-Cookie` carries the session."),
        (status = 401, description = "Wrong name or password."),
        (status = 429, description = "Too many wrong passwords; `Retry-After` says how long to wait."),
        (status = 503, description = "Too many passwords are being checked; `Retry-After` says how long to wait.")))]
async fn login(
    State(context): State<Context>,
    client: ClientConnection,
    Browser(browser): Browser,
    JsonBody(LoginBody { user, password }): JsonBody<LoginBody>,
) -> Result<Response, Problem> {
    let visit = Visit::new(client.address, &browser);
    let user = user.map(|user| user.trim().to_ascii_lowercase()).filter(|user| !user.is_empty());
    let name = user.unwrap_or_else(|| FIRST.to_owned());
    let key = accounts(&context, move |auth| auth.login(&visit, &name, &password)).await?;
    Ok(signed_in(&key, client))
}

/// Signs out
///
/// Ends the session of the cookie; without one it does nothing.
#[utoipa::path(post, path = "/api/logout", tag = "account",
    responses((status = 204, description = "Signed out.")))]
async fn logout(
    State(context): State<Context>,
    client: ClientConnection,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(session) = session(&headers).map(str::to_owned) {
        let end = move |auth: &Auth| {
            auth.logout(&session, client.address);
            Ok::<_, Problem>(())
        };
        accounts(&context, end).await?;
    }
    Ok(([(header::SET_COOKIE, leave())], StatusCode::NO_CONTENT).into_response())
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Acceptance {
    /// Token of the invitation's link.
    #[schema(value_type = String)]
    token: LoginToken,
    /// Password of your choice: 8 characters at least.
    password: String,
}

/// Accepts an invitation
///
/// Creates the user that the link was made for, and signs in. The link is used up.
#[utoipa::path(post, path = "/api/invitation", tag = "account", request_body = Acceptance,
    responses((status = 204, description = "Signed in; `Set-Cookie` carries the session."),
        (status = 404, description = "The link was used, is too old, or was withdrawn."),
        (status = 422, description = "The password is too short.")))]
async fn accept(
    State(context): State<Context>,
    client: ClientConnection,
    Browser(browser): Browser,
    JsonBody(Acceptance { token, password }): JsonBody<Acceptance>,
) -> Result<Response, Problem> {
    let visit = Visit::new(client.address, &browser);
    let key = accounts(&context, move |auth| auth.accept(&token, &password, &visit)).await?;
    Ok(signed_in(&key, client))
}

/// Tells who asks
#[utoipa::path(get, path = "/api/account", tag = "account",
    responses((status = 200, description = "The user or token, and its role.", body = Value,
        example = json!({"name": "anna", "role": "game-master", "kind": "user"}))))]
async fn account(SignedIn(who): SignedIn) -> Json<Value> {
    let Identity { name, role, proof } = who;
    Json(match proof {
        Proof::Session(id) => json!({ "name": name, "role": role, "kind": "user", "session": id }),
        Proof::Token { room } => {
            json!({ "name": name, "role": role, "kind": "token", "room": room })
        }
    })
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    /// Password until now.
    present: String,
    /// New password: 8 characters at least.
    new: String,
}

/// Changes the own password
///
/// Every other session of the user ends.
#[utoipa::path(post, path = "/api/account/password", tag = "account", request_body = NewPassword,
    responses((status = 204, description = "Changed."),
        (status = 401, description = "The present password is wrong."),
        (status = 422, description = "The new password is too short.")))]
async fn password(
    State(context): State<Context>,
    SignedIn(who): SignedIn,
    client: ClientConnection,
    Browser(browser): Browser,
    JsonBody(NewPassword { present, new }): JsonBody<NewPassword>,
) -> Result<StatusCode, Problem> {
    let visit = Visit::new(client.address, &browser);
    accounts(&context, move |auth| auth.change_password(&who, &visit, &present, &new)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists the own sessions
#[utoipa::path(get, operation_id = "own_sessions", path = "/api/account/sessions", tag = "account",
    responses((status = 200, description = "The latest used first: since when, from where, by what.", body = Value,
        example = json!({"items": [{"id": 3, "began": 1764012345678901_i64, "address": "192.168.1.9", "browser": "curl/8.5.0", "current": true}]}))))]
async fn sessions(State(context): State<Context>, SignedIn(who): SignedIn) -> Json<Value> {
    Json(json!({ "items": context.auth.sessions(&who.name, who.session()) }))
}

/// Ends one of the own sessions
#[utoipa::path(post, operation_id = "end_own_session", path = "/api/account/sessions/{session}/end", tag = "account",
    params(("session" = i64, Path, description = "Number of the session.")),
    responses((status = 204, description = "Ended."),
        (status = 404, description = "No such session.")))]
async fn end_session(
    State(context): State<Context>,
    SignedIn(who): SignedIn,
    author: Author,
    PathParam(session): PathParam<i64>,
) -> Result<StatusCode, Problem> {
    accounts(&context, move |auth| auth.end_session(&who.name, session, author)).await?;
    Ok(StatusCode::NO_CONTENT)
}

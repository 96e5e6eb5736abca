//! The operator page's addresses.

use super::words::Voice;
use super::{Sight, live, login};
use crate::auth::{LoginToken, Operator};
use crate::web::Web;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::Sse;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use eg_page::{Lang, asset};
use serde::Deserialize;

/// `/`, `/login`, `/live` and `/assets/…`. Whoever is not signed in is led to the login page.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/", get(index))
        .route("/login", get(login_page))
        .route("/live", get(live_stream))
        .route("/assets/{name}", get(assets))
}

#[derive(Deserialize)]
struct Asked {
    lang: Option<String>,
    token: Option<LoginToken>,
}

/// The language that was asked for: by the address, else by a cookie, else by the browser.
fn language(asked: Option<&str>, headers: &HeaderMap) -> Lang {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut cookies = text(header::COOKIE).split(';').map(str::trim);
    let cookie = cookies.find_map(|cookie| cookie.strip_prefix("lang="));
    let chosen = asked.or(cookie).and_then(Lang::from_code);
    chosen.unwrap_or_else(|| Lang::accepted(text(header::ACCEPT_LANGUAGE)))
}

/// Remembers the language that the address asked for.
fn remember(lang: Lang) -> [(header::HeaderName, String); 1] {
    let cookie = format!("lang={}; Path=/; Max-Age=31536000; SameSite=Strict", lang.code());
    [(header::SET_COOKIE, cookie)]
}

async fn index(
    State(web): State<Web>,
    operator: Option<Operator>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    if operator.is_none() {
        return match asked.token {
            Some(token) => web.auth.enter(token).map_or_else(
                || Redirect::to("/login").into_response(),
                |cookie| ([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response(),
            ),
            None => Redirect::to("/login").into_response(),
        };
    }
    let lang = language(asked.lang.as_deref(), &headers);
    let html = {
        let voice = Voice { words: &web.words, lang };
        let (state, recent) = (web.handle.state(), web.recent.latest());
        Sight { voice, state: &state, recent: &recent, now: web.clock.now() }.document()
    };
    (remember(lang), html).into_response()
}

async fn login_page(
    State(web): State<Web>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let lang = language(asked.lang.as_deref(), &headers);
    (remember(lang), login::login(Voice { words: &web.words, lang })).into_response()
}

async fn live_stream(State(web): State<Web>, _: Operator, headers: HeaderMap) -> Response {
    let lang = language(None, &headers);
    Sse::new(live::stream(web, lang)).into_response()
}

async fn assets(Path(name): Path<String>) -> Response {
    match asset(&name) {
        Some(asset) => {
            let kept = (header::CACHE_CONTROL, "no-cache");
            ([(header::CONTENT_TYPE, asset.media_type), kept], asset.text).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

//! The operator page's addresses.

use super::text::Voice;
use super::{display, live, login, operator::Sight};
use crate::auth::LoginToken;
use crate::http::connection_limit::Seat;
use crate::http::context::Web;
use crate::http::extract::At;
use crate::http::locale::Spoken;
use crate::http::locale::remember;
use crate::http::operator::Operator;
use crate::http::problem::Problem;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get};
use axum::{Extension, Router};
use eg_page::{StreamRequest, asset};
use eg_proto::RoomId;
use serde::Deserialize;

/// Every page by its address. Whoever is not signed in is led to the login page; the display is open.
pub(crate) fn table() -> Vec<(&'static str, MethodRouter<Web>)> {
    let mut all = vec![
        ("/", get(index)),
        ("/login", get(login_page)),
        ("/live", get(live_stream)),
        ("/display/{room}", get(display_page)),
        ("/display/{room}/live", get(display_stream)),
    ];
    all.extend(super::history::table());
    all
}

/// The routes of every page.
pub fn routes() -> Router<Web> {
    let add = |router: Router<Web>, (path, page)| router.route(path, page);
    table().into_iter().fold(Router::new(), add)
}

/// `/assets/…`: what every page loads.
pub fn assets() -> Router<Web> {
    Router::new().route("/assets/{name}", get(asset_file))
}

#[derive(Deserialize)]
struct Asked {
    token: Option<LoginToken>,
}

async fn index(
    State(web): State<Web>,
    operator: Option<Operator>,
    Query(asked): Query<Asked>,
    Spoken(lang): Spoken,
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
    web.audience.open_page();
    let html = {
        let voice = Voice { words: &web.words, lang };
        let (state, recent) = (web.handle.state(), web.latest());
        Sight { voice, state: &state, recent: &recent, now: web.clock.now() }.document()
    };
    (remember(lang), html).into_response()
}

async fn login_page(State(web): State<Web>, Spoken(lang): Spoken) -> Response {
    (remember(lang), login::login(Voice { words: &web.words, lang })).into_response()
}

async fn live_stream(
    State(web): State<Web>,
    _: Operator,
    Spoken(lang): Spoken,
    seat: Option<Extension<Seat>>,
    stream: StreamRequest,
) -> Response {
    let look = move |web: &Web| {
        let voice = Voice { words: &web.words, lang };
        let (state, recent) = (web.handle.state(), web.latest());
        Sight { voice, state: &state, recent: &recent, now: web.clock.now() }.fragments()
    };
    stream.answer(live::stream(web, Box::new(look)), seat)
}

async fn display_page(
    State(web): State<Web>,
    At(room): At<RoomId>,
    Spoken(lang): Spoken,
) -> Response {
    web.audience.open_page();
    let voice = Voice { words: &web.words, lang };
    match display::document(voice, &room, &web.handle.state()) {
        Some(html) => (remember(lang), html).into_response(),
        None => Problem::no_room(&room).into_response(),
    }
}

async fn display_stream(
    State(web): State<Web>,
    At(room): At<RoomId>,
    Spoken(lang): Spoken,
    seat: Option<Extension<Seat>>,
    stream: StreamRequest,
) -> Response {
    if !web.handle.state().rooms.contains_key(&room) {
        return Problem::no_room(&room).into_response();
    }
    let look = move |web: &Web| {
        let voice = Voice { words: &web.words, lang };
        display::fragments(voice, &room, &web.handle.state()).unwrap_or_default()
    };
    stream.answer(live::stream(web, Box::new(look)), seat)
}

async fn asset_file(Path(name): Path<String>) -> Response {
    match asset(&name) {
        Some(asset) => {
            let kept = (header::CACHE_CONTROL, "no-cache");
            ([(header::CONTENT_TYPE, asset.media_type), kept], asset.text).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

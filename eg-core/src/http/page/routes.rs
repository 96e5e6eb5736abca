//! Routes of the operator page.

use super::slots::Adoption;
use super::text::Localizer;
use super::{display, live, login, operator::PageContext};
use crate::auth::LoginToken;
use crate::http::connection_limit::ConnectionPermit;
use crate::http::context::Context;
use crate::http::extract::PathParam;
use crate::http::locale::Locale;
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

/// Returns every page by its address. A visitor who is not signed in is led to the login page; the display is open.
pub(crate) fn table() -> Vec<(&'static str, MethodRouter<Context>)> {
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

/// Returns the routes of every page.
pub fn routes() -> Router<Context> {
    let add = |router: Router<Context>, (path, page)| router.route(path, page);
    table().into_iter().fold(Router::new(), add)
}

/// Returns the routes of `/assets/…`: the files that every page loads.
pub fn assets() -> Router<Context> {
    Router::new().route("/assets/{name}", get(asset_file))
}

#[derive(Deserialize)]
struct Asked {
    token: Option<LoginToken>,
}

async fn index(
    State(context): State<Context>,
    operator: Option<Operator>,
    Query(asked): Query<Asked>,
    Locale(lang): Locale,
) -> Response {
    if operator.is_none() {
        return match asked.token {
            Some(token) => context.auth.enter(token).map_or_else(
                || Redirect::to("/login").into_response(),
                |cookie| ([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response(),
            ),
            None => Redirect::to("/login").into_response(),
        };
    }
    context.audience.open_page();
    let html = {
        let voice = Localizer { words: &context.words, lang };
        let (state, recent) = (context.handle.state(), context.latest());
        let (adoption, now) = (&Adoption::now(&context), context.clock.now());
        PageContext { voice, state: &state, adoption, recent: &recent, now }.document()
    };
    (remember(lang), html).into_response()
}

async fn login_page(State(context): State<Context>, Locale(lang): Locale) -> Response {
    (remember(lang), login::login(Localizer { words: &context.words, lang })).into_response()
}

async fn live_stream(
    State(context): State<Context>,
    _: Operator,
    Locale(lang): Locale,
    seat: Option<Extension<ConnectionPermit>>,
    stream: StreamRequest,
) -> Response {
    let look = move |context: &Context| {
        let voice = Localizer { words: &context.words, lang };
        let (state, recent) = (context.handle.state(), context.latest());
        let (adoption, now) = (&Adoption::now(context), context.clock.now());
        PageContext { voice, state: &state, adoption, recent: &recent, now }.fragments()
    };
    stream.answer(live::stream(context, Box::new(look)), seat)
}

async fn display_page(
    State(context): State<Context>,
    PathParam(room): PathParam<RoomId>,
    Locale(lang): Locale,
) -> Response {
    context.audience.open_page();
    let voice = Localizer { words: &context.words, lang };
    match display::document(voice, &room, &context.handle.state()) {
        Some(html) => (remember(lang), html).into_response(),
        None => Problem::no_room(&room).into_response(),
    }
}

async fn display_stream(
    State(context): State<Context>,
    PathParam(room): PathParam<RoomId>,
    Locale(lang): Locale,
    seat: Option<Extension<ConnectionPermit>>,
    stream: StreamRequest,
) -> Response {
    if !context.handle.state().rooms.contains_key(&room) {
        return Problem::no_room(&room).into_response();
    }
    let look = move |context: &Context| {
        let voice = Localizer { words: &context.words, lang };
        display::fragments(voice, &room, &context.handle.state()).unwrap_or_default()
    };
    stream.answer(live::stream(context, Box::new(look)), seat)
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

//! Routes of the operator page.

use super::door;
use super::door::Route;
use super::live::LivePage;
use super::operator::PageContext;
use super::places::Here;
use super::slots::Adoption;
use super::text::Localizer;
use super::{display, glance, invite, login, operator};
use crate::auth::{Auth, LoginToken, Role, Visit};
use crate::http::access::{Rights, VIEWER, may_act};
use crate::http::attention::Attention;
use crate::http::caller::{Caller, enter};
use crate::http::client::{Browser, ClientConnection};
use crate::http::context::{Context, accounts};
use crate::http::extract::{PathParam, QueryParams};
use crate::http::locale::Locale;
use crate::http::locale::remember;
use crate::http::problem::Problem;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Extension, Router};
use eg_page::{Lang, Pass, StreamRequest};
use eg_proto::RoomId;
use serde::Deserialize;

/// Returns every page by its address, with the rights that it asks for. A visitor who is not signed in is led to the login
/// page; the display is open.
pub(crate) fn table() -> Vec<Route> {
    let mut all = vec![
        // Open, because a login link leads here; who is not signed in sees nothing.
        ("/", Rights::Open, get(index)),
        ("/rooms/{room}", VIEWER, get(room_page)),
        ("/login", Rights::Open, get(login_page)),
        ("/invite", Rights::Open, get(invite_page)),
        ("/live", VIEWER, get(live_stream)),
        ("/glance", VIEWER, get(glance::part)),
        ("/glance/live", VIEWER, get(glance::stream)),
        ("/display/{room}", Rights::Open, get(display_page)),
        ("/display/{room}/live", Rights::Open, get(display_stream)),
    ];
    all.extend(display::table());
    all.extend(super::hint_library::table());
    all.extend(super::readable_inputs::table());
    all.extend(super::history::table());
    all.extend(super::statistics::table());
    all.extend(super::events::table());
    all.extend(super::slots::table());
    all.extend(super::settings::table());
    all.extend(super::account_routes::table());
    all
}

/// Returns the routes of every page.
pub fn routes() -> Router<Context> {
    table().into_iter().fold(Router::new(), door::add)
}

#[derive(Deserialize)]
struct Asked {
    token: Option<LoginToken>,
}

/// Room whose page is followed; none for the page of all.
#[derive(Deserialize)]
struct Followed {
    room: Option<RoomId>,
}

async fn index(
    State(context): State<Context>,
    caller: Caller,
    client: ClientConnection,
    Browser(browser): Browser,
    Query(asked): Query<Asked>,
    Locale(lang): Locale,
) -> Response {
    if caller.identity().is_none() {
        let login = Redirect::to("/login").into_response();
        let Some(token) = asked.token else { return login };
        let visit = Visit::new(client.address, &browser);
        let entered = accounts(&context, move |auth| Ok::<_, Problem>(auth.enter(&token, &visit)));
        let Ok(Some(key)) = entered.await else { return login };
        return ([(header::SET_COOKIE, enter(&key, client))], Redirect::to("/")).into_response();
    }
    operator_document(&context, &caller, lang, Here::All)
}

async fn room_page(
    State(context): State<Context>,
    PathParam(room): PathParam<RoomId>,
    caller: Caller,
    Locale(lang): Locale,
) -> Response {
    if !context.handle.state().rooms.contains_key(&room) {
        return Problem::no_room(&room).into_response();
    }
    operator_document(&context, &caller, lang, Here::Room(room))
}

fn operator_document(context: &Context, caller: &Caller, lang: Lang, here: Here) -> Response {
    context.audience.open_page();
    let html = {
        let parts = operator_page(context, caller, lang, here.clone()).now();
        let voice = Localizer { words: &context.words, lang };
        let acts = may_act(caller.identity());
        operator::document(voice, &context.handle.state(), &here, &parts, caller, acts)
    };
    (remember(lang), html).into_response()
}

/// Returns the operator page for readers of the caller's role, who all see the same. `here` names a room that exists.
fn operator_page(context: &Context, caller: &Caller, lang: Lang, here: Here) -> LivePage {
    let (role, acts) = (caller.role(), may_act(caller.identity()));
    let of = here.room().map_or("", RoomId::as_str);
    let name = format!("operator {} {} {of}", lang.code(), role.map_or("", Role::word));
    let look = move |context: &Context| {
        let voice = Localizer { words: &context.words, lang };
        let (all, recent) = (&context.handle.state(), &context.latest());
        let (adoption, now) = (&Adoption::now(context, role), context.clock.now());
        let (attention, here) = (&Attention::now(context), &here);
        PageContext { voice, all, here, adoption, attention, recent, now, acts }.parts()
    };
    LivePage::shared(context.clone(), name, Box::new(look))
}

async fn login_page(State(context): State<Context>, Locale(lang): Locale) -> Response {
    (remember(lang), login::login(Localizer { words: &context.words, lang })).into_response()
}

/// Shows an invitation; its link is used up by accepting it alone, so that a preview of a messenger spends nothing.
async fn invite_page(
    State(context): State<Context>,
    Query(asked): Query<Asked>,
    Locale(lang): Locale,
) -> Response {
    let Some(token) = asked.token else { return Redirect::to("/login").into_response() };
    let text = token.text().to_owned();
    let ask = move |auth: &Auth| Ok::<_, Problem>(auth.invitation(&token));
    let invitation = accounts(&context, ask).await.unwrap_or_default();
    let voice = Localizer { words: &context.words, lang };
    let page = invite::invite(voice, invitation.as_ref(), &text);
    (remember(lang), page).into_response()
}

async fn live_stream(
    State(context): State<Context>,
    caller: Caller,
    QueryParams(Followed { room }): QueryParams<Followed>,
    Locale(lang): Locale,
    stream: StreamRequest,
) -> Response {
    let here = match room {
        None => Here::All,
        Some(room) if context.handle.state().rooms.contains_key(&room) => Here::Room(room),
        Some(room) => return Problem::no_room(&room).into_response(),
    };
    let glance = glance::glance(&context, lang);
    let feed = operator_page(&context, &caller, lang, here).feed(caller);
    stream.answer(feed.glance(move || glance.read()), ())
}

async fn display_page(
    State(context): State<Context>,
    PathParam(name): PathParam<String>,
    Locale(lang): Locale,
    headers: HeaderMap,
) -> Response {
    context.audience.open_page();
    let known = |room: &RoomId| context.handle.state().rooms.contains_key(room);
    let room = match name.parse::<RoomId>() {
        Ok(room) if known(&room) => room,
        Ok(room) if asks_for_json(&headers) => return Problem::no_room(&room).into_response(),
        Ok(_) | Err(_) => {
            let page = display::unknown(&context.words, lang, &name);
            return (StatusCode::NOT_FOUND, page).into_response();
        }
    };
    let parts = room_display(&context, room.clone(), lang).now();
    let voice = Localizer { words: &context.words, lang };
    let look = context.rooms.get(&room).cloned().unwrap_or_default();
    (remember(lang), display::document(voice, &room, &look, &parts)).into_response()
}

fn asks_for_json(headers: &HeaderMap) -> bool {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accepts.is_some_and(|media| media.contains("json"))
}

/// Returns the display of a room, which shows the same to everybody.
fn room_display(context: &Context, room: RoomId, lang: Lang) -> LivePage {
    let name = format!("display {} {room}", lang.code());
    let look = move |context: &Context| {
        let voice = Localizer { words: &context.words, lang };
        display::parts(voice, &room, &context.handle.state())
    };
    LivePage::shared(context.clone(), name, Box::new(look))
}

async fn display_stream(
    State(context): State<Context>,
    PathParam(room): PathParam<RoomId>,
    caller: Caller,
    client: ClientConnection,
    Locale(lang): Locale,
    pass: Option<Extension<Pass>>,
    stream: StreamRequest,
) -> Response {
    if !context.handle.state().rooms.contains_key(&room) {
        return Problem::no_room(&room).into_response();
    }
    let seat = match caller.identity() {
        None => match context.displays.take(client.address) {
            Ok(seat) => Some(seat),
            Err(problem) => return problem.into_response(),
        },
        Some(_) => None,
    };
    if let Some(pass) = &pass {
        pass.entered();
    }
    stream.answer(room_display(&context, room, lang).feed(Caller::default()), seat)
}

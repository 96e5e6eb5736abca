//! Style sheet of a room's own, which its display wears.

use crate::config::DisplayConfig;
use crate::http::access::Rights;
use crate::http::context::Context;
use crate::http::extract::PathParam;
use crate::http::page::door::Route;
use crate::http::problem::Problem;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use eg_proto::RoomId;

/// Returns the address of a room's style sheet, under its digest; `None` without one.
pub(super) fn address(room: &RoomId, look: &DisplayConfig) -> Option<String> {
    let theme = look.theme.as_ref()?;
    Some(format!("/display/{room}/theme.css?v={:016x}", digest(theme)))
}

/// Returns the route of the style sheets. It is open as the display is.
pub(crate) fn table() -> Vec<Route> {
    vec![("/display/{room}/theme.css", Rights::Open, get(sheet))]
}

async fn sheet(State(context): State<Context>, PathParam(room): PathParam<RoomId>) -> Response {
    let theme = context.rooms.get(&room).and_then(|look| look.theme.clone());
    let Some(theme) = theme else { return Problem::no_room(&room).into_response() };
    let head = [(header::CONTENT_TYPE, "text/css; charset=utf-8")];
    (head, [(header::CACHE_CONTROL, "no-cache")], theme.to_string()).into_response()
}

/// Digest of a style sheet (FNV-1a, 64 bits): it tells versions apart and guards nothing.
fn digest(text: &str) -> u64 {
    let step = |digest: u64, byte: u8| (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, step)
}

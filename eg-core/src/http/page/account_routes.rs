//! Routes of the pages about accounts.

use super::door::Route;
use super::text::Localizer;
use super::{account, live, users};
use crate::auth::Role;
use crate::http::access::Rights;
use crate::http::caller::{Caller, SignedIn};
use crate::http::context::Context;
use crate::http::locale::{Locale, remember};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use eg_page::StreamRequest;

/// Returns the pages by address, with the rights that each asks for.
pub(super) fn table() -> [Route; 4] {
    [
        ("/account", Rights::Person(Role::Viewer), get(account_page)),
        ("/account/live", Rights::Person(Role::Viewer), get(account_stream)),
        ("/users", Rights::Person(Role::Operator), get(users_page)),
        ("/users/live", Rights::Person(Role::Operator), get(users_stream)),
    ]
}

async fn account_page(
    State(context): State<Context>,
    caller: Caller,
    SignedIn(who): SignedIn,
    Locale(lang): Locale,
) -> Response {
    let voice = Localizer { words: &context.words, lang };
    let page = account::document(voice, &context.auth, &caller, &who);
    (remember(lang), page).into_response()
}

async fn account_stream(
    State(context): State<Context>,
    caller: Caller,
    SignedIn(who): SignedIn,
    Locale(lang): Locale,
    stream: StreamRequest,
) -> Response {
    let look = move |context: &Context| {
        let voice = Localizer { words: &context.words, lang };
        account::fragments(voice, &context.auth, &who)
    };
    stream.answer(live::stream(context, caller, Box::new(look)), ())
}

async fn users_page(
    State(context): State<Context>,
    caller: Caller,
    SignedIn(who): SignedIn,
    Locale(lang): Locale,
) -> Response {
    let voice = Localizer { words: &context.words, lang };
    let state = context.handle.state();
    let page = users::document(voice, &context.auth, &state, &caller, &who);
    (remember(lang), page).into_response()
}

async fn users_stream(
    State(context): State<Context>,
    caller: Caller,
    SignedIn(who): SignedIn,
    Locale(lang): Locale,
    stream: StreamRequest,
) -> Response {
    let look = move |context: &Context| {
        let voice = Localizer { words: &context.words, lang };
        users::fragments(voice, &context.auth, &who)
    };
    stream.answer(live::stream(context, caller, Box::new(look)), ())
}

//! Routes of the pages about accounts.

use super::door::Route;
use super::glance::bar_parts;
use super::text::Localizer;
use super::{account, audit, live, users};
use crate::auth::{Auth, Identity, Role};
use crate::http::access::Rights;
use crate::http::caller::{Caller, SignedIn};
use crate::http::context::Context;
use crate::http::locale::{Locale, remember};
use crate::names::Names;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use eg_page::StreamRequest;
use maud::Markup;

/// Returns the pages by address, with the rights that each asks for.
pub(super) fn table() -> [Route; 5] {
    [
        ("/account", Rights::Person(Role::Viewer), get(account_page)),
        ("/account/live", Rights::Person(Role::Viewer), stream(account::fragments)),
        ("/users", Rights::Person(Role::Operator), get(users_page)),
        ("/users/live", Rights::Person(Role::Operator), stream(users::fragments)),
        ("/audit", Rights::Person(Role::Operator), get(audit::list)),
    ]
}

async fn account_page(
    State(context): State<Context>,
    caller: Caller,
    SignedIn(who): SignedIn,
    Locale(lang): Locale,
) -> Response {
    let voice = Localizer { words: &context.words, lang, names: Names::none() };
    let page = account::document(voice, &context.auth, &caller, &who);
    (remember(lang), eg_page::Parts::new(bar_parts(&context, lang)).fill(&page)).into_response()
}

async fn users_page(
    State(context): State<Context>,
    caller: Caller,
    SignedIn(who): SignedIn,
    Locale(lang): Locale,
) -> Response {
    let voice = Localizer { words: &context.words, lang, names: Names::none() };
    let state = context.handle.state();
    let page = users::document(voice, &context.auth, &state, &caller, &who);
    (remember(lang), eg_page::Parts::new(bar_parts(&context, lang)).fill(&page)).into_response()
}

/// Parts of a page about accounts that change, as one reader sees them.
type Parts = fn(Localizer<'_>, &Auth, &Identity) -> Vec<(String, Markup)>;

/// Returns the stream of a page with these parts.
fn stream(parts: Parts) -> MethodRouter<Context> {
    let open = move |State(context): State<Context>,
                     caller: Caller,
                     SignedIn(who): SignedIn,
                     Locale(lang): Locale,
                     stream: StreamRequest| async move {
        let look = move |context: &Context| {
            let voice = Localizer { words: &context.words, lang, names: Names::none() };
            let mut all = parts(voice, &context.auth, &who);
            all.extend(bar_parts(context, lang));
            all
        };
        stream.answer(live::stream(context, caller, Box::new(look)), ())
    };
    get(open)
}

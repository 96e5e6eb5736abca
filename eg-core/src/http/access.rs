//! Rights that a route asks for. A route of the API or a page cannot be added without saying them.

use super::caller::Caller;
use super::context::Context;
use super::problem::Problem;
use crate::auth::{Identity, Proof, Role};
use axum::extract::{FromRequestParts, RawPathParams, Request};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::SecurityRequirement;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

/// Rights that a route asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rights {
    /// None: everybody may use it.
    Open,
    /// Users and tokens of this role or a greater one.
    Role(Role),
    /// The same and, with `compat`, everybody: a route of the old contract.
    Contract(Role),
    /// Users of this role or a greater one. Tokens are refused: a script manages no accounts.
    Person(Role),
}

/// Rights that watching asks for.
pub(super) const VIEWER: Rights = Rights::Role(Role::Viewer);
/// Rights that running a session asks for.
pub(super) const GAME_MASTER: Rights = Rights::Role(Role::GameMaster);

impl Rights {
    /// Refuses a caller who lacks the rights, in the room that the address names.
    ///
    /// # Errors
    /// [`Problem`]: nobody is signed in, or the role or the token's room does not allow it.
    pub(super) fn check(self, caller: &Caller, room: Option<&str>) -> Result<(), Problem> {
        let (role, identity) = match (self, caller.identity()) {
            (Self::Open, _) => return Ok(()),
            (Self::Contract(_), None) if caller.is_compatible() => return Ok(()),
            (Self::Role(_) | Self::Contract(_) | Self::Person(_), None) => {
                return Err(Problem::not_signed_in());
            }
            (Self::Role(role) | Self::Contract(role) | Self::Person(role), Some(who)) => {
                (role, who)
            }
        };
        if identity.role < role {
            return Err(Problem::role(role));
        }
        match &identity.proof {
            Proof::Session(_) => Ok(()),
            Proof::Token { .. } if matches!(self, Self::Person(_)) => Err(Problem::token()),
            Proof::Token { room: Some(only) } if room != Some(only.as_str()) => {
                Err(Problem::other_room(only))
            }
            Proof::Token { .. } => Ok(()),
        }
    }

    /// Returns the word for these rights in the OpenAPI document.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Open => "everybody",
            Self::Role(role) | Self::Contract(role) | Self::Person(role) => role.word(),
        }
    }

    /// Writes the rights into the description of a route.
    fn describe(self, operation: &mut Operation) {
        let extensions = operation.extensions.get_or_insert_default();
        extensions.insert("x-role".to_owned(), self.word().into());
        let by = |scheme: &str| SecurityRequirement::new(scheme, Vec::<String>::new());
        operation.security = match self {
            Self::Open => Some(Vec::new()),
            Self::Person(_) => Some(vec![by("session")]),
            Self::Role(_) | Self::Contract(_) => None,
        };
    }
}

/// Routes of the API with the rights that each asks for.
pub(super) struct Routes(OpenApiRouter<Context>);

impl Routes {
    /// Creates an empty table.
    pub(super) fn new() -> Self {
        Self(OpenApiRouter::new())
    }

    /// Creates an empty table whose document begins as `head`.
    pub(super) fn with_head(head: utoipa::openapi::OpenApi) -> Self {
        Self(OpenApiRouter::with_openapi(head))
    }

    /// Adds a route for callers with these rights.
    pub(super) fn add(self, access: Rights, route: UtoipaMethodRouter<Context>) -> Self {
        let (schemas, mut paths, methods) = route;
        for item in paths.paths.values_mut() {
            operations(item).for_each(|operation| access.describe(operation));
        }
        Self(self.0.routes((schemas, paths, guarded(access, methods))))
    }

    /// Adds the routes of another table.
    pub(super) fn merge(self, other: Self) -> Self {
        Self(self.0.merge(other.0))
    }

    /// Returns the router with its document.
    pub(super) fn into_router(self) -> OpenApiRouter<Context> {
        self.0
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, patch, .. } = item;
    [get, put, post, delete, patch].into_iter().flatten()
}

/// Closes a route to callers without these rights.
pub(super) fn guarded(access: Rights, route: MethodRouter<Context>) -> MethodRouter<Context> {
    route.route_layer(from_fn(move |request: Request, next: Next| enforce(access, request, next)))
}

async fn enforce(access: Rights, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let caller = parts.extensions.get::<Caller>().cloned().unwrap_or_default();
    let params = RawPathParams::from_request_parts(&mut parts, &()).await.ok();
    let room = params.iter().flatten().find(|(name, _)| *name == "room").map(|(_, room)| room);
    match access.check(&caller, room) {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(problem) => problem.into_response(),
    }
}

/// Returns `true` if an identity may run sessions.
pub(super) fn may_act(identity: Option<&Identity>) -> bool {
    identity.is_some_and(|identity| identity.role >= Role::GameMaster)
}

//! Parts of the OpenAPI document that no single route owns.

use crate::engine::read_model::{ReadModel, Room, Slot};
use crate::http::attention::Attention;
use crate::http::problem_type::ProblemType;
use crate::journal::Entry;
use eg_page::Lang;
use eg_proto::{ModeState, NightStep};
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder};

const ABOUT: &str = "Everything that the operator page does goes through these routes. Each asks for a \
    role (`x-role`): viewer, game-master or operator, each of which may do what the one before it may. A role is proved \
    by the session cookie that signing in sets, or by `Authorization: Bearer TOKEN` with a token that an operator made; \
    with `compat: true` the routes of the old contract (`/api/mode`, `/api/night/step`, `/api/payouts`) are open without \
    either. A write that carries the cookie must come from a page of this core (`Origin`), or be a program's with \
    `Content-Type: application/json`. Bodies are JSON, 64 kB at most; times are \
    microseconds since the Unix epoch in the core's clock. Refusals are `application/problem+json` (RFC 9457) in the \
    language of `Accept-Language` or `?lang=`, with a `pointer` (RFC 6901) to the mistake in the body. A `POST` that \
    carries an `Idempotency-Key` is done once: sent again with the same key and body, it is answered as the first time. \
    An answer that does not begin within 15 s is 503 `late`: what was asked for may be done or not. With a key, send it \
    again with the same one, and the answer tells; without, look at the state first. A 503 `unavailable` was not done. Lists \
    are paged where they can grow (`next`); slots, rooms, users, tokens and sessions of a user are bounded in number.";

const TAGS: [(&str, &str); 8] = [
    ("core", "The core itself"),
    ("account", "The own account: signing in and out, password, sessions"),
    ("users", "Users and tokens"),
    ("slots", "Slots, their boards and outputs"),
    ("rooms", "Rooms and what the operator does in them"),
    ("sessions", "Sessions, their acts and votes"),
    ("events", "The journal, page by page and live"),
    ("games", "Games and their settings"),
];

/// Returns the document's title, tags and way of signing in.
pub(super) fn head() -> OpenApi {
    let about = InfoBuilder::new().title("EG core").version(env!("CARGO_PKG_VERSION"));
    let about = about.description(Some(ABOUT)).build();
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("eg_session")));
    let token = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    let parts = ComponentsBuilder::new();
    let parts = parts.security_scheme("session", cookie).security_scheme("token", token).build();
    let by = |scheme: &str| SecurityRequirement::new(scheme, Vec::<String>::new());
    let tag =
        |(name, about): (&str, &str)| TagBuilder::new().name(name).description(Some(about)).build();
    OpenApiBuilder::new()
        .info(about)
        .components(Some(parts))
        .security(Some([by("session"), by("token")]))
        .tags(Some(TAGS.map(tag)))
        .build()
}

/// Returns the whole document, with the schemas of what the core shows, and of problems.
pub(super) fn with_schemas(openapi: &OpenApi) -> Value {
    let mut document = json!(openapi);
    let schemas = &mut document["components"]["schemas"];
    let mut schemas = schemas.as_object_mut().map(std::mem::take).unwrap_or_default();
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut shown = settings.for_serialize().into_generator();
    shown.subschema_for::<ReadModel>();
    shown.subschema_for::<Slot>();
    shown.subschema_for::<Room>();
    shown.subschema_for::<Entry>();
    shown.subschema_for::<Attention>();
    shown.subschema_for::<ModeState>();
    shown.subschema_for::<NightStep>();
    schemas.extend(shown.take_definitions(true));
    schemas.insert("Problem".to_owned(), problem());
    document["components"]["schemas"] = Value::Object(schemas);
    document
}

/// Returns the schema of a refusal.
fn problem() -> Value {
    let kinds = ProblemType::ALL.map(|kind| format!("/docs#problem-{}", kind.told().0));
    json!({
        "type": "object",
        "description": "A refusal (RFC 9457).",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": { "type": "string", "enum": kinds },
            "title": { "type": "string" },
            "status": { "type": "integer" },
            "detail": { "type": "string", "description": "Text for people: wanted, found, and what would work." },
            "pointer": { "type": "string", "description": "Pointer to the mistake in the body (RFC 6901)." },
        },
    })
}

/// Returns the title of a kind of problem in one language.
pub(super) fn title(kind: ProblemType, lang: Lang) -> &'static str {
    let (_, _, fr, en) = kind.told();
    match lang {
        Lang::Fr => fr,
        Lang::En => en,
    }
}

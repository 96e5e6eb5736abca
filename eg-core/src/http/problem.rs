//! Refusals of the API: `application/problem+json` (RFC 9457).

use super::problem_type::ProblemType;
use crate::auth::{AccountError, Denied, Role};
use crate::engine::command::{Refused, RefusedKind};
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use eg_page::Lang;
use eg_proto::{RoomId, Text};
use serde_json::{Value, json};
use std::time::Duration;

/// Refusal: its kind, its text in both languages, and the place of the mistake in the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    kind: ProblemType,
    detail: Text,
    /// JSON Pointer (RFC 6901) into the request's body.
    pointer: Option<String>,
    retry: Option<Duration>,
}

impl Problem {
    /// Creates a problem of this kind with a detailed text.
    pub fn new(kind: ProblemType, detail: Text) -> Self {
        Self { kind, detail, pointer: None, retry: None }
    }

    /// Creates the problem for a bare status, such as the router's 404.
    pub fn of_status(status: StatusCode) -> Self {
        let kind = ProblemType::of(status);
        let (_, _, fr, en) = kind.told();
        Self::new(kind, Text::new(fr, en))
    }

    /// Creates the problem of a request without a session.
    pub fn not_signed_in() -> Self {
        let fr =
            "connectez-vous sur la page de la régie, ou par POST /api/login avec {\"password\"}";
        let en = "sign in on the operator page, or by POST /api/login with {\"password\"}";
        Self::new(ProblemType::NotSignedIn, Text::new(fr, en))
    }

    /// Creates the problem of a user or token whose role is too small; `role` would do.
    pub fn role(role: Role) -> Self {
        let (fr, en) = match role {
            Role::Viewer => ("spectateur", "viewer"),
            Role::GameMaster => ("maître du jeu", "game master"),
            Role::Operator => ("régie", "operator"),
        };
        let fr = format!("il faut pour cela le rôle « {fr} » ; la régie peut vous le donner");
        let en = format!("this asks for the role \"{en}\"; an operator can give it to you");
        Self::new(ProblemType::NotAllowed, Text::new(fr, en))
    }

    /// Creates the problem of a token where a person is wanted.
    pub fn token() -> Self {
        let fr = "un jeton ne gère ni comptes ni jetons ; connectez-vous avec un mot de passe";
        let en = "a token manages neither accounts nor tokens; sign in with a password";
        Self::new(ProblemType::NotAllowed, Text::new(fr, en))
    }

    /// Creates the problem of a token that is limited to another room.
    pub fn other_room(room: &RoomId) -> Self {
        let fr = format!("ce jeton n’ouvre que /api/rooms/{room} et ce qui est dessous");
        let en = format!("this token opens /api/rooms/{room} and what is below it alone");
        Self::new(ProblemType::NotAllowed, Text::new(fr, en))
    }

    /// Creates the problem of too many passwords that are checked at once.
    pub fn busy() -> Self {
        let fr = "trop de mots de passe sont vérifiés en même temps ; réessayez dans un instant";
        let en = "too many passwords are being checked at once; try again in a moment";
        let retry = Some(Duration::from_secs(1));
        Self { retry, ..Self::new(ProblemType::Unavailable, Text::new(fr, en)) }
    }

    /// Creates the problem of a write from a page of another site.
    pub fn other_site() -> Self {
        let fr = "une page d’un autre site n’a rien à demander ici";
        let en = "a page of another site has nothing to ask for here";
        Self::new(ProblemType::OtherSite, Text::new(fr, en))
    }

    /// Creates the problem of a write with a cookie that says neither where it comes from nor that it is JSON.
    pub fn unsaid_origin() -> Self {
        let fr = "une demande avec un cookie doit dire d’où elle vient (Origin), ou avoir Content-Type: application/json";
        let en = "a request with a cookie must say where it comes from (Origin), or have Content-Type: application/json";
        Self::new(ProblemType::OtherSite, Text::new(fr, en))
    }

    /// Creates the problem of a wrong password.
    pub fn wrong_password() -> Self {
        let fr = "ce nom et ce mot de passe ne vont pas ensemble ; EG_OPERATOR_PASSWORD fixe au démarrage celui d’operator";
        let en = "that name and that password do not belong together; EG_OPERATOR_PASSWORD sets operator's at start";
        Self::new(ProblemType::WrongPassword, Text::new(fr, en))
    }

    /// Creates the problem of too many wrong passwords: the next try is possible after `span`.
    pub fn wait(span: Duration) -> Self {
        let seconds = span.as_secs() + u64::from(span.subsec_nanos() > 0);
        let detail = Text::new(
            format!("trop d’essais ; le prochain dans {seconds} s"),
            format!("too many tries; the next in {seconds} s"),
        );
        let retry = Some(Duration::from_secs(seconds));
        Self { retry, ..Self::new(ProblemType::Wait, detail) }
    }

    /// Creates the problem of a disk that is full or gone.
    pub fn disk() -> Self {
        let fr = "le disque ne répond pas ou il est plein";
        let en = "the disk does not answer or is full";
        Self::new(ProblemType::Unavailable, Text::new(fr, en))
    }

    /// Creates the problem of a thing that does not exist.
    pub fn unknown(what: Text) -> Self {
        Self::new(ProblemType::Unknown, what)
    }

    /// Creates the problem of a mistake in the request; `pointer` is its place in the body.
    pub fn invalid(detail: Text, pointer: Option<String>) -> Self {
        Self { pointer, ..Self::new(ProblemType::Invalid, detail) }
    }

    /// Creates the problem of a room that does not exist.
    pub fn no_room(room: &RoomId) -> Self {
        let (fr, en) = (format!("pas de salle « {room} »"), format!("no room called \"{room}\""));
        Self::unknown(Text::new(fr, en))
    }

    /// Returns the HTTP status of the answer.
    pub fn status(&self) -> StatusCode {
        let (_, status, ..) = self.kind.told();
        status
    }

    /// Returns title and detail in one language.
    pub fn told(&self, lang: Lang) -> (&str, &str) {
        let (_, _, fr, en) = self.kind.told();
        let title = match lang {
            Lang::Fr => fr,
            Lang::En => en,
        };
        (title, lang.of(&self.detail))
    }

    /// Returns the problem document in one language.
    pub fn document(&self, lang: Lang) -> Value {
        let (name, status, ..) = self.kind.told();
        let (title, detail) = self.told(lang);
        let mut document = json!({
            "type": format!("/docs#problem-{name}"),
            "title": title,
            "status": status.as_u16(),
            "detail": detail,
        });
        if let Some(pointer) = &self.pointer {
            document["pointer"] = json!(pointer);
        }
        document
    }

    /// Returns the answer in one language.
    pub fn answer(&self, lang: Lang) -> Response {
        let (_, status, ..) = self.kind.told();
        let mut response = (status, Json(self.document(lang))).into_response();
        let headers = response.headers_mut();
        let media = HeaderValue::from_static("application/problem+json");
        headers.insert(header::CONTENT_TYPE, media);
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.code()));
        if status == StatusCode::UNAUTHORIZED {
            let how = "Session realm=\"EG\", login=\"/api/login\", Bearer realm=\"EG\"";
            let how = HeaderValue::from_static(how);
            headers.insert(header::WWW_AUTHENTICATE, how);
        }
        if let Some(span) = self.retry {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(span.as_secs()));
        }
        response
    }
}

impl IntoResponse for Problem {
    /// Answers in English, with the problem beside it for the layer that knows the language.
    fn into_response(self) -> Response {
        let mut response = self.answer(Lang::En);
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let kind = match refused.kind {
            RefusedKind::Unknown => ProblemType::Unknown,
            RefusedKind::Conflict => ProblemType::Conflict,
            RefusedKind::Invalid => ProblemType::Invalid,
            RefusedKind::Unavailable => ProblemType::Unavailable,
        };
        Self::new(kind, refused.why)
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Wrong => Self::wrong_password(),
            Denied::Wait(span) => Self::wait(span),
            Denied::Busy => Self::busy(),
            Denied::Disk => Self::disk(),
        }
    }
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Unknown(why) => Self::unknown(why),
            AccountError::Conflict(why) => Self::new(ProblemType::Conflict, why),
            AccountError::Invalid(why) => Self::invalid(why, None),
            AccountError::Denied(denied) => denied.into(),
            AccountError::Auth(error) => {
                tracing::warn!(%error, "the accounts could not be used");
                Self::disk()
            }
        }
    }
}

//! Kinds of problems, each with a name, a status and titles.

use axum::http::StatusCode;

/// Kind of a problem. Each is described on the docs page, where its `type` points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemType {
    /// The request has neither a session nor a token.
    NotSignedIn,
    /// The name or the password is wrong.
    WrongPassword,
    /// The role of the user or token does not allow it.
    NotAllowed,
    /// The request comes from a page of another site.
    OtherSite,
    /// The request came in clear to a core of TLS.
    InClear,
    /// The host name is not one of this core's.
    WrongHost,
    /// The wrong password was given too often.
    Wait,
    /// The named thing does not exist.
    Unknown,
    /// The route does not take this method.
    Method,
    /// The request does not fit what runs now.
    Conflict,
    /// The body, the address or the query is wrong.
    Invalid,
    /// The body is not JSON by its media type.
    MediaType,
    /// The body is too large.
    TooLarge,
    /// The answer took too long.
    Late,
    /// The disk is full or gone, or the core is stopping.
    Unavailable,
    /// The core has a bug.
    Internal,
}

impl ProblemType {
    /// All kinds, in the order of the docs page.
    pub const ALL: [Self; 16] = [
        Self::NotSignedIn,
        Self::WrongPassword,
        Self::NotAllowed,
        Self::OtherSite,
        Self::InClear,
        Self::WrongHost,
        Self::Wait,
        Self::Unknown,
        Self::Method,
        Self::Conflict,
        Self::Invalid,
        Self::MediaType,
        Self::TooLarge,
        Self::Late,
        Self::Unavailable,
        Self::Internal,
    ];

    /// Returns the kind's name, its HTTP status, and its titles in French and English.
    pub fn told(self) -> (&'static str, StatusCode, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Self::NotSignedIn => {
                ("not-signed-in", S::UNAUTHORIZED, "Non connecté", "Not signed in")
            }
            Self::WrongPassword => {
                ("wrong-password", S::UNAUTHORIZED, "Mot de passe refusé", "Wrong password")
            }
            Self::NotAllowed => ("not-allowed", S::FORBIDDEN, "Droits insuffisants", "Not allowed"),
            Self::OtherSite => ("other-site", S::FORBIDDEN, "Page d’un autre site", "Another site"),
            Self::InClear => ("in-clear", S::UPGRADE_REQUIRED, "TLS demandé", "TLS is required"),
            Self::WrongHost => {
                ("wrong-host", S::MISDIRECTED_REQUEST, "Nom d’hôte inconnu", "Unknown host name")
            }
            Self::Wait => ("wait", S::TOO_MANY_REQUESTS, "Trop d’essais", "Too many tries"),
            Self::Unknown => ("unknown", S::NOT_FOUND, "Introuvable", "Not found"),
            Self::Method => {
                ("method", S::METHOD_NOT_ALLOWED, "Méthode refusée", "Method not allowed")
            }
            Self::Conflict => {
                ("conflict", S::CONFLICT, "Impossible maintenant", "Not possible now")
            }
            Self::Invalid => {
                ("invalid", S::UNPROCESSABLE_ENTITY, "Demande invalide", "Invalid request")
            }
            Self::MediaType => {
                ("media-type", S::UNSUPPORTED_MEDIA_TYPE, "Il faut du JSON", "JSON is wanted")
            }
            Self::TooLarge => ("too-large", S::PAYLOAD_TOO_LARGE, "Trop grand", "Too large"),
            Self::Late => ("late", S::SERVICE_UNAVAILABLE, "Trop lent", "Too slow"),
            Self::Unavailable => {
                ("unavailable", S::SERVICE_UNAVAILABLE, "Indisponible", "Unavailable")
            }
            Self::Internal => {
                ("internal", S::INTERNAL_SERVER_ERROR, "Erreur du serveur", "Error of the core")
            }
        }
    }

    /// Returns the kind for a bare HTTP status of the router's own.
    pub(super) fn of(status: StatusCode) -> Self {
        Self::ALL.into_iter().find(|kind| kind.told().1 == status).unwrap_or_else(|| {
            if status.is_client_error() { Self::Invalid } else { Self::Internal }
        })
    }
}

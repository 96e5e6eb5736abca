//! Extractors of requests, which report the place of every mistake.

use super::problem::Problem;
use super::problem_type::ProblemType;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use bytes::Bytes;
use eg_proto::Text;
use serde::de::DeserializeOwned;
use serde_path_to_error::{Path as JsonPath, Segment};

/// Largest body of a request, in bytes.
pub(super) const BODY_LIMIT: usize = 64 * 1024;

/// JSON body of a request. An empty body is read as `{}`.
pub(crate) struct JsonBody<T>(pub(crate) T);

/// Parameters in the path; a value that cannot be a name counts as not found.
pub(crate) struct PathParam<T>(pub(crate) T);

/// Parameters in the query.
pub(crate) struct QueryParams<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let json = is_json(request.headers());
        let bytes = Bytes::from_request(request, state).await.map_err(cut)?;
        match bytes.is_empty() {
            true => read(b"{}").map(Self),
            false if !json => Err(Problem::new(
                ProblemType::MediaType,
                Text::new(
                    "le corps doit être du JSON : Content-Type: application/json",
                    "the body must be JSON: Content-Type: application/json",
                ),
            )),
            false => read(&bytes).map(Self),
        }
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for PathParam<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<T>::from_request_parts(parts, state).await;
        path.map(|Path(at)| Self(at)).map_err(|wrong| {
            let fr = format!("rien ne porte ce nom ici : {}", parts.uri.path());
            Problem::unknown(Text::new(fr, wrong.body_text()))
        })
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for QueryParams<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = Query::<T>::from_request_parts(parts, state).await;
        query.map(|Query(asked)| Self(asked)).map_err(|wrong| {
            let asked = parts.uri.query().unwrap_or_default();
            let fr = format!("ce qui suit le point d’interrogation ne va pas : {asked}");
            Problem::invalid(Text::new(fr, wrong.body_text()), None)
        })
    }
}

/// Returns `true` if a request says that its body is JSON.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = media.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

/// Converts the error of a body that did not arrive whole.
fn cut(rejection: BytesRejection) -> Problem {
    let status = rejection.into_response().status();
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        let (fr, en) = ("un corps a 64 ko au plus", "a body has 64 kB at most");
        return Problem::new(ProblemType::TooLarge, Text::new(fr, en));
    }
    Problem::invalid(Text::new("le corps n’est pas arrivé entier", "the body was cut off"), None)
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    eg_proto::check_limits(bytes).map_err(|excess| {
        let fr = format!(
            "le corps est trop imbriqué ou a trop de valeurs : {} niveaux et {} valeurs au plus",
            eg_proto::DEPTH,
            eg_proto::VALUES
        );
        Problem::invalid(Text::new(fr, excess.to_string()), None)
    })?;
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let (place, pointer) = (error.path().to_string(), pointer(error.path()));
        let said = error.into_inner().to_string();
        let told = if pointer.is_empty() { said } else { format!("{place}: {said}") };
        Problem::invalid(eg_page::say(told), Some(pointer))
    })?;
    json.end().map_err(|error| Problem::invalid(eg_page::say(error.to_string()), None))?;
    Ok(value)
}

/// Writes a place in a document as JSON Pointer (RFC 6901).
fn pointer(path: &JsonPath) -> String {
    let step = |segment: &Segment| match segment {
        Segment::Seq { index } => Some(format!("/{index}")),
        Segment::Map { key } => Some(format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
        Segment::Enum { .. } | Segment::Unknown => None,
    };
    path.iter().filter_map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use eg_page::Lang;
    use eg_proto::NightStep;

    #[test]
    fn says_where_in_the_body_the_mistake_is() {
        let wrong = br#"{"step":1,"question":"Who?","options":["A",7]}"#;

        let problem = read::<NightStep>(wrong).unwrap_err().document(Lang::En);

        assert_eq!(problem["pointer"], "/options/1");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.starts_with("options[1]: invalid type: integer `7`"), "{detail}");
        assert!(detail.ends_with("at line 1 column 44"), "{detail}");
    }

    #[test]
    fn a_body_that_is_too_deep_is_refused_before_it_is_read() {
        let deep = "[".repeat(100) + &"]".repeat(100);
        let body = format!(r#"{{"step":1,"question":"","options":[],"x":{deep}}}"#);

        let problem = read::<NightStep>(body.as_bytes()).unwrap_err().document(Lang::En);

        assert!(problem["detail"].as_str().unwrap().contains("32"), "{problem}");
    }

    #[test]
    fn refuses_what_follows_the_document() {
        assert!(read::<NightStep>(br#"{"step":1,"question":"","options":[]} x"#).is_err());
    }
}

//! Acts that are sent twice are done once: a `POST` with an `Idempotency-Key` (IETF draft-ietf-httpapi-idempotency-key-header)
//! is answered as it was the first time.
//!
//! A page sends one with every form. Who got no answer, or "too slow", and tries again does not act twice.

use super::{BODY, Web};
use crate::api::{Kind, Problem};
use crate::auth::session;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use eg_proto::Text;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;

/// Acts that are remembered; a page tries again within seconds.
const REMEMBERED: usize = 256;
/// The longest key, in bytes.
const LONGEST: usize = 64;
/// Answers that are larger are not worth remembering: exports.
const LARGEST: usize = 16 * 1_024;

/// Who asked for what, under which key.
#[derive(PartialEq, Eq)]
struct Asked {
    session: Option<String>,
    path: String,
    key: String,
    body: Bytes,
}

/// An answer that can be given again.
#[derive(Clone, Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    problem: Option<Problem>,
}

/// The answer to one act, once it is known.
type Kept = Arc<OnceCell<Answer>>;

/// The latest acts that came with a key, and how they were answered. Cheap to clone.
#[derive(Clone, Default)]
pub struct Once(Arc<Mutex<VecDeque<(Asked, Kept)>>>);

impl Once {
    fn cell(&self, asked: Asked) -> Kept {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, cell)) = all.iter().find(|(known, _)| *known == asked) {
            return Arc::clone(cell);
        }
        if all.len() == REMEMBERED {
            all.pop_front();
        }
        let cell = Arc::default();
        all.push_back((asked, Arc::clone(&cell)));
        cell
    }

    fn forget(&self, cell: &Kept) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|(_, known)| !Arc::ptr_eq(known, cell));
    }
}

/// Lets an act through the first time, and answers it again afterwards.
pub(super) async fn guard(State(web): State<Web>, request: Request, next: Next) -> Response {
    let key = request.headers().get("idempotency-key").and_then(|key| key.to_str().ok());
    let key = key.filter(|key| !key.is_empty() && key.len() <= LONGEST).map(str::to_owned);
    let path = request.uri().path().to_owned();
    let signs = matches!(path.as_str(), "/api/login" | "/api/logout");
    let (Some(key), Method::POST, false) = (key, request.method().clone(), signs) else {
        return next.run(request).await;
    };
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY).await else {
        let (fr, en) = ("un corps a 64 ko au plus", "a body has 64 kB at most");
        return Problem::new(Kind::TooLarge, Text::new(fr, en)).into_response();
    };
    let session = session(&parts.headers).map(str::to_owned);
    let cell = web.once.cell(Asked { session, path, key, body: body.clone() });
    let (kept, once) = (Arc::clone(&cell), web.once.clone());
    // On a task of its own: it is done to its end, and remembered, though its caller has gone.
    let done = tokio::spawn(async move {
        let run = async || {
            Answer::read(next.run(Request::from_parts(parts, Body::from(body))).await).await
        };
        let answer = kept.get_or_init(run).await.clone();
        if answer.body.len() > LARGEST || answer.status == StatusCode::UNAUTHORIZED {
            once.forget(&kept);
        }
        answer
    });
    match done.await {
        Ok(answer) => answer.into_response(),
        Err(_) => Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR).into_response(),
    }
}

impl Answer {
    async fn read(response: Response) -> Self {
        let (mut parts, body) = response.into_parts();
        let problem = parts.extensions.remove::<Problem>();
        let (status, headers) = (parts.status, parts.headers);
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        Self { status, headers, body, problem }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let Self { status, headers, body, problem } = self;
        let mut response = (status, headers, body).into_response();
        if let Some(problem) = problem {
            response.extensions_mut().insert(problem);
        }
        response
    }
}

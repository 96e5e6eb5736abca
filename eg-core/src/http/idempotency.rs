//! Idempotency of acts: a `POST` that is sent twice with one `Idempotency-Key` (IETF
//! draft-ietf-httpapi-idempotency-key-header) is done once, and answered again as it was the first time.
//!
//! A page sends a key with every form. A person who got no answer, or "too slow", and tries again does not act twice.

pub(super) mod guard;

use super::problem::Problem;
use axum::body::to_bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;

/// Number of acts that are remembered; a page tries again within seconds.
const REMEMBERED: usize = 256;
/// Longest key, in bytes.
const LONGEST: usize = 64;
/// Largest answer that is remembered, in bytes; exports are larger.
const LARGEST: usize = 16 * 1_024;

/// Identity of an act: its caller, path, key and body.
#[derive(PartialEq, Eq)]
struct Asked {
    caller: String,
    path: String,
    key: String,
    body: Bytes,
}

/// Answer that can be given again.
#[derive(Clone, Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    problem: Option<Problem>,
}

/// Answer to one act, once it is known.
type Kept = Arc<OnceCell<Answer>>;

/// Latest acts that came with a key, and their answers. Cheap to clone.
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

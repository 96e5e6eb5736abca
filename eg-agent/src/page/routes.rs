//! The slot page's addresses.

use super::live;
use super::site::Site;
use crate::reload::{ReloadError, Reloader};
use crate::slot::{SimulatedInputs, SlotState, TouchError};
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use eg_hal::sim::{Fault, Poke};
use eg_page::{CSP, Lang, StreamRequest, Words, WordsError, asset};
use eg_proto::{DeviceName, InputName};
use serde::Deserialize;
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Action of a person at an input of a simulated board.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Hand {
    /// Presses a contact, or lets it go.
    Press {
        /// `true` to hold the contact down.
        down: bool,
    },
    /// Presents a tag.
    Tag {
        /// Hexadecimal.
        tag: String,
    },
    /// Takes the tag away.
    Away {
        /// Always true.
        away: bool,
    },
    /// Turns a dial.
    Turn {
        /// Detents, clockwise positive.
        turn: i32,
    },
    /// Sets a knob.
    Value {
        /// 0.0 to 1.0.
        value: f64,
    },
    /// Types a line.
    Line {
        /// Text without its line end.
        line: String,
    },
}

/// Reasons why the page cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// The port is taken or not allowed.
    #[error("slot page: cannot listen on {address}: {cause}; name another port with --page-port")]
    Listen {
        /// Address that it was to listen on.
        address: SocketAddr,
        /// Error of the system.
        cause: std::io::Error,
    },
    /// The words of this crate do not fit together.
    #[error(transparent)]
    Words(#[from] WordsError),
}

/// The page while it is served. Dropping it ends it.
pub struct ServedPage {
    /// Address of the page.
    pub address: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl ServedPage {
    /// Ends every stream and stops to listen.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.task.await {
            tracing::warn!(%error, "the slot page did not end well");
        }
    }
}

/// Serves the page of a slot. Port 0 takes any that is free. With a `reloader` a person may have the files read again.
///
/// # Errors
/// [`PageError`] when it cannot listen there.
pub async fn serve(
    address: SocketAddr,
    state: watch::Receiver<SlotState>,
    inputs: Option<SimulatedInputs>,
    reloader: Option<Reloader>,
) -> Result<ServedPage, PageError> {
    let words = Words::new(include_str!("fr.ftl"), include_str!("en.ftl"))?;
    let listen = |cause| PageError::Listen { address, cause };
    let listener = TcpListener::bind(address).await.map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    let (stop, stopped) = watch::channel(false);
    let site = Site { words: Arc::new(words), state, stop: stopped.clone(), inputs, reloader };
    let app = Router::new()
        .route("/", get(index))
        .route("/live", get(live_stream))
        .route("/poke/{device}/{input}", post(poke))
        .route("/fault", post(fault))
        .route("/reload", post(reload))
        .route("/assets/{name}", get(assets))
        .layer(middleware::from_fn(guard))
        .with_state(site);
    let mut end = stopped;
    let ended = async move {
        // The sender going away is as good a reason to end as its word.
        let _ = end.wait_for(|stop| *stop).await;
    };
    let task = tokio::spawn(async move {
        let served = axum::serve(listener, app).with_graceful_shutdown(ended).await;
        if let Err(error) = served {
            tracing::error!(%error, "the slot page stopped");
        }
    });
    Ok(ServedPage { address, stop, task })
}

/// Headers that every answer carries, and no presses from another site's page (Fetch Metadata, W3C).
async fn guard(request: Request, next: Next) -> Response {
    let from = request.headers().get("sec-fetch-site").map(HeaderValue::as_bytes);
    if request.method() == "POST" && !matches!(from, None | Some(b"same-origin" | b"none")) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CSP));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

#[derive(Deserialize)]
struct Asked {
    lang: Option<String>,
}

/// The language that was asked for: by the address, else by a cookie, else by the browser.
fn language(asked: Option<&str>, headers: &HeaderMap) -> Lang {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Lang::chosen(asked, text(header::COOKIE), text(header::ACCEPT_LANGUAGE))
}

async fn index(
    State(site): State<Site>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let lang = language(asked.lang.as_deref(), &headers);
    let html = {
        let state = site.state.borrow();
        site.view(lang, &state).document()
    };
    ([(header::SET_COOKIE, lang.cookie())], html).into_response()
}

async fn live_stream(
    State(site): State<Site>,
    headers: HeaderMap,
    stream: StreamRequest,
) -> Response {
    let lang = language(None, &headers);
    stream.answer(live::stream(site, lang), ())
}

async fn poke(
    State(site): State<Site>,
    Path((device, input)): Path<(DeviceName, InputName)>,
    headers: HeaderMap,
    Json(hand): Json<Hand>,
) -> Response {
    let done = site.inputs.as_ref().ok_or(TouchError::Real).and_then(|inputs| match hand {
        Hand::Press { down: true } => inputs.press(&device, &input),
        Hand::Press { down: false } => inputs.release(&device, &input),
        Hand::Tag { tag } => inputs.poke(&device, &input, &Poke::Tag(tag)),
        Hand::Away { .. } => inputs.poke(&device, &input, &Poke::TagAway),
        Hand::Turn { turn } => inputs.poke(&device, &input, &Poke::Turn(turn)),
        Hand::Value { value } => inputs.poke(&device, &input, &Poke::Value(value)),
        Hand::Line { line } => inputs.poke(&device, &input, &Poke::Line(line)),
    });
    answer(&headers, done.map_err(|error| error.to_string()))
}

/// Reads the files of this agent again: what changed, or every mistake with its place.
async fn reload(State(site): State<Site>, headers: HeaderMap) -> Response {
    let said = |english: &str| language(None, &headers).of(&eg_page::say(english)).to_owned();
    let Some(reloader) = &site.reloader else {
        let problem = json!({ "detail": said("this slot has no file that could be read again") });
        return (StatusCode::CONFLICT, Json(problem)).into_response();
    };
    match reloader.reload().await {
        Ok(swaps) => Json(json!({ "slots": swaps })).into_response(),
        Err(ReloadError::File(problems)) => {
            let heads: Vec<String> = problems.iter().map(|problem| problem.head()).collect();
            let detail: Vec<String> = heads.iter().map(|head| said(head)).collect();
            let problem = json!({ "detail": detail.join("\n"), "problems": problems });
            (StatusCode::UNPROCESSABLE_ENTITY, Json(problem)).into_response()
        }
        Err(error @ (ReloadError::System(_) | ReloadError::Busy)) => {
            let problem = json!({ "detail": said(&error.to_string()) });
            (StatusCode::SERVICE_UNAVAILABLE, Json(problem)).into_response()
        }
    }
}

/// Fault of a simulated board that begins or ends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Failing {
    /// Fault in the words of [`Fault`].
    fault: String,
    on: bool,
}

async fn fault(
    State(site): State<Site>,
    headers: HeaderMap,
    Json(failing): Json<Failing>,
) -> Response {
    let done = match failing.fault.parse::<Fault>() {
        Err(error) => Err(error.to_string()),
        Ok(fault) => site
            .inputs
            .as_ref()
            .ok_or(TouchError::Real)
            .and_then(|inputs| inputs.fail(&fault, failing.on))
            .map_err(|error| error.to_string()),
    };
    answer(&headers, done)
}

/// Answers that there is nothing to say, or why it was refused.
fn answer(headers: &HeaderMap, done: Result<(), String>) -> Response {
    let Err(why) = done else { return StatusCode::NO_CONTENT.into_response() };
    let said = eg_page::say(why);
    let problem = json!({ "detail": language(None, headers).of(&said) });
    (StatusCode::CONFLICT, Json(problem)).into_response()
}

async fn assets(Path(name): Path<String>) -> Response {
    asset(&name).map_or_else(
        || StatusCode::NOT_FOUND.into_response(),
        |asset| {
            let kept = (header::CACHE_CONTROL, "no-cache");
            ([(header::CONTENT_TYPE, asset.media_type), kept], asset.text).into_response()
        },
    )
}

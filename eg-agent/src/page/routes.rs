//! The addresses of the slot's pages.

use super::doctor;
use super::first_guest::FirstGuest;
use super::guard::guard;
use super::levels;
use super::live;
use super::peer::Peer;
use super::site::{Site, language};
use super::technician;
use crate::reload::{ReloadError, Reloader};
use crate::running_agent::About;
use crate::running_file::RunningFile;
use crate::slot::{SimulatedInputs, SlotState, TouchError};
use crate::touch_panel::TouchPanel;
use axum::extract::{ConnectInfo, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use eg_hal::sim::{Fault, Poke};
use eg_page::{Door, GuardedListener, HalfOpen, StreamRequest, Words, assets};
use eg_proto::{DeviceName, InputName};
use serde::Deserialize;
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinHandle, spawn_blocking};

/// Largest number of connections at a time: the oldest makes room for a new one. A page holds one or two, and its script
/// connects again.
const CONNECTIONS: usize = 64;
/// Number of connections that may still be closing beside these.
const CLOSING: usize = 16;

const FRENCH: &str = concat!(include_str!("fr.ftl"), include_str!("player.fr.ftl"));
const ENGLISH: &str = concat!(include_str!("en.ftl"), include_str!("player.en.ftl"));

/// Reason why nothing is taken from a person while the slot ends.
const STOPPING: &str = "the slot is stopping, nothing is taken any more";

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

/// Abilities of a slot's pages, beside showing its state.
#[derive(Debug, Default)]
pub struct PageOptions {
    /// Inputs of simulated boards, which everybody who sees the page may touch.
    pub inputs: Option<SimulatedInputs>,
    /// Buttons of real boards, which the browser of this machine may touch.
    pub panel: Option<TouchPanel>,
    /// File that the slot goes by, shown to whoever sees the technician's page.
    pub file: Option<RunningFile>,
    /// Has the files read again when a person asks for it.
    pub reloader: Option<Reloader>,
    /// Names under which browsers reach the pages, beside addresses and local names, in lower case.
    pub hosts: Vec<String>,
}

/// Listens for the pages of a slot; what answers is built when the first browser comes. Port 0 takes any that is free.
///
/// # Errors
/// [`PageError`] when it cannot listen there.
pub async fn serve(
    address: SocketAddr,
    state: watch::Receiver<SlotState>,
    options: PageOptions,
) -> Result<ServedPage, PageError> {
    let listen = |cause| PageError::Listen { address, cause };
    let listener = TcpListener::bind(address).await.map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    let (stop, stopped) = watch::channel(false);
    let seats = Arc::new(Semaphore::new(CONNECTIONS + CLOSING));
    let door = Door::new(seats, HalfOpen::new(CONNECTIONS), None);
    let listener = GuardedListener::new(listener, door);
    let mut end = stopped.clone();
    let task = tokio::spawn(async move {
        let listener = tokio::select! {
            listener = FirstGuest::come(listener) => listener,
            // The sender going away is as good a reason to end as its word.
            _ = end.wait_for(|stop| *stop) => return,
        };
        let words = match Words::new(FRENCH, ENGLISH) {
            Ok(words) => Arc::new(words),
            Err(error) => return tracing::error!(%error, "the slot page has no words"),
        };
        let PageOptions { inputs, panel, file, reloader, hosts } = options;
        let (stop, hosts) = (stopped, hosts.into());
        let app = router(Site { words, state, stop, inputs, panel, file, reloader, hosts });
        let app = app.into_make_service_with_connect_info::<Peer>();
        let ended = async move { drop(end.wait_for(|stop| *stop).await) };
        let served = axum::serve(listener, app).with_graceful_shutdown(ended).await;
        if let Err(error) = served {
            tracing::error!(%error, "the slot page stopped");
        }
    });
    Ok(ServedPage { address, stop, task })
}

fn router(site: Site) -> Router {
    Router::new()
        .route("/", get(player))
        .route("/player/live", get(player_stream))
        .route("/board", get(board))
        .route("/board/file", get(file))
        .route("/board/doctor", get(findings))
        .route("/board/levels", get(levels::levels))
        .route("/about", get(about))
        .route("/live", get(live_stream))
        .route("/poke/{device}/{input}", post(poke))
        .route("/touch/{device}/{input}", post(touch))
        .route("/fault", post(fault))
        .route("/reload", post(reload))
        .merge(assets())
        .layer(middleware::from_fn_with_state(site.clone(), guard))
        .with_state(site)
}

#[derive(Deserialize)]
struct Asked {
    lang: Option<String>,
}

async fn player(
    State(site): State<Site>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let lang = language(asked.lang.as_deref(), &headers);
    let html = {
        let state = site.state.borrow();
        site.player(lang, &state, peer).document()
    };
    ([(header::SET_COOKIE, lang.cookie())], html).into_response()
}

async fn player_stream(
    State(site): State<Site>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    headers: HeaderMap,
    stream: StreamRequest,
) -> Response {
    let lang = language(None, &headers);
    stream.answer(live::player(site, lang, peer), ())
}

async fn board(
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

/// The doctor's findings about this machine, as a part of the technician's page.
async fn findings(State(site): State<Site>, headers: HeaderMap) -> Response {
    let Some(file) = &site.file else { return StatusCode::NOT_FOUND.into_response() };
    let config = file.config();
    let found = spawn_blocking(move || doctor::examine(&config)).await.unwrap_or_default();
    doctor::findings(&found, language(None, &headers)).into_response()
}

/// Slot and version of this agent, for the programs of this machine.
async fn about(State(site): State<Site>) -> Json<About> {
    let slot = site.state.borrow().slot.to_string();
    Json(About { slot, version: env!("CARGO_PKG_VERSION").to_owned() })
}

/// The slot's file, as a part of the technician's page.
async fn file(State(site): State<Site>) -> Response {
    let Some(file) = &site.file else { return StatusCode::NOT_FOUND.into_response() };
    let (name, text) = file.read();
    technician::numbered(&name, &text).into_response()
}

async fn live_stream(
    State(site): State<Site>,
    headers: HeaderMap,
    stream: StreamRequest,
) -> Response {
    let lang = language(None, &headers);
    stream.answer(live::board(site, lang), ())
}

async fn poke(
    State(site): State<Site>,
    Path((device, input)): Path<(DeviceName, InputName)>,
    headers: HeaderMap,
    Json(hand): Json<Hand>,
) -> Response {
    if let Err(why) = is_open(&site.state.borrow(), &device) {
        return unavailable(&site, &headers, &why);
    }
    let done = site.inputs.as_ref().ok_or(TouchError::Real).and_then(|inputs| match hand {
        Hand::Press { down: true } => inputs.press(&device, &input),
        Hand::Press { down: false } => inputs.release(&device, &input),
        Hand::Tag { tag } => inputs.poke(&device, &input, &Poke::Tag(tag)),
        Hand::Away { .. } => inputs.poke(&device, &input, &Poke::TagAway),
        Hand::Turn { turn } => inputs.poke(&device, &input, &Poke::Turn(turn)),
        Hand::Value { value } => inputs.poke(&device, &input, &Poke::Value(value)),
        Hand::Line { line } => inputs.poke(&device, &input, &Poke::Line(line)),
    });
    // A slot that began to stop meanwhile may not have seen it.
    match is_open(&site.state.borrow(), &device) {
        Err(why) if done.is_ok() => unavailable(&site, &headers, &why),
        Ok(()) | Err(_) => answer(&site, &headers, done.map_err(|error| error.to_string())),
    }
}

/// A finger on a button of a real board.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Finger {
    down: bool,
}

async fn touch(
    State(site): State<Site>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    Path((device, input)): Path<(DeviceName, InputName)>,
    headers: HeaderMap,
    Json(finger): Json<Finger>,
) -> Response {
    if site.state.borrow().stopping {
        return unavailable(&site, &headers, STOPPING);
    }
    let Some(panel) = site.panel.clone().filter(|_| peer.is_here()) else {
        return answer(&site, &headers, Err(TouchError::Real.to_string()));
    };
    // A full outbox makes whoever presses wait, and no one else.
    let touched = spawn_blocking(move || panel.touch(&device, &input, finger.down)).await;
    let done = touched.unwrap_or(Err(TouchError::Real));
    answer(&site, &headers, done.map_err(|error| error.to_string()))
}

/// Tells why nobody would see a hand at this board now.
///
/// # Errors
/// The reason, in English.
fn is_open(state: &SlotState, device: &DeviceName) -> Result<(), String> {
    if state.stopping {
        return Err(STOPPING.to_owned());
    }
    let view = state.devices.iter().find(|view| view.name == *device);
    match view.filter(|view| !view.was_tried()) {
        Some(_) => Err(format!("{device} is not open yet, press again in a moment")),
        None => Ok(()),
    }
}

fn unavailable(site: &Site, headers: &HeaderMap, english: &str) -> Response {
    let problem = json!({ "detail": site.said(headers, english) });
    (StatusCode::SERVICE_UNAVAILABLE, Json(problem)).into_response()
}

/// Reads the files of this agent again: what changed, or every mistake with its place.
async fn reload(State(site): State<Site>, headers: HeaderMap) -> Response {
    let said = |english: &str| site.said(&headers, english);
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
    answer(&site, &headers, done)
}

/// Answers that there is nothing to say, or why it was refused.
fn answer(site: &Site, headers: &HeaderMap, done: Result<(), String>) -> Response {
    let Err(why) = done else { return StatusCode::NO_CONTENT.into_response() };
    let problem = json!({ "detail": site.said(headers, why) });
    (StatusCode::CONFLICT, Json(problem)).into_response()
}

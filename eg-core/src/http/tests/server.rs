//! Core without games and broker: the routes, the account, the journal, and an engine that accepts everything.

use crate::access::{Access, AccessOptions};
use crate::auth::{Auth, NewToken, Role, Visit};
use crate::clock::{Clock, StoppedClock};
use crate::engine::command::{Command, Receipt, Refused, RefusedKind, Request};
use crate::engine::handle::Handle;
use crate::engine::read_model::ReadModel;
use crate::http::context::Context;
use crate::http::router::{api_port, page_port};
use crate::journal::Entry;
use crate::journal::{Durability, Journal, Kind, NewEntry};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::connect_info::MockConnectInfo;
use axum::http::{HeaderMap, Request as Ask, StatusCode, header};
use eg_proto::{Text, Timestamp, Topics};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::{broadcast, mpsc, watch};
use tower::ServiceExt;

pub(super) const PASSWORD: &str = "correct-horse";

/// Test core, with everything that a test changes or looks at.
pub(super) struct TestServer {
    pub(super) context: Context,
    pub(super) clock: Arc<StoppedClock>,
    /// Kinds of the commands that the engine was asked for, in order.
    pub(super) asked: Arc<Mutex<Vec<&'static str>>>,
    /// Actors of these commands.
    pub(super) actors: Arc<Mutex<Vec<String>>>,
    pub(super) live: broadcast::Sender<Arc<Entry>>,
    pub(super) journal: Journal,
    pub(super) stop: watch::Sender<bool>,
    pub(super) state: watch::Sender<Arc<ReadModel>>,
    folder: TempDir,
}

/// Answer, read to its end.
pub(super) struct Received {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// Opens the identities of the slots in this file.
pub(super) fn access(file: &Path, clock: Arc<dyn Clock>) -> Arc<Access> {
    let (topics, core) = (Topics::default(), "core-01".to_owned());
    let options = AccessOptions { topics, core, compat: false };
    Arc::new(Access::open(file, options, clock).unwrap())
}

impl TestServer {
    pub(super) fn new(compat: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(StoppedClock::at(Timestamp(1_764_000_000_000_000)));
        let told: Arc<dyn Clock> = clock.clone();
        let file = folder.path().join("account.db");
        let (auth, drawn) = Auth::open(&file, Some(PASSWORD), told.clone()).unwrap();
        assert_eq!(drawn, None);
        let access = access(&file, told.clone());
        let path = folder.path().join("eg.db");
        let journal = Journal::open(path, Durability::Normal).unwrap();
        let (requests, waiting) = mpsc::channel(8);
        let (keep, state) = watch::channel(Arc::new(ReadModel::default()));
        let (live, _) = broadcast::channel(4);
        let handle = Handle::new(requests, state, live.clone());
        let (stop, stopped) = watch::channel(false);
        let asked = Arc::default();
        let actors = Arc::default();
        tokio::spawn(engine(waiting, Arc::clone(&asked), Arc::clone(&actors)));
        let (auth, reader) = (Arc::new(auth), journal.reader());
        let words = crate::http::page::words().unwrap();
        let context = Context::new(
            handle,
            told,
            reader,
            auth,
            access,
            vec![],
            compat,
            vec![],
            stopped,
            words,
        );
        Self { context, clock, asked, actors, live, journal, stop, state: keep, folder }
    }

    /// Returns the path of the operator's account.
    pub(super) fn account(&self) -> PathBuf {
        self.folder.path().join("account.db")
    }

    pub(super) fn api(&self) -> Router {
        api_port(self.context.clone())
            .layer(MockConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40_000))))
    }

    pub(super) fn page(&self) -> Router {
        page_port(self.context.clone())
            .layer(MockConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40_000))))
    }

    /// Signs in and returns the session's cookie.
    pub(super) async fn signed_in(&self) -> String {
        let login = post("/api/login", &json!({"password": PASSWORD}));
        let answer = send(self.api(), login).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    /// Returns the time of the core, as JSON tells it.
    pub(super) fn clock_now(&self) -> i64 {
        self.clock.now().0
    }

    /// Makes a user with this role, and returns the cookie of a session.
    pub(super) fn user(&self, name: &str, role: Role) -> String {
        let auth = &self.context.auth;
        let token = auth.invite(name, role, Duration::from_secs(3600), "operator").unwrap();
        let token = serde_json::from_value(token.into()).unwrap();
        let visit = Visit::new([127, 0, 0, 1].into(), "");
        let key = auth.accept(&token, "long-enough", &visit).unwrap();
        format!("eg_session={}", key.text())
    }

    /// Makes a token with this role, and returns the header that carries it.
    pub(super) fn token(&self, name: &str, role: Role, room: Option<&str>) -> String {
        let room = room.map(|room| room.parse().unwrap());
        let new = NewToken { name: name.to_owned(), role, room, life: None };
        format!("Bearer {}", self.context.auth.make_token(new, "operator").unwrap())
    }

    /// Adds an entry to the journal, and sends it to the live stream.
    pub(super) fn happens(&mut self, line: &str) -> i64 {
        self.journal.begin().unwrap();
        let new = NewEntry {
            at: self.clock.now(),
            kind: Kind::Note,
            slot: None,
            session: None,
            cause: None,
            place: None,
            body: json!({ "line": { "fr": line, "en": line } }),
        };
        let entry = self.journal.add(new).unwrap().unwrap();
        self.journal.commit().unwrap();
        let id = entry.id;
        drop(self.live.send(Arc::new(entry)));
        id
    }
}

/// Name of the act that the disk of this engine refuses.
pub(super) const UNSTORED: &str = "unstored";

async fn engine(
    mut waiting: mpsc::Receiver<Request>,
    asked: Arc<Mutex<Vec<&'static str>>>,
    actors: Arc<Mutex<Vec<String>>>,
) {
    while let Some(request) = waiting.recv().await {
        actors.lock().unwrap().push(request.by.0.clone());
        if let Command::Act { name, .. } = &request.command
            && name == UNSTORED
        {
            let why = Text::new("le disque refuse", "the disk refuses");
            let refused = Refused { kind: RefusedKind::Unavailable, why };
            assert!(request.reply.send(Err(refused)).is_ok());
            asked.lock().unwrap().push("refused");
            continue;
        }
        let (kind, number) = match request.command {
            Command::Start { .. } => ("start", 7),
            Command::Act { .. } => ("act", 11),
            Command::RollCall { .. } => ("roll call", 0),
            Command::Reset { .. } => ("reset", 0),
            Command::Show { .. } => ("show", 0),
            Command::Settings { .. } => ("settings", 0),
            Command::Mode { .. } => ("mode", 0),
            Command::Name(_) => ("name", 0),
            Command::NightStep(_) => ("night step", 0),
            Command::Output { .. } => ("output", 0),
            Command::Slot { .. } => ("slot", 0),
            Command::Plan { .. } => ("plan", 0),
            Command::Prune(_) => ("prune", 0),
            Command::Export { .. } => ("export", 8),
            Command::Identity { .. } => ("identity", 0),
        };
        assert!(request.reply.send(Ok(Receipt { number })).is_ok());
        asked.lock().unwrap().push(kind);
    }
}

pub(super) fn get(path: &str) -> Ask<Body> {
    Ask::get(path).header(header::HOST, "192.168.1.27:8000").body(Body::empty()).unwrap()
}

pub(super) fn post(path: &str, body: &Value) -> Ask<Body> {
    Ask::post(path)
        .header(header::HOST, "192.168.1.27:8000")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}

/// Adds a header to a request.
pub(super) fn with(mut request: Ask<Body>, name: &'static str, value: &str) -> Ask<Body> {
    request.headers_mut().append(name, value.parse().unwrap());
    request
}

pub(super) async fn send(to: Router, request: Ask<Body>) -> Received {
    let response = to.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    Received { status: parts.status, headers: parts.headers, body }
}

impl Received {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Returns the name of the problem in this answer; panics if it is none.
    pub(super) fn problem(&self) -> String {
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json");
        let document = self.json();
        assert_eq!(document["status"], self.status.as_u16());
        assert!(document["title"].is_string() && document["detail"].is_string(), "{document}");
        document["type"].as_str().unwrap().strip_prefix("/docs#problem-").unwrap().to_owned()
    }
}

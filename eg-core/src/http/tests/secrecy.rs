//! Tests that no answer of any route tells how a player voted in a secret ballot: two evenings that differ in secret
//! choices alone look the same, byte for byte.

use super::server::{PASSWORD, access, get, post, send, with};
use crate::auth::Auth;
use crate::clock::{Clock, StoppedClock};
use crate::config::{CoreConfig, Environment, Seeds};
use crate::engine::Engine;
use crate::engine::command::{Actor, Command, Refused, Request};
use crate::engine::handle::Handle;
use crate::http::context::Context;
use crate::http::router::page_port;
use crate::http::{api, page};
use crate::ingest::{Arrival, Delivery};
use crate::journal::{Durability, Journal};
use axum::Router;
use axum::extract::connect_info::MockConnectInfo;
use axum::http::header;
use eg_config::Source;
use eg_proto::{Boot, Event, EventKind, EventTime, Timestamp};
use futures_util::StreamExt;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::{oneshot, watch};
use tower::ServiceExt;

const YAML: &str =
    "rooms: { main: { slots: [slot-01, slot-02, slot-03, slot-04, slot-05], game: night-vote,
    config: { secrecy: hidden, grace: 0s } } }";

/// Inputs that are pressed: two choices that two pairs of players make crosswise, and a key without a meaning.
#[derive(Clone, Copy)]
struct Choices(&'static str, &'static str, &'static str);

const ONE: Choices = Choices("quagga", "okapi", "narwhal");
const OTHER: Choices = Choices("okapi", "quagga", "tapir");

/// Evening on a real engine, with every page and route of the API.
struct Evening {
    engine: Engine,
    handle: Handle,
    clock: Arc<StoppedClock>,
    seq: BTreeMap<usize, u64>,
    context: Context,
    _stop: watch::Sender<bool>,
    _folder: TempDir,
}

impl Evening {
    fn new(auth: Arc<Auth>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let source = Source::text("core.yaml", YAML);
        let mut config = CoreConfig::from_source(&source, &Environment::default()).unwrap();
        config.db = folder.path().join("eg.db");
        config.sessions.seeds = Seeds::From(7);
        let clock = Arc::new(StoppedClock::at(Timestamp(1_764_000_000_000_000)));
        let told: Arc<dyn Clock> = clock.clone();
        let access = access(&folder.path().join("account.db"), told.clone());
        let journal = Journal::open(&config.db, Durability::Normal).unwrap();
        let reader = journal.reader();
        let (engine, handle, _) = Engine::open(&config, journal, told.clone()).unwrap();
        let (stop, stopped) = watch::channel(false);
        let door = handle.clone();
        let words = crate::http::page::words().unwrap();
        let context =
            Context::new(door, told, reader, auth, access, vec![], true, vec![], stopped, words);
        let seq = BTreeMap::new();
        Self { engine, handle, clock, seq, context, _stop: stop, _folder: folder }
    }

    /// Runs a round, and lists its entries as the pages' thread lists them.
    fn round(&mut self, came: Vec<Delivery>, asked: Vec<Request>) {
        let mut live = self.handle.live();
        self.clock.pass(Duration::from_millis(500));
        assert!(self.engine.round(came, asked).stored);
        self.engine.publish();
        while let Ok(entry) = live.try_recv() {
            self.context.recent.push(entry);
        }
    }

    fn press(&mut self, number: usize, input: &str) {
        let seq = self.seq.entry(number).or_default();
        *seq += 1;
        let t = EventTime {
            core_us: Some(self.clock.now()),
            unc_us: 300,
            src: eg_proto::Source::Kernel,
            core: None,
        };
        let event = Event {
            boot: Boot(ulid::Ulid(number as u128)),
            seq: *seq,
            device: "panel".parse().unwrap(),
            input: input.parse().unwrap(),
            kind: EventKind::Press,
            t,
            late: false,
            sim: false,
        };
        let slot = format!("slot-{number:02}").parse().unwrap();
        let what = vec![Arrival::Event(slot, Box::new(event))];
        self.round(vec![Delivery { at: self.clock.now(), what, token: None }], Vec::new());
    }

    fn ask(&mut self, by: Actor, command: Command) -> Result<i64, Refused> {
        let (reply, mut answered) = oneshot::channel();
        self.round(Vec::new(), vec![Request { by, command, reply }]);
        answered.try_recv().unwrap().map(|receipt| receipt.number)
    }

    fn act(&mut self, name: &str, args: Value) -> Result<i64, Refused> {
        let (room, name, by) = ("main".parse().unwrap(), name.to_owned(), Actor("operator".into()));
        let args = serde_json::from_value(args).unwrap();
        let reason = Some("a test".to_owned());
        self.ask(by, Command::Act { room, name, args, reason })
    }

    fn open(&mut self, question: &str) {
        let args = json!({ "question": question, "options": ["quagga", "okapi"], "replace": true });
        self.act("open", args).unwrap();
    }

    /// Plays a question that no choice decides: presses, a key without a meaning, choices for a player, one refused,
    /// one undone and made again.
    fn vote(&mut self, question: &str, Choices(one, other, nothing): Choices) {
        self.open(question);
        self.press(1, one);
        self.press(2, other);
        self.press(3, nothing);
        let proxy = |choice: &str| json!({ "slot": "slot-03", "choice": choice });
        let refused = self.act("proxy", proxy(nothing));
        assert!(refused.is_err());
        let act = self.act("proxy", proxy(other)).unwrap();
        self.act("undo", json!({ "entry": act })).unwrap();
        self.act("proxy", proxy(one)).unwrap();
        self.press(4, other);
    }

    /// Reads every GET route of the API and every page, with its parameters filled in; returns the answers by address.
    async fn answers(&self, cookie: &str) -> BTreeMap<String, String> {
        let router = page_port(self.context.clone())
            .layer(MockConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40_000))));
        let last = self.context.journal.entries_before(i64::MAX, 1).unwrap()[0].id;
        let mut answers = BTreeMap::new();
        for path in self.routes(last) {
            let answer = read(router.clone(), &path, cookie, last).await;
            answers.insert(path, answer);
        }
        answers
    }

    fn routes(&self, last: i64) -> Vec<String> {
        let document = serde_json::to_value(api::openapi()).unwrap();
        let paths = document["paths"].as_object().unwrap();
        // The journal itself has every choice, as an export has: it is for operators.
        let has_get = |(path, methods): &(&String, &Value)| {
            methods.get("get").is_some() && *path != "/api/backup"
        };
        let of_api = paths.iter().filter(has_get);
        let of_api: Vec<String> = of_api.map(|(path, _)| path.clone()).collect();
        let of_pages = page::table().into_iter().map(|(path, ..)| path.to_owned());
        let all: Vec<String> = of_api.into_iter().chain(of_pages).collect();
        assert!(all.len() > 20, "{all:?}");
        let mut filled = Vec::new();
        for path in all {
            let path = path.replace("{room}", "main").replace("{slot}", "slot-03");
            let path = path.replace("{user}", "operator").replace("{device}", "panel");
            let path = path.replace("{id}", "1");
            if path.contains("{entry}") {
                // Each is a replay of the session: every third of them, of every kind.
                let some = (1..=last).step_by(3).chain([last]);
                filled.extend(some.map(|id| path.replace("{entry}", &id.to_string())));
                continue;
            }
            assert!(!path.contains('{'), "say what to fill into {path}");
            filled.extend(
                ["?lang=fr", "?lang=en&after=0&limit=1000", "?audience=public&view=raw"]
                    .map(|more| format!("{path}{more}")),
            );
        }
        filled
    }
}

/// Reads one answer; of a stream, the part that comes at once.
async fn read(router: Router, path: &str, cookie: &str, last: i64) -> String {
    let response = router.oneshot(with(get(path), "cookie", cookie)).await.unwrap();
    let media = response.headers().get(header::CONTENT_TYPE);
    let is_stream = media.is_some_and(|media| media.as_bytes().starts_with(b"text/event-stream"));
    let mut body = response.into_body().into_data_stream();
    let mut text = String::new();
    let end = match path.split('?').next().unwrap() {
        "/api/live" => format!("id: {last}\n"),
        "/live" => "\"id\":\"room-main\"".to_owned(),
        "/slots/slot-03/live" => "\"id\":\"slot-log\"".to_owned(),
        "/account/live" => "\"id\":\"sessions\"".to_owned(),
        "/users/live" => "\"id\":\"tokens\"".to_owned(),
        "/display/main/live" => "\"id\":\"display\"".to_owned(),
        _ => {
            assert!(!is_stream, "say by what one knows that {path} has told all it has to tell");
            String::new()
        }
    };
    // A stream without `after` begins with what is yet to come.
    if is_stream && path.starts_with("/api/live") && !path.contains("after") {
        return text;
    }
    while let Some(bytes) = body.next().await {
        text.push_str(std::str::from_utf8(&bytes.unwrap()).unwrap());
        if is_stream && text.contains(&end) {
            break;
        }
    }
    without_chance(&text)
}

/// Replaces the ids that are drawn for each command, and the revisions of pages, whose first number is drawn.
fn without_chance(text: &str) -> String {
    let marks = ["seen=", "\"mark\":\""];
    let text = marks.iter().fold(text.to_owned(), |text, mark| {
        let mut pieces = text.split(mark);
        let first = pieces.next().unwrap_or_default().to_owned();
        let drawn = |c: char| c.is_ascii_hexdigit() || c == '-';
        pieces.fold(first, |kept, piece| kept + mark + piece.trim_start_matches(drawn))
    });
    let is_drawn = |word: &str| {
        word.len() == 26
            && word.starts_with("01")
            && word.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    let words = text.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
    let kept = words.map(|word| {
        let bare = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        if is_drawn(bare) { word.replacen(bare, "*", 1) } else { word.to_owned() }
    });
    kept.collect()
}

/// Account of the operator, and the cookie of a session; one for all evenings.
struct Door {
    auth: Arc<Auth>,
    cookie: String,
    _folder: TempDir,
}

impl Door {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock: Arc<dyn Clock> = Arc::new(StoppedClock::at(Timestamp(1_764_000_000_000_000)));
        let account = folder.path().join("account.db");
        let (auth, _) = Auth::open(&account, Some(PASSWORD), clock).unwrap();
        let auth = Arc::new(auth);
        let router = page_port(Evening::new(Arc::clone(&auth)).context)
            .layer(MockConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40_000))));
        let login = post("/api/login", &json!({ "password": PASSWORD }));
        let cookie = send(router, login).await.headers[header::SET_COOKIE].clone();
        let cookie = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
        Self { auth, cookie, _folder: folder }
    }
}

/// Plays three questions: the first is revealed, the others are voted on with these choices. With `reveal` the third
/// is revealed too.
async fn evening(
    door: &Door,
    second: Choices,
    third: Choices,
    reveal: bool,
) -> BTreeMap<String, String> {
    let mut evening = Evening::new(Arc::clone(&door.auth));
    let (room, by) = ("main".parse().unwrap(), Actor("operator".into()));
    let start = Command::Start { room, game: None, config: None, reason: None };
    evening.ask(by, start).unwrap();
    evening.open("first?");
    evening.press(1, "quagga");
    evening.act("reveal", json!({})).unwrap();
    evening.press(2, "okapi");
    evening.vote("second?", second);
    evening.vote("third?", third);
    if reveal {
        evening.act("reveal", json!({})).unwrap();
        evening.press(4, third.1);
    }
    evening.answers(&door.cookie).await
}

fn differing<'a>(
    one: &'a BTreeMap<String, String>,
    other: &'a BTreeMap<String, String>,
) -> Vec<(&'a str, &'a str, &'a str)> {
    assert!(one.keys().eq(other.keys()), "both evenings have the same addresses");
    let pairs = one.iter().zip(other.values());
    let differ = pairs.filter(|((_, one), other)| one != other);
    differ.map(|((path, one), other)| (path.as_str(), one.as_str(), other.as_str())).collect()
}

fn are_alike(one: &BTreeMap<String, String>, other: &BTreeMap<String, String>) {
    if let Some((path, one, other)) = differing(one, other).first() {
        let at = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
        let near = |text: &str| {
            text.get(at.saturating_sub(300)..(at + 200).min(text.len())).unwrap_or(text).to_owned()
        };
        panic!("{path} tells a secret choice:\n{}\n--- or ---\n{}", near(one), near(other));
    }
}

#[tokio::test]
async fn no_route_tells_a_choice_that_was_not_revealed() {
    let door = Door::new().await;
    let one = evening(&door, ONE, ONE, false).await;

    are_alike(&one, &evening(&door, OTHER, OTHER, false).await);
    assert!(one["/api/sessions/1/votes?lang=fr"].contains("quagga"), "the first was revealed");
}

#[tokio::test]
async fn a_reveal_tells_its_own_question_and_not_the_one_before() {
    let door = Door::new().await;
    let one = evening(&door, ONE, ONE, true).await;

    are_alike(&one, &evening(&door, OTHER, ONE, true).await);
    let other = evening(&door, ONE, OTHER, true).await;
    let told: Vec<_> = differing(&one, &other).into_iter().map(|(path, ..)| path).collect();
    for route in ["/api/sessions/1/votes", "/api/sessions/1/acts", "/api/events", "/live"] {
        assert!(told.iter().any(|path| path.starts_with(route)), "{route} in {told:?}");
    }
}

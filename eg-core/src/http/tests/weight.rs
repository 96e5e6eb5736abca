//! Tests of the weight of the operator page with a hundred slots: bytes until it stands, and bytes of a flood of votes.

use super::server::{TestServer, get, send, with};
use crate::engine::read_model::{
    Counts, Device, ReadModel, Room, Session, SessionClock, SessionStatus, Slot,
};
use crate::journal::{Entry, Kind};
use axum::http::header;
use eg_game::{Text, View, Widget};
use eg_page::packed;
use eg_proto::{DeviceState, Overall, Presence, SlotId, Timestamp};
use futures_util::StreamExt;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt;

/// Number of slots that play.
const SLOTS: u32 = 100;
/// Most bytes of a first look, with styles and scripts.
const FIRST: usize = 40_000;
/// Most bytes a second while two hundred events a second come.
const A_SECOND: usize = 20_000;
/// Seconds for which they come.
const SECONDS: u32 = 5;

fn slot_id(number: u32) -> SlotId {
    format!("slot-{number:03}").parse().unwrap()
}

fn slot() -> Slot {
    let names = |prefix: &str| (1..=16).map(move |n| format!("{prefix}-{n}")).collect::<Vec<_>>();
    let panel = Device {
        name: "panel".parse().unwrap(),
        driver: "button-row".to_owned(),
        state: DeviceState::Ready,
        since: None,
        error: None,
        noise: None,
        version: None,
        inputs: names("button").iter().map(|name| name.parse().unwrap()).collect(),
        kinds: None,
        outputs: names("lamp").iter().map(|name| name.parse().unwrap()).collect(),
    };
    Slot {
        presence: Presence::Online,
        last_seen: Some(Timestamp(1_764_000_000_000_000)),
        version: "0.1.0".to_owned(),
        boot: None,
        overall: Some(Overall::Online),
        clock: None,
        devices: vec![panel],
        twin: None,
        sim: true,
        counts: Counts::default(),
        latency: None,
        agent: None,
    }
}

/// Returns a core with a hundred slots of which the first `voted` have chosen, after `stored` events.
fn state(voted: u32, stored: u64) -> Arc<ReadModel> {
    let (one, missing) = (Arc::new(slot()), (voted + 1..=SLOTS).map(slot_id).collect());
    let turnout = Widget::Turnout { votes: voted, expected: SLOTS, missing };
    let view = View::new("open", Text::same("Vote"), [turnout]);
    let session = Session {
        id: 7,
        game: "night-vote".to_owned(),
        status: SessionStatus::Running,
        started: Timestamp(0),
        operator: view.clone(),
        public: view,
        offers: Vec::new(),
        explain: Text::same(format!("{voted} of {SLOTS}")),
        told: BTreeMap::new(),
        revealed: false,
        resumed: false,
        acts: Vec::new(),
        hints: Vec::new(),
        hints_given: 0,
        reads: Vec::new(),
        forced: Vec::new(),
        clock: SessionClock::default(),
    };
    let room = Room {
        slots: (1..=SLOTS).map(slot_id).collect(),
        game: "night-vote".to_owned(),
        session: Some(session),
        ..Room::default()
    };
    Arc::new(ReadModel {
        slots: (1..=SLOTS).map(|number| (slot_id(number), Arc::clone(&one))).collect(),
        rooms: [("main".parse().unwrap(), room)].into(),
        counts: Counts { stored, ..Counts::default() },
        ..ReadModel::default()
    })
}

fn press(number: u64) -> Entry {
    let body = json!({"device": "panel", "input": format!("button-{}", number % 16 + 1),
        "kind": if number.is_multiple_of(2) { "press" } else { "release" }, "sim": true});
    let slot = Some(slot_id((number % u64::from(SLOTS)) as u32 + 1));
    let at = Timestamp(1_764_000_000_000_000 + number as i64 * 5_000);
    let (id, kind, choice) = (number as i64, Kind::Event, Vec::new());
    Entry { id, at, kind, slot, session: None, cause: None, body, choice }
}

fn house() -> TestServer {
    let house = TestServer::new(false);
    house.state.send_replace(state(0, 0));
    (1..=100).for_each(|number| house.context.recent.push(Arc::new(press(number))));
    house
}

/// Returns the addresses under `/assets/` that a page or a script names.
fn assets(text: &str) -> BTreeSet<String> {
    let named = text.split(['"', '\'']).filter(|word| word.starts_with("/assets/"));
    named.map(str::to_owned).collect()
}

#[tokio::test]
async fn a_hundred_slots_stand_after_forty_kilobytes() {
    let house = house();
    let cookie = house.signed_in().await;
    let page = async |path: &str| {
        let ask = with(with(get(path), "cookie", &cookie), "accept-encoding", "gzip");
        let answer = send(house.page(), ask).await;
        assert_eq!(answer.headers[header::CONTENT_ENCODING], "gzip", "{path}");
        answer.body.len()
    };
    let plain = send(house.page(), with(get("/"), "cookie", &cookie)).await;
    let html = String::from_utf8(plain.body.to_vec()).unwrap();
    assert!(plain.headers.get(header::CONTENT_ENCODING).is_none());

    let mut wanted = assets(&html);
    let script = wanted.iter().find(|path| path.ends_with("/eg.js")).unwrap().clone();
    let mut next = vec![script.clone()];
    let folder = script.trim_end_matches("eg.js").to_owned();
    while let Some(script) = next.pop() {
        let text = send(house.page(), get(&script)).await.body;
        let text = std::str::from_utf8(&text).unwrap();
        let imports = text.lines().filter_map(|line| line.split("from \"./").nth(1));
        let named = imports.map(|rest| format!("{folder}{}", rest.trim_end_matches("\";")));
        next.extend(named.filter(|path| wanted.insert(path.clone())));
    }
    let (mut bytes, document) = (0, page("/").await);
    for path in &wanted {
        bytes += page(path).await;
    }

    assert!(wanted.len() > 10, "{wanted:?}");
    assert!(document + bytes <= FIRST, "page {document}, files {bytes}, plain {}", html.len());
}

#[tokio::test]
async fn two_hundred_votes_a_second_are_few_small_messages_and_the_last_is_seen() {
    let house = house();
    let cookie = house.signed_in().await;
    let opened = send(house.page(), with(get("/"), "cookie", &cookie)).await;
    let html = String::from_utf8(opened.body.to_vec()).unwrap();
    let (_, live) = html.split_once("data-live=\"").unwrap();
    let live = live.split('"').next().unwrap().replace("&amp;", "&");
    tokio::time::pause();
    let ask = with(get(&live), "cookie", &cookie);
    let mut stream = house.page().oneshot(ask).await.unwrap().into_body().into_data_stream();

    let votes = async {
        let mut pace = tokio::time::interval(Duration::from_millis(5));
        for number in 101..=u64::from(SECONDS) * 200 + 100 {
            pace.tick().await;
            house.context.recent.push(Arc::new(press(number)));
            // As the engine does: for what came together, once.
            if number.is_multiple_of(4) {
                house.state.send_replace(state((number / 2 % 100) as u32, number));
            }
        }
        for _ in 0..400 {
            pace.tick().await;
        }
        house.stop.send_replace(true);
    };
    let reader = async {
        let (mut bytes, mut messages, mut last) = (0, 0, String::new());
        while let Some(Ok(chunk)) = stream.next().await {
            for data in std::str::from_utf8(&chunk).unwrap().lines() {
                let Some(data) = data.strip_prefix("data: ") else { continue };
                bytes += packed(data).len();
                messages += 1;
                if data.contains("\"events\"") {
                    last = data.to_owned();
                }
            }
        }
        (bytes, messages, last)
    };
    let (_, (bytes, messages, last)) = tokio::join!(votes, reader);

    assert!(bytes / SECONDS as usize <= A_SECOND, "{bytes} bytes in {messages} messages");
    assert!(messages <= SECONDS * 5 + 12, "{messages} messages");
    assert!(last.contains(&format!("entry-{}\\\"", u64::from(SECONDS) * 200 + 100)), "{last}");
}

#[tokio::test]
async fn what_is_compressed_keeps_its_headers_and_a_stream_is_left_alone() {
    let house = house();
    let cookie = house.signed_in().await;
    let gzip = |ask| with(with(ask, "cookie", &cookie), "accept-encoding", "gzip");
    let head = axum::http::Request::head("/").header(header::HOST, "192.168.1.27:8000");
    let head = gzip(head.body(axum::body::Body::empty()).unwrap());

    let (page, head) = (send(house.page(), gzip(get("/"))).await, send(house.page(), head).await);
    assert_eq!(page.headers[header::CONTENT_ENCODING], "gzip");
    assert_eq!(page.headers[header::VARY], "accept-encoding");
    // RFC 9110, 9.3.2: a head describes what GET would send.
    assert_eq!(
        (&head.headers[header::CONTENT_ENCODING], head.body.len()),
        (&page.headers[header::CONTENT_ENCODING], 0)
    );
    for answer in [&page, &head] {
        assert!(answer.headers.contains_key(header::CONTENT_SECURITY_POLICY));
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    }
    for path in ["/live", "/api/live"] {
        let stream = house.page().oneshot(gzip(get(path))).await.unwrap();
        assert!(stream.headers().get(header::CONTENT_ENCODING).is_none(), "{path}");
    }
}

#[tokio::test]
async fn outputs_stand_on_the_page_of_their_slot_for_who_may_use_them() {
    let house = house();
    let page = async |cookie: &str| {
        let ask = with(get("/slots/slot-001?lang=en"), "cookie", cookie);
        String::from_utf8(send(house.page(), ask).await.body.to_vec()).unwrap()
    };
    let (master, viewer) = (
        house.user("mia", crate::auth::Role::GameMaster),
        house.user("vic", crate::auth::Role::Viewer),
    );
    let list = send(house.page(), with(get("/"), "cookie", &master)).await;

    let (acts, looks) = (page(&master).await, page(&viewer).await);

    assert!(acts.contains("lamp-16") && acts.contains("data-post=\"/api/slots/slot-001/outputs\""));
    assert!(looks.contains("lamp-16") && !looks.contains("data-post=\"/api/slots/"));
    assert!(
        !String::from_utf8_lossy(&list.body).contains("lamp-16"),
        "they come when a slot is opened"
    );
}

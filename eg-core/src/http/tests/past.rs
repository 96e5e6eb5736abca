//! Tests of the list of past sessions: who may have it, as a page and as a file.

use super::server::{TestServer, get, send, with};
use crate::journal::{Durability, Ending, Journal, KeptSession};
use axum::http::{StatusCode, header};
use eg_proto::Timestamp;
use serde_json::json;

const MINUTE: i64 = 60_000_000;

impl TestServer {
    /// Stores sessions of ten minutes that begin now, without players.
    pub(super) fn play(&mut self, room: &str, game: &str, times: usize) {
        self.journal.begin().unwrap();
        for _ in 0..times {
            let started = Timestamp(self.clock_now());
            let kept = KeptSession {
                id: 0,
                room: room.parse().unwrap(),
                game: game.to_owned(),
                version: None,
                config: json!({}),
                roster: eg_game::Roster::default(),
                started,
                ending: None,
                unreadable: None,
            };
            let session = self.journal.add_session(&kept).unwrap();
            let at = Timestamp(started.0 + 10 * MINUTE);
            self.journal.end_session(session, &Ending::Done, at).unwrap();
        }
        self.journal.commit().unwrap();
    }
}

#[tokio::test]
async fn sessions_are_taken_away_as_a_table() {
    let mut house = TestServer::new(false);
    house.play("main", "=1+1", 3);
    let cookie = house.signed_in().await;

    let answer = send(house.api(), with(get("/api/sessions.csv"), "cookie", &cookie)).await;

    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/csv"));
    let saved = answer.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert_eq!(saved, "attachment; filename=\"sessions.csv\"");
    let text = String::from_utf8(answer.body.to_vec()).unwrap();
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert!(lines[0].starts_with("\u{feff}session,started,ended,seconds,room,"), "{text}");
    assert_eq!(lines[1], "3,2025-11-24T16:00:00Z,2025-11-24T16:10:00Z,600,main,'=1+1,done,,0,0,,,");
    assert_eq!((lines.len(), lines[4]), (5, ""), "{text}");
}

#[tokio::test]
async fn a_table_longer_than_a_batch_is_whole() {
    let mut house = TestServer::new(false);
    house.play("main", "buzzer", 1_203);
    let cookie = house.signed_in().await;

    let answer = send(house.api(), with(get("/api/sessions.csv"), "cookie", &cookie)).await;

    let text = String::from_utf8(answer.body.to_vec()).unwrap();
    let numbers: Vec<i64> =
        text.lines().skip(1).map(|line| line.split(',').next().unwrap().parse().unwrap()).collect();
    assert_eq!(numbers, (1..=1_203).rev().collect::<Vec<_>>());
}

#[tokio::test]
async fn the_next_page_keeps_the_filter() {
    let mut house = TestServer::new(false);
    house.play("main", "buzzer", 3);
    house.play("lobby", "buzzer", 2);
    let cookie = house.signed_in().await;
    let ask = |path: &str| with(get(path), "cookie", &cookie);

    let first = send(house.api(), ask("/api/sessions?room=main&limit=2")).await.json();
    let next = first["next"].as_str().unwrap();
    let second = send(house.api(), ask(next)).await.json();
    let page = send(house.page(), ask("/sessions?room=lobby&status=done")).await;

    assert_eq!(next, "/api/sessions?before=2&limit=2&room=main");
    assert_eq!(first["items"][0]["players"], 0);
    assert_eq!((&second["items"][0]["id"], &second["next"]), (&1.into(), &serde_json::Value::Null));
    let html = String::from_utf8(page.body.to_vec()).unwrap();
    assert!(html.contains("href=\"/api/sessions.csv?room=lobby&amp;status=done\""));
    assert_eq!(html.matches("id=\"session-").count(), 2);
}

#[tokio::test]
async fn a_day_that_is_none_is_refused_with_the_reason() {
    let house = TestServer::new(false);
    let cookie = house.signed_in().await;

    for path in ["/api/sessions?from=yesterday", "/api/sessions.csv?status=gone", "/sessions?to=x"]
    {
        let answer = send(house.page(), with(get(path), "cookie", &cookie)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
    }
}

#[tokio::test]
async fn statistics_have_a_picture_a_sentence_and_a_table_of_every_game() {
    let mut house = TestServer::new(false);
    house.play("main", "buzzer", 3);
    house.play("lobby", "majority", 2);
    let cookie = house.signed_in().await;
    let ask = |path: &str| with(get(path), "cookie", &cookie);

    let all = send(house.page(), ask("/statistics?lang=en")).await;
    let one = send(house.page(), ask("/statistics?lang=fr&room=lobby")).await;
    let before = send(house.page(), ask("/statistics?lang=en&to=2020-01-01")).await;

    let [all, one, before] =
        [all, one, before].map(|page| String::from_utf8(page.body.to_vec()).unwrap());
    assert_eq!(all.matches("role=\"img\"").count(), 12, "four of each game, and of all");
    assert!(all.contains("5 done, 0 called off, 0 failed."), "{all}");
    assert!(one.contains("Terminées : 2") && !one.contains("game-buzzer"), "{one}");
    assert!(before.contains("No session fits."), "{before}");
}

#[tokio::test]
async fn a_downloaded_journal_is_restored_with_everything_that_was_stored() {
    let mut house = TestServer::new(false);
    house.play("main", "buzzer", 3);
    house.happens("something");
    let cookie = house.signed_in().await;

    let answer = send(house.api(), with(get("/api/backup"), "cookie", &cookie)).await;

    assert_eq!(answer.status, StatusCode::OK);
    let saved = answer.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert_eq!(saved, "attachment; filename=\"journal-2025-11-24.db\"");
    assert_eq!(answer.headers[header::CONTENT_LENGTH], answer.body.len().to_string());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("eg.db");
    std::fs::write(&file, &answer.body).unwrap();
    let restored = Journal::open(&file, Durability::Full).unwrap().reader();
    let original = house.journal.reader();
    assert_eq!(restored.sessions(9).unwrap(), original.sessions(9).unwrap());
    assert_eq!(restored.entries(0, 9).unwrap(), original.entries(0, 9).unwrap());
    let trail = house.context.auth.trail(i64::MAX, 1).unwrap();
    assert_eq!((trail[0].act.as_str(), trail[0].by.as_str()), ("backup", "operator"));
}

#[tokio::test]
async fn one_copy_of_the_journal_is_taken_at_a_time() {
    let house = TestServer::new(false);
    let cookie = house.signed_in().await;
    let ask = || with(get("/api/backup"), "cookie", &cookie);

    let first = tower::ServiceExt::oneshot(house.api(), ask()).await.unwrap();
    let second = send(house.api(), ask()).await;
    drop(first);
    let third = send(house.api(), ask()).await;

    assert_eq!((second.problem().as_str(), third.status), ("conflict", StatusCode::OK));
}

//! Tests of signing in: by password, by a link that works once, and not by machine.

use super::server::{PASSWORD, Received, TestServer, get, post, send, with};
use crate::auth::{Auth, FIRST, Visit, login_link};
use axum::http::{StatusCode, header};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

async fn try_password(house: &TestServer, password: &str) -> Received {
    send(house.api(), post("/api/login", &json!({"password": password}))).await
}

#[tokio::test]
async fn the_password_opens_a_session_that_ends_with_signing_out() {
    let house = TestServer::new(false);
    let cookie = house.signed_in().await;
    let slots = || with(get("/api/slots"), "cookie", &cookie);

    let before = send(house.api(), slots()).await;
    let leave = with(post("/api/logout", &json!({})), "cookie", &cookie);
    let left = send(house.api(), leave).await;
    let after = send(house.api(), slots()).await;

    assert_eq!(before.status, StatusCode::OK);
    assert_eq!(left.status, StatusCode::NO_CONTENT);
    assert_eq!(after.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_machine_that_guesses_is_made_to_wait_even_with_the_right_password() {
    let house = TestServer::new(false);
    for _ in 0..5 {
        assert_eq!(try_password(&house, "guess").await.problem(), "wrong-password");
    }

    let right = try_password(&house, PASSWORD).await;
    house.clock.pass(Duration::from_secs(10));
    let later = try_password(&house, PASSWORD).await;

    assert_eq!(right.problem(), "wait");
    assert_eq!(right.headers[header::RETRY_AFTER], "10");
    assert_eq!(later.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_login_link_works_once() {
    let house = TestServer::new(false);
    let link = format!("/?token={}", house.context.auth.token());

    let first = send(house.page(), get(&link)).await;
    let second = send(house.page(), get(&link)).await;

    assert_eq!(first.headers[header::LOCATION], "/");
    assert!(first.headers.contains_key(header::SET_COOKIE));
    assert_eq!(second.headers[header::LOCATION], "/login");
    assert!(!second.headers.contains_key(header::SET_COOKIE));
}

#[tokio::test]
async fn a_login_link_is_too_old_after_an_hour() {
    let house = TestServer::new(false);
    let link = format!("/?token={}", house.context.auth.token());
    house.clock.pass(Duration::from_secs(3601));

    let late = send(house.page(), get(&link)).await;

    assert_eq!(late.headers[header::LOCATION], "/login");
}

#[tokio::test]
async fn a_link_from_the_shell_lets_one_browser_into_a_core_that_runs() {
    let house = TestServer::new(false);
    let (token, page) = login_link(&house.account(), &*house.clock, "command (pi)").unwrap();
    let link = format!("/?token={token}");

    let first = send(house.page(), get(&link)).await;
    let second = send(house.page(), get(&link)).await;
    let (late, _) = login_link(&house.account(), &*house.clock, "command (pi)").unwrap();
    house.clock.pass(Duration::from_secs(3601));
    let late = send(house.page(), get(&format!("/?token={late}"))).await;

    assert_eq!(page, None, "no page was served yet");
    assert_eq!(first.headers[header::LOCATION], "/");
    assert!(first.headers.contains_key(header::SET_COOKIE));
    assert_eq!(second.headers[header::LOCATION], "/login");
    assert_eq!(late.headers[header::LOCATION], "/login");
}

#[test]
fn there_is_no_link_where_no_core_has_run() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("eg.account.db");

    let refused = login_link(&file, &crate::clock::SteadyClock::default(), "x");

    assert!(refused.is_err());
    assert!(!file.exists());
}

#[test]
fn a_password_is_drawn_once_and_kept_as_a_hash() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("account.db");
    let clock = Arc::new(crate::clock::SteadyClock::default());
    let open = |given| Auth::open(&file, given, clock.clone()).unwrap();

    let (first, drawn) = open(None);
    let drawn = drawn.unwrap();
    drop(first);
    let (second, again) = open(None);

    let here = Visit::new([127, 0, 0, 1].into(), "");
    assert_eq!(again, None);
    assert!(second.login(&here, FIRST, &drawn).is_ok());
    let kept = std::fs::read(&file).unwrap();
    assert!(!kept.windows(drawn.len()).any(|bytes| bytes == drawn.as_bytes()));
}

#[test]
fn a_new_password_from_the_environment_ends_every_session() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("account.db");
    let clock = Arc::new(crate::clock::SteadyClock::default());
    let open = |given| Auth::open(&file, Some(given), clock.clone()).unwrap().0;
    let here = Visit::new([127, 0, 0, 1].into(), "");
    let session = open("one").login(&here, FIRST, "one").unwrap();
    let knows = |auth: &Auth| auth.identify(Some(session.text()), None).is_some();

    assert!(knows(&open("one")), "a restart keeps the session");
    let changed = open("two");

    assert!(!knows(&changed));
    assert!(changed.login(&here, FIRST, "one").is_err());
}

//! Tests of accounts over HTTP: invitations, sessions, passwords, tokens, and what ends with them.

use super::server::{PASSWORD, Received, TestServer, get, post, send, with};
use crate::auth::{Auth, Role};
use crate::http::Context;
use axum::http::{StatusCode, header};
use serde_json::{Value, json};
use std::time::Duration;
use tower::ServiceExt;

async fn ask(house: &TestServer, cookie: &str, path: &str) -> Received {
    send(house.api(), with(get(path), "cookie", cookie)).await
}

async fn tell(house: &TestServer, cookie: &str, path: &str, body: Value) -> Received {
    send(house.api(), with(post(path, &body), "cookie", cookie)).await
}

fn cookie_of(answer: &Received) -> String {
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn an_invited_person_chooses_a_password_and_is_in() {
    let house = TestServer::new(false);
    let operator = house.signed_in().await;
    let invite = json!({"name": "Anna", "role": "game-master", "hours": 2});

    let invited = tell(&house, &operator, "/api/users/invitations", invite).await;
    let link = invited.json()["link"].as_str().unwrap().to_owned();
    let page = send(house.page(), get(&link)).await;
    let again = send(house.page(), get(&link)).await;
    let token = link.split('=').nth(1).unwrap();
    let accept = || post("/api/invitation", &json!({"token": token, "password": "long-enough"}));
    let accepted = send(house.page(), accept()).await;
    let twice = send(house.page(), accept()).await;
    let gone = send(house.page(), get(&link)).await;

    assert_eq!(invited.status, StatusCode::CREATED);
    let text = |page: &Received| String::from_utf8(page.body.to_vec()).unwrap();
    assert!(
        text(&page).contains("anna") && text(&again).contains("anna"),
        "looking spends nothing"
    );
    assert_eq!(accepted.status, StatusCode::NO_CONTENT);
    assert_eq!(twice.problem(), "unknown");
    assert!(!text(&gone).contains("anna"));
    let me = ask(&house, &cookie_of(&accepted), "/api/account").await.json();
    assert_eq!((&me["name"], &me["role"]), (&json!("anna"), &json!("game-master")));
    let login = post("/api/login", &json!({"user": "anna", "password": "long-enough"}));
    assert_eq!(send(house.api(), login).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn sessions_are_listed_with_where_and_what_and_ended_one_by_one() {
    let house = TestServer::new(false);
    let anna = house.user("anna", Role::Viewer);
    let login = post("/api/login", &json!({"user": "anna", "password": "long-enough"}));
    let other = cookie_of(&send(house.api(), with(login, "user-agent", "curl/8.5.0")).await);

    let listed = ask(&house, &anna, "/api/account/sessions").await.json();
    let curl =
        listed["items"].as_array().unwrap().iter().find(|row| row["browser"] == "curl/8.5.0");
    let curl = curl.unwrap();
    assert_eq!((&curl["address"], &curl["current"]), (&json!("127.0.0.1"), &json!(false)));
    let end = format!("/api/account/sessions/{}/end", curl["id"]);
    let ended = tell(&house, &anna, &end, json!({})).await;

    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    assert_eq!(ask(&house, &other, "/api/account").await.problem(), "not-signed-in");
    assert_eq!(ask(&house, &anna, "/api/account").await.status, StatusCode::OK);
    let ben = house.user("ben", Role::Viewer);
    let ids = ask(&house, &ben, "/api/account/sessions").await.json();
    let foreign = format!("/api/account/sessions/{}/end", ids["items"][0]["id"]);
    assert_eq!(tell(&house, &anna, &foreign, json!({})).await.problem(), "unknown", "not hers");
    let operator = house.signed_in().await;
    let by_operator = format!("/api/users/ben/sessions/{}/end", ids["items"][0]["id"]);
    assert_eq!(
        tell(&house, &operator, &by_operator, json!({})).await.status,
        StatusCode::NO_CONTENT
    );
}

#[tokio::test]
async fn a_changed_password_asks_for_the_present_one_and_guessing_it_is_throttled() {
    let house = TestServer::new(false);
    let anna = house.user("anna", Role::Viewer);
    let change = |present: &str| json!({"present": present, "new": "another-one"});

    for _ in 0..5 {
        let wrong = tell(&house, &anna, "/api/account/password", change("guess-guess")).await;
        assert_eq!(wrong.problem(), "wrong-password");
    }
    let throttled = tell(&house, &anna, "/api/account/password", change("long-enough")).await;
    house.clock.pass(Duration::from_secs(60));
    let changed = tell(&house, &anna, "/api/account/password", change("long-enough")).await;

    assert_eq!(throttled.problem(), "wait");
    assert_eq!(changed.status, StatusCode::NO_CONTENT);
    assert_eq!(
        ask(&house, &anna, "/api/account").await.status,
        StatusCode::OK,
        "this session stays"
    );
}

#[tokio::test]
async fn the_last_operator_cannot_be_removed_or_demoted() {
    let house = TestServer::new(false);
    let operator = house.signed_in().await;

    let remove = tell(&house, &operator, "/api/users/operator/remove", json!({})).await;
    let demote =
        tell(&house, &operator, "/api/users/operator/role", json!({"role": "viewer"})).await;

    assert_eq!([remove.problem(), demote.problem()], ["conflict", "conflict"]);
    house.user("anna", Role::Operator);
    let demote =
        tell(&house, &operator, "/api/users/operator/role", json!({"role": "viewer"})).await;
    assert_eq!(demote.status, StatusCode::NO_CONTENT);
    assert_eq!(ask(&house, &operator, "/api/users").await.problem(), "not-allowed");
}

#[tokio::test]
async fn a_token_is_told_once_and_listed_without_its_text() {
    let house = TestServer::new(false);
    let operator = house.signed_in().await;
    let new = json!({"name": "lights", "role": "viewer", "room": "", "days": 30});

    let made = tell(&house, &operator, "/api/tokens", new).await;
    let token = made.json()["token"].as_str().unwrap().to_owned();
    let header = format!("Bearer {token}");
    send(house.api(), with(get("/api/slots"), "authorization", &header)).await;
    let listed = ask(&house, &operator, "/api/tokens").await;
    let revoked = tell(&house, &operator, "/api/tokens/lights/revoke", json!({})).await;
    let after = send(house.api(), with(get("/api/slots"), "authorization", &header)).await;

    assert_eq!(made.status, StatusCode::CREATED);
    assert!(!String::from_utf8_lossy(&listed.body).contains(&token));
    assert_eq!(listed.json()["items"][0]["used"], house.clock_now());
    assert_eq!(revoked.status, StatusCode::NO_CONTENT);
    assert_eq!(after.problem(), "not-signed-in");
    let nowhere = json!({"name": "x", "role": "viewer", "room": "nowhere"});
    assert_eq!(tell(&house, &operator, "/api/tokens", nowhere).await.problem(), "unknown");
}

#[tokio::test]
async fn what_holds_passwords_and_tokens_is_not_remembered_for_a_second_try() {
    let house = TestServer::new(false);
    let operator = house.signed_in().await;
    let make = || {
        let make = post("/api/tokens", &json!({"name": "lights", "role": "viewer"}));
        with(with(make, "cookie", &operator), "idempotency-key", "k1")
    };

    let first = send(house.api(), make()).await;
    let second = send(house.api(), make()).await;

    assert_eq!(first.status, StatusCode::CREATED);
    assert_eq!(second.problem(), "conflict");
}

#[tokio::test]
async fn an_open_stream_ends_with_the_session_that_opened_it() {
    let house = TestServer::new(false);
    let anna = house.user("anna", Role::Viewer);
    let open = |path: &str| house.page().oneshot(with(get(path), "cookie", &anna));
    let mut streams = Vec::new();
    for path in ["/live", "/api/live", "/account/live"] {
        streams.push(open(path).await.unwrap().into_body());
    }

    house.context.auth.remove("anna", "operator").unwrap();

    for stream in streams {
        drop(axum::body::to_bytes(stream, usize::MAX).await.unwrap());
    }
}

#[tokio::test]
async fn the_shell_signs_a_user_out_of_a_core_that_runs() {
    let house = TestServer::new(false);
    let anna = house.user("anna", Role::Viewer);
    assert_eq!(ask(&house, &anna, "/api/account").await.status, StatusCode::OK);

    let shell = Auth::open_existing(&house.account(), house.clock.clone()).unwrap();
    shell.remove("anna", "operator").unwrap();
    house.clock.pass(Duration::from_secs(1));

    assert_eq!(ask(&house, &anna, "/api/account").await.problem(), "not-signed-in");
}

#[tokio::test]
async fn what_was_made_at_the_machine_holds_at_once_for_whoever_signs_in() {
    let house = TestServer::new(false);
    let shell = Auth::open_existing(&house.account(), house.clock.clone()).unwrap();

    let link = shell.invite("anna", Role::Viewer, Duration::from_secs(60), "eg-core").unwrap();
    let page = send(house.page(), get(&format!("/invite?token={link}"))).await;
    shell.reset_password("operator", Some("second-password".to_owned()), None, "operator").unwrap();
    let login = post("/api/login", &json!({"password": "second-password"}));

    assert!(String::from_utf8(page.body.to_vec()).unwrap().contains("anna"));
    assert_eq!(send(house.api(), login).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn behind_a_named_proxy_one_guesser_does_not_lock_the_others_out() {
    let mut house = TestServer::new(false);
    let proxy = std::net::IpAddr::from([127, 0, 0, 1]);
    house.context = Context::behind(house.context.clone(), vec![proxy]);
    let from = |address: &str, password: &str| {
        let login = post("/api/login", &json!({"password": password}));
        with(with(login, "x-forwarded-for", address), "x-forwarded-proto", "https")
    };
    for _ in 0..5 {
        let wrong = send(house.api(), from("192.168.1.66", "guess")).await;
        assert_eq!(wrong.problem(), "wrong-password");
    }

    let guesser = send(house.api(), from("192.168.1.66", PASSWORD)).await;
    let other = send(house.api(), from("192.168.1.9", PASSWORD)).await;

    assert_eq!(guesser.problem(), "wait");
    assert_eq!(other.status, StatusCode::NO_CONTENT);
    let cookie = other.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.ends_with("; Secure"), "it came over TLS: {cookie}");
}

#[tokio::test]
async fn what_a_client_says_of_its_address_changes_nothing_without_a_named_proxy() {
    let house = TestServer::new(false);
    for n in 0..5 {
        let login = post("/api/login", &json!({"password": "guess"}));
        let login = with(login, "x-forwarded-for", &format!("10.0.0.{n}"));
        assert_eq!(send(house.api(), login).await.problem(), "wrong-password");
    }

    let login =
        with(post("/api/login", &json!({"password": PASSWORD})), "x-forwarded-for", "10.0.0.9");

    assert_eq!(send(house.api(), login).await.problem(), "wait");
}

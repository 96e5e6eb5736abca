//! Tests that nobody acts, and nobody reads, without a right.

use super::server::{TestServer, get, post, send, with};
use crate::engine::read_model::ReadModel;
use crate::http::api;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use eg_game::Text;
use serde_json::json;
use std::sync::Arc;

/// Routes that are open to everybody, by method and path.
const OPEN: [(&str, &str); 4] = [
    ("get", "/health"),
    ("post", "/api/login"),
    ("post", "/api/logout"),
    ("post", "/api/invitation"),
];

/// Routes that `compat` opens, by method and path.
const CONTRACT: [(&str, &str); 4] = [
    ("get", "/api/mode"),
    ("post", "/api/mode"),
    ("post", "/api/night/step"),
    ("get", "/api/payouts"),
];

/// Returns every route of the document, as a request without a session.
pub(super) fn every_route() -> Vec<(String, String, Request<Body>)> {
    let document = serde_json::to_value(api::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, methods)| {
        methods.as_object().unwrap().keys().map(move |method| (method.clone(), path.clone()))
    });
    operations
        .map(|(method, path)| {
            let parameters = [
                ("{slot}", "slot-01"),
                ("{room}", "main"),
                ("{id}", "1"),
                ("{entry}", "1"),
                ("{user}", "nobody"),
                ("{token}", "nothing"),
                ("{session}", "9"),
            ];
            let filled = parameters
                .iter()
                .fold(path.clone(), |path, (name, value)| path.replace(name, value));
            let request = Request::builder()
                .method(Method::from_bytes(method.to_uppercase().as_bytes()).unwrap())
                .uri(filled)
                .header(header::HOST, "localhost:8000")
                .header(header::CONTENT_TYPE, "application/json");
            let body = if method == "get" { Body::empty() } else { Body::from("{}") };
            (method, path, request.body(body).unwrap())
        })
        .collect()
}

#[tokio::test]
async fn every_route_of_the_document_refuses_who_is_not_signed_in() {
    let house = TestServer::new(false);

    let routes = every_route();
    assert!(routes.len() > 15, "{}", routes.len());
    for (method, path, request) in routes {
        let open = OPEN.contains(&(&method, &path));
        let answer = send(house.api(), request).await;
        let refused = answer.status == StatusCode::UNAUTHORIZED;
        assert_eq!(refused, !open, "{method} {path}: {}", answer.status);
        if refused {
            assert_eq!(answer.problem(), "not-signed-in");
            assert!(answer.headers.contains_key(header::WWW_AUTHENTICATE));
        }
    }
    assert!(house.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn compat_opens_the_routes_of_the_old_contract_and_no_other() {
    let house = TestServer::new(true);

    for (method, path, request) in every_route() {
        let open = OPEN.contains(&(&method, &path)) || CONTRACT.contains(&(&method, &path));
        let answer = send(house.api(), request).await;
        assert_eq!(answer.status == StatusCode::UNAUTHORIZED, !open, "{method} {path}");
    }
}

#[tokio::test]
async fn the_old_contract_is_answered_as_it_always_was() {
    let house = TestServer::new(true);

    let health = send(house.api(), get("/health")).await;
    let mode = send(house.api(), post("/api/mode", &json!({"mode": "night"}))).await;
    let step = json!({"step": 1, "question": "Who?", "options": ["A", "B"], "from": "old page"});
    let step = send(house.api(), post("/api/night/step", &step)).await;

    assert_eq!(health.json(), json!({"ok": true}));
    assert_eq!(mode.json(), json!({"ok": true, "mode": "night"}));
    assert_eq!(step.json(), json!({"ok": true}));
    assert_eq!(*house.asked.lock().unwrap(), ["mode", "night step"]);
}

#[tokio::test]
async fn health_is_503_with_the_reason_while_nothing_can_be_stored() {
    let house = TestServer::new(false);
    let fault = Text::new("le disque est plein", "the disk is full");

    let full = ReadModel { storage_fault: Some(fault), ..ReadModel::default() };
    house.state.send_replace(Arc::new(full));
    let refused = send(house.api(), get("/health")).await;
    let in_french = send(house.api(), with(get("/health"), "accept-language", "fr")).await;
    house.state.send_replace(Arc::default());
    let again = send(house.api(), get("/health")).await;

    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.json(), json!({"ok": false, "why": "the disk is full"}));
    assert_eq!(in_french.json()["why"], "le disque est plein");
    assert_eq!((again.status, again.json()), (StatusCode::OK, json!({"ok": true})));
}

#[tokio::test]
async fn an_old_page_may_call_the_old_routes_from_wherever_it_is_served() {
    let house = TestServer::new(true);
    let from = |origin: &str, site: &str| {
        let write = post("/api/mode", &json!({"mode": "night"}));
        with(with(write, "origin", origin), "sec-fetch-site", site)
    };

    for origin in
        ["http://192.168.1.27:3000", "http://192.168.1.30:5175", "http://localhost:5173", "null"]
    {
        let answer = send(house.api(), from(origin, "cross-site")).await;
        assert_eq!(answer.status, StatusCode::OK, "{origin}");
        assert_eq!(answer.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], origin);
        assert!(!answer.headers.contains_key(header::ACCESS_CONTROL_ALLOW_CREDENTIALS));
    }
}

#[tokio::test]
async fn a_page_from_elsewhere_may_call_nothing_but_the_old_routes_and_only_under_compat() {
    let (compat, paired) = (TestServer::new(true), TestServer::new(false));
    let from_elsewhere = |path: &str, body: serde_json::Value| {
        let write = with(post(path, &body), "origin", "http://192.168.1.30:5175");
        with(write, "sec-fetch-site", "cross-site")
    };

    let act = from_elsewhere("/api/rooms/main/acts", json!({"name": "abort"}));
    let act = send(compat.api(), act).await;
    let mode = send(paired.api(), from_elsewhere("/api/mode", json!({"mode": "night"}))).await;

    for refused in [act, mode] {
        assert_eq!(refused.problem(), "other-site");
        assert!(!refused.headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
    }
}

#[tokio::test]
async fn a_page_of_another_origin_cannot_use_the_operators_session() {
    let house = TestServer::new(false);
    let cookie = house.signed_in().await;

    for site in ["cross-site", "same-site"] {
        let act = post("/api/rooms/main/acts", &json!({"name": "abort"}));
        let act = with(with(act, "cookie", &cookie), "sec-fetch-site", site);
        assert_eq!(send(house.api(), act).await.problem(), "other-site", "{site}");
    }
    assert!(house.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_name_that_a_strangers_dns_may_have_pointed_here_is_refused() {
    let house = TestServer::new(true);
    let mut request = get("/api/mode");
    request.headers_mut().insert(header::HOST, "rebound.evil.example:8000".parse().unwrap());

    let answer = send(house.api(), request).await;

    assert_eq!(answer.problem(), "wrong-host");
}

#[tokio::test]
async fn the_page_leads_a_guest_to_the_door_and_its_stream_refuses() {
    let house = TestServer::new(true);

    let index = send(house.page(), get("/")).await;
    let stream = send(house.page(), get("/live")).await;

    assert_eq!(index.status, StatusCode::SEE_OTHER);
    assert_eq!(index.headers[header::LOCATION], "/login");
    assert_eq!(stream.problem(), "not-signed-in");
}

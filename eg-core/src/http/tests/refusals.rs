//! Tests that every refusal is a problem document in the asked language, and says where the mistake is.

use super::server::{TestServer, get, post, send, with};
use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use serde_json::json;

#[tokio::test]
async fn what_the_router_refuses_is_a_problem_too() {
    let house = TestServer::new(false);
    let mut wrong_method = get("/api/mode");
    *wrong_method.method_mut() = Method::DELETE;

    let lost = send(house.api(), get("/api/nothing")).await;
    let method = send(house.api(), wrong_method).await;

    assert_eq!(lost.problem(), "unknown");
    assert_eq!(method.problem(), "method");
    assert!(method.headers.contains_key(header::ALLOW));
}

#[tokio::test]
async fn speaks_the_language_that_was_asked_for() {
    let house = TestServer::new(false);
    let ask = |language| with(get("/api/slots"), "accept-language", language);

    let french = send(house.api(), ask("fr-CA,fr;q=0.9,en;q=0.5")).await;
    let english = send(house.api(), ask("de,en;q=0.5")).await;

    assert_eq!(french.json()["title"], "Non connecté");
    assert_eq!(french.headers[header::CONTENT_LANGUAGE], "fr");
    assert_eq!(english.json()["title"], "Not signed in");
}

#[tokio::test]
async fn a_wrong_body_is_located() {
    let house = TestServer::new(false);
    let cookie = house.signed_in().await;
    let outputs = |body| with(post("/api/slots/slot-01/outputs", &body), "cookie", &cookie);

    let name = json!({"device": "panel", "output": "Lamp 1", "set": "on"});
    let name = send(house.api(), outputs(name)).await;
    let key = send(house.api(), outputs(json!({"device": "panel", "lamp": "a"}))).await;

    assert_eq!(name.problem(), "invalid");
    assert_eq!(name.json()["pointer"], "/output");
    assert_eq!(key.json()["pointer"], "/lamp");
    let detail = key.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("expected one of `device`, `output`, `set`"), "{detail}");
}

#[tokio::test]
async fn refuses_what_is_not_json_and_what_is_too_large() {
    let house = TestServer::new(true);
    let mut form = post("/api/mode", &json!({}));
    form.headers_mut().insert(header::CONTENT_TYPE, "text/plain".parse().unwrap());
    let mut large = post("/api/mode", &json!({}));
    *large.body_mut() = Body::from(vec![b' '; 64 * 1024 + 1]);

    assert_eq!(send(house.api(), form).await.problem(), "media-type");
    assert_eq!(send(house.api(), large).await.problem(), "too-large");
}

#[tokio::test]
async fn a_name_that_cannot_be_is_not_found() {
    let house = TestServer::new(false);
    let cookie = house.signed_in().await;

    for path in ["/api/slots/SLOT_1", "/api/slots/slot-77", "/api/sessions/x", "/api/sessions/3"] {
        let answer = send(house.api(), with(get(path), "cookie", &cookie)).await;
        assert_eq!(answer.problem(), "unknown", "{path}");
    }
}

#[tokio::test]
async fn nothing_is_framed_sniffed_kept_or_loaded_from_elsewhere() {
    let house = TestServer::new(false);

    for path in ["/", "/login", "/docs", "/health", "/assets/eg.js", "/api/slots", "/nowhere"] {
        let answer = send(house.page(), get(path)).await;
        let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'self'"), "{path}: {policy}");
        assert_eq!(answer.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
    }
}

#[tokio::test]
async fn the_docs_page_shows_every_route_and_loads_nothing_from_elsewhere() {
    let house = TestServer::new(false);

    let docs = send(house.api(), get("/docs")).await;
    let document = send(house.api(), get("/openapi.json")).await.json();

    assert_eq!(docs.status, StatusCode::OK);
    let page = String::from_utf8(docs.body.to_vec()).unwrap();
    for path in document["paths"].as_object().unwrap().keys() {
        assert!(page.contains(&format!("<code>{path}</code>")), "{path}");
    }
    assert!(!page.contains("src=\"http") && !page.contains("href=\"http"));
    let text = document.to_string();
    let named = text.split("#/components/schemas/").skip(1);
    for name in named.filter_map(|rest| rest.split('"').next()) {
        assert!(document["components"]["schemas"][name].is_object(), "no schema called {name}");
    }
}

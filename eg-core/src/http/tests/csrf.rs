//! Tests that no page of another site uses a user's session, whatever its browser says.

use super::server::{TestServer, get, post, send, with};
use crate::auth::Role;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::json;

/// Host that requests of these tests ask for.
const HOST: &str = "192.168.1.27:8000";

fn act() -> Request<Body> {
    post("/api/rooms/main/acts", &json!({"name": "extend"}))
}

/// A write without a body, as a form or a bare `curl -X POST` sends it.
fn bare(path: &str) -> Request<Body> {
    Request::post(path).header(header::HOST, HOST).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn a_write_is_taken_from_a_page_of_this_host_and_port_alone() {
    let house = TestServer::new(false);
    let cookie = house.signed_in().await;

    for (origin, taken) in [
        ("http://192.168.1.27:8000", true),
        ("http://192.168.1.27:3000", false),
        ("http://192.168.1.27", false),
        ("http://evil.example", false),
        ("null", false),
    ] {
        // As Chromium sends it over plain HTTP: without Sec-Fetch-Site.
        let act = with(with(act(), "cookie", &cookie), "origin", origin);
        let answer = send(house.api(), act).await;
        assert_eq!(answer.status == StatusCode::OK, taken, "{origin}");
        assert!(taken || answer.problem() == "other-site");
    }
}

#[tokio::test]
async fn a_foreign_page_cannot_sign_anybody_in_or_out() {
    let house = TestServer::new(false);
    let cookie = house.signed_in().await;
    let login = post("/api/login", &json!({"password": "correct-horse"}));
    let logout = with(bare("/api/logout"), "cookie", &cookie);

    for request in [login, logout] {
        let answer = send(house.api(), with(request, "origin", "http://192.168.1.27:9999")).await;
        assert_eq!(answer.problem(), "other-site");
    }
    let still = with(get("/api/slots"), "cookie", &cookie);
    assert_eq!(send(house.api(), still).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_script_with_a_cookie_jar_goes_on_if_it_says_json_and_a_form_does_not() {
    let house = TestServer::new(false);
    let cookie = house.signed_in().await;
    let mut form = bare("/api/rooms/main/sessions");
    form.headers_mut().insert(header::CONTENT_TYPE, "text/plain".parse().unwrap());

    let script = send(house.api(), with(act(), "cookie", &cookie)).await;
    let silent = send(house.api(), with(bare("/api/rooms/main/sessions"), "cookie", &cookie)).await;
    let form = send(house.api(), with(form, "cookie", &cookie)).await;
    let without = send(house.api(), bare("/api/logout")).await;

    assert_eq!(script.status, StatusCode::OK);
    assert_eq!([silent.problem(), form.problem()], ["other-site", "other-site"]);
    assert_eq!(
        without.status,
        StatusCode::NO_CONTENT,
        "without a cookie there is nothing to protect"
    );
}

#[tokio::test]
async fn a_token_needs_no_origin_and_cannot_be_lent_to_a_page() {
    let house = TestServer::new(false);
    let token = house.token("lights", Role::GameMaster, None);
    let with_token = |request| with(request, "authorization", &token);

    let program = send(house.api(), with_token(bare("/api/rooms/main/sessions"))).await;
    let page = send(house.api(), with(with_token(act()), "origin", "http://evil.example")).await;

    assert_eq!(program.status, StatusCode::CREATED);
    assert_eq!(page.status, StatusCode::OK, "no browser sends it by itself");
    assert!(!page.headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
}

#[tokio::test]
async fn a_stream_and_a_read_of_a_foreign_page_are_refused() {
    let house = TestServer::new(false);
    let cookie = house.signed_in().await;

    for path in ["/live", "/account/live", "/display/main/live", "/api/live", "/api/slots"] {
        let ask = with(with(get(path), "cookie", &cookie), "origin", "http://192.168.1.27:9999");
        assert_eq!(send(house.page(), ask).await.problem(), "other-site", "{path}");
    }
    let link = with(with(get("/"), "cookie", &cookie), "sec-fetch-site", "cross-site");
    assert_eq!(
        send(house.page(), link).await.status,
        StatusCode::OK,
        "a link leads here from anywhere"
    );
}

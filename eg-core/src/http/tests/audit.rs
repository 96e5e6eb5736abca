//! Tests of the audit trail, as operators see it.

use super::server::{TestServer, get, post, send, with};
use crate::auth::Role;
use axum::http::StatusCode;
use serde_json::json;

#[tokio::test]
async fn an_operator_sees_who_did_what_from_where_page_by_page() {
    let house = TestServer::new(false);
    let operator = house.signed_in().await;
    let invite = post("/api/users/invitations", &json!({"name": "anna", "role": "viewer"}));
    send(house.api(), with(invite, "cookie", &operator)).await;
    let wrong = post("/api/login", &json!({"user": "operator", "password": "not the one"}));
    send(house.api(), wrong).await;

    let ask = async |path: &str| send(house.api(), with(get(path), "cookie", &operator)).await;
    let first = ask("/api/audit?limit=2").await.json();
    let next = ask(first["next"].as_str().unwrap()).await.json();

    let row = |row: &serde_json::Value| {
        ["by", "address", "act", "about", "detail"].map(|key| row[key].as_str().unwrap().to_owned())
    };
    let refused = ["", "127.0.0.1", "sign-in-refused", "operator", "password"];
    assert_eq!(row(&first["items"][0]), refused);
    assert_eq!(row(&first["items"][1]), ["operator", "127.0.0.1", "invite", "anna", "viewer"]);
    let signed_in = ["operator", "127.0.0.1", "sign-in", "operator", "password"];
    assert_eq!(row(&next["items"][0]), signed_in);
    assert_eq!(row(&next["items"][1]), ["eg-core", "", "set-up", "operator", ""]);
    assert_eq!(next["next"], json!(null));
}

#[tokio::test]
async fn the_page_tells_the_trail_in_french_and_english_to_operators_alone() {
    let house = TestServer::new(false);
    let (operator, anna) = (house.signed_in().await, house.user("anna", Role::GameMaster));
    for _ in 0..3 {
        send(house.api(), post("/api/login", &json!({"password": "not the one"}))).await;
    }

    let look = async |path: &str, cookie: &str| {
        let page = send(house.page(), with(get(path), "cookie", cookie)).await;
        (page.status, String::from_utf8(page.body.to_vec()).unwrap())
    };
    let (_, en) = look("/audit?lang=en", &operator).await;
    let (_, fr) = look("/audit?lang=fr", &operator).await;
    let (refused, _) = look("/audit", &anna).await;

    assert_eq!(refused, StatusCode::FORBIDDEN);
    for word in ["Account activity", "refused at signing in", "× 3", "accepted the invitation"] {
        assert!(en.contains(word), "{word}: {en}");
    }
    for word in ["Journal des accès", "connexion refusée", "127.0.0.1", "invitation acceptée"] {
        assert!(fr.contains(word), "{word}: {fr}");
    }
    let users = look("/users", &operator).await.1;
    assert!(users.contains("href=\"/audit\""));
}

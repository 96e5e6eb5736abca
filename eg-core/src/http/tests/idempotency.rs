//! Tests that an act that is sent twice with one key is done once.

use super::server::{TestServer, UNSTORED, get, post, send, with};
use axum::http::StatusCode;
use serde_json::json;

#[tokio::test]
async fn an_act_that_is_sent_again_with_its_key_is_answered_and_not_done_again() {
    let house = TestServer::new(false);
    let cookie = house.signed_in().await;
    let act = |key: &str, name: &str| {
        let act = post("/api/rooms/main/acts", &json!({ "name": name }));
        with(with(act, "cookie", &cookie), "idempotency-key", key)
    };

    let first = send(house.api(), act("k1", "extend")).await;
    let again = send(house.page(), act("k1", "extend")).await;
    let other_key = send(house.api(), act("k2", "extend")).await;
    let other_act = send(house.api(), act("k1", "pause")).await;

    assert_eq!(again.json(), first.json());
    assert_eq!([first.status, other_key.status, other_act.status], [StatusCode::OK; 3]);
    assert_eq!(*house.asked.lock().unwrap(), ["act", "act", "act"]);
}

#[tokio::test]
async fn an_act_that_the_disk_refused_is_tried_anew_under_its_key() {
    let house = TestServer::new(false);
    let cookie = house.signed_in().await;
    let act = || {
        let act = post("/api/rooms/main/acts", &json!({ "name": UNSTORED }));
        with(with(act, "cookie", &cookie), "idempotency-key", "k1")
    };

    let first = send(house.api(), act()).await;
    let again = send(house.api(), act()).await;

    assert_eq!([first.problem(), again.problem()], ["unavailable"; 2]);
    assert_eq!(*house.asked.lock().unwrap(), ["refused"; 2], "not a remembered answer");
}

#[tokio::test]
async fn a_refusal_that_is_asked_for_again_is_told_in_the_language_of_each() {
    let house = TestServer::new(false);
    let cookie = house.signed_in().await;
    let wrong = |language: &str| {
        let act = post("/api/rooms/main/acts", &json!({ "nome": "x" }));
        let act = with(with(act, "cookie", &cookie), "idempotency-key", "k1");
        with(act, "accept-language", language)
    };

    let french = send(house.api(), wrong("fr")).await;
    let english = send(house.api(), wrong("en")).await;

    assert_eq!(french.problem(), "invalid");
    assert!(
        french.json()["detail"].as_str().unwrap().contains("champ inconnu `nome`"),
        "{}",
        french.json()
    );
    assert!(
        english.json()["detail"].as_str().unwrap().contains("unknown field `nome`"),
        "{}",
        english.json()
    );
}

#[tokio::test]
async fn a_page_that_is_not_there_is_a_page_in_two_languages() {
    let house = TestServer::new(false);

    let page = send(house.page(), with(get("/display/nope"), "accept", "text/html,*/*")).await;
    let document =
        send(house.page(), with(get("/display/nope"), "accept", "application/json")).await;
    let nowhere = send(house.page(), get("/nowhere?lang=fr")).await;

    assert_eq!(page.status, StatusCode::NOT_FOUND);
    let html = String::from_utf8(page.body.to_vec()).unwrap();
    assert!(html.contains("no room called &quot;nope&quot;"), "{html}");
    assert!(html.contains("pas de salle « nope »"), "{html}");
    assert_eq!(document.problem(), "unknown");
    assert!(!document.json().to_string().contains("RoomId"));
    assert!(String::from_utf8(nowhere.body.to_vec()).unwrap().contains("Introuvable"));
}

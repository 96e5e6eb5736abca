//! Tests of the routes that decide about slots' identities.

use super::server::{TestServer, get, post, send, with};
use crate::access::RefusalKind;
use crate::engine::read_model::{Counts, ReadModel, Slot};
use axum::http::StatusCode;
use eg_proto::{PairRequest, Presence, Secret, SlotId};
use serde_json::json;
use std::sync::Arc;

fn waits(house: &TestServer, slot: &str, secret: &Secret) {
    let slot: SlotId = slot.parse().unwrap();
    let request = PairRequest {
        v: 1,
        slot: slot.clone(),
        version: "0.2.0".to_owned(),
        machine: "pi-05".to_owned(),
        secret_sha256: secret.digest(),
        authority_sha256: None,
        mosquitto: None,
        boards: vec!["panel (gpio-buttons)".to_owned()],
    };
    house.context.access.pair(&slot, request);
}

#[tokio::test]
async fn a_slot_that_waits_is_listed_and_adopted_by_the_code_that_was_seen() {
    let house = TestServer::new(false);
    let cookie = house.signed_in().await;
    let ask = |path: &str, body: serde_json::Value| with(post(path, &body), "cookie", &cookie);
    let list = || with(get("/api/slots/pairing"), "cookie", &cookie);
    waits(&house, "slot-05", &Secret::from_random([5; 26]));

    let listed = send(house.api(), list()).await.json();
    let code = listed["waiting"][0]["code"].as_str().unwrap().to_owned();
    let wrong = ask("/api/slots/slot-05/adopt", json!({ "code": "AAA-AAA" }));
    let wrong = send(house.api(), wrong).await;
    let other = send(house.api(), ask("/api/slots/slot-06/adopt", json!({ "code": code }))).await;
    let adopted = send(house.api(), ask("/api/slots/slot-05/adopt", json!({ "code": code }))).await;
    let named = ask("/api/slots/slot-05/label", json!({ "label": " left table " }));
    let named = send(house.api(), named).await;

    assert_eq!((wrong.status, wrong.problem()), (StatusCode::CONFLICT, "conflict".to_owned()));
    assert_eq!(other.problem(), "unknown");
    assert_eq!([adopted.status, named.status], [StatusCode::OK; 2]);
    let listed = send(house.page(), list()).await.json();
    assert_eq!(listed["waiting"], json!([]));
    let one = &listed["adopted"][0];
    assert_eq!((&one["id"], &one["label"]), (&json!("slot-05"), &json!("left table")));
    assert_eq!((&one["machine"], &one["by"]), (&json!("pi-05"), &json!("operator")));
    assert!(one.get("sha256").is_none() && one.get("mosquitto").is_none());
    let revoked = send(house.api(), ask("/api/slots/slot-05/revoke", json!({}))).await;
    let again = send(house.api(), ask("/api/slots/slot-05/revoke", json!({}))).await;
    assert_eq!([revoked.status, again.status], [StatusCode::OK, StatusCode::NOT_FOUND]);
}

#[tokio::test]
async fn who_was_refused_is_listed_with_the_reason() {
    let house = TestServer::new(false);
    let cookie = house.signed_in().await;
    let address = [192, 168, 1, 66].into();
    let claim =
        crate::access::Claim { client: "slot-01", user: None, password: None, will: None, address };
    assert_eq!(house.context.access.admit(&claim), Err(RefusalKind::NoSecret));

    let listed = send(house.api(), with(get("/api/slots/pairing"), "cookie", &cookie)).await;

    let refused = &listed.json()["refused"][0];
    assert_eq!(refused["why"], "no_secret");
    assert_eq!(
        (&refused["client"], &refused["address"]),
        (&json!("slot-01"), &json!("192.168.1.66"))
    );
}

#[tokio::test]
async fn slots_are_listed_page_by_page() {
    let house = TestServer::new(false);
    let cookie = house.signed_in().await;
    let slot = |number: u32| {
        let id: SlotId = format!("slot-{number:02}").parse().unwrap();
        let slot = Slot {
            presence: Presence::Offline,
            last_seen: None,
            version: String::new(),
            boot: None,
            overall: None,
            clock: None,
            devices: Vec::new(),
            twin: None,
            sim: false,
            counts: Counts::default(),
            latency: None,
            agent: None,
        };
        (id, Arc::new(slot))
    };
    let slots = (1..=3).map(slot).collect();
    house.state.send_replace(Arc::new(ReadModel { slots, ..ReadModel::default() }));
    let ask = async |path: &str| send(house.api(), with(get(path), "cookie", &cookie)).await.json();

    let all = ask("/api/slots").await;
    let first = ask("/api/slots?limit=2").await;
    let rest = ask(first["next"].as_str().unwrap()).await;

    let ids = |page: &serde_json::Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap();
        items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(&all), ["slot-01", "slot-02", "slot-03"]);
    assert_eq!((ids(&first).len(), ids(&rest)), (2, vec!["slot-03".to_owned()]));
    assert_eq!([&all["next"], &rest["next"]], [&serde_json::Value::Null; 2]);
}

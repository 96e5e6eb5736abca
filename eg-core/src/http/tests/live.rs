//! Tests of the live stream: no entry is missed, and none comes twice.

use super::server::{TestServer, get, with};
use axum::Router;
use axum::body::{Body, BodyDataStream};
use axum::http::{Request, StatusCode};
use futures_util::StreamExt;
use serde_json::Value;
use tower::ServiceExt;

/// Reader of the stream.
struct Ear(BodyDataStream, String);

impl Ear {
    async fn on(router: Router, request: Request<Body>) -> Self {
        let response = router.oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        Self(response.into_body().into_data_stream(), String::new())
    }

    /// Reads the next event; returns its id, and the id inside of its data.
    async fn hear(&mut self) -> Option<(i64, i64)> {
        loop {
            if let Some((event, rest)) = self.1.split_once("\n\n") {
                let field = |name: &str| event.lines().find_map(|l| l.strip_prefix(name));
                let heard = field("id: ").zip(field("data: ")).map(|(id, data)| {
                    let data: Value = serde_json::from_str(data).unwrap();
                    (id.parse().unwrap(), data["id"].as_i64().unwrap())
                });
                self.1 = rest.to_owned();
                if heard.is_some() {
                    return heard;
                }
                continue;
            }
            let bytes = self.0.next().await?.unwrap();
            self.1.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }
}

#[tokio::test]
async fn goes_on_after_the_last_event_id_without_a_gap_or_a_double() {
    let mut house = TestServer::new(false);
    let cookie = house.signed_in().await;
    for number in 0..1_200 {
        house.happens(&format!("before {number}"));
    }

    let ask = with(with(get("/api/live"), "cookie", &cookie), "last-event-id", "3");
    let mut ear = Ear::on(house.api(), ask).await;
    let mut heard = vec![ear.hear().await.unwrap()];
    house.happens("while the journal is read");
    while heard.len() < 1_198 {
        heard.push(ear.hear().await.unwrap());
    }
    house.happens("after");
    heard.push(ear.hear().await.unwrap());

    let wanted: Vec<(i64, i64)> = (4..=1_202).map(|id| (id, id)).collect();
    assert_eq!(heard, wanted);
}

#[tokio::test]
async fn a_reader_who_falls_behind_the_channel_catches_up_from_the_journal() {
    let mut house = TestServer::new(false);
    let cookie = house.signed_in().await;
    let mut ear = Ear::on(house.api(), with(get("/api/live"), "cookie", &cookie)).await;
    // The channel of the test holds four: the reader cannot keep up with a burst.
    for number in 0..700 {
        house.happens(&format!("burst {number}"));
    }

    let mut heard = Vec::new();
    while heard.len() < 700 {
        heard.push(ear.hear().await.unwrap().0);
    }

    assert_eq!(heard, (1..=700).collect::<Vec<_>>());
}

#[tokio::test]
async fn ends_when_the_core_stops() {
    let house = TestServer::new(false);
    let cookie = house.signed_in().await;
    let mut api = Ear::on(house.api(), with(get("/api/live"), "cookie", &cookie)).await;
    let page = with(get("/live"), "cookie", &cookie);
    let mut page = house.page().oneshot(page).await.unwrap().into_body().into_data_stream();

    house.stop.send_replace(true);

    assert_eq!(api.hear().await, None);
    while page.next().await.is_some() {}
}

//! The page as a browser or a stranger meets it, over TCP.

use super::{PageOptions, ServedPage, serve};
use crate::config::{Overrides, Source, read_slot};
use crate::simulated_inputs::SimulatedInputs;
use crate::state::{Generation, SlotStatus};
use eg_hal::Moment;
use eg_hal::sim::Bench;
use eg_proto::Boot;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use tokio::task::spawn_blocking;

const SLOT: &str = "\
slot: slot-01
core: { host: 127.0.0.1 }
hal: sim
devices:
  panel: { driver: button-row, config: { inputs: [GPIO5] }, inputs: { a: { channel: 0 } } }
";

/// A page whose board nobody has opened yet.
async fn page() -> (ServedPage, SlotStatus) {
    let config = read_slot(Source::text("slot.yaml", SLOT), &Overrides::default());
    let config = Arc::new(config.unwrap_or_else(|problems| panic!("{problems}")));
    let status = SlotStatus::new(config.slot.clone(), Boot(ulid::Ulid(1)), true);
    let bench = Bench::virtual_time();
    let inputs = SimulatedInputs::new(Arc::clone(&config), bench, status.clone()).unwrap();
    let devices = config.devices.iter().map(|device| (device, Generation::default()));
    status.set_devices(devices, Moment(0));
    let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
    let hosts = vec!["slot.example.org".to_owned()];
    let options = PageOptions { inputs: Some(inputs), hosts, ..PageOptions::default() };
    (serve(nowhere, status.watch(), options).await.unwrap(), status)
}

/// Sends a request with these headers; returns the status and everything that was answered.
async fn ask(page: &ServedPage, request: &str, headers: &[&str]) -> (u16, String) {
    let (request, headers) = (request.to_owned(), headers.join("\r\n"));
    let address = page.address;
    let body = r#"{"down":true}"#;
    let answer = spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        let head = format!(
            "{request} HTTP/1.1\r\n{headers}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    });
    let answer = answer.await.unwrap();
    (answer[9..12].parse().unwrap(), answer)
}

const PRESS: &str = "POST /poke/panel/a";
const HOST: &str = "host: 192.168.1.30:5173";

#[tokio::test]
async fn a_press_before_the_board_is_open_is_refused_with_the_reason() {
    let (page, status) = page().await;

    let (refused, why) = ask(&page, PRESS, &[HOST, "accept-language: en"]).await;
    status.update(|state| {
        state.devices[0].error = None;
        true
    });
    let (taken, _) = ask(&page, PRESS, &[HOST]).await;

    assert_eq!((refused, taken), (503, 204));
    assert!(why.contains("panel is not open yet"), "{why}");
    page.stop().await;
}

#[tokio::test]
async fn a_press_while_the_slot_stops_is_refused_with_the_reason() {
    let (page, status) = page().await;
    status.update(|state| {
        (state.devices[0].error, state.stopping) = (None, true);
        true
    });

    let (refused, why) = ask(&page, PRESS, &[HOST, "accept-language: fr"]).await;

    assert_eq!(refused, 503);
    assert!(why.contains("s’arrête"), "{why}");
    page.stop().await;
}

#[tokio::test]
async fn a_name_of_the_internet_that_was_made_to_point_here_is_turned_away() {
    let (page, _status) = page().await;

    for host in ["evil.example", "evil.example:5173", "192.168.1.30.evil.example"] {
        let (read, _) = ask(&page, "GET /", &[&format!("host: {host}")]).await;
        let (pressed, _) = ask(&page, PRESS, &[&format!("host: {host}")]).await;
        assert_eq!((read, pressed), (421, 421), "{host}");
    }
    for host in
        ["192.168.1.30:5173", "[fe80::1]:5173", "localhost", "slot-01.local", "Slot.example.org"]
    {
        let (read, _) = ask(&page, "GET /", &[&format!("host: {host}")]).await;
        assert_eq!(read, 200, "{host}");
    }
    page.stop().await;
}

#[tokio::test]
async fn a_page_of_another_site_changes_nothing() {
    let (page, status) = page().await;
    status.update(|state| {
        state.devices[0].error = None;
        true
    });

    for request in [PRESS, "POST /reload", "POST /fault"] {
        for origin in ["http://evil.example", "http://192.168.1.30:3000", "null"] {
            let origin = format!("origin: {origin}");
            let (refused, _) = ask(&page, request, &[HOST, &origin]).await;
            assert_eq!(refused, 403, "{request} {origin}");
        }
        let (refused, _) = ask(&page, request, &[HOST, "sec-fetch-site: cross-site"]).await;
        assert_eq!(refused, 403, "{request}");
    }
    let (own, _) = ask(&page, PRESS, &[HOST, "origin: http://192.168.1.30:5173"]).await;
    assert_eq!(own, 204);
    page.stop().await;
}

#[tokio::test]
async fn nothing_on_the_page_is_inline_and_the_policy_says_so() {
    let (page, _status) = page().await;

    let (_, answer) = ask(&page, "GET /", &[HOST]).await;

    let (head, document) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("content-security-policy: default-src 'self';"), "{head}");
    assert!(!head.contains("unsafe-inline"), "{head}");
    assert!(!document.contains("<style") && !document.contains(" style="), "{document}");
    assert!(!document.contains(" onclick=") && !document.contains("<script>"), "{document}");
    page.stop().await;
}

#[tokio::test]
async fn hundreds_of_silent_connections_keep_nobody_out() {
    let (page, _status) = page().await;
    let address = page.address;

    let silent = spawn_blocking(move || {
        let streams = (0..300).map(|_| TcpStream::connect(address).unwrap());
        streams.collect::<Vec<_>>()
    });
    let silent = silent.await.unwrap();
    let (read, _) = ask(&page, "GET /", &[HOST]).await;
    let surplus = spawn_blocking(move || {
        // The oldest has been closed by then.
        (&silent[0]).read(&mut [0]).map_or(0, |count| count)
    });

    assert_eq!((read, surplus.await.unwrap()), (200, 0));
    page.stop().await;
}

#[tokio::test]
async fn a_page_that_nobody_asked_for_ends_at_once_and_holds_its_port_until_then() {
    let (first, status) = page().await;

    let second = serve(first.address, status.watch(), PageOptions::default()).await;
    let why = second.err().map(|error| error.to_string()).unwrap_or_default();
    first.stop().await;

    assert!(why.contains("cannot listen on") && why.contains("--page-port"), "{why}");
}

//! Tests of a core with a certificate, as machines reach it in clear and under TLS.

use super::server::{TestServer, get, post, send, with};
use crate::clock::{Clock as _, SteadyClock};
use crate::http::client::Scheme;
use crate::tls::{CA_FILE, CERT_FILE, KEY_FILE, RoomFiles, ServerTls, TlsFiles};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use serde_json::json;
use std::net::SocketAddr;

fn server(compat: bool) -> TestServer {
    let folder = tempfile::tempdir().unwrap();
    let room = RoomFiles::new(folder.path());
    room.make(&[], SteadyClock::default().now()).unwrap();
    let ca = Some(room.file(CA_FILE));
    let files = TlsFiles { cert: room.file(CERT_FILE), key: room.file(KEY_FILE), ca };
    let mut server = TestServer::new(compat);
    server.context.tls = Some(ServerTls::load(&files).unwrap());
    server
}

fn from(mut request: Request<Body>, peer: &str, scheme: Scheme) -> Request<Body> {
    let peer: SocketAddr = peer.parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    request.extensions_mut().insert(scheme);
    request
}

const ELSEWHERE: &str = "192.168.1.9:50000";

#[tokio::test]
async fn a_browser_in_clear_is_told_where_to_go_and_given_the_authority() {
    let server = server(false);
    let ask = |path| from(with(get(path), "accept", "text/html"), ELSEWHERE, Scheme::Http);

    let page = send(server.page(), ask("/display/main")).await;
    let authority = send(server.page(), ask("/ca.crt")).await;

    assert_eq!(page.status, StatusCode::UPGRADE_REQUIRED);
    let text = String::from_utf8(page.body.to_vec()).unwrap();
    assert!(text.contains("https://192.168.1.27:8000/display/main"), "{text}");
    assert!(text.contains("Cette salle parle en TLS") && text.contains("speaks under TLS"));
    assert_eq!(authority.status, StatusCode::OK);
    assert!(authority.body.starts_with(b"-----BEGIN CERTIFICATE-----"));
}

#[tokio::test]
async fn no_password_is_taken_in_clear_from_another_machine() {
    let server = server(false);
    let login = || post("/api/login", &json!({ "password": super::server::PASSWORD }));

    let clear = send(server.api(), from(login(), ELSEWHERE, Scheme::Http)).await;
    let secure = send(server.api(), from(login(), ELSEWHERE, Scheme::Https)).await;
    let here = send(server.api(), from(login(), "127.0.0.1:50000", Scheme::Http)).await;

    assert_eq!(
        (clear.status, clear.problem().as_str()),
        (StatusCode::UPGRADE_REQUIRED, "in-clear")
    );
    assert!(!clear.headers.contains_key(header::SET_COOKIE));
    assert_eq!((secure.status, here.status), (StatusCode::NO_CONTENT, StatusCode::NO_CONTENT));
}

#[tokio::test]
async fn machines_of_an_older_installation_use_their_routes_in_clear_and_no_others() {
    let server = server(true);

    let old = send(server.api(), from(get("/api/payouts"), ELSEWHERE, Scheme::Http)).await;
    let new = send(server.api(), from(get("/api/rooms"), ELSEWHERE, Scheme::Http)).await;

    assert_eq!((old.status, new.status), (StatusCode::OK, StatusCode::UPGRADE_REQUIRED));
}

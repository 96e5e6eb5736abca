//! Tests of a whole core under TLS: slots, pages by WebSocket, the API and the operator page.

use eg_core::clock::{Clock as _, SteadyClock};
use eg_core::config::{CoreConfig, Environment};
use eg_core::server::Server;
use eg_core::tls::RoomFiles;
use eg_mqtt::{Authority, Credentials, Notice, Options, Trust, connect};
use eg_proto::{Secret, SlotId};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::net::SocketAddr;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

struct House {
    server: Server,
    authority: Authority,
    _folder: TempDir,
}

fn open() -> House {
    let folder = tempfile::tempdir().unwrap();
    let room = RoomFiles::new(folder.path().join("tls"));
    room.make(&[], SteadyClock::default().now()).unwrap();
    let yaml = "ports: { mqtt: 0, websocket: 0, api: 0, page: 0 }\n\
                tls: { cert: tls/core.crt, key: tls/core.key, ca: tls/ca.crt }\n";
    let file = folder.path().join("core.yaml");
    let source = eg_config::Source::text(file.display().to_string(), yaml);
    let mut config = CoreConfig::from_source(&source, &Environment::default()).unwrap();
    config.db = folder.path().join("eg.db");
    let server = Server::open(&config, Arc::new(SteadyClock::default())).unwrap();
    House { server, authority: room.authority().unwrap(), _folder: folder }
}

/// Sends a request under TLS, as a browser that has taken the room's authority, and returns the first line of the answer.
async fn first_line(house: &House, to: SocketAddr, request: &str) -> String {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(house.authority.der()).into_owned()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(to).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
    let mut stream = BufReader::new(stream);
    stream.write_all(request.as_bytes()).await.unwrap();
    stream.flush().await.unwrap();
    let mut line = String::new();
    stream.read_line(&mut line).await.unwrap();
    line.trim_end().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_port_speaks_tls_by_the_room_s_own_authority() {
    let house = open();
    let at = house.server.addresses();

    let api = first_line(&house, at.api, "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    let page = first_line(&house, at.page, "GET /login HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    let upgrade = "GET /mqtt HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
        Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n";
    let websocket = first_line(&house, at.websocket.unwrap(), upgrade).await;

    assert_eq!((api.as_str(), page.as_str()), ("HTTP/1.1 200 OK", "HTTP/1.1 200 OK"));
    assert_eq!(websocket, "HTTP/1.1 101 Switching Protocols");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slot_reaches_the_broker_under_tls() {
    let house = open();
    let secret = Secret::from_random([7; 26]);
    let slot: SlotId = "slot-01".parse().unwrap();
    let access = house.server.core().access();
    access.enlist(&slot, secret.digest(), None, "pi", "operator").unwrap();
    let mut options = Options::new("localhost", house.server.addresses().mqtt.port, "slot-01");
    let password = secret.expose().to_owned();
    options.credentials = Some(Credentials { user: slot.to_string(), password });
    options.tls = Some(Trust::pinned(house.authority.clone()));

    let (_client, mut incoming) = connect(options, []).unwrap();

    let notice = incoming.next().await.unwrap();
    assert!(matches!(notice, Notice::Connected { .. }), "{notice:?}");
}

#[test]
fn a_missing_certificate_is_told_at_its_line_with_the_command_that_makes_it() {
    let source = eg_config::Source::text("core.yaml", "tls:\n  cert: a.crt\n  key: a.key\n");

    let problems = CoreConfig::from_source(&source, &Environment::default()).unwrap_err();

    let told = problems.to_string();
    assert!(told.contains("2:9") || told.contains("core.yaml:2"), "{told}");
    assert!(told.contains("a.crt") && told.contains("eg-core cert"), "{told}");
}

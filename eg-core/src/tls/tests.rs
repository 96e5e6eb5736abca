//! Tests of the handshake between a slot's client and the core.

use super::{CA_FILE, CERT_FILE, KEY_FILE, PendingStream, PortTls, RoomFiles, ServerTls, TlsFiles};
use crate::clock::{Clock as _, SteadyClock};
use eg_mqtt::{
    Authority, DisconnectError, Incoming, Notice, Options, SharedAuthority, Trust, connect,
};
use std::net::SocketAddr;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Certificate of a room, and the server's side of it.
fn room() -> (TempDir, RoomFiles, ServerTls) {
    let folder = tempfile::tempdir().unwrap();
    let room = RoomFiles::new(folder.path());
    room.make(&[], SteadyClock::default().now()).unwrap();
    let files = TlsFiles {
        cert: room.file(CERT_FILE),
        key: room.file(KEY_FILE),
        ca: Some(room.file(CA_FILE)),
    };
    let tls = ServerTls::load(&files).unwrap();
    (folder, room, tls)
}

/// Broker that accepts every client, whatever it says.
async fn broker(listener: TcpListener, tls: ServerTls) {
    let tls = PortTls { server: tls, clear: true };
    while let Ok((stream, peer)) = listener.accept().await {
        tokio::spawn(accepting(PendingStream::new(stream, peer.ip(), Some(&tls))));
    }
}

async fn accepting(mut stream: PendingStream<TcpStream>) {
    let mut connect = [0; 256];
    if stream.read(&mut connect).await.is_ok_and(|length| length > 0) {
        stream.write_all(&[0x20, 2, 0, 0]).await.unwrap();
        stream.flush().await.unwrap();
        // Until the client goes.
        while stream.read(&mut connect).await.is_ok_and(|length| length > 0) {}
    }
}

async fn start(tls: ServerTls) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(broker(listener, tls));
    address
}

async fn first_word(address: SocketAddr, trust: Option<Trust>) -> (eg_mqtt::Client, Notice) {
    let mut options = Options::new("127.0.0.1", address.port(), "slot-01");
    options.tls = trust;
    let (client, mut incoming): (_, Incoming) = connect(options, []).unwrap();
    let notice = incoming.next().await.unwrap();
    (client, notice)
}

#[tokio::test]
async fn a_slot_that_pinned_the_authority_connects_and_one_of_another_room_is_told_why_not() {
    let (_folder, files, tls) = room();
    let (_elsewhere, strange, _) = room();
    let address = start(tls).await;

    let (_client, ours) =
        first_word(address, Some(Trust::pinned(files.authority().unwrap()))).await;
    let (_client, theirs) =
        first_word(address, Some(Trust::pinned(strange.authority().unwrap()))).await;

    assert!(matches!(ours, Notice::Connected { .. }), "{ours:?}");
    let Notice::Lost { error: DisconnectError::Tls(error), .. } = theirs else {
        panic!("{theirs:?}")
    };
    assert!(error.to_string().contains("not of the authority that is pinned"), "{error}");
}

#[tokio::test]
async fn at_the_first_use_the_authority_is_seen_and_can_be_pinned() {
    let (_folder, files, tls) = room();
    let address = start(tls.clone()).await;
    let seen = SharedAuthority::default();

    let (_client, notice) = first_word(address, Some(Trust::FirstUse(seen.clone()))).await;

    assert!(matches!(notice, Notice::Connected { .. }), "{notice:?}");
    let authority = seen.get().unwrap();
    assert_eq!(Some(&authority), tls.authority());
    let kept = Authority::from_pem(authority.to_pem().as_bytes()).unwrap();
    assert_eq!(kept, files.authority().unwrap());
}

#[tokio::test]
async fn one_port_serves_clients_in_clear_too() {
    let (_folder, _files, tls) = room();
    let address = start(tls).await;

    let (_client, notice) = first_word(address, None).await;

    assert!(matches!(notice, Notice::Connected { .. }), "{notice:?}");
}

#[tokio::test]
async fn a_core_in_clear_is_named_to_a_slot_that_wants_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (_folder, files, _tls) = room();
    tokio::spawn(async move {
        let (mut stream, _): (TcpStream, _) = listener.accept().await.unwrap();
        stream.write_all(&[0x20, 2, 0, 1]).await.unwrap();
        let mut rest = Vec::new();
        drop(stream.read_to_end(&mut rest).await);
    });

    let trust = Trust::pinned(files.authority().unwrap());
    let (_client, notice) = first_word(address, Some(trust)).await;

    let Notice::Lost { error: DisconnectError::Tls(error), .. } = notice else {
        panic!("{notice:?}")
    };
    assert!(error.to_string().contains("does the core speak TLS"), "{error}");
}

#[test]
fn a_file_that_is_missing_or_not_the_pair_is_named() {
    let (_folder, files, _tls) = room();
    let (_other, others, _) = room();
    let named = |key| TlsFiles { cert: files.file(CERT_FILE), key, ca: None };

    let missing = ServerTls::load(&named(files.file("nothing.key"))).unwrap_err().to_string();
    let stranger = ServerTls::load(&named(others.file(KEY_FILE))).unwrap_err().to_string();
    let no_key = ServerTls::load(&named(files.file(CERT_FILE))).unwrap_err().to_string();

    assert!(missing.contains("nothing.key") && missing.contains("eg-core cert"), "{missing}");
    assert!(stranger.contains("cannot be used together"), "{stranger}");
    assert!(no_key.contains("no key in PEM"), "{no_key}");
}

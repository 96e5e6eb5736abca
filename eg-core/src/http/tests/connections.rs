//! Connections of both ports, over TCP: guests take what is theirs, and an operator always gets in.

use super::server::TestServer;
use crate::engine::read_model::{ReadModel, Room};
use crate::http::listen::{bind, serve};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

/// Core without games and broker, on ports of its own.
struct Ports {
    server: TestServer,
    page: SocketAddr,
    serving: JoinHandle<()>,
}

impl Ports {
    fn open() -> Self {
        let server = TestServer::new(false);
        let (slots, game) = (Vec::new(), "night-vote".to_owned());
        let room = Room { slots, game, ..Room::default() };
        let rooms = [("main".parse().unwrap(), room)].into();
        server.state.send_replace(Arc::new(ReadModel { rooms, ..ReadModel::default() }));
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let (api, page) = (bind("the API", any).unwrap(), bind("the page", any).unwrap());
        let address = page.local_addr().unwrap();
        let context = server.context.clone();
        let serving = tokio::spawn(async move { serve(api, page, context).await.unwrap() });
        Self { server, page: address, serving }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.page).await.unwrap()
    }

    async fn close(self) {
        self.server.stop.send_replace(true);
        self.serving.await.unwrap();
    }
}

/// Sends a request over a connection that stays open; returns the status of the answer, 0 if there is none. An answer
/// with a length is read to its end.
async fn ask(stream: &mut TcpStream, path: &str, cookie: &str) -> u16 {
    let request = format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: {cookie}\r\n\r\n");
    if stream.write_all(request.as_bytes()).await.is_err() {
        return 0;
    }
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = stream.read_u8().await else { return 0 };
        head.push(byte);
    }
    let head = String::from_utf8(head).unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    let read = stream.read_exact(&mut vec![0; length.unwrap_or(0)]).await;
    if read.is_ok() { head[9..12].parse().unwrap() } else { 0 }
}

#[tokio::test]
async fn displays_that_a_guest_opens_keep_no_operator_out() {
    let ports = Ports::open();
    let cookie = ports.server.signed_in().await;

    let mut displays = Vec::new();
    for _ in 0..256 {
        let mut stream = ports.connect().await;
        displays.push((ask(&mut stream, "/display/main/live", "").await, stream));
    }
    let operator = ask(&mut ports.connect().await, "/", &cookie).await;
    let own_display = ask(&mut ports.connect().await, "/display/main/live", &cookie).await;

    let open = displays.iter().filter(|(status, _)| *status == 200).count();
    let refused = displays.iter().filter(|(status, _)| *status == 503).count();
    assert_eq!((open, refused), (16, 240), "as many as one address may have");
    assert_eq!((operator, own_display), (200, 200));
    ports.close().await;
}

#[tokio::test]
async fn silent_connections_keep_no_operator_out_and_push_none_out() {
    let ports = Ports::open();
    let cookie = ports.server.signed_in().await;
    let mut early = ports.connect().await;
    assert_eq!(ask(&mut early, "/", &cookie).await, 200);

    let mut silent = Vec::new();
    for _ in 0..300 {
        silent.push(ports.connect().await);
    }
    let late = ask(&mut ports.connect().await, "/", &cookie).await;
    let mut first = silent.swap_remove(0);

    assert_eq!(late, 200);
    assert_eq!(first.read(&mut [0]).await.unwrap_or(0), 0, "the oldest made room");
    assert_ne!(ask(&mut early, "/", &cookie).await, 0, "who is signed in stays");
    ports.close().await;
}

#[tokio::test]
async fn a_display_that_is_closed_frees_its_seat() {
    let ports = Ports::open();
    let mut displays = Vec::new();
    for _ in 0..16 {
        let mut stream = ports.connect().await;
        assert_eq!(ask(&mut stream, "/display/main/live", "").await, 200);
        displays.push(stream);
    }
    let before = ask(&mut ports.connect().await, "/display/main/live", "").await;

    drop(displays);
    let freed = async {
        // The server learns of each when it writes to it the next time.
        while ask(&mut ports.connect().await, "/display/main/live", "").await != 200 {
            tokio::task::yield_now().await;
        }
    };
    let after = tokio::time::timeout(std::time::Duration::from_secs(45), freed).await;

    assert_eq!((before, after.is_ok()), (503, true));
    ports.close().await;
}

//! Limit on HTTP connections, so that nobody takes the file descriptors of the journal and the broker, or the place of an
//! operator.
//!
//! A connection is a visitor's until a request over it shows who it is: visitors are bounded, and the oldest makes room
//! for the next, so that a newcomer always gets in. The connections of who is signed in stay, and so do streams of
//! displays, which have [seats](super::display_seats) of their own.

use super::caller::Caller;
use super::client::Scheme;
use crate::tls::{ServerStream, ServerTls};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use axum_server::accept::Accept;
use eg_page::{Door, Guest, HalfOpen, Pass};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_util::either::Either;
use tower_http::add_extension::AddExtension;

/// Longest time for a client to send its request's head; a slower one is disconnected.
pub(super) const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// Largest number of connections of one port at a time. A page holds one or two.
const CONNECTIONS: usize = 512;
/// Largest number of them that nobody has signed in over, displays left aside.
const VISITORS: usize = 128;

/// Accepts connections while there are free places; the oldest visitor makes room for a new one.
#[derive(Clone, Debug)]
pub(super) struct ConnectionLimit {
    door: Door,
    tls: Option<ServerTls>,
}

impl ConnectionLimit {
    /// Creates the limit of one port, under TLS if there is a certificate.
    pub(super) fn new(tls: Option<ServerTls>) -> Self {
        let seats = Arc::new(Semaphore::new(CONNECTIONS));
        Self { door: Door::new(seats, HalfOpen::new(VISITORS), None), tls }
    }
}

impl<S: Send + 'static> Accept<TcpStream, S> for ConnectionLimit {
    type Stream = BufReader<ServerStream<Guest>>;
    /// Service of one connection, whose requests carry its pass and its scheme.
    type Service = AddExtension<AddExtension<S, Pass>, Scheme>;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let admitted = stream.peer_addr().map(|peer| self.door.admit(stream, peer));
        let tls = self.tls.clone();
        Box::pin(async move {
            let Some((guest, pass)) = admitted? else {
                return Err(io::ErrorKind::ConnectionRefused.into());
            };
            let stream = timeout(HEAD_TIMEOUT, speaks_http_1(guest, tls)).await??;
            let scheme = match stream.get_ref() {
                Either::Left(_) => Scheme::Http,
                Either::Right(_) => Scheme::Https,
            };
            Ok((stream, AddExtension::new(AddExtension::new(service, pass), scheme)))
        })
    }
}

/// Runs the handshake, if there is one, and waits for the first bytes. The server would wait without end to find out
/// whether they begin HTTP/2 (`PRI * HTTP/2.0`, RFC 9113 section 3.4): a client that begins so is disconnected here.
async fn speaks_http_1(
    guest: Guest,
    tls: Option<ServerTls>,
) -> io::Result<BufReader<ServerStream<Guest>>> {
    let stream = match tls {
        None => Either::Left(guest),
        Some(tls) => tls.accept(guest).await?,
    };
    let mut stream = BufReader::new(stream);
    let start = stream.fill_buf().await?;
    match b"PRI".starts_with(&start[..start.len().min(3)]) {
        true => Err(io::ErrorKind::InvalidData.into()),
        false => Ok(stream),
    }
}

/// Lets the connection of a request stay whose sender is signed in.
pub(super) async fn keep(request: Request, next: Next) -> Response {
    let extensions = request.extensions();
    let signed_in = extensions.get::<Caller>().is_some_and(|caller| caller.identity().is_some());
    if let Some(pass) = extensions.get::<Pass>().filter(|_| signed_in) {
        pass.entered();
    }
    next.run(request).await
}

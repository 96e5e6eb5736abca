//! Limit on HTTP connections, so that nobody takes the file descriptors of the journal and the broker.

use super::scheme::Scheme;
use crate::tls::{ServerStream, ServerTls};
use axum_server::accept::Accept;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_util::either::Either;
use tower_http::add_extension::AddExtension;

/// Longest time for a client to send its request's head; a slower one is disconnected.
pub(super) const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// Permit of one connection, which every request over it carries.
pub(crate) type ConnectionPermit = Arc<OwnedSemaphorePermit>;

/// Accepts connections while there are free places, and closes the others at once.
#[derive(Clone, Debug)]
pub(super) struct ConnectionLimit {
    seats: Arc<Semaphore>,
    tls: Option<ServerTls>,
}

impl ConnectionLimit {
    pub(super) fn new(seats: usize, tls: Option<ServerTls>) -> Self {
        Self { seats: Arc::new(Semaphore::new(seats)), tls }
    }
}

impl<S: Send + 'static> Accept<TcpStream, S> for ConnectionLimit {
    type Stream = BufReader<ServerStream>;
    /// Service of one connection, which keeps its place for as long as it lives, and tells its scheme.
    type Service = AddExtension<AddExtension<S, ConnectionPermit>, Scheme>;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let seat = Arc::clone(&self.seats).try_acquire_owned();
        let tls = self.tls.clone();
        Box::pin(async move {
            let Ok(seat) = seat else {
                tracing::debug!("all seats for HTTP are taken");
                return Err(io::ErrorKind::ConnectionRefused.into());
            };
            stream.set_nodelay(true)?;
            let stream = timeout(HEAD_TIMEOUT, speaks_http_1(stream, tls)).await??;
            let scheme = match stream.get_ref() {
                Either::Left(_) => Scheme::Http,
                Either::Right(_) => Scheme::Https,
            };
            let service = AddExtension::new(service, Arc::new(seat));
            Ok((stream, AddExtension::new(service, scheme)))
        })
    }
}

/// Runs the handshake, if there is one, and waits for the first bytes. The server would wait without end to find out
/// whether they begin HTTP/2 (`PRI * HTTP/2.0`, RFC 9113 section 3.4): a client that begins so is disconnected here.
async fn speaks_http_1(
    stream: TcpStream,
    tls: Option<ServerTls>,
) -> io::Result<BufReader<ServerStream>> {
    let stream = match tls {
        None => Either::Left(stream),
        Some(tls) => tls.accept(stream).await?,
    };
    let mut stream = BufReader::new(stream);
    let start = stream.fill_buf().await?;
    // HTTP/1.1's methods that begin like it have another letter after `P`.
    match b"PRI".starts_with(&start[..start.len().min(3)]) {
        true => Err(io::ErrorKind::InvalidData.into()),
        false => Ok(stream),
    }
}

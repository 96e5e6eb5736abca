//! Limit on HTTP connections, so that nobody takes the file descriptors of the journal and the broker.

use axum_server::accept::Accept;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tower_http::add_extension::AddExtension;

/// Longest time for a client to send its request's head; a slower one is disconnected.
pub(super) const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// Permit of one connection, which every request over it carries.
pub(crate) type ConnectionPermit = Arc<OwnedSemaphorePermit>;

/// Accepts connections while there are free places, and closes the others at once.
#[derive(Clone, Debug)]
pub(super) struct ConnectionLimit(Arc<Semaphore>);

impl ConnectionLimit {
    pub(super) fn new(seats: usize) -> Self {
        Self(Arc::new(Semaphore::new(seats)))
    }
}

impl<S: Send + 'static> Accept<TcpStream, S> for ConnectionLimit {
    type Stream = TcpStream;
    /// Service of one connection, which keeps its place for as long as it lives.
    type Service = AddExtension<S, ConnectionPermit>;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let seat = Arc::clone(&self.0).try_acquire_owned();
        Box::pin(async move {
            let Ok(seat) = seat else {
                tracing::debug!("all seats for HTTP are taken");
                return Err(io::ErrorKind::ConnectionRefused.into());
            };
            stream.set_nodelay(true)?;
            speaks_http_1(&stream).await?;
            Ok((stream, AddExtension::new(service, Arc::new(seat))))
        })
    }
}

/// Waits for the first bytes. The server would wait without end to find out whether they begin HTTP/2 (`PRI *
/// HTTP/2.0`, RFC 9113 section 3.4): a client that begins so, or sends nothing, is disconnected here.
async fn speaks_http_1(stream: &TcpStream) -> io::Result<()> {
    let mut start = [0; 3];
    let read = timeout(HEAD_TIMEOUT, stream.peek(&mut start)).await??;
    match b"PRI".starts_with(&start[..read]) {
        true => Err(io::ErrorKind::InvalidData.into()),
        false => Ok(()),
    }
}

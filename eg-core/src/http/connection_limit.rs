//! So many HTTP connections at a time, so that nobody takes the file descriptors of the journal and the broker.

use axum_server::accept::Accept;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tower_http::add_extension::AddExtension;

/// A client that takes longer to send its request's head, or sends none, is let go.
pub(super) const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// One connection's seat, which every request that comes over it carries.
pub(crate) type ConnectionPermit = Arc<OwnedSemaphorePermit>;

/// Takes connections while there are seats, and closes the others at once.
#[derive(Clone, Debug)]
pub(super) struct ConnectionLimit(Arc<Semaphore>);

impl ConnectionLimit {
    pub(super) fn new(seats: usize) -> Self {
        Self(Arc::new(Semaphore::new(seats)))
    }
}

impl<S: Send + 'static> Accept<TcpStream, S> for ConnectionLimit {
    type Stream = TcpStream;
    /// The connection's own service, which keeps its seat for as long as it lives.
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

/// Waits for the first word. The server looks whether it begins HTTP/2 (`PRI * HTTP/2.0`, RFC 9113 section 3.4) for as
/// long as that may be, without end: who begins so, or says nothing, is let go here.
async fn speaks_http_1(stream: &TcpStream) -> io::Result<()> {
    let mut start = [0; 3];
    let read = timeout(HEAD_TIMEOUT, stream.peek(&mut start)).await??;
    match b"PRI".starts_with(&start[..read]) {
        true => Err(io::ErrorKind::InvalidData.into()),
        false => Ok(()),
    }
}

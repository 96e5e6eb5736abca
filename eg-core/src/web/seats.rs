//! So many HTTP connections at a time, so that nobody takes the file descriptors of the journal and the broker.

use axum_server::accept::Accept;
use std::future::{Ready, ready};
use std::io;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower_http::add_extension::AddExtension;

/// Takes connections while there are seats, and closes the others at once.
#[derive(Clone, Debug)]
pub(super) struct Seats(Arc<Semaphore>);

impl Seats {
    pub(super) fn new(seats: usize) -> Self {
        Self(Arc::new(Semaphore::new(seats)))
    }
}

impl<S> Accept<TcpStream, S> for Seats {
    type Stream = TcpStream;
    /// The connection's own service, which keeps its seat for as long as it lives.
    type Service = AddExtension<S, Arc<OwnedSemaphorePermit>>;
    type Future = Ready<io::Result<(Self::Stream, Self::Service)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let Ok(seat) = Arc::clone(&self.0).try_acquire_owned() else {
            tracing::debug!("all seats for HTTP are taken");
            return ready(Err(io::ErrorKind::ConnectionRefused.into()));
        };
        let nodelay = stream.set_nodelay(true);
        ready(nodelay.and(Ok((stream, AddExtension::new(service, Arc::new(seat))))))
    }
}

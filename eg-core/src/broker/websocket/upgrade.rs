//! TCP connections to the WebSocket port: a bounded number, with a bounded time to become a WebSocket.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};

use crate::broker::half_open::{HANDSHAKE_TIMEOUT, HalfOpen};
use crate::tls::{PendingStream, ServerTls};

/// Pause after a failed accept: the process is out of file descriptors.
const BREATH: Duration = Duration::from_millis(50);

/// Accepts connections while there are free places.
pub(super) struct Door {
    listener: TcpListener,
    seats: Arc<Semaphore>,
    half_open: HalfOpen,
    tls: Option<ServerTls>,
}

impl Door {
    pub(super) fn new(
        listener: TcpListener,
        seats: Arc<Semaphore>,
        half_open: HalfOpen,
        tls: Option<ServerTls>,
    ) -> Self {
        Self { listener, seats, half_open, tls }
    }

    fn admit(&self, stream: TcpStream, peer: SocketAddr) -> Option<(Guest, Pass)> {
        let Ok(seat) = Arc::clone(&self.seats).try_acquire_owned() else {
            tracing::warn!(%peer, "the WebSocket listener is full");
            return None;
        };
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%peer, %error, "small packets to this client may be late");
        }
        let mut place = self.half_open.enter();
        let deadline: Deadline = Box::pin(async move {
            let displaced = timeout(HANDSHAKE_TIMEOUT, place.displaced()).await;
            if displaced.is_err() {
                tracing::debug!("a connection did not become a WebSocket in time");
            }
        });
        let deadline = Arc::new(Mutex::new(Some(deadline)));
        let pass = Pass { peer, deadline: Arc::clone(&deadline) };
        let stream = PendingStream::new(stream, self.tls.as_ref());
        Some((Guest { stream, deadline, _seat: seat }, pass))
    }
}

impl Listener for Door {
    type Io = Guest;
    type Addr = Pass;

    async fn accept(&mut self) -> (Guest, Pass) {
        loop {
            match self.listener.accept().await {
                Ok((stream, peer)) => {
                    if let Some(admitted) = self.admit(stream, peer) {
                        return admitted;
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "the WebSocket listener cannot accept a connection");
                    sleep(BREATH).await;
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<Pass> {
        let peer = self.listener.local_addr()?;
        Ok(Pass { peer, deadline: Arc::default() })
    }
}

type Deadline = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Connection of a request: the peer's address, and the deadline for the upgrade.
#[derive(Clone)]
pub(super) struct Pass {
    peer: SocketAddr,
    deadline: Arc<Mutex<Option<Deadline>>>,
}

impl Pass {
    pub(super) fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// Marks the connection as upgraded: it may stay, and frees its half-open place.
    pub(super) fn entered(&self) {
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl fmt::Debug for Pass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pass").field(&self.peer).finish()
    }
}

impl Connected<IncomingStream<'_, Door>> for Pass {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Self {
        stream.remote_addr().clone()
    }
}

/// TCP connection that fails to read once its deadline has passed.
pub(super) struct Guest {
    stream: PendingStream,
    deadline: Arc<Mutex<Option<Deadline>>>,
    _seat: OwnedSemaphorePermit,
}

impl Guest {
    fn overdue(&self, context: &mut Context<'_>) -> bool {
        let mut deadline = self.deadline.lock().unwrap_or_else(PoisonError::into_inner);
        deadline.as_mut().is_some_and(|deadline| deadline.as_mut().poll(context).is_ready())
    }
}

impl AsyncRead for Guest {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.overdue(context) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Guest {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

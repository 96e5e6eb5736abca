//! Door before a TCP server: bounded connections, of which those that have not shown who they are make room for newer
//! ones, and those that take nothing are let go.

use std::fmt;
use std::future::poll_fn;
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

use crate::{HalfOpen, Stall, complain};

/// Pause after a failed accept: the process is out of file descriptors.
const BREATH: Duration = Duration::from_millis(50);
/// Longest wait of a listener for connections that make room and have not closed yet.
const CLOSING: Duration = Duration::from_secs(1);

/// Door before a TCP server. Clones share its places.
#[derive(Clone, Debug)]
pub struct Door {
    seats: Arc<Semaphore>,
    half_open: HalfOpen,
    within: Option<Duration>,
}

impl Door {
    /// Creates a door for as many connections as there are `seats`, of which `half_open` bounds those that are not
    /// [`entered`](Pass::entered), and `within` the time that each may take for it.
    pub fn new(seats: Arc<Semaphore>, half_open: HalfOpen, within: Option<Duration>) -> Self {
        Self { seats, half_open, within }
    }

    /// Waits while every seat is taken, for a second at most: connections that came together displace each other sooner than
    /// they close.
    async fn clears(&self) {
        if self.seats.available_permits() == 0 {
            // Nobody closes this semaphore; when time is over, the next connection is turned away.
            drop(timeout(CLOSING, self.seats.acquire()).await);
        }
    }

    /// Lets a connection in; `None` if every seat is taken.
    pub fn admit(&self, stream: TcpStream, peer: SocketAddr) -> Option<(Guest, Pass)> {
        let Ok(seat) = Arc::clone(&self.seats).try_acquire_owned() else {
            tracing::debug!(%peer, "every seat is taken");
            return None;
        };
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%peer, %error, "small packets to this client may be late");
        }
        let mut place = self.half_open.enter(peer.ip());
        let within = self.within;
        let deadline: Deadline = Box::pin(async move {
            match within {
                Some(within) => drop(timeout(within, place.displaced()).await),
                None => place.displaced().await,
            }
        });
        let deadline = Arc::new(Mutex::new(Some(deadline)));
        let pass = Pass { peer, deadline: Arc::clone(&deadline) };
        Some((Guest { stream, deadline, stall: Stall::default(), _seat: seat }, pass))
    }
}

/// Listener that lets connections in through a [`Door`].
#[derive(Debug)]
pub struct GuardedListener {
    listener: TcpListener,
    door: Door,
}

impl GuardedListener {
    /// Creates a listener that accepts from `listener`.
    pub fn new(listener: TcpListener, door: Door) -> Self {
        Self { listener, door }
    }
}

impl Listener for GuardedListener {
    type Io = Guest;
    type Addr = Pass;

    async fn accept(&mut self) -> (Guest, Pass) {
        loop {
            match self.listener.accept().await {
                Ok((stream, peer)) => {
                    self.door.clears().await;
                    if let Some(admitted) = self.door.admit(stream, peer) {
                        return admitted;
                    }
                }
                Err(error) => {
                    complain("a connection cannot be accepted", "the system", error);
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

/// Connection of a request: the peer's address, and the way to stay.
#[derive(Clone)]
pub struct Pass {
    peer: SocketAddr,
    deadline: Arc<Mutex<Option<Deadline>>>,
}

impl Pass {
    /// Returns the address of the peer.
    pub fn peer(&self) -> SocketAddr {
        self.peer
    }

    /// Marks the connection as one that may stay: it frees its half-open place, and has no deadline.
    pub fn entered(&self) {
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl fmt::Debug for Pass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pass").field(&self.peer).finish()
    }
}

impl Connected<IncomingStream<'_, GuardedListener>> for Pass {
    fn connect_info(stream: IncomingStream<'_, GuardedListener>) -> Self {
        stream.remote_addr().clone()
    }
}

/// TCP connection that fails once it was displaced or its deadline has passed, and when its peer takes nothing.
pub struct Guest {
    stream: TcpStream,
    deadline: Arc<Mutex<Option<Deadline>>>,
    stall: Stall,
    _seat: OwnedSemaphorePermit,
}

impl Guest {
    /// Reads the first bytes that the peer sends, and leaves them to be read again.
    ///
    /// # Errors
    /// [`io::Error`] of the connection, or `TimedOut` when it was displaced.
    pub async fn peek(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let mut bytes = ReadBuf::new(bytes);
        poll_fn(|context| {
            self.check(context)?;
            self.stream.poll_peek(context, &mut bytes)
        })
        .await
    }

    fn check(&self, context: &mut Context<'_>) -> io::Result<()> {
        let mut deadline = self.deadline.lock().unwrap_or_else(PoisonError::into_inner);
        match deadline.as_mut().map(|deadline| deadline.as_mut().poll(context)) {
            Some(Poll::Ready(())) => Err(io::ErrorKind::TimedOut.into()),
            Some(Poll::Pending) | None => Ok(()),
        }
    }
}

impl fmt::Debug for Guest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Guest").field(&self.stream).finish()
    }
}

impl AsyncRead for Guest {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check(context)?;
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Guest {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.check(context)?;
        let written = Pin::new(&mut this.stream).poll_write(context, bytes);
        this.stall.watch(context, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.check(context)?;
        let written = Pin::new(&mut this.stream).poll_write_vectored(context, slices);
        this.stall.watch(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;
    use tokio::task::yield_now;

    /// Listener with so many seats, of which one may be half open.
    async fn listener(seats: usize) -> GuardedListener {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let door = Door::new(Arc::new(Semaphore::new(seats)), HalfOpen::new(1), None);
        GuardedListener::new(listener, door)
    }

    #[tokio::test]
    async fn a_newcomer_waits_for_those_that_are_about_to_close() {
        let mut listener = listener(2).await;
        let address = listener.listener.local_addr().unwrap();
        let _silent = TcpStream::connect(address).await.unwrap();
        let _second = TcpStream::connect(address).await.unwrap();
        let newcomer = TcpStream::connect(address).await.unwrap();
        let (oldest, _) = listener.accept().await;
        let _middle = listener.accept().await;

        let closes = async {
            yield_now().await;
            drop(oldest);
        };
        let ((_, pass), ()) = tokio::join!(listener.accept(), closes);

        assert_eq!(pass.peer(), newcomer.local_addr().unwrap());
    }

    #[tokio::test(start_paused = true)]
    async fn who_comes_while_nobody_leaves_is_turned_away_in_the_end() {
        let mut listener = listener(1).await;
        let address = listener.listener.local_addr().unwrap();
        let _stays = TcpStream::connect(address).await.unwrap();
        let (seated, _) = listener.accept().await;
        let turned_away = TcpStream::connect(address).await.unwrap();

        let next = tokio::spawn(async move { listener.accept().await.1.peer() });
        let ended = turned_away.readable().await;
        drop(seated);
        let last = TcpStream::connect(address).await.unwrap();

        assert!(ended.is_ok());
        assert_eq!(next.await.unwrap(), last.local_addr().unwrap());
    }
}

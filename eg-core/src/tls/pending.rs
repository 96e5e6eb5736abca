//! Stream whose handshake runs when it is first read or written, for listeners that accept one connection after the other.

use super::server::{ServerStream, ServerTls};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_util::either::Either;

/// Connection of a client, whose handshake may still be to come. The reader limits its time.
pub(crate) struct PendingStream(State);

enum State {
    Handshake(Pin<Box<dyn Future<Output = io::Result<ServerStream>> + Send>>),
    Open(ServerStream),
}

impl PendingStream {
    /// Wraps a connection: in clear without `tls`, else as its first byte says.
    pub(crate) fn new(stream: TcpStream, tls: Option<&ServerTls>) -> Self {
        Self(match tls.cloned() {
            None => State::Open(Either::Left(stream)),
            Some(tls) => State::Handshake(Box::pin(async move { tls.accept(stream).await })),
        })
    }

    /// Runs the handshake on; returns the stream once it is open.
    fn poll_open(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Pin<&mut ServerStream>>> {
        if let State::Handshake(handshake) = &mut self.0 {
            self.0 = State::Open(ready!(handshake.as_mut().poll(context))?);
        }
        match &mut self.0 {
            State::Open(stream) => Poll::Ready(Ok(Pin::new(stream))),
            State::Handshake(_) => Poll::Pending,
        }
    }
}

impl AsyncRead for PendingStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        ready!(self.poll_open(context))?.poll_read(context, buffer)
    }
}

impl AsyncWrite for PendingStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_open(context))?.poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_open(context))?.poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_open(context))?.poll_shutdown(context)
    }
}

//! Stream whose handshake runs when it is first read or written, for listeners that accept one connection after the other.

use super::server::{Peek, PortTls, ServerStream};
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_util::either::Either;

/// Connection of a client, whose handshake may still be to come. The reader limits its time.
pub(crate) struct PendingStream<S>(State<S>);

enum State<S> {
    Handshake(Pin<Box<dyn Future<Output = io::Result<ServerStream<S>>> + Send>>),
    Open(ServerStream<S>),
}

impl<S: Peek + 'static> PendingStream<S> {
    /// Wraps a connection of a client at `peer`: in clear without `tls`, else as its first byte says.
    pub(crate) fn new(stream: S, peer: IpAddr, tls: Option<&PortTls>) -> Self {
        Self(match tls.cloned() {
            None => State::Open(Either::Left(stream)),
            Some(tls) => State::Handshake(Box::pin(async move { tls.accept(stream, peer).await })),
        })
    }

    /// Runs the handshake on; returns the stream once it is open.
    fn poll_open(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<Pin<&mut ServerStream<S>>>> {
        if let State::Handshake(handshake) = &mut self.0 {
            self.0 = State::Open(ready!(handshake.as_mut().poll(context))?);
        }
        match &mut self.0 {
            State::Open(stream) => Poll::Ready(Ok(Pin::new(stream))),
            State::Handshake(_) => Poll::Pending,
        }
    }
}

impl<S: Peek + 'static> AsyncRead for PendingStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        ready!(self.poll_open(context))?.poll_read(context, buffer)
    }
}

impl<S: Peek + 'static> AsyncWrite for PendingStream<S> {
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

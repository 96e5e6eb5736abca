//! Stream between the socket and the library, through which every packet passes, both ways.
//!
//! What no broker may pass on ends the connection, answers come in the client's own version, and for clients of older
//! installations the subscriptions that they had are made again (see [`Remembered`](super::remembered::Remembered)).

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, BytesMut};
use mqtt5::broker::transport::WebSocketTransport;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::answers;
use super::connect_sniff::Greeting;
use super::remembered::Talk;
use super::wire::{
    CONNACK, Fields, Frame, Level, NoPacket, PUBLISH, SUBSCRIBE, UNSUBSCRIBE, is_clean,
};
use crate::tls::ServerStream;

/// Number of bytes read from the socket at a time.
const CHUNK: usize = 4 * 1024;
/// Number of bytes waiting for the socket beyond which the library waits too.
const WAITING: usize = 64 * 1024;
/// DISCONNECT packet of MQTT 5 with reason 0x81, malformed packet.
const MALFORMED: &[u8] = &[0xe0, 1, 0x81];

/// Client's connection, as the library sees it.
pub(super) struct Translator {
    stream: ServerStream,
    peer: SocketAddr,
    level: Level,
    id: String,
    /// Largest packet from the client, in bytes.
    most: usize,
    /// Bytes from the client that are no whole packet yet.
    coming: BytesMut,
    /// Whole packets for the library.
    come: BytesMut,
    /// Bytes from the library that are no whole packet yet.
    going: BytesMut,
    /// Bytes for the socket.
    gone: BytesMut,
    talk: Option<Talk>,
    refused: bool,
}

impl Translator {
    pub(super) fn new(
        stream: ServerStream,
        peer: SocketAddr,
        greeting: Greeting,
        most: usize,
        talk: Option<Talk>,
    ) -> Self {
        let Greeting { level, id, bytes: coming, .. } = greeting;
        let (come, going, gone) = (BytesMut::new(), BytesMut::new(), BytesMut::new());
        Self { stream, peer, level, id, most, coming, come, going, gone, talk, refused: false }
    }

    /// Passes every whole packet of the client on to the library.
    fn sort(&mut self) -> Result<(), NoPacket> {
        while let Some(frame) = Frame::of(&self.coming, self.most)? {
            if self.coming.len() < frame.length {
                break;
            }
            let whole = self.coming.split_to(frame.length);
            self.inspect(&whole, frame.header)?;
            if let Some(talk) = &mut self.talk {
                self.come.unsplit(talk.said(&whole, frame.header, self.level));
            }
            self.come.unsplit(whole);
        }
        Ok(())
    }

    /// Refuses topics and filters that no broker may pass on.
    fn inspect(&self, whole: &[u8], header: usize) -> Result<(), NoPacket> {
        let kind = whole[0] >> 4;
        let mut fields = Fields(&whole[header..]);
        let check = |topic: Option<&[u8]>| match topic {
            Some(topic) if is_clean(topic) => Ok(()),
            Some(topic) => {
                let (client, peer, topic) = (&self.id, self.peer, String::from_utf8_lossy(topic));
                tracing::warn!(client, %peer, ?topic, "a topic with a control character ends this connection");
                Err(NoPacket::Malformed)
            }
            None => Err(NoPacket::Malformed),
        };
        if kind == PUBLISH {
            return check(fields.sized());
        }
        if kind != SUBSCRIBE && kind != UNSUBSCRIBE {
            return Ok(());
        }
        let head = fields.number().and_then(|_| fields.properties(self.level));
        head.ok_or(NoPacket::Malformed)?;
        while !fields.0.is_empty() {
            check(fields.sized())?;
            if kind == SUBSCRIBE {
                fields.byte().ok_or(NoPacket::Malformed)?;
            }
        }
        Ok(())
    }

    /// Translates every whole packet of the library and queues it for the socket.
    fn translate(&mut self) -> io::Result<()> {
        // The library never writes a packet that this would not bear; see its own limit.
        while let Some(frame) = Frame::of(&self.going, usize::MAX).map_err(io::Error::other)? {
            if self.going.len() < frame.length {
                break;
            }
            let whole = self.going.split_to(frame.length);
            if let Some(talk) = &mut self.talk {
                // Accepted, and without a session of its own.
                if whole[0] >> 4 == CONNACK && whole[frame.header..].starts_with(&[0, 0]) {
                    self.come.unsplit(talk.resume(self.level));
                }
                if talk.is_answer_to_us(&whole, frame.header) {
                    continue;
                }
            }
            match self.level {
                Level::V5 => self.gone.unsplit(whole),
                Level::V4 => {
                    if let Some(told) = answers::for_3_1_1(&whole, frame.header) {
                        self.gone.unsplit(told);
                    }
                }
            }
        }
        Ok(())
    }

    /// Writes the queued bytes to the socket.
    fn poll_drain(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.gone.is_empty() {
            let written = ready!(Pin::new(&mut self.stream).poll_write(context, &self.gone))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.gone.advance(written);
        }
        Poll::Ready(Ok(()))
    }

    /// Ends the connection; a client of MQTT 5 is told why.
    fn refuse(&mut self, context: &mut Context<'_>, why: NoPacket) -> io::Error {
        if !std::mem::replace(&mut self.refused, true) && self.level == Level::V5 {
            self.gone.unsplit(MALFORMED.into());
            if let Poll::Ready(Err(error)) = self.poll_drain(context) {
                tracing::debug!(peer = %self.peer, %error, "a client was gone before it heard why");
            }
        }
        io::Error::new(io::ErrorKind::InvalidData, why)
    }
}

impl AsyncRead for Translator {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            if !this.refused
                && let Err(why) = this.sort()
            {
                return Poll::Ready(Err(this.refuse(context, why)));
            }
            if !this.come.is_empty() {
                let count = this.come.len().min(buffer.remaining());
                buffer.put_slice(&this.come.split_to(count));
                return Poll::Ready(Ok(()));
            }
            let mut chunk = [0; CHUNK];
            let mut chunk = ReadBuf::new(&mut chunk);
            ready!(Pin::new(&mut this.stream).poll_read(context, &mut chunk))?;
            if chunk.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
            this.coming.extend_from_slice(chunk.filled());
        }
    }
}

impl AsyncWrite for Translator {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.gone.len() >= WAITING {
            ready!(this.poll_drain(context))?;
        }
        this.going.extend_from_slice(bytes);
        this.translate()?;
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_drain(context))?;
        Pin::new(&mut this.stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_drain(context))?;
        Pin::new(&mut this.stream).poll_shutdown(context)
    }
}

impl WebSocketTransport for Translator {
    fn peer_addr(&self) -> mqtt5::Result<SocketAddr> {
        Ok(self.peer)
    }
}

//! Stream between the socket and the library, through which every packet passes, both ways.
//!
//! What no broker may pass on ends the connection, answers come in the client's own version, and for clients of older
//! installations the subscriptions that they had are made again (see [`Remembered`](super::remembered::Remembered)).

use std::io;
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, BytesMut};
use eg_page::{Stall, complain};
use mqtt5::broker::transport::WebSocketTransport;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

use super::answers;
use super::clients::ClientLine;
use super::connect_packet;
use super::connect_sniff::Greeting;
use super::meter::Meter;
use super::remembered::Talk;
use super::wire::{
    CONNACK, Fields, Frame, Level, NoPacket, PUBACK, PUBLISH, SUBSCRIBE, UNSUBSCRIBE, is_clean,
};
use crate::tls::ServerStream;

/// Number of bytes read from the socket at a time.
const CHUNK: usize = 16 * 1024;
/// Number of bytes waiting for the socket beyond which the library waits too.
const WAITING: usize = 64 * 1024;
/// DISCONNECT packet of MQTT 5 with reason 0x81, malformed packet.
const MALFORMED: &[u8] = &[0xe0, 1, 0x81];

/// Parts of a client's connection beside its stream.
pub(super) struct ClientParts {
    /// Subscriptions that the broker makes on the client's behalf.
    pub(super) talk: Option<Talk>,
    /// Count of what the client sends and takes.
    pub(super) meter: Meter,
    /// Name that a nameless client was given.
    pub(super) given: Option<String>,
    /// Signal that cuts the client off.
    pub(super) line: ClientLine,
}

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
    /// `true` while nothing but acknowledgements is among them, which can wait for those of the next packets.
    can_wait: bool,
    talk: Option<Talk>,
    meter: Meter,
    /// Name that a nameless client was given and has not been told.
    given: Option<String>,
    line: ClientLine,
    /// End of the pause in reading from a client that sends too much.
    pause: Option<Pin<Box<Sleep>>>,
    stall: Stall,
    refused: bool,
}

impl Translator {
    pub(super) fn new(
        stream: ServerStream,
        peer: SocketAddr,
        greeting: Greeting,
        most: usize,
        parts: ClientParts,
    ) -> Self {
        let Greeting { level, id, bytes: coming, .. } = greeting;
        let ClientParts { talk, meter, given, line } = parts;
        Self {
            stream,
            peer,
            level,
            id,
            most,
            coming,
            come: BytesMut::new(),
            going: BytesMut::new(),
            gone: BytesMut::new(),
            can_wait: true,
            talk,
            meter,
            given,
            line,
            pause: None,
            stall: Stall::default(),
            refused: false,
        }
    }

    /// Passes every whole packet of the client on to the library.
    fn sort(&mut self) -> Result<(), NoPacket> {
        while let Some(frame) = Frame::of(&self.coming, self.most)? {
            if self.coming.len() < frame.length {
                break;
            }
            let mut whole = self.coming.split_to(frame.length);
            self.inspect(&whole, frame.header)?;
            self.meter.came(&mut whole, frame.header);
            if let Some(talk) = &mut self.talk {
                self.come.unsplit(talk.said(&whole, frame.header, self.level));
            }
            self.come.unsplit(whole);
        }
        self.pause = self.meter.pause().map(|pause| Box::pin(sleep(pause)));
        Ok(())
    }

    /// Refuses topics and filters that no broker may pass on.
    fn inspect(&self, whole: &[u8], header: usize) -> Result<(), NoPacket> {
        let kind = whole[0] >> 4;
        let mut fields = Fields(&whole[header..]);
        let check = |topic: Option<&[u8]>| match topic {
            Some(topic) if is_clean(topic) => Ok(()),
            Some(topic) => {
                let told = format!("{}: {}", self.id, String::from_utf8_lossy(topic));
                complain(
                    "a topic with a control character ends this connection",
                    self.peer.ip(),
                    told,
                );
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
            let is_connack = whole[0] >> 4 == CONNACK;
            self.can_wait &= whole[0] >> 4 == PUBACK;
            self.meter.went(&whole, frame.header);
            if let Some(talk) = &mut self.talk {
                // Accepted, and without a session of its own.
                if is_connack && whole[frame.header..].starts_with(&[0, 0]) {
                    let resumed = talk.resume(self.level);
                    self.meter.resumed(&resumed);
                    self.come.unsplit(resumed);
                }
                if talk.is_answer_to_us(&whole, frame.header) {
                    continue;
                }
            }
            match self.level {
                Level::V5 if is_connack => {
                    let given = self.given.take();
                    let told =
                        given.and_then(|id| connect_packet::tell_name(&whole, frame.header, &id));
                    self.gone.unsplit(told.unwrap_or(whole));
                }
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
            let written = Pin::new(&mut self.stream).poll_write(context, &self.gone);
            self.meter.wrote(written.is_pending(), context);
            let written = match ready!(self.stall.watch(context, written)) {
                Ok(written) => written,
                Err(error) => {
                    self.meter.lost(&error);
                    return Poll::Ready(Err(error));
                }
            };
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.gone.advance(written);
        }
        self.can_wait = true;
        Poll::Ready(Ok(()))
    }

    /// Writes the queued bytes, down to the network.
    fn poll_send(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_drain(context))?;
        Pin::new(&mut self.stream).poll_flush(context)
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
        this.meter.check(context)?;
        this.line.check(context)?;
        loop {
            if !this.refused
                && let Err(why) = this.sort()
            {
                return Poll::Ready(Err(this.refuse(context, why)));
            }
            if !this.come.is_empty() {
                // One packet at a time: what the library has not taken yet is known here.
                let next = Frame::of(&this.come, usize::MAX).ok().flatten();
                let count = next.map_or(this.come.len(), |frame| frame.length);
                let count = count.min(this.come.len()).min(buffer.remaining());
                buffer.put_slice(&this.come.split_to(count));
                return Poll::Ready(Ok(()));
            }
            if !this.gone.is_empty()
                && let Poll::Ready(sent) = this.poll_send(context)
            {
                sent?;
            }
            if let Some(pause) = &mut this.pause {
                ready!(pause.as_mut().poll(context));
                this.pause = None;
            }
            let mut chunk = [MaybeUninit::uninit(); CHUNK];
            let mut chunk = ReadBuf::uninit(&mut chunk);
            ready!(Pin::new(&mut this.stream).poll_read(context, &mut chunk))?;
            if chunk.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
            this.line.is_heard();
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
        this.meter.check(context)?;
        this.line.check(context)?;
        if this.gone.len() >= WAITING {
            ready!(this.poll_drain(context))?;
        }
        this.going.extend_from_slice(bytes);
        this.translate()?;
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.meter.check(context)?;
        // While packets of the client wait for the library, their acknowledgements go out together.
        if this.can_wait && !this.come.is_empty() {
            return Poll::Ready(Ok(()));
        }
        this.poll_send(context)
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

//! Clients of a broker under measurement: one blocking socket each, so that what is measured is the broker's side.

use crate::control::started;
use crate::packet::{self, Publish, kind};
use anyhow::{Context, Result, bail, ensure};
use eg_proto::{
    Boot, DeviceName, Event, EventKind, EventTime, InputName, Source, Timestamp, encode,
};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant, SystemTime};

/// Nothing here takes longer than this unless something is broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connected client.
pub(crate) struct Station {
    stream: TcpStream,
    input: Vec<u8>,
    /// Number of bytes of `input` that were taken already.
    taken: usize,
    out: Vec<u8>,
    packet_id: u16,
}

/// The end of a client that writes whole packets.
pub(crate) struct Sender(TcpStream);

impl Sender {
    /// Writes these bytes.
    pub(crate) fn raw(&mut self, bytes: &[u8]) -> Result<()> {
        Ok(self.0.write_all(bytes)?)
    }
}

/// A message that arrived.
pub(crate) struct Message {
    pub(crate) topic: String,
    pub(crate) payload: Vec<u8>,
    /// Moment at which its bytes were read.
    pub(crate) at: Instant,
}

impl Station {
    /// Connects under this client id, as this user if a password is given, and subscribes.
    ///
    /// # Errors
    /// When the broker refuses.
    pub(crate) fn connect(
        port: u16,
        id: &str,
        secret: Option<&str>,
        filters: &[&str],
    ) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let (input, out) = (Vec::new(), Vec::new());
        let mut station = Self { stream, input, taken: 0, out, packet_id: 0 };
        packet::connect(&mut station.out, id, secret.map(|secret| (id, secret)), None)?;
        station.flush()?;
        let answer = station.until(kind::CONNACK)?;
        ensure!(answer.get(1) == Some(&0), "{id} is refused: {answer:?}");
        if !filters.is_empty() {
            packet::subscribe(&mut station.out, 1, filters)?;
            station.flush()?;
            let answer = station.until(kind::SUBACK)?;
            ensure!(!answer[2..].contains(&0x80), "{id} may not hear {filters:?}: {answer:?}");
        }
        Ok(station)
    }

    /// Publishes at QoS 1.
    pub(crate) fn publish(&mut self, topic: &str, payload: &[u8]) -> Result<()> {
        self.packet_id = self.packet_id.checked_add(1).unwrap_or(1);
        packet::publish(&mut self.out, topic, payload, Some(self.packet_id), false)?;
        self.flush()
    }

    /// Returns the next message; it is acknowledged when it is asked for the one after.
    pub(crate) fn next(&mut self) -> Result<Message> {
        self.flush()?;
        loop {
            let Some((packet, length)) = packet::first(&self.input[self.taken..])? else {
                self.read().context("nothing came")?;
                continue;
            };
            if packet.kind() != kind::PUBLISH {
                self.taken += length;
                continue;
            }
            let at = started();
            let Publish { topic, id, payload } = packet.publish()?;
            let message = Message { topic: topic.to_owned(), payload: payload.to_vec(), at };
            self.taken += length;
            if let Some(id) = id {
                packet::puback(&mut self.out, id)?;
            }
            return Ok(message);
        }
    }

    /// Returns the next message on this topic.
    pub(crate) fn until_topic(&mut self, topic: &str) -> Result<Message> {
        loop {
            let message = self.next()?;
            if message.topic == topic {
                return Ok(message);
            }
        }
    }

    /// Returns the socket itself.
    pub(crate) fn into_stream(self) -> TcpStream {
        self.stream
    }

    /// Returns a second end for another thread, which only writes.
    pub(crate) fn sender(&self) -> Result<Sender> {
        Ok(Sender(self.stream.try_clone()?))
    }

    fn until(&mut self, wanted: u8) -> Result<Vec<u8>> {
        loop {
            match packet::first(&self.input[self.taken..])? {
                None => self.read().context("no answer to the connection")?,
                Some((packet, length)) => {
                    let found = (packet.kind() == wanted).then(|| packet.body.to_vec());
                    self.taken += length;
                    if let Some(body) = found {
                        return Ok(body);
                    }
                }
            }
        }
    }

    fn read(&mut self) -> Result<()> {
        self.input.drain(..self.taken);
        self.taken = 0;
        let mut chunk = [0; 65_536];
        match self.stream.read(&mut chunk) {
            Ok(0) => bail!("the broker closed the connection"),
            Ok(length) => self.input.extend_from_slice(&chunk[..length]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        if !self.out.is_empty() {
            self.stream.write_all(&self.out)?;
            self.out.clear();
        }
        Ok(())
    }
}

/// Returns the time of day as the core tells it.
#[expect(clippy::disallowed_methods, reason = "what is measured lives in this moment")]
pub(crate) fn now_us() -> Result<Timestamp> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    Ok(Timestamp(since.as_micros().try_into()?))
}

/// Returns one press of an input, numbered, as an agent sends it.
pub(crate) fn press(boot: Boot, seq: u64, input: &str) -> Result<Vec<u8>> {
    let t = EventTime { core_us: Some(now_us()?), unc_us: 300, src: Source::Kernel, core: None };
    let (device, input) = (DeviceName::new("panel")?, InputName::new(input)?);
    let kind = EventKind::Press;
    Ok(encode(&Event { boot, seq, device, input, kind, t, late: false, sim: true }))
}

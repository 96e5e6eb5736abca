//! As much of an MQTT 3.1.1 broker as one client needs to believe that it talks to one, and a core's acknowledgements.

use std::collections::VecDeque;
use std::io::{self, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use anyhow::{Context, ensure};
use eg_hal::{Moment, clock};
use eg_proto::{Ack, Event, InputStatus, decode, decode_batch, encode};

use crate::place::PATIENCE;

/// A client's packets, by the first half of their first byte (MQTT 3.1.1, section 2.2.1).
const CONNECT: u8 = 1;
const PUBLISH: u8 = 3;
const SUBSCRIBE: u8 = 8;
const UNSUBSCRIBE: u8 = 10;
const PING: u8 = 12;

/// Something that an agent said.
#[derive(Debug)]
enum Heard {
    /// An event.
    Event(Event),
    /// Status of the slot's boards.
    Status(InputStatus),
}

/// Hears what the agent of one slot says. It listens as long as the process lives.
pub(crate) struct Ear {
    said: Receiver<Heard>,
    /// Events that nobody asked for yet, oldest first.
    events: VecDeque<Event>,
    /// Status of the boards by the last word.
    status: Option<InputStatus>,
    /// The way to the client that came last.
    client: Arc<Mutex<Option<TcpStream>>>,
    /// The port it listens on.
    pub(crate) port: u16,
}

/// Kind of core that listens: `Stores` acknowledges what it heard, as a core does that stored it; `Forgets` does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Core {
    Stores,
    Forgets,
}

impl Ear {
    pub(crate) fn open(core: Core) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").context("is the loopback up?")?;
        let port = listener.local_addr()?.port();
        let (tell, said) = mpsc::channel();
        let client = Arc::<Mutex<Option<TcpStream>>>::default();
        let last = Arc::clone(&client);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                *last.lock().unwrap_or_else(PoisonError::into_inner) = client.try_clone().ok();
                // How a connection ends is the client's affair.
                drop(serve(client, core, &tell));
            }
        });
        Ok(Self { said, events: VecDeque::new(), status: None, client, port })
    }

    /// Tells the agent something, as a core does.
    pub(crate) fn tell(&self, topic: &str, payload: &[u8]) -> anyhow::Result<()> {
        let client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        let mut to = client.as_ref().context("nobody is connected")?;
        Ok(to.write_all(&publication(topic, payload)?)?)
    }

    /// Listens until `pick` has chosen so many of the events, and gives those. Those before them are gone.
    pub(crate) fn events(
        &mut self,
        count: usize,
        pick: impl Fn(&Event) -> bool,
    ) -> anyhow::Result<Vec<Event>> {
        let deadline = clock::now() + PATIENCE;
        let mut found = Vec::new();
        while found.len() < count {
            match self.events.pop_front() {
                Some(event) if pick(&event) => found.push(event),
                Some(_) => {}
                None => self
                    .listen(deadline)
                    .with_context(|| format!("wanted {count} events, there are {found:?}"))?,
            }
        }
        Ok(found)
    }

    /// Listens until the boards are as `wanted` says.
    pub(crate) fn status(&mut self, wanted: impl Fn(&InputStatus) -> bool) -> anyhow::Result<()> {
        let deadline = clock::now() + PATIENCE;
        while !self.status.as_ref().is_some_and(&wanted) {
            self.listen(deadline).with_context(|| format!("the boards are {:?}", self.status))?;
        }
        Ok(())
    }

    fn listen(&mut self, deadline: Moment) -> anyhow::Result<()> {
        match self.said.recv_timeout(deadline.since(clock::now()))? {
            Heard::Event(event) => self.events.push_back(event),
            Heard::Status(status) => self.status = Some(status),
        }
        Ok(())
    }
}

fn serve(client: TcpStream, core: Core, tell: &Sender<Heard>) -> anyhow::Result<()> {
    let mut to = client.try_clone()?;
    let mut from = BufReader::new(client);
    loop {
        let (head, body) = packet(&mut from)?;
        match head >> 4 {
            CONNECT => to.write_all(&[0x20, 2, 0, 0])?,
            SUBSCRIBE => {
                let topics = body.get(2..).map_or(0, filters);
                let mut granted = vec![0x90, u8::try_from(2 + topics)?, body[0], body[1]];
                granted.resize(4 + topics, 1);
                to.write_all(&granted)?;
            }
            PUBLISH => published(head, &body, core, &mut to, tell)?,
            UNSUBSCRIBE => to.write_all(&[0xb0, 2, body[0], body[1]])?,
            PING => to.write_all(&[0xd0, 0])?,
            _ => {}
        }
    }
}

fn published(
    head: u8,
    body: &[u8],
    core: Core,
    to: &mut TcpStream,
    tell: &Sender<Heard>,
) -> anyhow::Result<()> {
    let (topic, mut rest) = string(body).context("a publication without topic")?;
    if head & 0x06 != 0 {
        let (id, payload) = rest.split_at_checked(2).context("a publication without number")?;
        to.write_all(&[0x40, 2, id[0], id[1]])?;
        rest = payload;
    }
    if topic.ends_with("/input/event") {
        let events: Vec<Event> = decode_batch(rest)?;
        // What waited may be of several starts of the agent; each has numbers of its own.
        for (n, event) in events.iter().enumerate() {
            let is_last = events.get(n + 1).is_none_or(|next| next.boot != event.boot);
            if core == Core::Stores && is_last {
                let ack = encode(&Ack::new(event.boot, event.seq));
                to.write_all(&publication(&topic.replace("/event", "/ack"), &ack)?)?;
            }
        }
        for event in events {
            tell.send(Heard::Event(event))?;
        }
    } else if topic.ends_with("/clock/ping") {
        // A word of a core, which the agent waits for, and none about the time, which the checks go without.
        to.write_all(&publication("eg/state/mode", br#"{"mode":"day"}"#)?)?;
    } else if topic.ends_with("/input/status") {
        tell.send(Heard::Status(decode(rest)?))?;
    }
    Ok(())
}

/// A publication at QoS 0 that is as short as a command: its length fits into two bytes.
fn publication(topic: &str, payload: &[u8]) -> anyhow::Result<Vec<u8>> {
    let length = 2 + topic.len() + payload.len();
    ensure!(length < 0x4000, "{length} bytes are too many for two bytes of length");
    // Seven bits a byte, the low ones first; the eighth says that another follows. A length may be longer than it needs.
    let mut packet = vec![0x30, u8::try_from(length & 0x7f)? | 0x80, u8::try_from(length >> 7)?];
    packet.extend(u16::try_from(topic.len())?.to_be_bytes());
    packet.extend(topic.as_bytes());
    packet.extend(payload);
    Ok(packet)
}

/// The first byte of a packet, and all that follows its length.
fn packet(from: &mut impl Read) -> io::Result<(u8, Vec<u8>)> {
    let mut byte = [0];
    from.read_exact(&mut byte)?;
    let head = byte[0];
    let (mut length, mut shift) = (0_usize, 0);
    loop {
        from.read_exact(&mut byte)?;
        length |= usize::from(byte[0] & 0x7f) << shift;
        shift += 7;
        if byte[0] & 0x80 == 0 || shift > 21 {
            break;
        }
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body)?;
    Ok((head, body))
}

/// A text with its length in front, and what follows it.
fn string(bytes: &[u8]) -> Option<(String, &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    let (text, rest) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
    Some((String::from_utf8_lossy(text).into_owned(), rest))
}

/// Number of topics that are subscribed to: each is a text and a byte.
fn filters(mut bytes: &[u8]) -> usize {
    let mut count = 0;
    while let Some((_, rest)) = string(bytes) {
        count += 1;
        bytes = rest.get(1..).unwrap_or_default();
    }
    count
}

//! The control that does the same work in one thread: a broker of the simplest kind that stores each event itself, all
//! that is ready in one transaction, and answers after the commit. A prototype to measure with; it checks nobody.

mod store;

use crate::packet::{self, Packet, kind};
use anyhow::{Context, Result};
use rustix::event::{Timespec, epoll};
use std::collections::HashMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use store::Store;

/// Number of the listener among the things that are waited for.
const LISTENER: u64 = 0;

/// Arguments of the floor.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Port to listen on.
    #[arg(long)]
    port: u16,
    /// File of the events.
    #[arg(long)]
    db: PathBuf,
    /// `full` or `normal`, as of the core.
    #[arg(long)]
    durability: String,
}

/// One client: its socket and what was read or is to be written.
struct Peer {
    stream: TcpStream,
    input: Vec<u8>,
    out: Vec<u8>,
}

/// Everybody who is connected, and who hears what.
#[derive(Default)]
struct Room {
    peers: HashMap<u64, Peer>,
    /// Listeners of a topic without wildcards.
    exact: HashMap<String, Vec<u64>>,
    /// Listeners of a filter with wildcards.
    wild: Vec<(String, u64)>,
    /// Peers for whom something is to be written.
    touched: Vec<u64>,
}

/// Serves until it is killed.
pub(crate) fn run(args: &Args) -> Result<()> {
    let mut store = Store::open(&args.db, &args.durability)?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, args.port))?;
    listener.set_nonblocking(true)?;
    let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
    let wanted = epoll::EventFlags::IN;
    epoll::add(&epoll, &listener, epoll::EventData::new_u64(LISTENER), wanted)?;
    let mut room = Room::default();
    let mut number = LISTENER;
    let mut ready = Vec::with_capacity(1_024);
    let mut chunk = vec![0; 65_536];
    loop {
        ready.clear();
        let none: Option<&Timespec> = None;
        match epoll::wait(&epoll, rustix::buffer::spare_capacity(&mut ready), none) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        for event in &ready {
            let who = event.data.u64();
            if who != LISTENER {
                if !hear(&mut room, &mut store, who, &mut chunk)? {
                    room.leave(who);
                }
                continue;
            }
            while let Ok((stream, _)) = listener.accept() {
                stream.set_nonblocking(true)?;
                stream.set_nodelay(true)?;
                number += 1;
                epoll::add(&epoll, &stream, epoll::EventData::new_u64(number), wanted)?;
                let (input, out) = (Vec::new(), Vec::new());
                room.peers.insert(number, Peer { stream, input, out });
            }
        }
        // Everything of this round is one transaction, and nothing is answered before it is on the disk.
        for (topic, payload) in store.commit()? {
            room.spread(&topic, &payload)?;
        }
        room.write()?;
    }
}

/// Reads what a peer says; `false` if it has gone.
fn hear(room: &mut Room, store: &mut Store, who: u64, chunk: &mut [u8]) -> Result<bool> {
    let Some(peer) = room.peers.get_mut(&who) else { return Ok(true) };
    match peer.stream.read(chunk) {
        Ok(0) => return Ok(false),
        Ok(length) => peer.input.extend_from_slice(&chunk[..length]),
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
        Err(_) => return Ok(false),
    }
    let input = std::mem::take(&mut peer.input);
    let mut from = 0;
    while let Some((packet, length)) = packet::first(&input[from..])? {
        from += length;
        room.take(store, who, &packet)?;
    }
    if let Some(peer) = room.peers.get_mut(&who)
        && from < input.len()
    {
        peer.input.extend_from_slice(&input[from..]);
    }
    Ok(true)
}

impl Room {
    fn take(&mut self, store: &mut Store, who: u64, packet: &Packet<'_>) -> Result<()> {
        match packet.kind() {
            kind::CONNECT => packet::plain(self.out(who)?, kind::CONNACK, &[0, 0])?,
            kind::PINGREQ => packet::plain(self.out(who)?, kind::PINGRESP, &[])?,
            kind::SUBSCRIBE => {
                let (id, filters) = packet.subscribe()?;
                let mut body = id.to_be_bytes().to_vec();
                body.extend(filters.iter().map(|_| 1));
                for filter in filters {
                    match filter.contains(['+', '#']) {
                        true => self.wild.push((filter.to_owned(), who)),
                        false => self.exact.entry(filter.to_owned()).or_default().push(who),
                    }
                }
                packet::plain(self.out(who)?, kind::SUBACK, &body)?;
            }
            kind::PUBLISH => {
                let said = packet.publish()?;
                if let Some(id) = said.id {
                    packet::puback(self.out(who)?, id)?;
                }
                if let Some((topic, answer)) = store.take(said.topic, said.payload)? {
                    self.spread(&topic, &answer)?;
                }
                self.spread(said.topic, said.payload)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn out(&mut self, who: u64) -> Result<&mut Vec<u8>> {
        self.touched.push(who);
        Ok(&mut self.peers.get_mut(&who).context("nobody is there")?.out)
    }

    /// Hands a message to everybody who hears its topic, at QoS 0.
    fn spread(&mut self, topic: &str, payload: &[u8]) -> Result<()> {
        let wild = self.wild.iter().filter(|(filter, _)| matches(filter, topic));
        let mut hearers: Vec<_> = wild.map(|&(_, who)| who).collect();
        hearers.extend(self.exact.get(topic).into_iter().flatten());
        for who in hearers {
            if self.peers.contains_key(&who) {
                packet::publish(self.out(who)?, topic, payload, None, false)?;
            }
        }
        Ok(())
    }

    fn write(&mut self) -> Result<()> {
        let mut touched = std::mem::take(&mut self.touched);
        touched.sort_unstable();
        touched.dedup();
        for who in touched.drain(..) {
            let Some(peer) = self.peers.get_mut(&who) else { continue };
            let written = match peer.stream.write(&peer.out) {
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => 0,
                Err(_) => peer.out.len(),
            };
            peer.out.drain(..written);
            if peer.out.is_empty() {
                peer.out.shrink_to(1_024);
            } else {
                self.touched.push(who);
            }
        }
        Ok(())
    }

    fn leave(&mut self, who: u64) {
        self.peers.remove(&who);
        self.wild.retain(|&(_, hearer)| hearer != who);
        self.exact.values_mut().for_each(|hearers| hearers.retain(|&hearer| hearer != who));
        self.exact.retain(|_, hearers| !hearers.is_empty());
    }
}

/// Returns `true` if a topic is covered by a filter (section 4.7).
fn matches(filter: &str, topic: &str) -> bool {
    let mut levels = topic.split('/');
    for asked in filter.split('/') {
        match (asked, levels.next()) {
            ("#", _) => return true,
            ("+", Some(_)) => {}
            (asked, Some(level)) if asked == level => {}
            _ => return false,
        }
    }
    levels.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_covers_what_it_says() {
        assert!(matches("eg/dev/+/input/event", "eg/dev/slot-01/input/event"));
        assert!(matches("eg/#", "eg/night/result"));
        assert!(!matches("eg/dev/+/input/event", "eg/dev/slot-01/input"));
        assert!(!matches("eg/dev/+", "eg/dev/slot-01/status"));
    }
}

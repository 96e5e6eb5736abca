//! Network of a rehearsal: messages on their way, links that are lost and come back.

use super::packet::Packet;
use super::{World, boot};
use crate::clock::Clock as _;
use crate::engine::Committed;
use crate::ingest::{Arrival, Delivery};
use eg_proto::{ClockPing, ClockPong, Command, Presence, Topic, decode};
use rand::RngExt;
use std::time::Duration;

/// Range of a message's travel time, in µs.
const WAY: std::ops::Range<u64> = 300..6_000;
/// Average number of sendings of which one arrives twice.
const TWICE: u32 = 100;

impl World {
    /// Takes the link of a slot down; the broker reports the slot as offline.
    pub(super) fn lose(&mut self, seat: usize) {
        self.wire.retain(|packet| packet.seat() != seat);
        self.seats[seat].lose();
        let gone = Arrival::Presence(self.seats[seat].slot.id().clone(), Presence::Offline);
        self.send_up(seat, gone);
    }

    /// Brings a slot back: its agent starts again if it is dead, and connects.
    pub(super) fn back(&mut self, seat: usize) {
        let boot = boot(&mut self.chance);
        self.seats[seat].cut = false;
        self.seats[seat].revive(boot);
        self.connect(seat);
    }

    pub(super) fn connect(&mut self, seat: usize) {
        let here = &mut self.seats[seat];
        if self.core.is_none() || here.up || here.cut || here.dead {
            return;
        }
        here.up = true;
        here.draining = here.slot.backlog() > 0;
        here.slot.link(Some(self.start));
        let (slot, hello) = (here.slot.id().clone(), Box::new(here.slot.hello()));
        self.send_up(seat, Arrival::Presence(slot.clone(), Presence::Online));
        self.send_up(seat, Arrival::Hello(slot, hello));
        self.ping(seat);
    }

    pub(super) fn ping(&mut self, seat: usize) {
        if self.seats[seat].up {
            let ping = self.seats[seat].slot.ping();
            let at = self.now() + self.way();
            self.wire.put(at, Packet::Ping(seat, ping));
        }
    }

    pub(super) fn send_up(&mut self, seat: usize, arrival: Arrival) {
        let at = self.now() + self.way();
        let at = self.seats[seat].up_by(at);
        self.wire.put(at, Packet::Up(seat, Box::new(arrival)));
    }

    pub(super) fn send_down(&mut self, seat: usize, packet: Packet) {
        if self.seats[seat].up {
            let at = self.now() + self.way();
            let at = self.seats[seat].down_by(at);
            self.wire.put(at, packet);
        }
    }

    /// Draws the travel time of a message.
    pub(super) fn way(&mut self) -> Duration {
        Duration::from_micros(self.chance.random_range(WAY))
    }

    /// Delivers all messages that have arrived by now, and runs a round of the core if anything is due.
    pub(super) fn deliver(&mut self) {
        while let Some(packet) = self.wire.take(self.now()) {
            match packet {
                Packet::Up(_, arrival) => self.arrived.push(*arrival),
                Packet::Ping(seat, ping) => {
                    let now = self.clock.now();
                    let ClockPing { n, t1_us, .. } = ping;
                    let slot = self.seats[seat].slot.id().clone();
                    self.arrived.push(Arrival::Ping(slot, ping));
                    let pong =
                        ClockPong { n, t1_us, t2_us: now, t3_us: now, boot: Some(self.start) };
                    self.send_down(seat, Packet::Pong(seat, pong));
                }
                Packet::Ack(seat, ack) => {
                    let here = &mut self.seats[seat];
                    here.slot.acknowledge(&ack);
                    if here.slot.backlog() == 0 && std::mem::take(&mut here.draining) {
                        self.ping(seat);
                    }
                }
                Packet::Ask(seat) => {
                    if !self.seats[seat].dead {
                        self.seats[seat].slot.ask();
                    }
                }
                Packet::Command(seat, command) => {
                    if !self.seats[seat].dead {
                        let answer = self.seats[seat].slot.command(command);
                        self.commands += 1;
                        let slot = self.seats[seat].slot.id().clone();
                        self.send_up(seat, Arrival::Answer(slot, answer));
                    }
                }
                Packet::Pong(seat, pong) => self.seats[seat].slot.pong(&pong),
            }
        }
        let now = self.clock.now();
        let Some((engine, _)) = &mut self.core else { return };
        if self.arrived.is_empty() && engine.deadline().is_none_or(|due| due > now) {
            return;
        }
        let arrived = std::mem::take(&mut self.arrived);
        let delivery = |arrival| Delivery { at: now, what: vec![arrival], token: None };
        let round = engine.round(arrived.into_iter().map(delivery).collect(), Vec::new());
        self.hand_out(round);
    }

    /// Sends the results of a round to the slots.
    pub(super) fn hand_out(&mut self, round: Committed) {
        if !round.stored {
            self.fail(None, "the disk refused a round");
        }
        for (slot, ack) in round.acks {
            if let Some(seat) = self.seat(&slot) {
                self.send_down(seat, Packet::Ack(seat, ack));
            }
        }
        for post in round.messages {
            self.arrived.extend(post.effect.map(Arrival::Sent));
            if let Topic::InputAsk(slot) = &post.topic
                && let Some(seat) = self.seat(slot)
            {
                self.send_down(seat, Packet::Ask(seat));
            }
            let Topic::Command(slot) = &post.topic else { continue };
            if let (Some(seat), Ok(command)) = (self.seat(slot), decode::<Command>(&post.payload)) {
                self.send_down(seat, Packet::Command(seat, command));
            }
        }
    }

    /// Sends the new status and events of every connected slot.
    pub(super) fn flush(&mut self) {
        if self.core.is_none() {
            return;
        }
        for seat in 0..self.seats.len() {
            let here = &mut self.seats[seat];
            if !here.up || here.dead {
                continue;
            }
            let slot = here.slot.id().clone();
            let status = (here.slot.has_news() || here.told.is_none()).then(|| here.slot.status());
            let news = status.filter(|status| here.told.as_ref() != Some(status));
            if news.is_some() {
                here.told.clone_from(&news);
            }
            let events = here.slot.outgoing();
            if let Some(status) = news {
                self.send_up(seat, Arrival::Status(slot.clone(), Box::new(status)));
            }
            let times = if self.chance.random_ratio(1, TWICE) { 2 } else { 1 };
            for _ in 0..times {
                for event in &events {
                    self.send_up(seat, Arrival::Event(slot.clone(), Box::new(event.clone())));
                }
            }
        }
    }
}

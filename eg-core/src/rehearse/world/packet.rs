//! Messages on their way between a slot and the core.

use crate::ingest::Arrival;
use eg_proto::{Ack, ClockPing, ClockPong, Command};

/// Message on its way; the number is the index of the slot.
#[derive(Clone, Debug)]
pub(super) enum Packet {
    Up(usize, Box<Arrival>),
    Ping(usize, ClockPing),
    Ack(usize, Ack),
    Ask(usize),
    Command(usize, Command),
    Pong(usize, ClockPong),
}

impl Packet {
    pub(super) fn seat(&self) -> usize {
        match self {
            Self::Up(seat, _)
            | Self::Ping(seat, _)
            | Self::Ack(seat, _)
            | Self::Ask(seat)
            | Self::Command(seat, _)
            | Self::Pong(seat, _) => *seat,
        }
    }
}

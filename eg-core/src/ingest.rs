//! Ingest: from bytes on the bus to things that happened, in order and without repeats.

mod decode;
mod request;
mod sequencer;

pub use decode::decode_message;
pub(crate) use sequencer::{Admission, Streams};

use eg_mqtt::AckToken;
use eg_proto::{
    Boot, ClockPing, CommandAck, Event, Hello, InputStatus, NightVote, Presence, SlotId, Timestamp,
};
use serde_json::{Map, Value};
use std::net::IpAddr;

/// What one message brought.
#[derive(Debug)]
pub struct Delivery {
    /// When it arrived.
    pub at: Timestamp,
    /// What it says; several events when it was a backlog.
    pub what: Vec<Arrival>,
    /// Returned to the broker once everything is stored.
    pub token: Option<AckToken>,
}

/// One thing that arrived.
#[derive(Clone, Debug, PartialEq)]
pub enum Arrival {
    /// Something happened at an input.
    Event(SlotId, Box<Event>),
    /// An agent came or went.
    Presence(SlotId, Presence),
    /// What a slot has.
    Hello(SlotId, Box<Hello>),
    /// Somebody speaks as a slot, now.
    Speaks(SlotId, Speaker),
    /// How a slot's boards are.
    Status(SlotId, Box<InputStatus>),
    /// A slot asks for the time, and tells what it knows of the core's clock.
    Ping(SlotId, ClockPing),
    /// What came of a command.
    Answer(SlotId, CommandAck),
    /// A choice by name, of the old contract.
    Vote(SlotId, NightVote),
    /// A tag, of the old contract: upper-case hexadecimal.
    Tag(SlotId, String),
    /// A device asks something of a module.
    Request(DeviceRequest),
    /// A message that could not be read.
    Unreadable(Unreadable),
    /// The core's own connection to the broker.
    Broker(BrokerNews),
    /// The broker has this effect.
    Sent(i64),
}

/// What tells a machine from another of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// The start of its agent; an agent of the old contract tells none.
    Start(Option<Boot>),
    /// Where it is.
    Address(IpAddr),
}

/// What a device asks of a module.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceRequest {
    /// Who asks, when it says so.
    pub slot: Option<SlotId>,
    /// What, with `op` as its word.
    pub body: Map<String, Value>,
}

/// A message that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Whose topic it came on, when it is a slot's.
    pub slot: Option<SlotId>,
    /// The topic.
    pub topic: String,
    /// What is wrong with it.
    pub why: String,
    /// The payload.
    pub payload: Vec<u8>,
}

/// News of the core's own connection to the broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BrokerNews {
    /// It stands; whatever should be known there is told again.
    Connected,
    /// It was lost, or could not be made: why.
    Lost(String),
}

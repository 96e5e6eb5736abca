//! Ingest: converts bytes on the bus to arrivals, in order and without duplicates.

mod decode;
mod request;
mod sequencer;

pub use decode::decode_message;
pub(crate) use sequencer::{Admission, Streams};

use crate::broker::TroubleKind;
use eg_mqtt::AckToken;
use eg_proto::{
    Boot, ClockPing, CommandAck, Event, Hello, InputStatus, Leds, NightVote, Presence, SlotId,
    Timestamp,
};
use serde_json::{Map, Value};
use std::net::IpAddr;

/// Arrivals of one message.
#[derive(Debug)]
pub struct Delivery {
    /// Time at which the message arrived.
    pub at: Timestamp,
    /// Contents of the message; several events if it was a backlog.
    pub what: Vec<Arrival>,
    /// Token to acknowledge the message at the broker, once everything is stored.
    pub token: Option<AckToken>,
}

/// Arrival for the engine: one piece of news from a slot, a device or the broker.
#[derive(Clone, Debug, PartialEq)]
pub enum Arrival {
    /// Event at an input.
    Event(SlotId, Box<Event>),
    /// Presence of an agent: it came or went.
    Presence(SlotId, Presence),
    /// Hello of a slot, with its boards.
    Hello(SlotId, Box<Hello>),
    /// Sign that a machine speaks as a slot now.
    Speaks(SlotId, Speaker),
    /// Status of a slot's boards.
    Status(SlotId, Box<InputStatus>),
    /// Request of a slot for the time, with its clock synchronization.
    Ping(SlotId, ClockPing),
    /// Outputs of a slot that are lit, in the order of its hello.
    Lights(SlotId, Leds),
    /// Answer of a slot to a command.
    Answer(SlotId, CommandAck),
    /// Choice by name, of the old contract.
    Vote(SlotId, NightVote),
    /// Tag of the old contract, in upper-case hexadecimal.
    Tag(SlotId, String),
    /// Request of a device to a module.
    Request(DeviceRequest),
    /// Message that could not be read.
    Unreadable(Unreadable),
    /// Change of the core's own connection to the broker.
    Broker(BrokerNews),
    /// Trouble that a client of the built-in broker makes; `None` once it has been quiet for some minutes.
    Client(String, Option<TroubleKind>),
    /// Confirmation that the broker has this effect, by number.
    Sent(i64),
}

/// Sign that tells a machine from another with the same slot id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// Boot id of its agent; `None` for an agent of the old contract.
    Start(Option<Boot>),
    /// IP address of the machine.
    Address(IpAddr),
}

/// Request of a device to a module.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceRequest {
    /// Slot that asks, if it says so.
    pub slot: Option<SlotId>,
    /// Fields of the request, with its kind in `op`.
    pub body: Map<String, Value>,
}

/// Message that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Slot to whose topic it was sent, if the topic is a slot's.
    pub slot: Option<SlotId>,
    /// MQTT topic of the message.
    pub topic: String,
    /// Reason why it could not be read.
    pub why: String,
    /// Payload of the message.
    pub payload: Vec<u8>,
}

/// Change of the core's own connection to the broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BrokerNews {
    /// Connected; all states are published again.
    Connected,
    /// Lost, or not established, for this reason.
    Lost(String),
}

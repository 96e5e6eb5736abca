//! The wire: what crosses the network between agents, the core and the pages.
//!
//! Every message is a checked type with one JSON shape, read with [`decode`] and written with [`encode`]. Unknown
//! fields are ignored, so that a newer sender never breaks an older reader; a wrong one gives a [`DecodeError`] that
//! says where. There is no I/O and no clock here.

mod answer;
mod bank;
mod command;
mod compat;
mod decode;
mod event;
mod id;
mod latency;
mod limits;
mod named;
mod pairing;
mod question;
mod scene;
mod status;
mod text;
mod time;
mod topic;

pub use answer::{PressAnswer, PressOutcome, RefusalReason};
pub use bank::BankAsk;
pub use command::{Command, CommandAck, CommandResult, Set};
pub use compat::{
    LedCommand, Leds, Loose, Mode, ModeState, NightResult, NightStatus, NightStep, NightVote, Rfid,
    TestCommand,
};
pub use decode::{DecodeError, decode, decode_batch, encode};
pub use event::{Event, EventKind, EventTime, Fault, Source, State};
pub use id::{Boot, DeviceName, IdError, InputName, OutputName, RoomId, SlotId, Subject};
pub use latency::{Histogram, Latency, Spread};
pub use limits::{DEPTH, Excess, VALUES, check_limits};
pub use named::name_slots;
pub use pairing::{
    MosquittoHash, NotAdopted, PAIRING_CLIENT, PAIRING_USER, PairAnswer, PairRequest, PairingError,
    Secret, SecretDigest, code as pairing_code, pairing_client,
};
pub use question::{SlotQuestion, SlotResult};
pub use scene::{SceneClock, SceneState, SeatState, SlotScene};
pub use status::{
    Ack, AgentCommand, AgentHello, AgentOrder, ClockPing, ClockPong, CoreHello, DeviceHello,
    DeviceState, DeviceStatus, Hello, Hint, InputKind, InputStatus, Noise, Overall, PROTOCOL,
    Presence, PresenceError, RoomState, SlotClock,
};
pub use text::Text;
pub use time::Timestamp;
pub use topic::{BaseError, Topic, Topics};

/// Version of this crate and digest of its source, which a driver library and its agent must share.
#[doc(hidden)]
pub const SOURCE: &str = concat!(env!("CARGO_PKG_VERSION"), " ", env!("EG_SOURCE"));

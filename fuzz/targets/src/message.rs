//! Messages of MQTT, by their topics and payloads.

use eg_core::ingest::decode_message;
use eg_proto::{
    Ack, ClockPing, ClockPong, Command, CommandAck, CoreHello, Event, Hello, InputStatus,
    NightResult, NightStep, NightVote, RoomState, SlotQuestion, SlotResult, Topics, decode,
    decode_batch, encode,
};

/// Takes a message on any topic with any payload: it is read, or set aside as unreadable.
///
/// An input is a byte of flags, a topic up to the first zero byte, and the payload.
pub(crate) fn ingest(input: &[u8]) {
    let Some((flags, rest)) = input.split_first() else { return };
    let (compat, retained) = (flags & 1 != 0, flags & 2 != 0);
    let mut parts = rest.splitn(2, |byte| *byte == 0);
    let topic = parts.next().map(String::from_utf8_lossy).unwrap_or_default();
    let payload = parts.next().unwrap_or_default();

    let arrivals = decode_message(&Topics::default(), compat, &topic, payload, retained);

    // A backlog has at least two bytes for each of its events.
    assert!(arrivals.len() <= payload.len() / 2 + 2, "{} arrivals", arrivals.len());
}

macro_rules! read_again {
    ($payload:expr; $($kind:ty),+ $(,)?) => {
        $(if let Ok(read) = decode::<$kind>($payload) {
            let written = encode(&read);
            let again = decode::<$kind>(&written).expect("what was written can be read");
            assert_eq!(encode(&again), written, "{}", stringify!($kind));
        })+
    };
}

/// Takes a payload of every kind: one that can be read is the same when it is written and read again.
pub(crate) fn wire(payload: &[u8]) {
    read_again!(payload; Ack, ClockPing, ClockPong, Command, CommandAck, CoreHello, Event, Hello,
        InputStatus, NightResult, NightStep, NightVote, RoomState, SlotQuestion, SlotResult);
    let _ = decode_batch::<Event>(payload);
}

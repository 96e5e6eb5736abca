//! Payloads of every kind: one that can be read is the same when it is written and read again.
#![no_main]

use eg_proto::{
    Ack, ClockPing, ClockPong, Command, CommandAck, CoreHello, Event, Hello, InputStatus,
    NightResult, NightStep, NightVote, RoomState, SlotQuestion, SlotResult, decode, encode,
};
use libfuzzer_sys::fuzz_target;

macro_rules! read_again {
    ($payload:expr; $($kind:ty),+ $(,)?) => {
        $(if let Ok(read) = decode::<$kind>($payload) {
            let written = encode(&read);
            let again = decode::<$kind>(&written).expect("what was written can be read");
            assert_eq!(encode(&again), written, "{}", stringify!($kind));
        })+
    };
}

fuzz_target!(|payload: &[u8]| {
    read_again!(payload; Ack, ClockPing, ClockPong, Command, CommandAck, CoreHello, Event, Hello,
        InputStatus, NightResult, NightStep, NightVote, RoomState, SlotQuestion, SlotResult);
});

//! Messages on any topic with any payload: each is taken, or set aside as unreadable, and nothing panics.
//!
//! An input is a byte of flags, a topic up to the first zero byte, and the payload.
#![no_main]

use eg_core::ingest::decode_message;
use eg_proto::Topics;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((flags, rest)) = input.split_first() else { return };
    let (compat, retained) = (flags & 1 != 0, flags & 2 != 0);
    let mut parts = rest.splitn(2, |byte| *byte == 0);
    let topic = parts.next().map(String::from_utf8_lossy).unwrap_or_default();
    let payload = parts.next().unwrap_or_default();

    let arrivals = decode_message(&Topics::default(), compat, &topic, payload, retained);

    // A backlog has at least two bytes for each of its events.
    assert!(arrivals.len() <= payload.len() / 2 + 2, "{} arrivals", arrivals.len());
});

//! Answers of the MQTT library, translated into the client's own protocol version.
//!
//! The library answers some refusals of a 3.1.1 client in MQTT 5: reason codes where 3.1.1 has none, properties behind
//! them, and a DISCONNECT, which a 3.1.1 server never sends. Here they become what 3.1.1 knows.

use bytes::BytesMut;

use super::wire::{
    AUTH, CONNACK, DISCONNECT, Fields, PUBACK, PUBCOMP, PUBREC, PUBREL, SUBACK, UNSUBACK, packet,
};

/// Return code for a subscription that is not granted (section 3.9.3).
const NOT_GRANTED: u8 = 0x80;

/// Translates a packet for a 3.1.1 client; `None` when 3.1.1 has no such packet. `header` is the length of its fixed
/// header in bytes.
pub(super) fn for_3_1_1(whole: &[u8], header: usize) -> Option<BytesMut> {
    let (first, body) = (*whole.first()?, whole.get(header..)?);
    match first >> 4 {
        CONNACK => {
            let (flags, code) = (*body.first()?, *body.get(1)?);
            let code = refusal(code);
            Some(packet(first, &[if code == 0 { flags } else { 0 }, code]))
        }
        PUBACK | PUBREC | PUBREL | PUBCOMP | UNSUBACK => Some(packet(first, body.get(..2)?)),
        SUBACK => {
            let mut granted = body.to_vec();
            for code in granted.iter_mut().skip(2).filter(|code| **code >= NOT_GRANTED) {
                *code = NOT_GRANTED;
            }
            Some(packet(first, &granted))
        }
        DISCONNECT | AUTH => None,
        _ => Some(whole.into()),
    }
}

/// Converts a reason code of MQTT 5 into the CONNACK return code of 3.1.1 (table 3.1).
fn refusal(reason: u8) -> u8 {
    match reason {
        code @ 0..=5 => code,
        // Unsupported protocol version.
        0x84 => 1,
        // Client identifier not valid.
        0x85 => 2,
        // Bad user name or password.
        0x86 => 4,
        // Not authorized, banned, bad authentication method.
        0x87 | 0x8a | 0x8c => 5,
        // Whatever else is wrong, with the server or with what was asked of it.
        _ => 3,
    }
}

/// Returns `true` if this packet answers the request of this kind and packet identifier.
pub(super) fn answers(whole: &[u8], header: usize, kind: u8, id: u16) -> bool {
    whole.first().is_some_and(|first| first >> 4 == kind)
        && whole.get(header..).and_then(|body| Fields(body).number()) == Some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> Option<Vec<u8>> {
        for_3_1_1(bytes, 2).map(|bytes| bytes.to_vec())
    }

    #[test]
    fn refusals_are_those_of_the_clients_version() {
        assert_eq!(told(&[0x20, 3, 0, 0x84, 0]).unwrap(), [0x20, 2, 0, 1]);
        assert_eq!(told(&[0x20, 8, 1, 0x87, 5, 0x1f, 0, 2, b'n', b'o']).unwrap(), [0x20, 2, 0, 5]);
        assert_eq!(told(&[0x20, 2, 1, 0]).unwrap(), [0x20, 2, 1, 0]);
        assert_eq!(told(&[0x40, 4, 0, 7, 0x87, 0]).unwrap(), [0x40, 2, 0, 7]);
        assert_eq!(told(&[0x50, 3, 0, 7, 0x97]).unwrap(), [0x50, 2, 0, 7]);
        assert_eq!(told(&[0x90, 5, 0, 7, 1, 0x8f, 0x97]).unwrap(), [0x90, 5, 0, 7, 1, 0x80, 0x80]);
        assert_eq!(told(&[0xb0, 4, 0, 7, 0x11, 0]).unwrap(), [0xb0, 2, 0, 7]);
    }

    #[test]
    fn a_server_of_3_1_1_never_says_disconnect() {
        assert_eq!(told(&[0xe0, 1, 0x8e]), None);
        assert_eq!(told(&[0xe0, 0]), None);
        assert_eq!(told(&[0xf0, 0]), None);
    }

    #[test]
    fn messages_pass_as_they_are() {
        let publish = [0x31, 5, 0, 1, b'a', 0xe0, 1];

        assert_eq!(told(&publish).unwrap(), publish);
        assert_eq!(told(&[0xd0, 0]).unwrap(), [0xd0, 0]);
    }
}

//! Minimal parser of MQTT packets: their boundaries, and the texts in them.
//!
//! Numbers of sections are those of MQTT 3.1.1; MQTT 5 differs by its properties alone.

use bytes::{BufMut, BytesMut};
use thiserror::Error;

pub(super) const CONNECT: u8 = 1;
pub(super) const CONNACK: u8 = 2;
pub(super) const PUBLISH: u8 = 3;
pub(super) const PUBACK: u8 = 4;
pub(super) const PUBREC: u8 = 5;
pub(super) const PUBREL: u8 = 6;
pub(super) const PUBCOMP: u8 = 7;
pub(super) const SUBSCRIBE: u8 = 8;
pub(super) const SUBACK: u8 = 9;
pub(super) const UNSUBSCRIBE: u8 = 10;
pub(super) const UNSUBACK: u8 = 11;
pub(super) const DISCONNECT: u8 = 14;
pub(super) const AUTH: u8 = 15;

/// Error for bytes that are no packet, or a packet above the size limit.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(super) enum NoPacket {
    #[error("the packet is malformed")]
    Malformed,
    #[error("the packet is too large")]
    TooLarge,
}

/// Protocol version that a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    /// MQTT 3.1.1, level 4.
    V4,
    /// MQTT 5.
    V5,
}

/// Boundaries of the first packet in a buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// Length of the fixed header in bytes (section 2.2).
    pub(super) header: usize,
    /// Length of the whole packet in bytes.
    pub(super) length: usize,
}

impl Frame {
    /// Finds the first packet, of at most `most` bytes. `None` while its length field is incomplete.
    pub(super) fn of(bytes: &[u8], most: usize) -> Result<Option<Self>, NoPacket> {
        let Some(rest) = bytes.get(1..) else { return Ok(None) };
        let mut fields = Fields(rest);
        let Some(body) = fields.length() else {
            return if rest.len() < 4 { Ok(None) } else { Err(NoPacket::Malformed) };
        };
        let header = 1 + rest.len() - fields.0.len();
        let length = header + body;
        if length > most { Err(NoPacket::TooLarge) } else { Ok(Some(Self { header, length })) }
    }
}

/// Reader for the fields of a packet, one after the other. Returns `None` when the packet ends before the field does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|byte| byte[0])
    }

    pub(super) fn number(&mut self) -> Option<u16> {
        self.take(2).map(|bytes| u16::from_be_bytes([bytes[0], bytes[1]]))
    }

    /// Reads a text or binary data with its length before it (section 1.5.3).
    pub(super) fn sized(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        self.take(usize::from(length))
    }

    /// Reads a length in one to four bytes of seven bits, the lowest first (section 2.2.3).
    pub(super) fn length(&mut self) -> Option<usize> {
        let mut length = 0;
        for digit in 0..4 {
            let byte = self.byte()?;
            length |= usize::from(byte & 0x7f) << (7 * digit);
            if byte & 0x80 == 0 {
                return Some(length);
            }
        }
        None
    }

    /// Skips the properties that MQTT 5 has at this place.
    pub(super) fn properties(&mut self, level: Level) -> Option<()> {
        if level == Level::V5 {
            let length = self.length()?;
            self.take(length)?;
        }
        Some(())
    }
}

/// Returns the topic alias among the properties of a PUBLISH (MQTT 5, section 3.3.2.3).
pub(super) fn topic_alias(properties: &[u8]) -> Option<u16> {
    let mut fields = Fields(properties);
    loop {
        match fields.byte()? {
            0x23 => return fields.number(),
            0x01 => drop(fields.byte()?),
            0x02 => drop(fields.take(4)?),
            0x0b => drop(fields.length()?),
            0x03 | 0x08 | 0x09 => drop(fields.sized()?),
            0x26 => drop((fields.sized()?, fields.sized()?)),
            _ => return None,
        }
    }
}

/// Builds a packet from its first byte and its body.
pub(super) fn packet(first: u8, body: &[u8]) -> BytesMut {
    let mut bytes = BytesMut::with_capacity(5 + body.len());
    bytes.put_u8(first);
    let mut length = body.len();
    while length > 0x7f {
        bytes.put_u8(u8::try_from(length & 0x7f).unwrap_or(0) | 0x80);
        length >>= 7;
    }
    bytes.put_u8(u8::try_from(length).unwrap_or(0));
    bytes.put_slice(body);
    bytes
}

/// Writes a text with its length before it; beyond 65,535 bytes it is cut.
pub(super) fn put_text(into: &mut BytesMut, text: &str) {
    let bytes = &text.as_bytes()[..text.len().min(usize::from(u16::MAX))];
    into.put_u16(u16::try_from(bytes.len()).unwrap_or(u16::MAX));
    into.put_slice(bytes);
}

/// Returns `true` for a text that Mosquitto accepts too: UTF-8 without control characters (U+0000 to U+001F, U+007F to
/// U+009F) and without Unicode's non-characters. libmosquitto drops the connection over any other, and comes back for
/// it again.
pub(super) fn is_clean(text: &[u8]) -> bool {
    let is_bad = |c: char| {
        let code = u32::from(c);
        c.is_control() || (0xfdd0..=0xfdef).contains(&code) || code & 0xfffe == 0xfffe
    };
    std::str::from_utf8(text).is_ok_and(|text| !text.chars().any(is_bad))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_for_a_length_that_comes_in_pieces() {
        let publish = packet(0x30, &[0; 300]);

        let found: Vec<_> = (0..4).map(|count| Frame::of(&publish[..count], 1_000)).collect();

        let whole = Ok(Some(Frame { header: 3, length: 303 }));
        assert_eq!(found, [Ok(None), Ok(None), Ok(None), whole]);
        assert_eq!(Frame::of(&publish, 302), Err(NoPacket::TooLarge));
        assert_eq!(Frame::of(&[0x30, 0xff, 0xff, 0xff, 0xff, 1], 9), Err(NoPacket::Malformed));
    }

    #[test]
    fn finds_a_topic_alias_behind_other_properties() {
        let properties = b"\x01\x01\x02\0\0\0\x09\x26\0\x01k\0\x01v\x0b\x80\x01\x23\0\x05";

        assert_eq!(topic_alias(properties), Some(5));
        assert_eq!(topic_alias(&properties[..properties.len() - 1]), None);
        assert_eq!(topic_alias(b""), None);
        assert_eq!(topic_alias(b"\x7f\x23\0\x05"), None);
    }

    #[test]
    fn takes_the_texts_that_mosquitto_takes() {
        let clean = ["prop/état", "a b", "\u{a0}", "🔔", "\u{fdcf}", "\u{fffd}", ""];
        let bad = [
            "\0",
            "a\u{1}",
            "\u{1f}",
            "\u{7f}",
            "\u{80}",
            "\u{9f}",
            "\u{fdd0}",
            "\u{fdef}",
            "\u{fffe}",
            "\u{ffff}",
            "\u{1fffe}",
            "\u{10ffff}",
        ];

        assert!(clean.iter().all(|text| is_clean(text.as_bytes())));
        assert!(!bad.iter().any(|text| is_clean(text.as_bytes())));
        assert!(!is_clean(b"\xff") && !is_clean(b"\xed\xa0\x80"));
    }
}

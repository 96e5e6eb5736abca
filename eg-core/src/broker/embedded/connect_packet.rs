//! A CONNECT packet as the library will read it: its client has a name, and its will is kept only if there is room.

use bytes::{BufMut, BytesMut};

use super::wire::{Fields, Frame, Level, packet, put_text};

/// Flag of a will, and of one that is retained (section 3.1.2.3).
const WILL: u8 = 0b100;
/// Flag of a clean session, without which a client of 3.1.1 has to have a name (section 3.1.3.1).
const CLEAN: u8 = 0b10;
const WILL_RETAINED: u8 = 0b10_0000;
/// Property of MQTT 5 in a CONNACK: the name that the server gave (MQTT 5, section 3.2.2.3.7).
const ASSIGNED_ID: u8 = 0x12;

/// Places of what may change in a CONNECT packet, counted in its body.
struct Places {
    flags: usize,
    /// First byte of the client's name, with its length before it.
    id: usize,
    /// Topic and size in bytes of the payload of a will that is to be retained.
    kept_will: Option<(String, usize)>,
}

fn places(body: &[u8], level: Level) -> Option<Places> {
    let mut fields = Fields(body);
    let at = |fields: &Fields<'_>| body.len() - fields.0.len();
    fields.sized()?;
    fields.byte()?;
    let flags_at = at(&fields);
    let flags = fields.byte()?;
    fields.number()?;
    fields.properties(level)?;
    let id = at(&fields);
    fields.sized()?;
    let mut kept_will = None;
    if flags & WILL != 0 {
        fields.properties(level)?;
        let (topic, payload) = (fields.sized()?, fields.sized()?);
        let topic = String::from_utf8_lossy(topic).into_owned();
        kept_will = (flags & WILL_RETAINED != 0).then_some((topic, payload.len()));
    }
    Some(Places { flags: flags_at, id, kept_will })
}

/// Returns the topic and the size of a will that is to be retained.
pub(super) fn kept_will(bytes: &[u8], level: Level) -> Option<(String, usize)> {
    let frame = Frame::of(bytes, usize::MAX).ok()??;
    places(bytes.get(frame.header..frame.length)?, level)?.kept_will
}

/// Makes the will one that is not retained.
pub(super) fn keep_no_will(bytes: &mut BytesMut, level: Level) {
    let Ok(Some(frame)) = Frame::of(bytes, usize::MAX) else { return };
    let Some(body) = bytes.get_mut(frame.header..frame.length) else { return };
    if let Some(Places { flags, .. }) = places(body, level) {
        body[flags] &= !WILL_RETAINED;
    }
}

/// Gives a nameless client this name. Returns `false` for one that has to have a name of its own.
pub(super) fn name(bytes: &mut BytesMut, level: Level, id: &str) -> bool {
    let Ok(Some(frame)) = Frame::of(bytes, usize::MAX) else { return false };
    let Some(body) = bytes.get(frame.header..frame.length) else { return false };
    let Some(Places { id: at, flags, .. }) = places(body, level) else { return false };
    if level == Level::V4 && body[flags] & CLEAN == 0 {
        return false;
    }
    let mut named = BytesMut::from(&body[..at]);
    put_text(&mut named, id);
    named.put_slice(&body[at + 2..]);
    let mut all = packet(bytes[0], &named);
    all.put_slice(&bytes[frame.length..]);
    *bytes = all;
    true
}

/// Adds to a CONNACK of MQTT 5 the name that the client was given.
pub(super) fn tell_name(connack: &[u8], header: usize, id: &str) -> Option<BytesMut> {
    let body = connack.get(header..)?;
    let mut fields = Fields(body.get(2..)?);
    let length = fields.length()?;
    let known = fields.take(length)?;
    let mut properties = BytesMut::new();
    properties.put_u8(ASSIGNED_ID);
    put_text(&mut properties, id);
    properties.put_slice(known);
    // A length has the form of a packet's own (section 2.2.3 of MQTT 5 and of 3.1.1).
    let mut told = BytesMut::from(&body[..2]);
    told.put_slice(&packet(0, &properties)[1..]);
    Some(packet(connack[0], &told))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOUR: &[u8] = b"\x10\x12\x00\x04MQTT\x04\x26\x00\x0a\x00\x00\x00\x01w\x00\x01x";
    const FIVE: &[u8] = b"\x10\x0e\x00\x04MQTT\x05\x02\x00\x0a\x01\x2a\x00\x00!";

    #[test]
    fn a_nameless_client_gets_a_name_and_keeps_the_rest() {
        let mut four = BytesMut::from(FOUR);
        let mut five = BytesMut::from(FIVE);

        assert!(name(&mut four, Level::V4, "n-1") && name(&mut five, Level::V5, "n-2"));

        assert_eq!(&four[..], b"\x10\x15\x00\x04MQTT\x04\x26\x00\x0a\x00\x03n-1\x00\x01w\x00\x01x");
        assert_eq!(&five[..], b"\x10\x11\x00\x04MQTT\x05\x02\x00\x0a\x01\x2a\x00\x03n-2!");
    }

    #[test]
    fn a_client_of_version_5_hears_its_name() {
        let told = tell_name(b"\x20\x06\x00\x00\x03\x22\x00\x05", 2, "n-2").unwrap();

        assert_eq!(&told[..], b"\x20\x0c\x00\x00\x09\x12\x00\x03n-2\x22\x00\x05");
    }

    #[test]
    fn a_will_that_is_to_be_kept_is_seen_and_can_be_made_one_that_is_not() {
        let mut four = BytesMut::from(FOUR);

        assert_eq!(kept_will(&four, Level::V4), Some(("w".to_owned(), 1)));
        keep_no_will(&mut four, Level::V4);

        assert_eq!(kept_will(&four, Level::V4), None);
        assert_eq!(four[9], 0x06);
    }

    #[test]
    fn bytes_that_are_no_connect_are_left_alone() {
        for length in 0..FOUR.len() {
            let mut cut = BytesMut::from(&FOUR[..length]);
            assert!(!name(&mut cut, Level::V4, "n"));
            keep_no_will(&mut cut, Level::V4);
            assert_eq!(&cut[..], &FOUR[..length]);
        }
        assert_eq!(tell_name(b"\x20\x03\x00\x00\x09", 2, "n"), None);
    }
}

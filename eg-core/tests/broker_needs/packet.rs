//! MQTT packets as bytes, for clients that have to misbehave or to speak over WebSocket.

use bytes::{Buf, BytesMut};

pub(crate) const CONNACK: u8 = 2;
pub(crate) const PUBLISH: u8 = 3;
pub(crate) const PUBACK: u8 = 4;
pub(crate) const SUBACK: u8 = 9;
pub(crate) const PINGRESP: u8 = 13;
pub(crate) const DISCONNECT: u8 = 14;

pub(crate) const PINGREQ_BYTES: &[u8] = &[0xc0, 0];

/// Contents of a CONNECT.
#[derive(Clone, Copy)]
pub(crate) struct Hello<'a> {
    /// Protocol level: 4 for MQTT 3.1.1, 5 for MQTT 5.
    pub(crate) level: u8,
    pub(crate) id: &'a str,
    /// Keep-alive in seconds.
    pub(crate) keep_alive: u16,
    /// `true` if the broker keeps nothing of the client once it is gone.
    pub(crate) clean: bool,
    /// Topic of a will with payload `gone`, QoS 1.
    pub(crate) will: Option<&'a str>,
}

impl<'a> Hello<'a> {
    pub(crate) fn new(id: &'a str) -> Self {
        Self { level: 4, id, keep_alive: 60, clean: true, will: None }
    }

    pub(crate) fn bytes(self) -> Vec<u8> {
        let properties: &[u8] = if self.level == 5 { &[0] } else { &[] };
        let flags = u8::from(self.clean) << 1 | if self.will.is_some() { 0b0000_1100 } else { 0 };
        let mut body = text("MQTT");
        body.extend([self.level, flags]);
        body.extend(self.keep_alive.to_be_bytes());
        body.extend(properties);
        body.extend(text(self.id));
        if let Some(topic) = self.will {
            body.extend(properties);
            body.extend(text(topic));
            body.extend(text("gone"));
        }
        packet(0x10, &body)
    }

    /// Builds a SUBSCRIBE of this client to one filter with QoS 1 and packet id 1.
    pub(crate) fn subscribe(self, filter: &str) -> Vec<u8> {
        let mut body = vec![0, 1];
        if self.level == 5 {
            body.push(0);
        }
        body.extend(text(filter));
        body.push(1);
        packet(0x82, &body)
    }

    /// Builds a PUBLISH of this client, retained, with QoS 0.
    pub(crate) fn retained(self, topic: &str, payload: &[u8]) -> Vec<u8> {
        let mut body = text(topic);
        if self.level == 5 {
            body.push(0);
        }
        body.extend(payload);
        packet(0x31, &body)
    }
}

/// Builds a SUBSCRIBE (3.1.1) to one filter with QoS 1 and packet id 1.
pub(crate) fn subscribe(filter: &str) -> Vec<u8> {
    Hello::new("").subscribe(filter)
}

/// Builds an UNSUBSCRIBE (3.1.1) from one filter with packet id 1.
pub(crate) fn unsubscribe(filter: &str) -> Vec<u8> {
    let mut body = vec![0, 1];
    body.extend(text(filter));
    packet(0xa2, &body)
}

/// Builds a PUBLISH (3.1.1), retained, with QoS 0.
pub(crate) fn publish_retained(topic: &str, payload: &[u8]) -> Vec<u8> {
    Hello::new("").retained(topic, payload)
}

/// Builds a PUBLISH (3.1.1) with QoS 1.
pub(crate) fn publish(topic: &str, id: u16, payload: &[u8]) -> Vec<u8> {
    let mut body = text(topic);
    body.extend(id.to_be_bytes());
    body.extend(payload);
    packet(0x32, &body)
}

/// Builds a PUBACK (3.1.1).
pub(crate) fn puback(id: u16) -> Vec<u8> {
    packet(0x40, &id.to_be_bytes())
}

fn text(text: &str) -> Vec<u8> {
    let mut bytes = u16::try_from(text.len()).unwrap().to_be_bytes().to_vec();
    bytes.extend(text.as_bytes());
    bytes
}

fn packet(first: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    let mut length = body.len();
    while length > 0x7f {
        bytes.push(u8::try_from(length & 0x7f).unwrap() | 0x80);
        length >>= 7;
    }
    bytes.push(u8::try_from(length).unwrap());
    bytes.extend(body);
    bytes
}

/// Packet that was received.
#[derive(Debug)]
pub(crate) struct Packet {
    pub(crate) kind: u8,
    pub(crate) flags: u8,
    pub(crate) body: Vec<u8>,
}

impl Packet {
    /// Takes the first whole packet out of the bytes that have arrived.
    pub(crate) fn take(arrived: &mut BytesMut) -> Option<Self> {
        let first = *arrived.first()?;
        let (mut length, mut digits) = (0, 0);
        loop {
            let byte = *arrived.get(1 + digits)?;
            length |= usize::from(byte & 0x7f) << (7 * digits);
            digits += 1;
            if byte & 0x80 == 0 {
                break;
            }
        }
        if arrived.len() < 1 + digits + length {
            return None;
        }
        arrived.advance(1 + digits);
        let body = arrived.split_to(length).to_vec();
        Some(Self { kind: first >> 4, flags: first & 0xf, body })
    }

    /// Returns topic, packet id (QoS above 0) and payload of a 3.1.1 PUBLISH.
    pub(crate) fn publish(&self) -> (String, Option<u16>, Vec<u8>) {
        assert_eq!(self.kind, PUBLISH, "{self:?}");
        let length = usize::from(u16::from_be_bytes([self.body[0], self.body[1]]));
        let (topic, rest) = self.body[2..].split_at(length);
        let topic = String::from_utf8(topic.to_vec()).unwrap();
        if self.flags & 0b110 == 0 {
            return (topic, None, rest.to_vec());
        }
        (topic, Some(u16::from_be_bytes([rest[0], rest[1]])), rest[2..].to_vec())
    }
}

//! MQTT 3.1.1, as much of it as a load and a floor need: whole packets in buffers, nothing of sessions.

use anyhow::{Context, Result, bail, ensure};

/// Highest number of bytes of a packet's body that is read here.
const MOST: usize = 1 << 20;

/// Control packet types (section 2.2.1), as they stand in the first four bits.
pub(crate) mod kind {
    pub(crate) const CONNECT: u8 = 1;
    pub(crate) const CONNACK: u8 = 2;
    pub(crate) const PUBLISH: u8 = 3;
    pub(crate) const PUBACK: u8 = 4;
    pub(crate) const SUBSCRIBE: u8 = 8;
    pub(crate) const SUBACK: u8 = 9;
    pub(crate) const PINGREQ: u8 = 12;
    pub(crate) const PINGRESP: u8 = 13;
}

/// A packet in a buffer.
pub(crate) struct Packet<'b> {
    /// First byte: the type and its flags.
    head: u8,
    /// Everything after the length.
    pub(crate) body: &'b [u8],
}

/// The parts of a PUBLISH (section 3.3).
pub(crate) struct Publish<'b> {
    pub(crate) topic: &'b str,
    /// Packet identifier; `None` at QoS 0.
    pub(crate) id: Option<u16>,
    pub(crate) payload: &'b [u8],
}

/// Returns the first packet of a buffer and its length in bytes; `None` until it is there whole.
///
/// # Errors
/// When this is no MQTT, or the packet is larger than anything here.
pub(crate) fn first(bytes: &[u8]) -> Result<Option<(Packet<'_>, usize)>> {
    let Some((&head, rest)) = bytes.split_first() else { return Ok(None) };
    let (mut length, mut shift) = (0, 0);
    for (n, byte) in rest.iter().enumerate() {
        length |= usize::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            ensure!(length <= MOST, "a packet of {length} bytes");
            let from = n + 2;
            let body = bytes.get(from..from + length);
            return Ok(body.map(|body| (Packet { head, body }, from + length)));
        }
        ensure!(n < 3, "a length of more than four bytes");
    }
    Ok(None)
}

impl<'b> Packet<'b> {
    /// Returns the type, one of [`kind`].
    pub(crate) fn kind(&self) -> u8 {
        self.head >> 4
    }

    /// Returns the parts of a PUBLISH.
    pub(crate) fn publish(&self) -> Result<Publish<'b>> {
        let (topic, rest) = text(self.body)?;
        if self.head & 0b110 == 0 {
            return Ok(Publish { topic, id: None, payload: rest });
        }
        let (id, payload) = number(rest)?;
        Ok(Publish { topic, id: Some(id), payload })
    }

    /// Returns the packet identifier and the filters of a SUBSCRIBE (section 3.8).
    pub(crate) fn subscribe(&self) -> Result<(u16, Vec<&'b str>)> {
        let (id, mut rest) = number(self.body)?;
        let mut filters = Vec::new();
        while !rest.is_empty() {
            let (filter, after) = text(rest)?;
            filters.push(filter);
            rest = after.get(1..).context("a filter without its QoS")?;
        }
        Ok((id, filters))
    }
}

fn number(bytes: &[u8]) -> Result<(u16, &[u8])> {
    let (number, rest) = bytes.split_first_chunk().context("two bytes are missing")?;
    Ok((u16::from_be_bytes(*number), rest))
}

fn text(bytes: &[u8]) -> Result<(&str, &[u8])> {
    let (length, rest) = number(bytes)?;
    let (text, rest) = rest.split_at_checked(length.into()).context("a text is cut short")?;
    Ok((std::str::from_utf8(text)?, rest))
}

/// Appends a CONNECT for a clean session, with this user name and password if any, and `offline` as the will of a slot's
/// `status` topic if one is given.
pub(crate) fn connect(
    out: &mut Vec<u8>,
    client: &str,
    login: Option<(&str, &str)>,
    will: Option<&str>,
) -> Result<()> {
    let mut body = vec![0, 4];
    body.extend_from_slice(b"MQTT\x04");
    let (login_flags, will_flags) = (login.map_or(0, |_| 0xc0), will.map_or(0, |_| 0x2c));
    body.push(0x02 | login_flags | will_flags);
    body.extend_from_slice(&60_u16.to_be_bytes());
    put_text(&mut body, client)?;
    if let Some(topic) = will {
        put_text(&mut body, topic)?;
        put_text(&mut body, "offline")?;
    }
    if let Some((user, password)) = login {
        put_text(&mut body, user)?;
        put_text(&mut body, password)?;
    }
    put(out, kind::CONNECT << 4, &[&body])
}

/// Appends a SUBSCRIBE at QoS 1.
pub(crate) fn subscribe(out: &mut Vec<u8>, id: u16, filters: &[&str]) -> Result<()> {
    let mut body = id.to_be_bytes().to_vec();
    for filter in filters {
        put_text(&mut body, filter)?;
        body.push(1);
    }
    put(out, kind::SUBSCRIBE << 4 | 0b10, &[&body])
}

/// Appends a PUBLISH: at QoS 1 under this packet identifier, else at QoS 0.
pub(crate) fn publish(
    out: &mut Vec<u8>,
    topic: &str,
    payload: &[u8],
    id: Option<u16>,
    retained: bool,
) -> Result<()> {
    let head = kind::PUBLISH << 4 | u8::from(id.is_some()) << 1 | u8::from(retained);
    let length = u16::try_from(topic.len())?.to_be_bytes();
    let id = id.map(u16::to_be_bytes);
    let id = id.as_ref().map_or(&[][..], |id| &id[..]);
    put(out, head, &[&length, topic.as_bytes(), id, payload])
}

/// Appends the answer to a QoS 1 PUBLISH.
pub(crate) fn puback(out: &mut Vec<u8>, id: u16) -> Result<()> {
    put(out, kind::PUBACK << 4, &[&id.to_be_bytes()])
}

/// Appends a packet of this type without flags.
pub(crate) fn plain(out: &mut Vec<u8>, kind: u8, body: &[u8]) -> Result<()> {
    put(out, kind << 4, &[body])
}

fn put_text(out: &mut Vec<u8>, text: &str) -> Result<()> {
    out.extend_from_slice(&u16::try_from(text.len())?.to_be_bytes());
    out.extend_from_slice(text.as_bytes());
    Ok(())
}

fn put(out: &mut Vec<u8>, head: u8, parts: &[&[u8]]) -> Result<()> {
    let mut length: usize = parts.iter().map(|part| part.len()).sum();
    if length > MOST {
        bail!("a packet of {length} bytes");
    }
    out.push(head);
    loop {
        let byte = (length & 0x7f) as u8;
        length >>= 7;
        if length == 0 {
            out.push(byte);
            break;
        }
        out.push(byte | 0x80);
    }
    parts.iter().for_each(|part| out.extend_from_slice(part));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_publication_comes_out_as_it_went_in_and_not_before_it_is_whole() {
        let mut bytes = Vec::new();
        publish(&mut bytes, "bench/in", &[7; 300], Some(9), false).unwrap();

        for end in 0..bytes.len() {
            assert!(first(&bytes[..end]).unwrap().is_none(), "{end}");
        }
        let (packet, length) = first(&bytes).unwrap().unwrap();
        let read = packet.publish().unwrap();
        assert_eq!((packet.kind(), length), (kind::PUBLISH, bytes.len()));
        assert_eq!((read.topic, read.id, read.payload), ("bench/in", Some(9), &[7; 300][..]));
    }

    #[test]
    fn a_subscription_names_its_filters() {
        let mut bytes = Vec::new();
        subscribe(&mut bytes, 3, &["a/+", "b"]).unwrap();

        let (packet, _) = first(&bytes).unwrap().unwrap();
        assert_eq!(packet.subscribe().unwrap(), (3, vec!["a/+", "b"]));
    }
}

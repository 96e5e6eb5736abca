//! The CONNECT packet, read before the library sees it.

use std::io;

use bytes::BytesMut;
use thiserror::Error;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use super::wire::{CONNECT, Fields, Frame, Level, is_clean};

/// Bytes that tell whether this is MQTT at all: the fixed header and the longest name of the protocol.
const START: usize = 5 + 8;
/// Set by a Mosquitto bridge beside its level: what it says comes from another broker.
const BRIDGE: u8 = 0x80;
/// Refuses a version, as MQTT 3.1 and 3.1.1 say it (section 3.2.2.3).
pub(super) const UNKNOWN_VERSION: &[u8] = &[0x20, 2, 0, 1];

/// A client that said who it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Greeting {
    pub(super) level: Level,
    /// A broker that passes on what its own clients say.
    pub(super) bridge: bool,
    /// Empty: the broker gives it a name.
    pub(super) id: String,
    pub(super) will_topic: Option<String>,
    /// Everything that was read, CONNECT first, with the level that the library knows.
    pub(super) bytes: BytesMut,
}

/// A connection that does not get in.
#[derive(Debug, Error)]
pub(super) enum Unwelcome {
    /// The peer is gone.
    #[error("the connection is gone")]
    Gone(#[from] io::Error),
    /// Not MQTT, or a CONNECT that makes no sense.
    #[error("this is no CONNECT packet")]
    Strange,
    /// MQTT 3.1, or a version that nobody knows.
    #[error("it speaks a version of MQTT that is not served; 3.1.1 and 5 are")]
    Version,
    /// A text in it that no broker may pass on.
    #[error("its {what} has a control character, which no client of libmosquitto bears: {text:?}")]
    Text { what: &'static str, text: String },
}

/// Reads until a CONNECT packet is whole.
///
/// # Errors
/// [`Unwelcome`].
pub(super) async fn hear(stream: &mut TcpStream, most: usize) -> Result<Greeting, Unwelcome> {
    let mut bytes = BytesMut::with_capacity(256);
    loop {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(Unwelcome::Gone(io::ErrorKind::UnexpectedEof.into()));
        }
        if bytes[0] >> 4 != CONNECT {
            return Err(Unwelcome::Strange);
        }
        let frame = Frame::of(&bytes, most).map_err(|_| Unwelcome::Strange)?;
        let Some(frame) = frame else { continue };
        if !may_be_mqtt(&bytes[frame.header..bytes.len().min(frame.length)]) {
            return Err(Unwelcome::Strange);
        }
        if bytes.len() >= frame.length {
            return judge(bytes, frame);
        }
    }
}

/// False once the name of the protocol, as far as it has come, is another one (section 3.1.2.1).
fn may_be_mqtt(body: &[u8]) -> bool {
    let names = [&b"\x00\x04MQTT"[..], b"\x00\x06MQIsdp"];
    names
        .iter()
        .any(|name| name.iter().zip(body.iter().take(START)).all(|(wanted, found)| wanted == found))
}

fn judge(mut bytes: BytesMut, frame: Frame) -> Result<Greeting, Unwelcome> {
    let mut fields = Fields(&bytes[frame.header..frame.length]);
    let name = fields.sized().ok_or(Unwelcome::Strange)?;
    let level_at = frame.length - fields.0.len();
    let said = fields.byte().ok_or(Unwelcome::Strange)?;
    let (bridge, number) = (said & BRIDGE != 0, said & !BRIDGE);
    let level = match (name, number) {
        (b"MQTT", 4) => Level::V4,
        (b"MQTT", 5) => Level::V5,
        _ => return Err(Unwelcome::Version),
    };
    let (id, will_topic) = who(fields, level).ok_or(Unwelcome::Strange)?;
    let text = |what, text: &[u8]| match is_clean(text) {
        true => Ok(String::from_utf8_lossy(text).into_owned()),
        false => {
            let text = String::from_utf8_lossy(text).into_owned();
            Err(Unwelcome::Text { what, text })
        }
    };
    let id = text("name", id)?;
    let will_topic = will_topic.map(|topic| text("will's topic", topic)).transpose()?;
    bytes[level_at] = number;
    Ok(Greeting { level, bridge, id, will_topic, bytes })
}

/// The client's name and its will's topic (section 3.1.3).
fn who(mut fields: Fields<'_>, level: Level) -> Option<(&[u8], Option<&[u8]>)> {
    let flags = fields.byte()?;
    let _keep_alive = fields.number()?;
    fields.properties(level)?;
    let id = fields.sized()?;
    if flags & 0b100 == 0 {
        return Some((id, None));
    }
    fields.properties(level)?;
    Some((id, Some(fields.sized()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(bytes: &[u8]) -> Result<Greeting, Unwelcome> {
        let frame = Frame::of(bytes, 1_000).unwrap().unwrap();
        judge(bytes.into(), frame)
    }

    #[test]
    fn reads_who_comes_and_where_its_will_goes() {
        let four =
            heard(b"\x10\x16\x00\x04MQTT\x04\x06\x00\x0a\x00\x04abcd\x00\x01w\x00\x01x").unwrap();
        let five = heard(b"\x10\x11\x00\x04MQTT\x05\x02\x00\x0a\x00\x00\x04abcd").unwrap();

        assert_eq!((four.level, four.id.as_str()), (Level::V4, "abcd"));
        assert_eq!(four.will_topic.as_deref(), Some("w"));
        assert_eq!((five.level, five.id.as_str(), five.will_topic), (Level::V5, "abcd", None));
    }

    #[test]
    fn takes_a_bridge_for_what_it_speaks() {
        let bridge = heard(b"\x10\x10\x00\x04MQTT\x84\x02\x00\x0a\x00\x04abcd").unwrap();

        assert!(bridge.bridge);
        assert_eq!(&bridge.bytes[..], b"\x10\x10\x00\x04MQTT\x04\x02\x00\x0a\x00\x04abcd");
    }

    #[test]
    fn refuses_versions_that_are_not_served() {
        let old = [
            &b"\x10\x12\x00\x06MQIsdp\x03\x02\x00\x0a\x00\x04abcd"[..],
            b"\x10\x12\x00\x06MQIsdp\x83\x02\x00\x0a\x00\x04abcd",
            b"\x10\x10\x00\x04MQTT\x03\x02\x00\x0a\x00\x04abcd",
            b"\x10\x10\x00\x04MQTT\x09\x02\x00\x0a\x00\x04abcd",
        ];

        for bytes in old {
            assert!(matches!(heard(bytes), Err(Unwelcome::Version)), "{bytes:?}");
        }
    }

    #[test]
    fn refuses_texts_that_no_broker_may_pass_on() {
        let name = heard(b"\x10\x10\x00\x04MQTT\x04\x02\x00\x0a\x00\x04ab\x01d");
        let will = heard(b"\x10\x16\x00\x04MQTT\x04\x06\x00\x0a\x00\x04abcd\x00\x01\x7f\x00\x01x");

        assert!(matches!(name, Err(Unwelcome::Text { what: "name", .. })));
        assert!(matches!(will, Err(Unwelcome::Text { what: "will's topic", .. })));
    }

    #[test]
    fn knows_what_is_no_connect_before_it_is_whole() {
        assert!(may_be_mqtt(b"\x00") && may_be_mqtt(b"\x00\x04MQ") && may_be_mqtt(b"\x00\x06MQI"));
        assert!(!may_be_mqtt(b"\x00\x04HTTP") && !may_be_mqtt(b"/ HTTP"));
    }
}

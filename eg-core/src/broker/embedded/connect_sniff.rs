//! The CONNECT packet, read before the library sees it.

use std::io;

use bytes::BytesMut;
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncReadExt};

use super::wire::{CONNECT, Fields, Frame, Level, is_clean};

/// Number of bytes that tell whether this is MQTT at all: the fixed header and the longest name of the protocol.
const START: usize = 5 + 8;
/// Bit that a Mosquitto bridge sets beside its level: its messages come from another broker.
const BRIDGE: u8 = 0x80;
/// Flags of a CONNECT (section 3.1.2.3).
const WILL: u8 = 0b100;
const USER: u8 = 0x80;
const PASSWORD: u8 = 0x40;
/// CONNACK that refuses a version, as MQTT 3.1 and 3.1.1 say it (section 3.2.2.3).
pub(super) const UNKNOWN_VERSION: &[u8] = &[0x20, 2, 0, 1];

/// Contents of a client's CONNECT packet.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Greeting {
    pub(super) level: Level,
    /// `true` for a broker that passes on the messages of its own clients.
    pub(super) bridge: bool,
    /// Name of the client; if empty, the broker gives it one.
    pub(super) id: String,
    pub(super) will_topic: Option<String>,
    pub(super) user: Option<String>,
    pub(super) password: Option<Vec<u8>>,
    /// Bytes that were read, CONNECT first, with the level that the library knows.
    pub(super) bytes: BytesMut,
}

/// Reason why a connection is refused.
#[derive(Debug, Error)]
pub(super) enum Unwelcome {
    /// The peer closed the connection.
    #[error("the connection is gone")]
    Gone(#[from] io::Error),
    /// The bytes are not MQTT, or a CONNECT that is malformed.
    #[error("this is no CONNECT packet")]
    Strange,
    /// The client speaks MQTT 3.1, or an unknown version.
    #[error("it speaks a version of MQTT that is not served; 3.1.1 and 5 are")]
    Version,
    /// The client's name or its will's topic has a character that no broker may pass on.
    #[error("its {what} has a control character, which no client of libmosquitto bears: {text:?}")]
    Text { what: &'static str, text: String },
}

/// Reads until a CONNECT packet of at most `most` bytes is whole.
///
/// # Errors
/// [`Unwelcome`].
pub(super) async fn hear(
    stream: &mut (impl AsyncRead + Unpin),
    most: usize,
) -> Result<Greeting, Unwelcome> {
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

/// Returns `false` once the protocol name, as far as it has arrived, is not that of MQTT (section 3.1.2.1).
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
    let Who { id, will_topic, user, password } = who(fields, level).ok_or(Unwelcome::Strange)?;
    let text = |what, text: &[u8]| match is_clean(text) {
        true => Ok(String::from_utf8_lossy(text).into_owned()),
        false => {
            let text = String::from_utf8_lossy(text).into_owned();
            Err(Unwelcome::Text { what, text })
        }
    };
    let id = text("name", id)?;
    let will_topic = will_topic.map(|topic| text("will's topic", topic)).transpose()?;
    let user = user.map(|user| text("user name", user)).transpose()?;
    let password = password.map(<[u8]>::to_vec);
    bytes[level_at] = number;
    Ok(Greeting { level, bridge, id, will_topic, user, password, bytes })
}

/// Fields of a CONNECT that tell who comes.
struct Who<'a> {
    id: &'a [u8],
    will_topic: Option<&'a [u8]>,
    user: Option<&'a [u8]>,
    password: Option<&'a [u8]>,
}

/// Returns the client's name, its will's topic and its credentials (section 3.1.3).
fn who(mut fields: Fields<'_>, level: Level) -> Option<Who<'_>> {
    let flags = fields.byte()?;
    let _keep_alive = fields.number()?;
    fields.properties(level)?;
    let id = fields.sized()?;
    let mut will_topic = None;
    if flags & WILL != 0 {
        fields.properties(level)?;
        will_topic = Some(fields.sized()?);
        let _payload = fields.sized()?;
    }
    let mut given = |flag| if flags & flag == 0 { Some(None) } else { fields.sized().map(Some) };
    let (user, password) = (given(USER)?, given(PASSWORD)?);
    Some(Who { id, will_topic, user, password })
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
    fn reads_the_credentials_behind_the_will() {
        let bytes = b"\x10\x1e\x00\x04MQTT\x04\xc6\x00\x0a\x00\x04abcd\x00\x01w\x00\x01x\x00\x02me\x00\x02pw";

        let four = heard(bytes).unwrap();

        assert_eq!(
            (four.user.as_deref(), four.password.as_deref()),
            (Some("me"), Some(&b"pw"[..]))
        );
        assert_eq!(four.will_topic.as_deref(), Some("w"));
        for cut in [4, 9, 12] {
            let mut cut_off = bytes[..bytes.len() - cut].to_vec();
            cut_off[1] -= u8::try_from(cut).unwrap();
            assert!(matches!(heard(&cut_off), Err(Unwelcome::Strange)), "{cut}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_panic(bytes: Vec<u8>, flags: u8, level in 4_u8..6) {
            let body = [&b"\0\x04MQTT"[..], &[level, flags, 0, 10], &bytes].concat();
            let _ = heard(&crate::broker::embedded::wire::packet(0x10, &body));
        }
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

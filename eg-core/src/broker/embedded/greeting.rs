//! The first bytes of a connection, looked at without taking them.

use std::io;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::sleep;

/// Between two looks at a greeting that came in pieces, which a real client's hardly ever does.
const NEXT_LOOK: Duration = Duration::from_millis(5);
/// A longer CONNECT is let in before it is whole; the library waits 10 s for the rest.
const ENOUGH: usize = 256;

/// Waits for a CONNECT packet to lie in the socket's buffer.
///
/// # Errors
/// `InvalidData` for anything else, `UnexpectedEof` when the peer is gone.
pub(super) async fn heard(stream: &TcpStream) -> io::Result<()> {
    let mut buffer = [0; ENOUGH];
    loop {
        let length = stream.peek(&mut buffer).await?;
        match judge(&buffer[..length]) {
            _ if length == 0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            Greeting::Whole => return Ok(()),
            Greeting::Strange => return Err(io::ErrorKind::InvalidData.into()),
            Greeting::Part if length == ENOUGH => return Ok(()),
            Greeting::Part => sleep(NEXT_LOOK).await,
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Greeting {
    Part,
    Whole,
    Strange,
}

/// Judges the start of a CONNECT packet (MQTT 3.1.1 and 5, section 3.1): type and flags 0x10, the
/// remaining length in one to four bytes, then a protocol name of four or six letters.
fn judge(bytes: &[u8]) -> Greeting {
    let Some((&first, rest)) = bytes.split_first() else { return Greeting::Part };
    if first != 0x10 {
        return Greeting::Strange;
    }
    let (mut remaining, mut digits) = (0, 0);
    let body = loop {
        match rest.get(digits) {
            None => return Greeting::Part,
            Some(_) if digits == 4 => return Greeting::Strange,
            Some(&byte) => {
                remaining |= usize::from(byte & 0x7f) << (7 * digits);
                digits += 1;
                if byte & 0x80 == 0 {
                    break &rest[digits..];
                }
            }
        }
    };
    let name_starts = [&b"\x00\x04MQTT"[..], b"\x00\x06MQIsdp"]
        .iter()
        .any(|name| name.iter().zip(body).all(|(wanted, found)| wanted == found));
    match (name_starts, body.len() >= remaining) {
        (false, _) => Greeting::Strange,
        (true, true) => Greeting::Whole,
        (true, false) => Greeting::Part,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONNECT: &[u8] = b"\x10\x10\x00\x04MQTT\x04\x02\x00\x0a\x00\x04abcd";

    #[test]
    fn waits_for_the_last_byte_of_a_connect() {
        let pieces: Vec<Greeting> = (0..CONNECT.len()).map(|n| judge(&CONNECT[..n])).collect();

        assert!(pieces.iter().all(|piece| *piece == Greeting::Part), "{pieces:?}");
        assert_eq!(judge(CONNECT), Greeting::Whole);
    }

    #[test]
    fn knows_what_is_no_connect() {
        let strangers: [&[u8]; 5] = [
            b"GET / HTTP/1.1\r\n",
            b"\x16\x03\x01",
            b"\x10\xff\xff\xff\xff\x01",
            b"\x10\x10\x00\x04HTTP",
            b"\x30\x05\x00\x03a/b",
        ];

        for stranger in strangers {
            assert_eq!(judge(stranger), Greeting::Strange, "{stranger:?}");
        }
    }
}

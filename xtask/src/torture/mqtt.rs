//! As much MQTT 3.1.1 as a client needs that keeps to no rule: it publishes, and reads only what it wants to.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use anyhow::{Context, ensure};

const PATIENCE: Duration = Duration::from_secs(5);

/// A client that is connected.
pub(super) struct Client {
    stream: TcpStream,
    packet: u16,
}

impl Client {
    /// Connects with a session of its own that ends with it. Whatever comes is read and forgotten.
    ///
    /// # Errors
    /// When nobody listens, or the broker refuses.
    pub(super) fn connect(
        at: SocketAddr,
        id: &str,
        login: Option<(&str, &str)>,
    ) -> anyhow::Result<Self> {
        let client = Self::open(at, id, login)?;
        let mut heard = client.stream.try_clone()?;
        heard.set_read_timeout(None)?;
        thread::spawn(move || {
            let mut bytes = [0; 4 << 10];
            // Ends with the connection.
            while let Ok(1..) = heard.read(&mut bytes) {}
        });
        Ok(client)
    }

    /// Connects, and leaves what comes unread.
    ///
    /// # Errors
    /// When nobody listens, or the broker refuses.
    pub(super) fn open(
        at: SocketAddr,
        id: &str,
        login: Option<(&str, &str)>,
    ) -> anyhow::Result<Self> {
        let mut stream = TcpStream::connect_timeout(&at, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        let flags = 0x02 | if login.is_some() { 0xC0 } else { 0 };
        let mut body = b"\0\x04MQTT\x04".to_vec();
        body.extend([flags, 0, 60]);
        text(&mut body, id);
        if let Some((name, password)) = login {
            text(&mut body, name);
            text(&mut body, password);
        }
        stream.write_all(&packet(0x10, &body))?;
        let mut connack = [0; 4];
        stream.read_exact(&mut connack)?;
        ensure!(connack[3] == 0, "refused with {}", connack[3]);
        Ok(Self { stream, packet: 0 })
    }

    /// Publishes with QoS 1, and does not wait for the answer.
    pub(super) fn publish(
        &mut self,
        topic: &str,
        payload: &[u8],
        retain: bool,
    ) -> anyhow::Result<()> {
        self.packet = self.packet.checked_add(1).unwrap_or(1);
        let mut body = Vec::new();
        text(&mut body, topic);
        body.extend(self.packet.to_be_bytes());
        body.extend(payload);
        Ok(self.stream.write_all(&packet(0x32 | u8::from(retain), &body))?)
    }

    /// Subscribes with QoS 1, and does not wait for the answer.
    pub(super) fn subscribe(&mut self, filter: &str) -> anyhow::Result<()> {
        self.packet = self.packet.checked_add(1).unwrap_or(1);
        let mut body = self.packet.to_be_bytes().to_vec();
        text(&mut body, filter);
        body.push(1);
        Ok(self.stream.write_all(&packet(0x82, &body))?)
    }

    /// Reads packets until one publishes something, and returns its payload. What asks for an acknowledgement gets it.
    ///
    /// # Errors
    /// When nothing comes for a while, or the connection has ended.
    pub(super) fn hear(&mut self) -> anyhow::Result<Vec<u8>> {
        loop {
            let (head, body) = self.read()?;
            if head >> 4 != 3 {
                continue;
            }
            let length = body.first_chunk().context("no topic")?;
            let topic = 2 + usize::from(u16::from_be_bytes(*length));
            let rest = body.get(topic..).context("no topic")?;
            if head & 0b110 == 0 {
                return Ok(rest.to_vec());
            }
            let (packet, payload) = rest.split_first_chunk::<2>().context("no packet id")?;
            self.stream.write_all(&packet_of_two(0x40, *packet))?;
            return Ok(payload.to_vec());
        }
    }

    fn read(&mut self) -> anyhow::Result<(u8, Vec<u8>)> {
        let mut byte = [0];
        self.stream.read_exact(&mut byte)?;
        let [head] = byte;
        let (mut length, mut shift) = (0, 0);
        loop {
            self.stream.read_exact(&mut byte)?;
            length |= usize::from(byte[0] & 127) << shift;
            shift += 7;
            if byte[0] & 128 == 0 || shift > 21 {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok((head, body))
    }

    /// Sends bytes that are no packet.
    pub(super) fn raw(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        Ok(self.stream.write_all(bytes)?)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // It has ended already.
        let _ = self.stream.write_all(&[0xE0, 0]);
        let _ = self.stream.shutdown(std::net::Shutdown::Both);
    }
}

/// Makes a packet that says nothing but the number of another (section 3.4).
fn packet_of_two(head: u8, [high, low]: [u8; 2]) -> [u8; 4] {
    [head, 2, high, low]
}

/// Adds a text with its length before it (section 1.5.3).
fn text(to: &mut Vec<u8>, text: &str) {
    let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
    to.extend(length.to_be_bytes());
    to.extend(&text.as_bytes()[..usize::from(length)]);
}

/// Puts the fixed header before a packet (section 2.2).
fn packet(head: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![head];
    let mut rest = body.len();
    loop {
        let low = u8::try_from(rest % 128).unwrap_or(0);
        rest /= 128;
        bytes.push(low | if rest > 0 { 128 } else { 0 });
        if rest == 0 {
            break;
        }
    }
    bytes.extend(body);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_heard_is_the_payload_whatever_number_its_packet_has() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let mut other = listener.accept().unwrap().0;
        let mut client = Client { stream, packet: 0 };
        let mut body = Vec::new();
        text(&mut body, "t");
        body.extend([0, b'{']);
        body.extend(b"{}");

        other.write_all(&packet(0x40, &[0, 1])).unwrap();
        other.write_all(&packet(0x32, &body)).unwrap();
        let heard = client.hear().unwrap();
        let mut acknowledged = [0; 4];
        other.read_exact(&mut acknowledged).unwrap();

        assert_eq!(heard, b"{}");
        assert_eq!(acknowledged, [0x40, 2, 0, b'{']);
    }

    #[test]
    fn a_length_has_seven_bits_a_byte() {
        assert_eq!(packet(0x30, &[0; 127])[..2], [0x30, 127]);
        assert_eq!(packet(0x30, &[0; 128])[..3], [0x30, 0x80, 1]);
        assert_eq!(packet(0x30, &[0; 16_384])[..4], [0x30, 0x80, 0x80, 1]);
    }
}

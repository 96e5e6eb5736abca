//! As much MQTT 3.1.1 as a client needs that keeps to no rule: it publishes, and hears nothing.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use anyhow::ensure;

const PATIENCE: Duration = Duration::from_secs(5);

/// A client that is connected.
pub(super) struct Client {
    stream: TcpStream,
    packet: u16,
}

impl Client {
    /// Connects with a session of its own that ends with it.
    ///
    /// # Errors
    /// When nobody listens, or the broker refuses.
    pub(super) fn connect(
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
        let mut heard = stream.try_clone()?;
        heard.set_read_timeout(None)?;
        thread::spawn(move || {
            let mut bytes = [0; 4 << 10];
            // Ends with the connection.
            while let Ok(1..) = heard.read(&mut bytes) {}
        });
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
    fn a_length_has_seven_bits_a_byte() {
        assert_eq!(packet(0x30, &[0; 127])[..2], [0x30, 127]);
        assert_eq!(packet(0x30, &[0; 128])[..3], [0x30, 0x80, 1]);
        assert_eq!(packet(0x30, &[0; 16_384])[..4], [0x30, 0x80, 0x80, 1]);
    }
}

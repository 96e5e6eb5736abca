//! TCP connection on which a test writes any bytes.

use bytes::BytesMut;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::guarded;
use crate::packet::{CONNACK, Hello, Packet};
use crate::under_test::Target;

pub(crate) struct Wire {
    stream: TcpStream,
    arrived: BytesMut,
}

impl Wire {
    /// Connects, and sends nothing.
    pub(crate) async fn open(target: &Target) -> Self {
        Self::open_at(target.port()).await
    }

    async fn open_at(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, arrived: BytesMut::new() }
    }

    /// Connects as an MQTT client.
    pub(crate) async fn connect(target: &Target, hello: Hello<'_>) -> Self {
        Self::connect_at(target.port(), hello).await
    }

    /// Connects as an MQTT client to the broker on this port.
    pub(crate) async fn connect_at(port: u16, hello: Hello<'_>) -> Self {
        let mut wire = Self::open_at(port).await;
        wire.write(&hello.bytes()).await;
        assert_eq!(wire.read().await.unwrap().kind, CONNACK);
        wire
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) {
        guarded("room to write", self.stream.write_all(bytes)).await.unwrap();
    }

    /// Writes bytes that the other side may no longer read.
    pub(crate) async fn try_write(&mut self, bytes: &[u8]) {
        drop(guarded("room to write", self.stream.write_all(bytes)).await);
    }

    /// Reads the next packet; `None` once the broker has closed the connection.
    pub(crate) async fn read(&mut self) -> Option<Packet> {
        guarded("a packet, or the end", async {
            loop {
                if let Some(packet) = Packet::take(&mut self.arrived) {
                    return Some(packet);
                }
                match self.stream.read_buf(&mut self.arrived).await {
                    Ok(0) | Err(_) => return None,
                    Ok(_) => {}
                }
            }
        })
        .await
    }

    /// Waits until the broker has closed the connection, and drops the packets before.
    pub(crate) async fn closed(&mut self) {
        while self.read().await.is_some() {}
    }

    /// Returns `true` if the broker has closed the connection already.
    pub(crate) fn is_closed(&mut self) -> bool {
        matches!(self.stream.try_read(&mut [0]), Ok(0))
            || self
                .stream
                .try_read(&mut [0])
                .is_err_and(|e| e.kind() != std::io::ErrorKind::WouldBlock)
    }
}

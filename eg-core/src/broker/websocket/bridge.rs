//! Pipe between one WebSocket and one TCP connection, which passes bytes on as they are.

use std::io;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::broker::Address;
use crate::broker::thread::Stop;

/// Longest wait for the broker to accept a connection.
const REACH: Duration = Duration::from_secs(3);
/// Time for the other side to take one frame; beyond, it counts as gone.
const TAKE: Duration = Duration::from_secs(20);
/// Largest number of bytes from the broker in one frame.
const CHUNK: usize = 16 * 1024;

/// Connects to the broker.
///
/// # Errors
/// [`io::Error`] of the system, or one of kind `TimedOut` after three seconds.
pub(super) async fn reach(broker: &Address) -> io::Result<TcpStream> {
    let connected = timeout(REACH, TcpStream::connect((broker.host.as_str(), broker.port))).await;
    let stream = connected.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Pipes until either side ends, or until told to stop. A browser that goes without DISCONNECT
/// ends the broker's side too, so its will is published.
pub(super) async fn run(mut socket: WebSocket, mut broker: TcpStream, mut stop: Stop) {
    let mut chunk = vec![0; CHUNK];
    let farewell = loop {
        tokio::select! {
            () = stop.wanted() => break Some((close_code::AWAY, "the broker stops")),
            frame = socket.recv() => match frame {
                Some(Ok(Message::Binary(bytes))) => {
                    if !matches!(timeout(TAKE, broker.write_all(&bytes)).await, Ok(Ok(()))) {
                        break Some((close_code::NORMAL, "the broker closed the connection"));
                    }
                }
                Some(Ok(Message::Text(_))) => {
                    break Some((close_code::UNSUPPORTED, "MQTT goes in binary frames"));
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(_)) | Err(_)) | None => break None,
            },
            read = broker.read(&mut chunk) => match read {
                Ok(length @ 1..) => {
                    let frame = Message::Binary(Bytes::copy_from_slice(&chunk[..length]));
                    if !matches!(timeout(TAKE, socket.send(frame)).await, Ok(Ok(()))) {
                        break None;
                    }
                }
                Ok(0) | Err(_) => {
                    break Some((close_code::NORMAL, "the broker closed the connection"));
                }
            },
        }
    };
    drop(broker);
    if let Some((code, reason)) = farewell {
        let close = Message::Close(Some(CloseFrame { code, reason: reason.into() }));
        if !matches!(timeout(TAKE, socket.send(close)).await, Ok(Ok(()))) {
            tracing::debug!("a WebSocket client was gone before it could be closed");
        }
    }
}

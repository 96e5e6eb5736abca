//! The way of a page's stream to its browser.
//!
//! A browser opens six HTTP/1.1 connections to a host for all of its tabs together, and a stream holds one for as long as
//! its page is open: the seventh page would wait for ever, and every act in the six with it. WebSockets (RFC 6455) are
//! not counted among them, so a page asks for one. Where something between the two lets none through, the same
//! messages come as server-sent events (WHATWG HTML, section 9.2).

use crate::packed::packed;
use crate::{Feed, Mark, Message, is_own_page};
use axum::extract::FromRequestParts;
use axum::extract::ws::{Message as Frame, WebSocket, WebSocketUpgrade};
use axum::http::request::Parts;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use std::convert::Infallible;
use tokio::sync::{mpsc, watch};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

/// Bytes that a page may send at a time; it says `hidden` or `visible`.
const HEARD: usize = 1_024;

/// Bytes of a message from which on it is sent compressed to a page that can read that.
const PACKED: usize = 400;

/// A request for a page's stream, over a WebSocket when it asks for one.
///
/// `?seen=` is the [`Mark`] of what the page shows already, and `&packed` says that it reads compressed messages.
#[derive(Debug)]
pub struct StreamRequest {
    socket: Option<WebSocketUpgrade>,
    seen: Option<Mark>,
    packed: bool,
}

impl<S: Send + Sync> FromRequestParts<S> for StreamRequest {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let asked: Vec<&str> = parts.uri.query().unwrap_or_default().split('&').collect();
        let seen = asked.iter().find_map(|pair| pair.strip_prefix("seen=")?.parse().ok());
        let packed = asked.iter().any(|pair| matches!(*pair, "packed" | "packed="));
        // Unlike other requests, a page of another site may open a WebSocket and read what comes.
        let socket = match is_own_page(&parts.headers) {
            true => WebSocketUpgrade::from_request_parts(parts, state).await.ok(),
            false => None,
        };
        Ok(Self { socket, seen, packed })
    }
}

impl StreamRequest {
    /// Sends the messages of a page until there are no more or the reader goes. `held` is dropped then: what counts
    /// connections.
    pub fn answer(self, feed: Feed, held: impl Send + 'static) -> Response {
        let Self { socket, seen, packed } = self;
        let (shows, shown) = watch::channel(true);
        match socket {
            Some(socket) => socket.max_message_size(HEARD).on_upgrade(async move |socket| {
                pump(socket, feed.messages(seen, shown), packed, shows).await;
                drop(held);
            }),
            None => {
                let held = (held, shows);
                let event = move |message| {
                    let _kept = &held;
                    Event::default().json_data(message)
                };
                Sse::new(ReceiverStream::new(feed.messages(seen, shown)).map(event)).into_response()
            }
        }
    }
}

async fn pump(
    mut socket: WebSocket,
    mut messages: mpsc::Receiver<Message>,
    packs: bool,
    shows: watch::Sender<bool>,
) {
    loop {
        tokio::select! {
            message = messages.recv() => {
                let Some(Ok(text)) = message.map(|message| serde_json::to_string(&message)) else { break };
                let frame = match packs && text.len() > PACKED {
                    true => Frame::Binary(packed(&text).into()),
                    false => Frame::Text(text.into()),
                };
                if socket.send(frame).await.is_err() {
                    return;
                }
            }
            heard = socket.recv() => match heard {
                Some(Ok(Frame::Close(_)) | Err(_)) | None => return,
                Some(Ok(Frame::Text(said))) => {
                    shows.send_replace(said != "hidden");
                }
                Some(Ok(Frame::Binary(_) | Frame::Ping(_) | Frame::Pong(_))) => {}
            }
        }
    }
    // The reader may be gone already; that is no fault.
    let _ = socket.send(Frame::Close(None)).await;
}

//! The way of a page's stream to its browser.
//!
//! A browser opens six HTTP/1.1 connections to a host for all of its tabs together, and a stream holds one for as long as
//! its page is open: the seventh page would wait for ever, and every act in the six with it. WebSockets (RFC 6455) are
//! not counted among them, so a page asks for one. Where something between the two lets none through, the same
//! messages come as server-sent events (WHATWG HTML, section 9.2).

use crate::{Message, is_own_page};
use axum::extract::FromRequestParts;
use axum::extract::ws::{Message as Frame, WebSocket, WebSocketUpgrade};
use axum::http::request::Parts;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use std::convert::Infallible;
use tokio::sync::mpsc;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

/// Bytes that a page may send at a time; it has nothing to say.
const HEARD: usize = 1_024;

/// A request for a page's stream, over a WebSocket when it asks for one.
#[derive(Debug)]
pub struct StreamRequest(Option<WebSocketUpgrade>);

impl<S: Send + Sync> FromRequestParts<S> for StreamRequest {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        // Unlike other requests, a page of another site may open a WebSocket and read what comes.
        if !is_own_page(&parts.headers) {
            return Ok(Self(None));
        }
        Ok(Self(WebSocketUpgrade::from_request_parts(parts, state).await.ok()))
    }
}

impl StreamRequest {
    /// Sends `messages` until there are no more or the reader goes. `held` is dropped then: what counts connections.
    pub fn answer(self, messages: mpsc::Receiver<Message>, held: impl Send + 'static) -> Response {
        match self.0 {
            Some(socket) => socket.max_message_size(HEARD).on_upgrade(async move |socket| {
                pump(socket, messages).await;
                drop(held);
            }),
            None => {
                let event = move |message| {
                    let _counted = &held;
                    Event::default().json_data(message)
                };
                Sse::new(ReceiverStream::new(messages).map(event)).into_response()
            }
        }
    }
}

async fn pump(mut socket: WebSocket, mut messages: mpsc::Receiver<Message>) {
    loop {
        tokio::select! {
            message = messages.recv() => {
                let Some(Ok(text)) = message.map(|message| serde_json::to_string(&message)) else { break };
                if socket.send(Frame::Text(text.into())).await.is_err() {
                    return;
                }
            }
            heard = socket.recv() => match heard {
                Some(Ok(Frame::Close(_)) | Err(_)) | None => return,
                Some(Ok(Frame::Text(_) | Frame::Binary(_) | Frame::Ping(_) | Frame::Pong(_))) => {}
            }
        }
    }
    // The reader may be gone already; that is no fault.
    let _ = socket.send(Frame::Close(None)).await;
}

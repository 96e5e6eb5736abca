//! The stream of the inputs' levels, for `eg-agent monitor`.

use super::site::Site;
use crate::levels::InputLevels;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use tokio::sync::mpsc;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

/// Lines that wait for a slow reader; the changes behind them are drawn together.
const WAITING: usize = 64;

/// Sends every input, and then each that changed, as lines of JSON. It ends when the slot stops or the reader goes.
pub(super) async fn levels(State(site): State<Site>) -> Response {
    let (lines, read) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        let (mut state, mut stop) = (site.state.clone(), site.stop.clone());
        let mut levels = InputLevels::default();
        loop {
            let changed = levels.changes(&state.borrow_and_update());
            for level in changed {
                let line = serde_json::to_string(&level).unwrap_or_default() + "\n";
                if lines.send(line).await.is_err() {
                    return;
                }
            }
            tokio::select! {
                () = lines.closed() => return,
                _ = stop.wait_for(|stop| *stop) => return,
                changed = state.changed() => if changed.is_err() { return },
            }
        }
    });
    let body = Body::from_stream(ReceiverStream::new(read).map(Ok::<_, std::convert::Infallible>));
    ([(header::CONTENT_TYPE, "application/x-ndjson")], body).into_response()
}

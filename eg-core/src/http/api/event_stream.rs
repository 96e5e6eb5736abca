//! Stream of entries for one reader: first the journal's entries after the last one received, then new ones.

use crate::http::caller::{Caller, ended};
use crate::http::context::Context;
use crate::http::context::read;
use crate::journal;
use crate::journal::Entry;
use crate::journal::Redacted;
use axum::response::sse::Event;
use std::convert::Infallible;
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc};
use tokio_stream::wrappers::ReceiverStream;

/// Number of entries taken from the journal at a time.
const PAGE: usize = 500;

/// Number of entries that wait for a slow reader. A reader who is slower still falls behind the live channel and
/// catches up from the journal.
const WAITING: usize = 256;

type Item = Result<Event, Infallible>;

/// Returns the entries after `seen`, or from now on, as events. The stream ends when the core stops, the
/// reader goes, or the caller's rights end.
pub(super) fn stream(context: Context, caller: Caller, seen: Option<i64>) -> ReceiverStream<Item> {
    let (sender, receiver) = mpsc::channel(WAITING);
    let mut stop = context.stop.clone();
    // First the ear, then the past: what comes while the journal is read waits in the channel.
    let live = context.handle.live();
    let door = context.clone();
    tokio::spawn(async move {
        let reader = Reader { context, sender, last: seen.unwrap_or(0) };
        tokio::select! {
            _ = reader.follow(live, seen.is_some()) => {}
            _ = stop.wait_for(|stop| *stop) => {}
            () = ended(&door, caller.identity()) => {}
        }
    });
    ReceiverStream::new(receiver)
}

/// End of a stream: the reader is gone, or an entry cannot be read. The reader connects again with its last number.
struct Over;

struct Reader {
    context: Context,
    sender: mpsc::Sender<Item>,
    /// Number of the entry that was sent last.
    last: i64,
}

impl Reader {
    async fn follow(
        mut self,
        mut live: broadcast::Receiver<Arc<Entry>>,
        behind: bool,
    ) -> Result<(), Over> {
        if behind {
            self.catch_up().await?;
        }
        loop {
            match live.recv().await {
                Ok(entry) if entry.id > self.last => {
                    self.send(self.context.handle.redacted(&entry)).await?;
                }
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => self.catch_up().await?,
                Err(RecvError::Closed) => return Ok(()),
            }
        }
    }

    async fn catch_up(&mut self) -> Result<(), Over> {
        loop {
            let after = self.last;
            let page =
                move |journal: &journal::Reader| journal.redacted(journal.entries(after, PAGE)?);
            let page = read(&self.context, page).await.map_err(|_| Over)?;
            let whole = page.len() == PAGE;
            for entry in page {
                self.send(entry).await?;
            }
            if !whole {
                return Ok(());
            }
        }
    }

    async fn send(&mut self, entry: Redacted) -> Result<(), Over> {
        let event =
            Event::default().id(entry.id.to_string()).json_data(&entry).map_err(|_| Over)?;
        self.last = entry.id;
        self.sender.send(Ok(event)).await.map_err(|_| Over)
    }
}

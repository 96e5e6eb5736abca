//! Mark of a client that is behind: what comes for it is queued at once.
//!
//! Without it the library lets a publisher wait, for up to two seconds, once the way to a slow client is full, and only
//! then begins to queue. A queue says that it is behind while a connection is taking it over; this mark looks like one.

use std::pin::Pin;
use std::task::Context;
use std::time::Duration;

use mqtt5::broker::storage::QueueHandle;
use tokio::time::{Sleep, sleep};

/// Time that a socket may take nothing before its client counts as behind.
const SLOW: Duration = Duration::from_millis(50);
/// Number of the connection that never takes the queue over. The library counts connections from its start's time.
const NOBODY: u64 = u64::MAX;

/// Mark on one client's queue; dropping it takes the mark away.
pub(super) struct Backlog {
    queue: QueueHandle,
    slow: Option<Pin<Box<Sleep>>>,
    is_slow: bool,
    is_full: bool,
}

impl Backlog {
    pub(super) fn new(queue: QueueHandle) -> Self {
        Self { queue, slow: None, is_slow: false, is_full: false }
    }

    /// Notes that the socket takes nothing now; the client is behind if that lasts.
    pub(super) fn waits(&mut self, context: &mut Context<'_>) {
        let slow = self.slow.get_or_insert_with(|| Box::pin(sleep(SLOW)));
        if !self.is_slow && slow.as_mut().poll(context).is_ready() {
            self.mark(true, self.is_full);
        }
    }

    /// Notes that the socket has taken something.
    pub(super) fn goes_on(&mut self) {
        self.slow = None;
        self.mark(false, self.is_full);
    }

    /// Notes whether as many messages are in flight as may be.
    pub(super) fn fills(&mut self, is_full: bool) {
        self.mark(self.is_slow, is_full);
    }

    fn mark(&mut self, is_slow: bool, is_full: bool) {
        let (before, after) = (self.is_slow || self.is_full, is_slow || is_full);
        (self.is_slow, self.is_full) = (is_slow, is_full);
        if !before && after {
            self.queue.expect_bind(NOBODY);
        } else if before && !after {
            self.queue.mark_bound(NOBODY);
            self.queue.notify();
        }
    }
}

impl Drop for Backlog {
    fn drop(&mut self) {
        self.mark(false, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mqtt5::broker::storage::{MemoryBackend, StorageBackend};
    use std::future::poll_fn;
    use std::task::Poll;

    async fn look(backlog: &mut Backlog) {
        poll_fn(|context| {
            backlog.waits(context);
            Poll::Ready(())
        })
        .await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_takes_nothing_for_a_while_is_behind_until_it_goes_on() {
        let queue = MemoryBackend::new().queue_handle("a");
        let mut backlog = Backlog::new(queue.clone());

        look(&mut backlog).await;
        let at_once = queue.behind();
        tokio::time::advance(SLOW).await;
        look(&mut backlog).await;
        let later = queue.behind();
        backlog.goes_on();
        let after = queue.behind();
        backlog.fills(true);
        let full = queue.behind();
        drop(backlog);

        assert_eq!(
            [at_once, later, after, full, queue.behind()],
            [false, true, false, true, false]
        );
    }
}

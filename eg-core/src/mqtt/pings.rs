//! Clock pings on their way to the engine, which is woken once for many: it only learns from them, and the answer has
//! gone already.

use crate::ingest::Delivery;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

/// Time for which a ping may wait for others. The engine measures links over seconds.
const WAIT: Duration = Duration::from_millis(50);
/// Number of pings that may wait together.
const MOST: usize = 256;

/// Pings that the engine has not been told of.
#[derive(Debug)]
pub(super) struct Pings {
    bus: mpsc::Sender<Delivery>,
    waiting: Vec<Delivery>,
    /// Time at which they are passed on; `None` while there are none.
    due: Option<Instant>,
}

impl Pings {
    pub(super) fn new(bus: mpsc::Sender<Delivery>) -> Self {
        Self { bus, waiting: Vec::new(), due: None }
    }

    /// Keeps a ping until others go, or [`WAIT`] is over.
    pub(super) fn keep(&mut self, ping: Delivery) {
        let now = Instant::now();
        self.waiting.push(ping);
        let is_full = self.waiting.len() >= MOST;
        self.due = Some(if is_full { now } else { self.due.unwrap_or(now + WAIT) });
    }

    /// Passes all on to the engine, ahead of what came after them.
    pub(super) async fn pass(&mut self) {
        self.due = None;
        for ping in self.waiting.drain(..) {
            if self.bus.send(ping).await.is_err() {
                tracing::debug!("the engine has stopped");
                return;
            }
        }
    }

    /// Waits for `next`, and passes on meanwhile what is due.
    pub(super) async fn pass_until<T>(&mut self, next: impl Future<Output = T>) -> T {
        tokio::pin!(next);
        while let Some(due) = self.due {
            tokio::select! {
                biased;
                () = sleep_until(due) => self.pass().await,
                next = &mut next => return next,
            }
        }
        next.await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use eg_proto::Timestamp;
    use std::future::{pending, ready};

    fn ping(at: i64) -> Delivery {
        Delivery { at: Timestamp(at), what: Vec::new(), token: None }
    }

    #[tokio::test(start_paused = true)]
    async fn pings_go_together_and_none_waits_long() {
        let (bus, mut came) = mpsc::channel(9);
        let mut pings = Pings::new(bus);
        let start = Instant::now();

        pings.keep(ping(1));
        pings.pass_until(ready(())).await;
        let at_once = came.try_recv().is_ok();
        pings.keep(ping(2));
        tokio::select! {
            () = pings.pass_until(pending()) => {}
            first = came.recv() => assert_eq!(first.unwrap().at, Timestamp(1)),
        }

        assert!(!at_once);
        assert_eq!(start.elapsed(), WAIT);
        assert_eq!(came.try_recv().unwrap().at, Timestamp(2));
    }
}

//! Limit on the time that a peer may take nothing while bytes wait for it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Sleep, sleep};

/// Time without a byte taken after which a peer counts as gone.
pub const STALLED: Duration = Duration::from_secs(20);

/// Watch over the writes of one connection: fails when none made progress for [`STALLED`].
#[derive(Debug, Default)]
pub struct Stall(Option<Pin<Box<Sleep>>>);

impl Stall {
    /// Passes the result of a write on. A write that waits becomes an error of kind `TimedOut` once the peer has taken
    /// nothing for [`STALLED`].
    pub fn watch<T>(
        &mut self,
        context: &mut Context<'_>,
        write: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if write.is_ready() {
            self.0 = None;
            return write;
        }
        let stalled = self.0.get_or_insert_with(|| Box::pin(sleep(STALLED)));
        stalled.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use tokio::time::Instant;

    #[tokio::test(start_paused = true)]
    async fn who_takes_nothing_is_given_up_and_every_byte_taken_starts_anew() {
        let (mut stall, start) = (Stall::default(), Instant::now());

        let taken = poll_fn(|context| stall.watch(context, Poll::Ready(Ok(1)))).await;
        let never = |context: &mut Context<'_>| stall.watch::<()>(context, Poll::Pending);
        let given_up = poll_fn(never).await;

        assert_eq!(taken.unwrap(), 1);
        assert_eq!(given_up.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert!(start.elapsed() >= STALLED);
    }
}

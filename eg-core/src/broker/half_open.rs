//! Connections that have not identified themselves yet: a bounded number, and the oldest leaves first.
//!
//! A real client speaks at once, so it passes even while silent connections come faster than they
//! are given up.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

/// Time within which a client must identify itself.
pub(super) const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Debug, Default)]
struct Places {
    next: u64,
    taken: BTreeMap<u64, oneshot::Sender<()>>,
}

/// Bounded set of half-open connections.
#[derive(Clone, Debug)]
pub(super) struct HalfOpen {
    limit: usize,
    places: Arc<Mutex<Places>>,
}

impl HalfOpen {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit: limit.max(1), places: Arc::default() }
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the number of connections that hold a place now.
    pub(super) fn len(&self) -> usize {
        self.places().taken.len()
    }

    /// Takes a place; if none is free, the connection that has waited longest loses its own.
    pub(super) fn enter(&self) -> HalfOpenPermit {
        let (sender, displaced) = oneshot::channel();
        let mut places = self.places();
        if places.taken.len() >= self.limit {
            places.taken.pop_first();
        }
        let number = places.next;
        places.next += 1;
        places.taken.insert(number, sender);
        drop(places);
        HalfOpenPermit { number, room: self.clone(), displaced }
    }
}

/// Place of one half-open connection; dropping it frees the place.
#[derive(Debug)]
pub(super) struct HalfOpenPermit {
    number: u64,
    room: HalfOpen,
    displaced: oneshot::Receiver<()>,
}

impl HalfOpenPermit {
    /// Resolves when a newer connection took the place.
    pub(super) async fn displaced(&mut self) {
        if (&mut self.displaced).await.is_err() {
            tracing::debug!("a half-open connection made room for a newer one");
        }
    }
}

impl Drop for HalfOpenPermit {
    fn drop(&mut self) {
        self.room.places().taken.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_oldest_makes_room_for_the_newest() {
        let room = HalfOpen::new(2);
        let mut oldest = room.enter();
        let mut second = room.enter();

        let _newest = room.enter();

        oldest.displaced().await;
        assert!(
            second.displaced.try_recv().is_err_and(|e| e == oneshot::error::TryRecvError::Empty)
        );
        assert_eq!(room.len(), 2);
    }

    #[tokio::test]
    async fn a_place_that_was_left_is_free() {
        let room = HalfOpen::new(1);
        drop(room.enter());

        let mut place = room.enter();

        assert!(
            place.displaced.try_recv().is_err_and(|e| e == oneshot::error::TryRecvError::Empty)
        );
        assert_eq!(room.len(), 1);
    }
}

//! Connections that have not identified themselves yet: a bounded number, and the oldest leaves first.
//!
//! A real client speaks at once, so it passes even while silent connections come faster than they
//! are given up. An address that holds a quarter of the places displaces its own connections, not those of others.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::AddressKey;

/// Part of the places that one address may hold while others are displaced: one in so many.
const SHARE: usize = 4;

#[derive(Debug, Default)]
struct Places {
    next: u64,
    taken: BTreeMap<u64, (AddressKey, oneshot::Sender<()>)>,
}

/// Bounded set of half-open connections. Clones share it.
#[derive(Clone, Debug)]
pub struct HalfOpen {
    limit: usize,
    places: Arc<Mutex<Places>>,
}

impl HalfOpen {
    /// Creates a set of `limit` places, at least one.
    pub fn new(limit: usize) -> Self {
        Self { limit: limit.max(1), places: Arc::default() }
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the number of connections that hold a place now.
    pub fn len(&self) -> usize {
        self.places().taken.len()
    }

    /// Returns `true` if no connection holds a place.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes a place for a connection from `peer`. If none is free, the connection that has waited longest loses its
    /// own: one of the same address if that holds its share, or else any.
    pub fn enter(&self, peer: IpAddr) -> HalfOpenPermit {
        let key = AddressKey::of(peer);
        let (sender, displaced) = oneshot::channel();
        let mut places = self.places();
        if places.taken.len() >= self.limit {
            let own = places.taken.iter().filter(|(_, (other, _))| *other == key);
            let oldest = match own.clone().count() >= self.limit.div_ceil(SHARE) {
                true => own.map(|(number, _)| *number).next(),
                false => places.taken.keys().next().copied(),
            };
            if let Some(oldest) = oldest {
                places.taken.remove(&oldest);
            }
        }
        let number = places.next;
        places.next += 1;
        places.taken.insert(number, (key, sender));
        drop(places);
        HalfOpenPermit { number, room: self.clone(), displaced }
    }
}

/// Place of one half-open connection; dropping it frees the place.
#[derive(Debug)]
pub struct HalfOpenPermit {
    number: u64,
    room: HalfOpen,
    displaced: oneshot::Receiver<()>,
}

impl HalfOpenPermit {
    /// Resolves when a newer connection took the place.
    pub async fn displaced(&mut self) {
        // The sender is never used, only dropped.
        let _ = (&mut self.displaced).await;
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

    fn at(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    fn stays(place: &mut HalfOpenPermit) -> bool {
        place.displaced.try_recv().is_err_and(|e| e == oneshot::error::TryRecvError::Empty)
    }

    #[tokio::test]
    async fn the_oldest_makes_room_for_the_newest() {
        let room = HalfOpen::new(2);
        let mut oldest = room.enter(at(1));
        let mut second = room.enter(at(2));

        let _newest = room.enter(at(3));

        oldest.displaced().await;
        assert!(stays(&mut second));
        assert_eq!(room.len(), 2);
    }

    #[tokio::test]
    async fn a_place_that_was_left_is_free() {
        let room = HalfOpen::new(1);
        drop(room.enter(at(1)));

        let mut place = room.enter(at(1));

        assert!(stays(&mut place));
        assert_eq!(room.len(), 1);
    }

    #[tokio::test]
    async fn one_address_does_not_push_the_others_out() {
        let room = HalfOpen::new(8);
        let mut other = room.enter(at(1));

        let mut crowd: Vec<_> = (0..100).map(|_| room.enter(at(9))).collect();

        assert!(stays(&mut other));
        assert!(stays(&mut crowd[99]) && !stays(&mut crowd[92]));
        assert_eq!(room.len(), 8);
    }

    #[tokio::test]
    async fn a_newcomer_gets_in_past_an_address_that_holds_everything() {
        let room = HalfOpen::new(8);
        let mut crowd: Vec<_> = (0..8).map(|_| room.enter(at(9))).collect();

        let mut newcomer = room.enter(at(1));

        assert!(stays(&mut newcomer) && !stays(&mut crowd[0]));
    }
}

//! Registry of connected clients and their addresses; reports a client that takes the place of another of its name.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;

/// Event: a client took the place of one of the same name that was still connected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Takeover {
    /// Name of both clients.
    pub client_id: String,
    /// Address of the client that was displaced.
    pub before: IpAddr,
    /// Address of the client that took its place.
    pub after: IpAddr,
}

#[derive(Debug, Default)]
struct Places {
    next: u64,
    /// Connections by client name.
    taken: HashMap<String, Place>,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    number: u64,
    peer: SocketAddr,
    is_bridge: bool,
}

/// Registry of the clients that are connected. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Guests {
    places: Arc<Mutex<Places>>,
    takeovers: Option<mpsc::Sender<Takeover>>,
}

impl Guests {
    /// Creates an empty registry; takeovers are sent to `takeovers` if there is a listener.
    pub(super) fn new(takeovers: Option<mpsc::Sender<Takeover>>) -> Self {
        Self { places: Arc::default(), takeovers }
    }

    /// Registers a client of this name, and reports a takeover if another of that name was connected.
    pub(super) fn enter(&self, id: &str, peer: SocketAddr, is_bridge: bool) -> Stay {
        let mut places = self.places();
        let number = places.next;
        places.next += 1;
        let before = places.taken.insert(id.to_owned(), Place { number, peer, is_bridge });
        drop(places);
        if let Some(Place { peer: before, .. }) = before
            && !id.is_empty()
        {
            tracing::info!(client = id, %before, after = %peer, "a client took the place of another of its name");
            let takeover =
                Takeover { client_id: id.to_owned(), before: before.ip(), after: peer.ip() };
            // A listener that is behind has been told often enough.
            drop(self.takeovers.as_ref().map(|listener| listener.try_send(takeover)));
        }
        Stay { guests: self.clone(), id: id.to_owned(), number }
    }

    /// Returns `true` if the client of this name is another broker.
    pub(super) fn is_bridge(&self, id: &str) -> bool {
        self.places().taken.get(id).is_some_and(|place| place.is_bridge)
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A client's entry in the registry; dropping it removes the entry.
#[derive(Debug)]
pub(super) struct Stay {
    guests: Guests,
    id: String,
    number: u64,
}

impl Drop for Stay {
    fn drop(&mut self) {
        let mut places = self.guests.places();
        if places.taken.get(&self.id).is_some_and(|place| place.number == self.number) {
            places.taken.remove(&self.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_who_takes_whose_place_and_nothing_else() {
        let (told, mut takeovers) = mpsc::channel(9);
        let guests = Guests::new(Some(told));
        let at = |text: &str| text.parse::<SocketAddr>().unwrap();

        drop(guests.enter("slot-01", at("10.0.0.1:5000"), false));
        let _one = guests.enter("slot-01", at("10.0.0.1:5001"), false);
        let _other = guests.enter("slot-02", at("10.0.0.2:5000"), false);
        let _nameless = ["10.0.0.3:1", "10.0.0.4:1"].map(|peer| guests.enter("", at(peer), false));
        let _two = guests.enter("slot-01", at("10.0.0.9:5000"), false);

        let [before, after] = ["10.0.0.1", "10.0.0.9"].map(|ip| ip.parse().unwrap());
        let takeover = Takeover { client_id: "slot-01".to_owned(), before, after };
        assert_eq!(takeovers.try_recv(), Ok(takeover));
        assert!(takeovers.try_recv().is_err());
    }

    #[test]
    fn who_was_displaced_does_not_take_the_others_place_away() {
        let guests = Guests::new(None);
        let first = guests.enter("slot-01", "10.0.0.1:1".parse().unwrap(), false);
        let _second = guests.enter("slot-01", "10.0.0.2:1".parse().unwrap(), true);

        drop(first);

        assert!(guests.is_bridge("slot-01"));
    }
}

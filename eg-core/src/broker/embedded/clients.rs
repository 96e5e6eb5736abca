//! Registry of connected clients and their addresses; reports a client that takes the place of another of its name.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use eg_page::{excerpt, may_log};
use eg_proto::Timestamp;
use tokio::sync::{mpsc, oneshot};

use crate::access::{Admitted, ClientIdentity, RefusalKind};
use crate::clock::Clock;

/// Time since its last word within which a slot counts as speaking: agents say something every 3 s.
const SPEAKS: Duration = Duration::from_secs(7);
/// Number of connections from one address that may wait for their adoption.
const WAITING: usize = 16;

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

#[derive(Debug)]
struct Place {
    number: u64,
    peer: SocketAddr,
    is_bridge: bool,
    admitted: Admitted,
    /// Time at which the client was last heard, in µs of the core's clock.
    heard: Arc<AtomicI64>,
    cut: oneshot::Sender<()>,
}

/// Newcomer, as it was admitted.
#[derive(Clone, Debug)]
pub(super) struct Newcomer<'a> {
    pub(super) id: &'a str,
    pub(super) peer: SocketAddr,
    pub(super) is_bridge: bool,
    pub(super) admitted: Admitted,
}

/// Reason why a client that was admitted gets no place, and the address of the client that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NoPlace {
    pub(super) why: RefusalKind,
    pub(super) other: Option<IpAddr>,
}

/// Registry of the clients that are connected. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Guests {
    places: Arc<Mutex<Places>>,
    takeovers: Option<mpsc::Sender<Takeover>>,
    /// Clock that dates what is heard; `None` on a broker that is open to everybody.
    clock: Option<Arc<dyn Clock>>,
}

impl Guests {
    /// Creates an empty registry; takeovers are sent to `takeovers` if there is a listener.
    pub(super) fn new(
        takeovers: Option<mpsc::Sender<Takeover>>,
        clock: Option<Arc<dyn Clock>>,
    ) -> Self {
        Self { places: Arc::default(), takeovers, clock }
    }

    /// Registers a client, and reports a takeover if another of its name was connected.
    ///
    /// # Errors
    /// [`NoPlace`]: a slot of that name speaks from another address, or too many wait there for their adoption.
    pub(super) fn enter(&self, newcomer: Newcomer<'_>) -> Result<(Stay, ClientLine), NoPlace> {
        let Newcomer { id, peer, is_bridge, admitted } = newcomer;
        let now = self.clock.as_ref().map(|clock| clock.now());
        let mut places = self.places();
        if let Some(no_place) = places.refuses(id, peer.ip(), &admitted, now) {
            return Err(no_place);
        }
        let number = places.next;
        places.next += 1;
        let heard = Arc::new(AtomicI64::new(now.unwrap_or_default().0));
        let (cut, is_cut) = oneshot::channel();
        let line = ClientLine {
            clock: self.clock.clone(),
            heard: Arc::clone(&heard),
            is_cut: Some(is_cut),
        };
        let place = Place { number, peer, is_bridge, admitted, heard, cut };
        let before = places.taken.insert(id.to_owned(), place);
        drop(places);
        if let Some(Place { peer: before, .. }) = before
            && !id.is_empty()
        {
            if let Some(more) = may_log(&format!("takeover {}", excerpt(id))) {
                tracing::info!(client = excerpt(id), %before, after = %peer, more, "a client took the place of another of its name");
            }
            let takeover =
                Takeover { client_id: id.to_owned(), before: before.ip(), after: peer.ip() };
            // A listener that is behind has been told often enough.
            drop(self.takeovers.as_ref().map(|listener| listener.try_send(takeover)));
        }
        Ok((Stay { guests: self.clone(), id: id.to_owned(), number }, line))
    }

    /// Returns `true` if the client of this name is another broker.
    pub(super) fn is_bridge(&self, id: &str) -> bool {
        self.places().taken.get(id).is_some_and(|place| place.is_bridge)
    }

    /// Cuts the connection of every client that is not wanted any more.
    pub(super) fn cut(&self, is_unwanted: impl Fn(&str, &Admitted) -> bool) {
        let unwanted = |id: &String, place: &mut Place| is_unwanted(id, &place.admitted);
        let gone: Vec<_> = self.places().taken.extract_if(unwanted).collect();
        for (client, place) in gone {
            tracing::info!(client, peer = %place.peer, "a client has lost its right, and its connection");
            if place.cut.send(()).is_err() {
                tracing::debug!(client, "it had gone by itself meanwhile");
            }
        }
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Places {
    fn refuses(
        &self,
        id: &str,
        address: IpAddr,
        admitted: &Admitted,
        now: Option<Timestamp>,
    ) -> Option<NoPlace> {
        match &admitted.identity {
            ClientIdentity::Slot(_) => {
                let before = self.taken.get(id).filter(|place| place.peer.ip() != address)?;
                let heard = Timestamp(before.heard.load(Ordering::Relaxed));
                let speaks = now.is_some_and(|now| now.since(heard) < SPEAKS);
                let other = Some(before.peer.ip());
                speaks.then_some(NoPlace { why: RefusalKind::Copied, other })
            }
            ClientIdentity::Pairing(_) if !self.taken.contains_key(id) => {
                let waits = |place: &&Place| {
                    matches!(place.admitted.identity, ClientIdentity::Pairing(_))
                        && place.peer.ip() == address
                };
                let waiting = self.taken.values().filter(waits).count();
                (waiting >= WAITING).then_some(NoPlace { why: RefusalKind::Full, other: None })
            }
            ClientIdentity::Pairing(_) | ClientIdentity::Guest | ClientIdentity::Core => None,
        }
    }
}

/// A client's side of its place: notes that it was heard, and tells when it is to be cut off.
#[derive(Debug)]
pub(super) struct ClientLine {
    clock: Option<Arc<dyn Clock>>,
    heard: Arc<AtomicI64>,
    is_cut: Option<oneshot::Receiver<()>>,
}

impl ClientLine {
    /// Notes that the client was heard.
    pub(super) fn is_heard(&self) {
        if let Some(clock) = &self.clock {
            self.heard.store(clock.now().0, Ordering::Relaxed);
        }
    }

    /// Returns an error once the client has lost its right; wakes the task then.
    pub(super) fn check(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        let Some(is_cut) = &mut self.is_cut else { return Ok(()) };
        match Pin::new(is_cut).poll(context) {
            Poll::Pending => Ok(()),
            Poll::Ready(Ok(())) => {
                self.is_cut = None;
                Err(io::ErrorKind::ConnectionAborted.into())
            }
            // Another client has the place now; the library lets this one go.
            Poll::Ready(Err(_)) => {
                self.is_cut = None;
                Ok(())
            }
        }
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
    use crate::clock::StoppedClock;

    fn at(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    fn enter(
        guests: &Guests,
        id: &str,
        peer: &str,
        identity: ClientIdentity,
    ) -> Result<(Stay, ClientLine), NoPlace> {
        let admitted = Admitted::as_one(identity);
        guests.enter(Newcomer { id, peer: at(peer), is_bridge: false, admitted })
    }

    fn slot() -> ClientIdentity {
        ClientIdentity::Slot("slot-01".parse().unwrap())
    }

    #[test]
    fn tells_who_takes_whose_place_and_nothing_else() {
        let (told, mut takeovers) = mpsc::channel(9);
        let guests = Guests::new(Some(told), None);
        let enter = |id, peer| enter(&guests, id, peer, ClientIdentity::Guest).unwrap();

        drop(enter("slot-01", "10.0.0.1:5000"));
        let _one = enter("slot-01", "10.0.0.1:5001");
        let _other = enter("slot-02", "10.0.0.2:5000");
        let _nameless = ["10.0.0.3:1", "10.0.0.4:1"].map(|peer| enter("", peer));
        let _two = enter("slot-01", "10.0.0.9:5000");

        let [before, after] = ["10.0.0.1", "10.0.0.9"].map(|ip| ip.parse().unwrap());
        let takeover = Takeover { client_id: "slot-01".to_owned(), before, after };
        assert_eq!(takeovers.try_recv(), Ok(takeover));
        assert!(takeovers.try_recv().is_err());
    }

    #[test]
    fn who_was_displaced_does_not_take_the_others_place_away() {
        let guests = Guests::new(None, None);
        let first = enter(&guests, "slot-01", "10.0.0.1:1", ClientIdentity::Guest).unwrap();
        let admitted = Admitted::as_one(ClientIdentity::Guest);
        let second = Newcomer { id: "slot-01", peer: at("10.0.0.2:1"), is_bridge: true, admitted };
        let _second = guests.enter(second).unwrap();

        drop(first);

        assert!(guests.is_bridge("slot-01"));
    }

    #[test]
    fn a_copied_card_is_refused_while_the_first_one_speaks() {
        let clock = Arc::new(StoppedClock::at(Timestamp(1_000_000)));
        let guests = Guests::new(None, Some(clock.clone()));
        let (_stay, line) = enter(&guests, "slot-01", "10.0.0.1:1", slot()).unwrap();
        clock.pass(SPEAKS - Duration::from_secs(1));
        line.is_heard();
        clock.pass(Duration::from_secs(2));

        let copied = enter(&guests, "slot-01", "10.0.0.2:1", slot()).unwrap_err();
        let restarted = enter(&guests, "slot-01", "10.0.0.1:2", slot());

        let other = Some("10.0.0.1".parse().unwrap());
        assert_eq!(copied, NoPlace { why: RefusalKind::Copied, other });
        assert!(restarted.is_ok());
        clock.pass(SPEAKS);
        assert!(enter(&guests, "slot-01", "10.0.0.2:2", slot()).is_ok());
    }

    #[test]
    fn one_address_does_not_take_all_places_of_those_who_wait() {
        let guests = Guests::new(None, None);
        let waits = |number: usize, peer| {
            let slot = format!("slot-{number}").parse().unwrap();
            enter(&guests, &format!("pair-slot-{number}"), peer, ClientIdentity::Pairing(slot))
        };

        let stays: Vec<_> = (0..99).filter_map(|number| waits(number, "10.0.0.9:1").ok()).collect();

        assert_eq!(stays.len(), WAITING);
        assert!(waits(0, "10.0.0.9:1").is_ok(), "the same one again");
        assert!(waits(200, "10.0.0.8:1").is_ok());
    }

    #[tokio::test]
    async fn who_has_lost_its_right_is_cut_and_nobody_else() {
        let guests = Guests::new(None, None);
        let (_one, mut cut) = enter(&guests, "slot-01", "10.0.0.1:1", slot()).unwrap();
        let (_two, mut stays) =
            enter(&guests, "page", "10.0.0.1:2", ClientIdentity::Guest).unwrap();

        guests.cut(|id, _| id == "slot-01");

        let cut = std::future::poll_fn(|context| Poll::Ready(cut.check(context))).await;
        let stays = std::future::poll_fn(|context| Poll::Ready(stays.check(context))).await;
        assert_eq!(cut.unwrap_err().kind(), io::ErrorKind::ConnectionAborted);
        assert!(stays.is_ok());
    }
}

//! Listener whose first connection came before anybody could answer it: what answers is built when somebody asks.

use axum::serve::Listener;
use eg_page::{GuardedListener, Guest, Pass};
use std::io;

/// Listener that hands out one connection that was accepted before, and then those that come.
pub(super) struct FirstGuest {
    first: Option<(Guest, Pass)>,
    rest: GuardedListener,
}

impl FirstGuest {
    /// Waits for the first connection.
    pub(super) async fn come(mut rest: GuardedListener) -> Self {
        let first = Some(rest.accept().await);
        Self { first, rest }
    }
}

impl Listener for FirstGuest {
    type Io = Guest;
    type Addr = Pass;

    async fn accept(&mut self) -> (Guest, Pass) {
        match self.first.take() {
            Some(first) => first,
            None => self.rest.accept().await,
        }
    }

    fn local_addr(&self) -> io::Result<Pass> {
        self.rest.local_addr()
    }
}

//! What reaches a device's thread from outside: orders for its outputs, and the wish that it ends.

use eg_hal::Moment;
use eg_proto::{OutputName, Set};
use rustix::event::{EventfdFlags, eventfd};
use std::collections::VecDeque;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::oneshot;

/// Orders that wait for one device, at most; more are refused.
const WAITING: usize = 64;

/// One thing an output is told.
#[derive(Debug)]
pub struct Order {
    /// Which output.
    pub output: OutputName,
    /// What it shall do.
    pub set: Set,
    /// After this moment of the slot's clock it must not be carried out any more.
    pub expires: Option<Moment>,
    /// Where the outcome goes.
    pub answer: Option<oneshot::Sender<Outcome>>,
}

/// What came of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Carried out.
    Done,
    /// Not carried out, for this reason in one line.
    Refused(String),
    /// It came too late, so it was not carried out.
    Expired,
}

/// The way to one device's thread. Clones lead to the same.
#[derive(Clone, Debug)]
pub(crate) struct Mailbox(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    nudge: OwnedFd,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    orders: VecDeque<Order>,
    link_lost: Option<Moment>,
    stop: bool,
}

/// What was in a mailbox.
#[derive(Debug, Default)]
pub(crate) struct Mail {
    /// Oldest first.
    pub(crate) orders: VecDeque<Order>,
    /// Since when there is no link to the core; `None` while there is.
    pub(crate) link_lost: Option<Moment>,
    /// The thread shall end.
    pub(crate) stop: bool,
}

impl Mailbox {
    /// An empty one, without a link since `now`.
    pub(crate) fn new(now: Moment) -> io::Result<Self> {
        let nudge = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        let state = State { link_lost: Some(now), ..State::default() };
        Ok(Self(Arc::new(Inner { nudge, state: Mutex::new(state) })))
    }

    /// Puts an order in. Beyond 64 that wait, and after the end, it is refused at once.
    pub(crate) fn order(&self, order: Order) {
        let mut state = self.state();
        if state.stop || state.orders.len() >= WAITING {
            let why = if state.stop {
                "the slot is stopping"
            } else {
                "too many commands wait for this device"
            };
            order.conclude(Outcome::Refused(why.to_owned()));
            return;
        }
        state.orders.push_back(order);
        drop(state);
        self.nudge();
    }

    /// Tells since when there is no link; `None`: there is one.
    pub(crate) fn link(&self, lost: Option<Moment>) {
        self.state().link_lost = lost;
        self.nudge();
    }

    /// Asks the thread to end.
    pub(crate) fn stop(&self) {
        self.state().stop = true;
        self.nudge();
    }

    /// The thread has been asked to end.
    pub(crate) fn is_stopping(&self) -> bool {
        self.state().stop
    }

    /// Takes what is there and calms the descriptor.
    pub(crate) fn take(&self) -> Mail {
        // Fails only when nobody nudged, and then there is nothing to calm.
        let _ = rustix::io::read(&self.0.nudge, &mut [0; 8]);
        let mut state = self.state();
        let orders = std::mem::take(&mut state.orders);
        Mail { orders, link_lost: state.link_lost, stop: state.stop }
    }

    /// Readable while there is something to take.
    pub(crate) fn fd(&self) -> BorrowedFd<'_> {
        self.0.nudge.as_fd()
    }

    fn nudge(&self) {
        // Fails only when the counter is full, and then it is readable already.
        let _ = rustix::io::write(&self.0.nudge, &1_u64.to_ne_bytes());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Order {
    /// Tells whoever asked, if they still listen.
    pub(crate) fn conclude(self, outcome: Outcome) {
        if let Some(answer) = self.answer {
            drop(answer.send(outcome));
        }
    }
}

//! Queues between the outbox's thread and the hosts on one side and the link on the other: one lock, bounded.
//!
//! Whoever is woken wants the lock at once, so it is given back first: a thread that wakes only to wait would be one more
//! switch on the way of a press.

use super::row::{Draft, Row};
use super::work::{LinkCommand, Work};
use crate::sync::{Condvar, Mutex, MutexGuard};
use eg_hal::Moment;
use eg_proto::Ack;
use std::collections::VecDeque;
use std::sync::{Arc, PoisonError};
use tokio::sync::Notify;

/// Drafts that wait for the thread, at most; then the hosts wait, and the kernel queues their edges.
pub(crate) const DRAFTS: usize = if cfg!(shuttle) { 2 } else { 1024 };
/// Starts of the agent that are acknowledged in one turn, at most; the core repeats its acks.
const ACKS: usize = 64;

#[derive(Debug, Default)]
pub(super) struct Queues {
    state: Mutex<State>,
    /// Wakes the thread.
    work: Condvar,
    /// Wakes hosts that wait for a place.
    room: Condvar,
    /// Wakes the link.
    rows: Notify,
}

#[derive(Debug, Default)]
struct State {
    work: Work,
    outgoing: VecDeque<Row>,
    pass: Pass,
    stopping: bool,
    closed: bool,
}

/// One pass over the rows, from the oldest on. Rows of an earlier one must not be sent any more: they come again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pass(u64);

/// The outbox's thread has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the outbox has stopped")]
pub struct Stopped;

impl Queues {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for work; `None` when there is none left and the end was asked for. Nothing is taken after that.
    pub(super) fn wait(&self, deadline: Option<Moment>, now: impl Fn() -> Moment) -> Option<Work> {
        let mut state = self.state();
        loop {
            let Work { drafts, acks, dead_letters, link_command, look } = &state.work;
            let idle = drafts.is_empty()
                && acks.is_empty()
                && dead_letters.is_empty()
                && link_command.is_none()
                && !look;
            if !idle {
                let work = std::mem::take(&mut state.work);
                let was_full = work.drafts.len() >= DRAFTS;
                drop(state);
                if was_full {
                    self.room.notify_all();
                }
                return Some(work);
            }
            if state.stopping {
                // In the same turn as the look: what is put in afterwards would be taken by nobody.
                state.closed = true;
                return None;
            }
            state = match deadline.map(|at| at.since(now())) {
                Some(left) if left.is_zero() => return Some(Work::default()),
                Some(left) => {
                    self.work.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.work.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    /// Gives rows to the link, unless it has changed its mind meanwhile.
    pub(super) fn hand_out(&self, rows: Vec<Row>) {
        let mut state = self.state();
        if state.work.link_command.is_none() && !rows.is_empty() {
            state.outgoing.extend(rows);
            drop(state);
            self.rows.notify_one();
        }
    }

    pub(super) fn stop(&self) {
        self.state().stopping = true;
        self.work.notify_one();
    }

    pub(super) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        state.work = Work::default();
        self.room.notify_all();
    }
}

/// Entrance where the hosts put what happened. Clones lead to the same outbox.
#[derive(Clone, Debug)]
pub struct Intake(pub(super) Arc<Queues>);

impl Intake {
    /// Takes what happened, in order, waiting for a place. Its numbers follow this order.
    ///
    /// # Errors
    /// [`Stopped`] when nobody takes it any more.
    pub fn record(&self, drafts: impl IntoIterator<Item = Draft>) -> Result<(), Stopped> {
        let mut state = self.0.state();
        for draft in drafts {
            while state.work.drafts.len() >= DRAFTS && !state.closed {
                self.0.work.notify_one();
                state = self.0.room.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            if state.closed {
                return Err(Stopped);
            }
            state.work.drafts.push(draft);
        }
        drop(state);
        self.0.work.notify_one();
        Ok(())
    }
}

/// Exit where the link takes rows and says what became of them. There is one reader.
#[derive(Clone, Debug)]
pub struct Outlet(pub(super) Arc<Queues>);

impl Outlet {
    /// Waits for rows and takes as many of them as `take` wants of those that wait, at least one.
    pub async fn next(&self, take: impl Fn(&VecDeque<Row>) -> usize) -> (Pass, Vec<Row>) {
        loop {
            {
                let mut state = self.0.state();
                if !state.outgoing.is_empty() {
                    let count = take(&state.outgoing).clamp(1, state.outgoing.len());
                    return (state.pass, state.outgoing.drain(..count).collect());
                }
            }
            self.0.rows.notified().await;
        }
    }

    /// Rows of this pass may be sent.
    pub fn is_current(&self, pass: Pass) -> bool {
        self.0.state().pass == pass
    }

    /// The core has these: they leave the outbox.
    pub fn acknowledge(&self, ack: Ack) {
        let mut state = self.0.state();
        let acks = &mut state.work.acks;
        if let Some(known) = acks.iter_mut().find(|known| known.boot == ack.boot) {
            known.seq = known.seq.max(ack.seq);
        } else if acks.len() < ACKS {
            acks.push(ack);
        }
        drop(state);
        self.0.work.notify_one();
    }

    /// Lets everything that waits come again, from the oldest on.
    pub fn rewind(&self) {
        self.link_command(LinkCommand::Rewind);
    }

    /// The core's time is known now: what waited for it can go.
    pub fn dated(&self) {
        self.0.state().work.look = true;
        self.0.work.notify_one();
    }

    /// Lets nothing come until [`rewind`](Self::rewind).
    pub fn pause(&self) {
        self.link_command(LinkCommand::Pause);
    }

    /// Moves a row that no broker takes to the dead letters.
    pub fn dead_letter(&self, id: i64, why: String) {
        self.0.state().work.dead_letters.push((id, why));
        self.0.work.notify_one();
    }

    fn link_command(&self, link_command: LinkCommand) {
        let mut state = self.0.state();
        state.outgoing.clear();
        state.pass.0 += 1;
        state.work.link_command = Some(link_command);
        drop(state);
        self.0.work.notify_one();
    }
}

#[cfg(test)]
#[cfg(shuttle)]
mod interleavings;

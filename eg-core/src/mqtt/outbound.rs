//! Outbound buffer of messages to publish. States and acknowledgements replace each other, so that it stays small.

use super::pulse::Pulse;
use crate::engine::Committed;
use crate::engine::effects::message::OutgoingMessage;
use crate::sync::{Condvar, Mutex, MutexGuard};
use eg_mqtt::AckToken;
use eg_proto::{Ack, Boot, ClockPing, PairAnswer, SlotId, Timestamp, Topic};
use std::collections::{BTreeMap, HashMap};
use std::sync::PoisonError;
use std::time::Duration;
use tokio::sync::Notify;

/// Number of clock pings that may wait for their answer: an old answer is of no use.
const PONGS: usize = 256;
/// Number of slots whose requests for adoption may wait for their answer.
const ANSWERS: usize = 256;

/// Outbound buffer, filled by the engine and the reader, emptied by the writer.
#[derive(Debug, Default)]
pub(crate) struct Outbound {
    pending: Mutex<Pending>,
    wake: Notify,
    connected: Condvar,
    /// Pulse of the engine, without which nothing is answered in its name.
    pub(crate) pulse: Pulse,
}

/// Everything that waits to be sent.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// `true` once there was a connection.
    connected: bool,
    /// `true` to send the core's hello, because the connection is new.
    pub(super) hello: bool,
    pub(super) pongs: Vec<(SlotId, ClockPing, Timestamp)>,
    /// Answers to slots that ask for their adoption; the next one to a slot replaces it.
    pub(super) answers: BTreeMap<SlotId, PairAnswer>,
    pub(super) acks: BTreeMap<(SlotId, Boot), Ack>,
    pub(super) tokens: Vec<AckToken>,
    pub(super) messages: Vec<OutgoingMessage>,
    pub(super) states: HashMap<Topic, OutgoingMessage>,
}

impl Outbound {
    /// Adds the output of a round.
    pub(crate) fn put(&self, round: Committed) {
        let Committed { acks, tokens, messages, stored: _ } = round;
        if acks.is_empty() && tokens.is_empty() && messages.is_empty() {
            return;
        }
        let mut pending = self.pending();
        for (slot, ack) in acks {
            let waits = pending.acks.entry((slot, ack.boot)).or_insert(ack);
            *waits = Ack { again: waits.again || ack.again, ..ack };
        }
        pending.tokens.extend(tokens);
        for post in messages {
            if post.retained {
                pending.states.insert(post.topic.clone(), post);
            } else {
                pending.messages.push(post);
            }
        }
        self.wake.notify_one();
    }

    /// Drops everything that was to go over the old connection, because there is a new one.
    pub(super) fn renew(&self) {
        *self.pending() = Pending { hello: true, connected: true, ..Pending::default() };
        self.wake.notify_one();
        self.connected.notify_all();
    }

    /// Waits for the first connection, at most `patience`. Returns `false` if there was none.
    pub(crate) fn wait_connected(&self, patience: Duration) -> bool {
        let waiting = |pending: &mut Pending| !pending.connected;
        let waited = self.connected.wait_timeout_while(self.pending(), patience, waiting);
        waited.unwrap_or_else(PoisonError::into_inner).0.connected
    }

    /// Adds a clock ping that arrived at `at`, to be answered.
    pub(super) fn pong(&self, slot: SlotId, ping: ClockPing, at: Timestamp) {
        let mut pending = self.pending();
        if pending.pongs.len() < PONGS {
            pending.pongs.push((slot, ping, at));
            self.wake.notify_one();
        }
    }

    /// Adds an answer to a slot that asks for its adoption. Beyond [`ANSWERS`] none is added: the slot asks again.
    pub(crate) fn answer(&self, slot: SlotId, answer: PairAnswer) {
        let mut pending = self.pending();
        if pending.answers.len() < ANSWERS || pending.answers.contains_key(&slot) {
            pending.answers.insert(slot, answer);
            self.wake.notify_one();
        }
    }

    /// Acknowledges a message of which nothing is stored.
    pub(super) fn ack(&self, token: AckToken) {
        self.pending().tokens.push(token);
        self.wake.notify_one();
    }

    /// Waits until there is something to send, and takes all of it.
    pub(super) async fn take(&self) -> Pending {
        loop {
            {
                let mut pending = self.pending();
                if !pending.is_empty() {
                    let rest = Pending { connected: pending.connected, ..Pending::default() };
                    return std::mem::replace(&mut *pending, rest);
                }
            }
            self.wake.notified().await;
        }
    }

    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pending {
    fn is_empty(&self) -> bool {
        let Self { connected: _, hello, pongs, answers, acks, tokens, messages, states } = self;
        !hello
            && pongs.is_empty()
            && answers.is_empty()
            && acks.is_empty()
            && tokens.is_empty()
            && messages.is_empty()
            && states.is_empty()
    }
}

#[cfg(test)]
#[cfg(shuttle)]
mod interleavings;

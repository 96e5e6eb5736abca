//! Round of the engine: one transaction of everything that waits, and what is handed out after it.

use super::command::Request;
use super::effects::message::OutgoingMessage;
use super::publisher::News;
use super::session::timers::MOMENT;
use super::transaction::Transaction;
use super::transactional::TransactionalMap;
use super::{Alert, Engine, text};
use crate::ingest::Delivery;
use crate::journal::JournalError;
use eg_mqtt::AckToken;
use eg_proto::{Ack, SlotId, Timestamp};
use std::time::Duration;

/// Number of operator commands whose answers are reported; beyond it, the earlier ones are forgotten.
const TRIED: usize = 1_000;
/// Delay before a refused round is tried again.
const RETRY: Duration = Duration::from_secs(1);
/// Interval at which the journal learns that the core is alive, while a timer runs.
const ALIVE: Duration = Duration::from_secs(1);
/// Delay after which confirmed effects are marked as sent if no round comes before.
const SENT: Duration = Duration::from_millis(250);

/// Output of a round after its commit.
#[derive(Debug, Default)]
pub struct Committed {
    /// Acknowledgements to agents: events that they may forget, by slot.
    pub acks: Vec<(SlotId, Ack)>,
    /// Tokens of broker messages that may be acknowledged.
    pub tokens: Vec<AckToken>,
    /// Messages to publish, in order.
    pub messages: Vec<OutgoingMessage>,
    /// `true` if everything is stored; otherwise the deliveries wait for the next round.
    pub stored: bool,
}

impl Engine {
    /// Stores deliveries and requests with all that follows from them, and returns what may be handed out.
    pub fn round(&mut self, came: Vec<Delivery>, requests: Vec<Request>) -> Committed {
        let mut waiting = self.intake.collect(came);
        self.take_clocks(&mut waiting);
        let asked = !requests.is_empty();
        let due = self.deadline().is_some_and(|at| at <= self.time.now());
        let linked = !self.slots.links.is_empty() || !self.slots.back.is_empty();
        if waiting.is_empty() && !asked && !due && !linked {
            return Committed { stored: true, ..Committed::default() };
        }
        let mut tx = Transaction::new(self.time.now(), requests);
        self.forget_twins(tx.now);
        let last_at = self.time.last;
        self.begin();
        match self.transact(&mut tx, &waiting) {
            Ok(()) => self.settle(tx, waiting, asked),
            Err(error) => {
                let error = error.at(self.journal.path());
                self.rollback();
                self.time.last = last_at;
                self.take_back(&error, tx, waiting)
            }
        }
    }

    /// Begins a transaction in memory: changes of every part can be rolled back from here on.
    fn begin(&mut self) {
        self.intake.streams.begin();
        self.slots.begin();
        self.alerts.begin();
        self.names.begin();
    }

    /// Rolls back the parts in memory and the journal. Sessions, shows and roll-calls are rebuilt from the journal
    /// instead.
    fn rollback(&mut self) {
        self.journal.rollback();
        self.intake.streams.rollback();
        self.slots.rollback();
        self.alerts.rollback();
        self.names.rollback();
    }

    fn transact(&mut self, tx: &mut Transaction, came: &[Delivery]) -> Result<(), JournalError> {
        if self.rooms.stale {
            self.rebuild()?;
        }
        self.write_beginning()?;
        self.journal.begin()?;
        for delivery in came {
            self.fire_timers(tx, delivery.at)?;
            for arrival in &delivery.what {
                self.take(tx, delivery.at, arrival)?;
            }
        }
        self.mind_silence(tx)?;
        self.fire_timers(tx, tx.now - MOMENT)?;
        self.release(tx)?;
        self.fire_timers(tx, tx.now)?;
        while let Some(request) = tx.requests.pop_front() {
            // Whoever was told "too slow", and has gone, is not acted for later.
            if !request.reply.is_closed() {
                self.answer(tx, request)?;
            }
        }
        self.light_next_lamps(tx)?;
        self.give_up_waiting(tx)?;
        self.render(tx)?;
        while self.advance_shows(tx)? {
            self.render(tx)?;
        }
        for effect in &self.publisher.sent {
            self.journal.mark_sent(*effect, tx.now)?;
        }
        for (slot, linked) in &self.slots.links {
            self.journal.mark_linked(slot, *linked)?;
        }
        let timers = self.rooms.sessions.values().any(|run| run.timers().any());
        if timers && tx.now.since(self.time.alive) >= ALIVE {
            self.journal.mark_alive(tx.now)?;
            tx.alive = true;
        }
        self.journal.commit()
    }

    /// Hands out everything that a committed round may tell.
    fn settle(&mut self, mut tx: Transaction, came: Vec<Delivery>, asked: bool) -> Committed {
        let mut round = Committed { stored: true, ..Committed::default() };
        self.publisher.sent.clear();
        self.slots.links.clear();
        self.slots.back.clear();
        self.publisher.sent_by = None;
        self.intake.retry = None;
        self.feed.changed |= self.alerts.remove(&Alert::Disk).is_some();
        self.feed.changed |= tx.has_news || !tx.entries.is_empty() || !tx.tally.is_empty();
        if tx.alive {
            self.time.alive = tx.now;
        }
        round.tokens = came.into_iter().filter_map(|delivery| delivery.token).collect();
        for key in &tx.touched {
            let ack = self.intake.streams.ack(key, tx.now);
            round.acks.extend(ack.map(|ack| (key.0.clone(), ack)));
        }
        self.count(&tx);
        if let Some(modes) = tx.modes.take() {
            self.modes = modes;
        }
        for streams in &tx.forgotten {
            self.intake.streams.forgotten(streams);
        }
        if self.slots.tried.len() > TRIED {
            self.slots.tried = TransactionalMap::default();
        }
        for command in tx.tried {
            self.slots.tried.insert(command, ());
        }
        self.feed.send(tx.entries, tx.unheard, &self.journal);
        let news = News {
            now: tx.now,
            all: tx.tell_all,
            greeted: tx.greeted,
            closed: News::closed_in(&tx.effects),
        };
        self.publisher.send(tx.effects, &mut round.messages);
        round
            .messages
            .extend(tx.asked.into_iter().map(|slot| OutgoingMessage::question(slot, tx.now)));
        round.messages.extend(tx.orders);
        self.publisher.confirm(tx.sent, tx.now + SENT);
        self.veil_lights();
        // A press that ends a vote in a tie is answered before the next vote opens, for which it does not count.
        self.send_answers(tx.answers, tx.now, &mut round.messages);
        self.publish_states(&news, &mut round.messages);
        // Whoever hears of a state by MQTT and asks by HTTP then is told no older one.
        if asked || round.messages.iter().any(|post| post.retained) {
            self.publish();
        }
        for (reply, answer) in tx.replies {
            // Whoever asked may have gone meanwhile.
            drop(reply.send(answer));
        }
        round
    }

    /// Handles a refused round: keeps its deliveries for the next try, rebuilds the sessions and refuses the requests.
    fn take_back(
        &mut self,
        error: &JournalError,
        tx: Transaction,
        came: Vec<Delivery>,
    ) -> Committed {
        self.wait_for_disk(error, came, tx.now);
        tx.refuse(&text::disk(error));
        Committed::default()
    }

    /// Keeps deliveries until the disk takes them again, rebuilds the sessions, and shows why nothing is stored.
    pub(in crate::engine) fn wait_for_disk(
        &mut self,
        error: &JournalError,
        came: Vec<Delivery>,
        now: Timestamp,
    ) {
        self.intake.keep(came, now + RETRY);
        let why = text::disk(error);
        // It is tried again each second: one line for each reason is enough.
        if self.alerts.insert(Alert::Disk, why.clone()) != Some(why) {
            tracing::error!(%error, "the journal cannot be written; nothing is acknowledged until it can");
        }
        self.rooms.stale = true;
        if let Err(error) = self.rebuild() {
            tracing::error!(%error, "the sessions could not be rebuilt yet");
        }
        self.feed.changed = true;
        self.publish();
    }

    /// Returns the time at which a round is due although nothing came; `None` if none is.
    pub fn deadline(&self) -> Option<Timestamp> {
        if self.intake.retry.is_some() {
            return self.intake.retry;
        }
        let timer = self.rooms.sessions.values().filter_map(|run| self.next_ring(run)).min();
        let runs = self.rooms.sessions.values().any(|run| run.timers().any());
        let alive = runs.then(|| self.time.alive + ALIVE);
        let held = self.rooms.sessions.values().filter_map(|run| self.held_until(run)).min();
        let others = [
            self.intake.streams.deadline(),
            self.publisher.sent_by,
            self.twins_until(),
            self.next_lamp_at(),
        ];
        let silent = self.slots.silent_at();
        [timer, alive, held, silent].into_iter().chain(others).flatten().min()
    }

    /// Returns `true` while messages may come in; `false` while those that came cannot be stored.
    pub fn is_open(&self) -> bool {
        self.intake.retry.is_none()
    }
}

//! One round: a transaction of whatever waited, and what is handed out after it.

use super::command::Request;
use super::effects::message::Post;
use super::publisher::questions::News;
use super::session::timers::MOMENT;
use super::transaction::Turn;
use super::transactional::TransactionalMap;
use super::{Engine, Trouble, text};
use crate::ingest::Delivery;
use crate::journal::JournalError;
use eg_mqtt::AckToken;
use eg_proto::{Ack, SlotId, Timestamp};
use std::sync::Arc;
use std::time::Duration;

/// Commands of the operator that wait for their answer; beyond, what becomes of earlier ones is not told.
const TRIED: usize = 1_000;
/// After the disk refused, it is tried again this soon.
const RETRY: Duration = Duration::from_secs(1);
/// While a timer runs, the journal learns this often that the core is alive.
const ALIVE: Duration = Duration::from_secs(1);
/// That the broker has an effect is written down with the next round, and this soon without one.
const SENT: Duration = Duration::from_millis(250);

/// What a round hands out after its commit.
#[derive(Debug, Default)]
pub struct Round {
    /// What each slot's agent may forget.
    pub acks: Vec<(SlotId, Ack)>,
    /// What the broker may forget.
    pub tokens: Vec<AckToken>,
    /// What is to be published, in order.
    pub posts: Vec<Post>,
    /// Whether everything is stored. When not, what came waits for the next round.
    pub stored: bool,
}

impl Engine {
    /// Stores what came and what follows from it, and hands out what may be handed out.
    pub fn round(&mut self, came: Vec<Delivery>, requests: Vec<Request>) -> Round {
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.extend(came);
        self.take_clocks(&mut waiting);
        let asked = !requests.is_empty();
        let due = self.deadline().is_some_and(|at| at <= self.clock.now());
        if waiting.is_empty() && !asked && !due && self.links.is_empty() {
            return Round { stored: true, ..Round::default() };
        }
        let mut turn = Turn::new(self.clock.now(), requests);
        self.forget_twins(turn.now);
        let last_at = self.last_at;
        self.begin();
        match self.transact(&mut turn, &waiting) {
            Ok(()) => self.settle(turn, waiting, asked),
            Err(error) => {
                self.rollback();
                self.last_at = last_at;
                self.take_back(&error, turn, waiting)
            }
        }
    }

    /// From here on, what a round changes in memory can be taken back.
    fn begin(&mut self) {
        self.streams.begin();
        self.slots.begin();
        self.heard.begin();
        self.told.begin();
        self.reach.begin();
        self.troubles.begin();
        self.tried.begin();
        self.twins.begin();
        self.voters.begin();
        self.tables.begin();
    }

    /// Takes it back, with what the round wrote. Sessions, shows and roll-calls are rebuilt from the journal.
    fn rollback(&mut self) {
        self.journal.rollback();
        self.streams.rollback();
        self.slots.rollback();
        self.heard.rollback();
        self.told.rollback();
        self.reach.rollback();
        self.troubles.rollback();
        self.tried.rollback();
        self.twins.rollback();
        self.voters.rollback();
        self.tables.rollback();
    }

    fn transact(&mut self, turn: &mut Turn, came: &[Delivery]) -> Result<(), JournalError> {
        if self.stale {
            self.rebuild()?;
        }
        self.journal.begin()?;
        for delivery in came {
            self.fire_timers(turn, delivery.at)?;
            for arrival in &delivery.what {
                self.take(turn, delivery.at, arrival)?;
            }
        }
        self.fire_timers(turn, turn.now - MOMENT)?;
        self.hand_over(turn)?;
        self.fire_timers(turn, turn.now)?;
        while let Some(request) = turn.requests.pop_front() {
            self.answer(turn, request)?;
        }
        self.give_up_waiting(turn)?;
        self.look(turn)?;
        while self.advance_shows(turn)? {
            self.look(turn)?;
        }
        for effect in &self.sent {
            self.journal.mark_sent(*effect, turn.now)?;
        }
        for (slot, linked) in &self.links {
            self.journal.mark_linked(slot, *linked)?;
        }
        let timers = self.runs.values().any(|run| run.timers().any());
        if timers && turn.now.since(self.alive) >= ALIVE {
            self.journal.mark_alive(turn.now)?;
            turn.alive = true;
        }
        self.journal.commit()
    }

    /// After the commit: everything may be told.
    fn settle(&mut self, turn: Turn, came: Vec<Delivery>, asked: bool) -> Round {
        let mut round = Round { stored: true, ..Round::default() };
        self.sent.clear();
        self.links.clear();
        self.sent_by = None;
        self.retry = None;
        self.changed |= self.troubles.remove(&Trouble::Disk).is_some();
        self.changed |= turn.has_news || !turn.entries.is_empty() || !turn.tally.is_empty();
        if turn.alive {
            self.alive = turn.now;
        }
        round.tokens = came.into_iter().filter_map(|delivery| delivery.token).collect();
        for key in &turn.touched {
            let ack = self.streams.ack(key);
            round.acks.extend(ack.map(|ack| (key.0.clone(), ack)));
        }
        self.count(&turn);
        self.mode = turn.mode.unwrap_or(self.mode);
        for streams in &turn.forgotten {
            self.streams.forgotten(streams);
        }
        if self.tried.len() > TRIED {
            self.tried = TransactionalMap::default();
        }
        for command in turn.tried {
            self.tried.insert(command, ());
        }
        self.secrets.take(&turn.entries);
        for entry in turn.entries {
            // Nobody listens: that is no fault.
            let _ = self.live.send(Arc::new(entry));
        }
        let news = News {
            now: turn.now,
            all: turn.tell_all,
            greeted: turn.greeted,
            closed: News::closed_in(&turn.effects),
        };
        for effect in turn.effects {
            round.posts.extend(Post::of(&effect));
            self.unsent.insert(effect.id, effect);
        }
        round.posts.extend(turn.asked.into_iter().map(|slot| Post::question(slot, turn.now)));
        for effect in turn.sent {
            if self.unsent.remove(&effect).is_some() {
                self.sent.push(effect);
                self.sent_by.get_or_insert(turn.now + SENT);
            }
        }
        self.post_states(&news, &mut round.posts);
        // Whoever hears of a state by MQTT and asks by HTTP then is told no older one.
        if asked || round.posts.iter().any(|post| post.retained) {
            self.publish();
        }
        turn.replies.into_iter().for_each(|reply| reply.give());
        round
    }

    /// The disk refused: nothing of this round has happened.
    fn take_back(&mut self, error: &JournalError, turn: Turn, came: Vec<Delivery>) -> Round {
        tracing::error!(%error, "the journal cannot be written; nothing is acknowledged until it can");
        self.waiting = came;
        self.retry = Some(turn.now + RETRY);
        self.troubles.insert(Trouble::Disk, text::disk(error));
        self.stale = true;
        if let Err(error) = self.rebuild() {
            tracing::error!(%error, "the sessions could not be rebuilt yet");
        }
        self.changed = true;
        self.publish();
        turn.refuse(&text::disk(error));
        Round::default()
    }

    /// When a round is due although nothing came.
    pub fn deadline(&self) -> Option<Timestamp> {
        if self.retry.is_some() {
            return self.retry;
        }
        let timer = self.runs.values().filter_map(|run| self.next_ring(run)).min();
        let runs = self.runs.values().any(|run| run.timers().any());
        let alive = runs.then(|| self.alive + ALIVE);
        let held = self.runs.values().filter_map(|run| self.held_until(run)).min();
        let others = [self.streams.deadline(), self.sent_by, self.twins_until()];
        [timer, alive, held].into_iter().chain(others).flatten().min()
    }

    /// Whether messages may come in: not while those that came cannot be stored.
    pub fn is_open(&self) -> bool {
        self.retry.is_none()
    }
}

//! Transaction in progress, with what it hands out once it is committed.

use super::command::{Answer, Refused, RefusedKind, Request};
use super::effects::message::OutgoingMessage;
use crate::journal::{Entry, Modes, StoredEffect};
use eg_proto::{Boot, PressAnswer, SlotId, Text, Timestamp};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use tokio::sync::oneshot;

/// Results that a transaction collects until its commit.
#[derive(Debug)]
pub(super) struct Transaction {
    pub(super) now: Timestamp,
    /// Requests that are not answered yet.
    pub(super) requests: VecDeque<Request>,
    /// Answers to send after the commit.
    pub(super) replies: Vec<(oneshot::Sender<Answer>, Answer)>,
    /// Entries for listeners. Events are left out while nobody listens.
    pub(super) entries: Vec<Entry>,
    /// Number of the first event that was left out of `entries`; `None` if none was.
    pub(super) unheard: Option<i64>,
    pub(super) effects: Vec<StoredEffect>,
    /// Answers to the latest press of each slot. They follow from the journal, and are not kept.
    pub(super) answers: BTreeMap<SlotId, PressAnswer>,
    /// Streams of which an event came: each is acknowledged.
    pub(super) touched: BTreeSet<(SlotId, Boot)>,
    pub(super) tally: Vec<(Option<SlotId>, Count)>,
    /// Numbers of effects that the broker has confirmed.
    pub(super) sent: Vec<i64>,
    /// Slots that said hello: each is told its states again.
    pub(super) greeted: BTreeSet<SlotId>,
    /// Mode that was set, if any.
    pub(super) modes: Option<Modes>,
    /// Ids of commands by which the operator tries an output: the slots' answers are reported.
    pub(super) tried: Vec<String>,
    /// Orders to agents, which are sent once or not at all.
    pub(super) orders: Vec<OutgoingMessage>,
    /// Slots that are asked for the state of all inputs.
    pub(super) asked: BTreeSet<SlotId>,
    /// Highest event number of each stream that was removed from the journal, one map for each removal.
    pub(super) forgotten: Vec<BTreeMap<i64, u64>>,
    /// `true` if the connection to the broker is new: every state is published again, and what was not sent is sent.
    pub(super) tell_all: bool,
    /// `true` if the journal learns that the core is alive.
    pub(super) alive: bool,
    /// `true` if something changed that pages show and the journal does not keep.
    pub(super) has_news: bool,
}

/// Change of a counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    Stored,
    Duplicate,
    Missing(u64),
    /// Event that was counted as missing has come after all.
    Found,
    Quarantined,
}

impl Transaction {
    pub(super) fn new(now: Timestamp, requests: Vec<Request>) -> Self {
        Self {
            now,
            requests: requests.into(),
            replies: Vec::new(),
            entries: Vec::new(),
            unheard: None,
            effects: Vec::new(),
            answers: BTreeMap::new(),
            touched: BTreeSet::new(),
            tally: Vec::new(),
            sent: Vec::new(),
            greeted: BTreeSet::new(),
            modes: None,
            tried: Vec::new(),
            orders: Vec::new(),
            asked: BTreeSet::new(),
            forgotten: Vec::new(),
            tell_all: false,
            alive: false,
            has_news: false,
        }
    }

    pub(super) fn count(&mut self, slot: Option<&SlotId>, count: Count) {
        self.tally.push((slot.cloned(), count));
    }

    /// Refuses all requests, because nothing of them has happened.
    pub(super) fn refuse(self, why: &Text) {
        let waiting = self.requests.into_iter().map(|request| request.reply);
        for reply in self.replies.into_iter().map(|(reply, _)| reply).chain(waiting) {
            // Whoever asked may have gone meanwhile.
            drop(reply.send(Err(Refused::new(RefusedKind::Unavailable, why.clone()))));
        }
    }
}

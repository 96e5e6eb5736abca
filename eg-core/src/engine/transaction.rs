//! One transaction on its way: what it will hand out once it is committed.

use super::command::{Answer, Refused, RefusedKind, Request};
use crate::journal::Entry;
use crate::journal::StoredEffect;
use eg_proto::{Boot, Mode, Say, SlotId, Timestamp};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use tokio::sync::oneshot;

/// What a transaction collects.
#[derive(Debug)]
pub(super) struct Transaction {
    pub(super) now: Timestamp,
    /// Not answered yet.
    pub(super) requests: VecDeque<Request>,
    /// Answers that wait for the commit.
    pub(super) replies: Vec<(oneshot::Sender<Answer>, Answer)>,
    pub(super) entries: Vec<Entry>,
    pub(super) effects: Vec<StoredEffect>,
    /// Streams of which something came: each is acknowledged.
    pub(super) touched: BTreeSet<(SlotId, Boot)>,
    pub(super) tally: Vec<(Option<SlotId>, Count)>,
    /// The broker has these.
    pub(super) sent: Vec<i64>,
    /// Slots that said hello: each is told what stands there.
    pub(super) greeted: BTreeSet<SlotId>,
    /// Day or night, when it was set.
    pub(super) mode: Option<Mode>,
    /// Commands by which the operator tries an output: they want to see what comes of them.
    pub(super) tried: Vec<String>,
    /// Slots that are asked how everything stands there.
    pub(super) asked: BTreeSet<SlotId>,
    /// The highest number of each stream that the journal has forgotten.
    pub(super) forgotten: Vec<BTreeMap<i64, u64>>,
    /// The connection to the broker is new: every state is told again, and what was not sent is sent.
    pub(super) tell_all: bool,
    /// The journal learns that the core is alive.
    pub(super) alive: bool,
    /// Something changed that pages show and the journal does not keep.
    pub(super) has_news: bool,
}

/// One thing to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    Stored,
    Duplicate,
    Missing(u64),
    /// A missing one has come after all.
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
            effects: Vec::new(),
            touched: BTreeSet::new(),
            tally: Vec::new(),
            sent: Vec::new(),
            greeted: BTreeSet::new(),
            mode: None,
            tried: Vec::new(),
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

    /// Tells everybody who asked for something that nothing of it has happened.
    pub(super) fn refuse(self, why: &Say) {
        let waiting = self.requests.into_iter().map(|request| request.reply);
        for reply in self.replies.into_iter().map(|(reply, _)| reply).chain(waiting) {
            // Whoever asked may have gone meanwhile.
            drop(reply.send(Err(Refused::new(RefusedKind::Unavailable, why.clone()))));
        }
    }
}

//! One transaction on its way: what it will hand out once it is committed.

use crate::handle::{Entry, Refused, RefusedKind, Request};
use crate::journal::StoredEffect;
use eg_proto::{Boot, Mode, SlotId, Text, Timestamp};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use tokio::sync::oneshot;

/// What a transaction collects.
#[derive(Debug)]
pub(super) struct Turn {
    pub(super) now: Timestamp,
    /// Not answered yet.
    pub(super) requests: VecDeque<Request>,
    pub(super) replies: Vec<Reply>,
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

/// An answer that waits for the commit.
#[derive(Debug)]
pub(super) enum Reply {
    Number(oneshot::Sender<Result<i64, Refused>>, Result<i64, Refused>),
    Done(oneshot::Sender<Result<(), Refused>>, Result<(), Refused>),
    Count(oneshot::Sender<Result<usize, Refused>>, Result<usize, Refused>),
}

impl Turn {
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

    /// Nothing of it has happened: everybody who asked for something is told so.
    pub(super) fn refuse(self, why: &Text) {
        let refused = || Refused::new(RefusedKind::Unavailable, why.clone());
        for reply in self.replies {
            match reply {
                Reply::Number(answer, _) => Reply::Number(answer, Err(refused())).give(),
                Reply::Done(answer, _) => Reply::Done(answer, Err(refused())).give(),
                Reply::Count(answer, _) => Reply::Count(answer, Err(refused())).give(),
            }
        }
        for request in self.requests {
            match request {
                Request::Start { answer, .. }
                | Request::Act { answer, .. }
                | Request::Export { answer, .. } => {
                    Reply::Number(answer, Err(refused())).give();
                }
                Request::Forget { answer, .. } => Reply::Count(answer, Err(refused())).give(),
                Request::Mode { answer, .. }
                | Request::NightStep { answer, .. }
                | Request::RollCall { answer, .. }
                | Request::Show { answer, .. }
                | Request::Output { answer, .. } => Reply::Done(answer, Err(refused())).give(),
            }
        }
    }
}

impl Reply {
    /// Gives it. Whoever asked may have gone meanwhile; that is no fault.
    pub(super) fn give(self) {
        match self {
            Self::Number(sender, answer) => drop(sender.send(answer)),
            Self::Done(sender, answer) => drop(sender.send(answer)),
            Self::Count(sender, answer) => drop(sender.send(answer)),
        }
    }
}

//! A slot of a rehearsal, and its way to the core.

use eg_agent::virtual_slot::VirtualSlot;
use eg_proto::{Boot, InputStatus, Timestamp};
use std::collections::BTreeMap;
use std::time::Duration;

/// A slot and what is known of its link.
pub(super) struct Seat {
    pub(super) slot: VirtualSlot,
    /// The link stands.
    pub(super) up: bool,
    /// The link is cut whatever the core does.
    pub(super) cut: bool,
    /// The agent is dead.
    pub(super) dead: bool,
    /// The core waits to hear that what waited has come.
    pub(super) draining: bool,
    /// What was last said of its boards.
    pub(super) told: Option<InputStatus>,
    /// How many events each start has numbered.
    numbered: BTreeMap<Boot, u64>,
    /// When the last message of each way arrives: none overtakes.
    last_up: Timestamp,
    last_down: Timestamp,
}

impl Seat {
    pub(super) fn new(slot: VirtualSlot) -> Self {
        Self {
            slot,
            up: false,
            cut: false,
            dead: false,
            draining: false,
            told: None,
            numbered: BTreeMap::new(),
            last_up: Timestamp(0),
            last_down: Timestamp(0),
        }
    }

    /// When it has something to do by itself, from now on.
    pub(super) fn deadline(&self) -> Option<Duration> {
        if self.dead { None } else { self.slot.deadline() }
    }

    pub(super) fn pass(&mut self, span: Duration) {
        if self.dead {
            self.slot.lie_idle(span);
        } else {
            self.slot.pass(span);
        }
    }

    /// The link is lost: whatever was on its way must be sent again.
    pub(super) fn lose(&mut self) {
        self.up = false;
        self.told = None;
        if !self.dead {
            self.slot.link(None);
        }
    }

    /// The agent is killed.
    pub(super) fn kill(&mut self) {
        self.lose();
        self.dead = true;
    }

    /// It starts again.
    pub(super) fn revive(&mut self, boot: Boot) {
        if std::mem::take(&mut self.dead) {
            self.numbered.insert(self.slot.boot(), self.slot.numbered());
            self.slot.restart(boot);
        }
    }

    /// How many events each start has numbered.
    pub(super) fn numbered(&self) -> BTreeMap<Boot, u64> {
        let mut all = self.numbered.clone();
        all.insert(self.slot.boot(), self.slot.numbered());
        all
    }

    /// When a message to the core arrives that would take until `at` if none were before it.
    pub(super) fn up_by(&mut self, at: Timestamp) -> Timestamp {
        self.last_up = self.last_up.max(at);
        self.last_up
    }

    /// The same for a message from the core.
    pub(super) fn down_by(&mut self, at: Timestamp) -> Timestamp {
        self.last_down = self.last_down.max(at);
        self.last_down
    }
}

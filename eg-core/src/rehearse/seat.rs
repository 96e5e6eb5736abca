//! Slot of a rehearsal, and its link to the core.

use eg_agent::virtual_slot::VirtualSlot;
use eg_proto::{Boot, InputStatus, Timestamp};
use std::collections::BTreeMap;
use std::time::Duration;

/// Slot and the state of its link.
pub(super) struct Seat {
    pub(super) slot: VirtualSlot,
    /// `true` while the link is up.
    pub(super) up: bool,
    /// `true` while the link is cut, whatever the core does.
    pub(super) cut: bool,
    /// `true` while the agent is dead.
    pub(super) dead: bool,
    /// `true` from the moment that the link comes up until no event waits any more.
    pub(super) draining: bool,
    /// Status of the boards that was sent last.
    pub(super) told: Option<InputStatus>,
    /// Number of events that each earlier start of the agent has numbered.
    numbered: BTreeMap<Boot, u64>,
    /// Arrival time of the last message to the core, then of the last one from the core: no message overtakes another.
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

    /// Returns the time until the slot has something to do by itself; `None` if it waits for others.
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

    /// Takes the link down: all events on their way must be sent again.
    pub(super) fn lose(&mut self) {
        self.up = false;
        self.told = None;
        if !self.dead {
            self.slot.link(None);
        }
    }

    /// Kills the agent.
    pub(super) fn kill(&mut self) {
        self.lose();
        self.dead = true;
    }

    /// Starts the agent again, if it is dead.
    pub(super) fn revive(&mut self, boot: Boot) {
        if std::mem::take(&mut self.dead) {
            self.numbered.insert(self.slot.boot(), self.slot.numbered());
            self.slot.restart(boot);
        }
    }

    /// Returns the number of events that each start of the agent has numbered.
    pub(super) fn numbered(&self) -> BTreeMap<Boot, u64> {
        let mut all = self.numbered.clone();
        all.insert(self.slot.boot(), self.slot.numbered());
        all
    }

    /// Returns the arrival time of a message to the core that would arrive at `at` if none were before it.
    pub(super) fn up_by(&mut self, at: Timestamp) -> Timestamp {
        self.last_up = self.last_up.max(at);
        self.last_up
    }

    /// Returns the arrival time of a message from the core that would arrive at `at` if none were before it.
    pub(super) fn down_by(&mut self, at: Timestamp) -> Timestamp {
        self.last_down = self.last_down.max(at);
        self.last_down
    }
}

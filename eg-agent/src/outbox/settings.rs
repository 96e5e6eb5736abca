//! Settings of an outbox at its start.

use crate::core_clock::CoreClock;
use eg_proto::{Boot, Event};
use std::path::PathBuf;
use std::sync::mpsc::SyncSender;

/// Settings of an outbox at its start.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Path of the database's file, which is made when it is not there, and so is its folder. `None` keeps the rows in
    /// memory, for a slot in virtual time.
    pub path: Option<PathBuf>,
    /// Boot of this start of the agent.
    pub boot: Boot,
    /// Bounds of its size.
    pub limits: Limits,
    /// Dates the events.
    pub clock: CoreClock,
    /// Receives every event as soon as it has its number; an event that finds no room there is not given.
    pub events: Option<SyncSender<Event>>,
}

/// Bounds of an outbox's size. What is beyond is lost, counted and said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Events that wait, on disk and in memory together.
    pub rows: u64,
    /// Events in memory while the disk refuses.
    pub memory: usize,
    /// Events that are sent before the first of them is acknowledged.
    pub window: usize,
    /// Size of the database's file; `None`: as the disk allows.
    pub bytes: Option<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { rows: 1_000_000, memory: 10_000, window: 1_000, bytes: None }
    }
}

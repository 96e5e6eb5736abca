//! Edges of a wire on their way to the driver that opened it.

use super::signal::Signal;
use crate::{Edge, Moment, Source};
use std::collections::VecDeque;

/// Edges that wait for the driver. As in the kernel, the newest stay and the oldest are lost.
const QUEUED_EDGES: usize = 64;

/// Edges of a wire that wait for the driver, and the signal that tells it.
pub(super) struct Listener {
    queue: VecDeque<Edge>,
    last_seq: u32,
    signal: Signal,
}

impl Listener {
    pub(super) fn new(signal: Signal) -> Self {
        Self { queue: VecDeque::with_capacity(QUEUED_EDGES), last_seq: 0, signal }
    }

    pub(super) fn hear(&mut self, high: bool, at: Moment) {
        self.last_seq = self.last_seq.wrapping_add(1);
        if self.queue.len() == QUEUED_EDGES {
            self.queue.pop_front();
        }
        self.queue.push_back(Edge { high, at, src: Source::Synthetic, seq: self.last_seq });
        self.signal.raise();
    }

    /// Takes the oldest edge.
    pub(super) fn next_edge(&mut self) -> Option<Edge> {
        let edge = self.queue.pop_front();
        if self.queue.is_empty() {
            self.signal.lower();
        }
        edge
    }
}

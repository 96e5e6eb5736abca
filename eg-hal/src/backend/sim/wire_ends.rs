//! The driver's ends of a wire: an opened input, which hears edges, and an opened output.

use super::Wire;
use super::signal::Signal;
use crate::backend::{InputPort, OutputPort};
use crate::{BoardError, Edge, LineError, Moment, Pull, Source};
use std::collections::VecDeque;
use std::os::fd::BorrowedFd;

/// Edges that wait for the driver. As in the kernel, the newest stay and the oldest are lost.
const QUEUED_EDGES: usize = 64;

/// The lines of a Pi's header that can be dimmed.
const PWM_LINES: [&str; 4] = ["GPIO12", "GPIO13", "GPIO18", "GPIO19"];

impl Wire {
    pub(super) fn open_input(&self, pull: Pull, consumer: &str) -> Result<SimInput, BoardError> {
        let signal = Signal::new(&self.name)?;
        self.hold(consumer)?;
        // The pull takes hold before anybody listens: it makes no edge, as on a chip.
        self.change(|state| (state.pull, state.output) = (pull, None));
        let queue = VecDeque::with_capacity(QUEUED_EDGES);
        self.state().listener = Some(Listener { queue, last_seq: 0, signal: signal.clone() });
        Ok(SimInput { wire: self.clone(), signal })
    }

    pub(super) fn open_output(&self, high: bool, consumer: &str) -> Result<SimOutput, BoardError> {
        self.hold(consumer)?;
        self.change(|state| state.output = Some(high));
        Ok(SimOutput { wire: self.clone() })
    }

    /// One line can have two names, so the wire itself knows who holds it, as the kernel does.
    fn hold(&self, consumer: &str) -> Result<(), BoardError> {
        let mut state = self.state();
        if let Some(holder) = &state.holder {
            let what = format!("line {}", self.name);
            return Err(BoardError::Refused { what, cause: format!("it is in use by {holder}") });
        }
        state.holder = Some(consumer.to_owned());
        Ok(())
    }
}

pub(super) struct Listener {
    queue: VecDeque<Edge>,
    last_seq: u32,
    signal: Signal,
}

impl Listener {
    pub(super) fn hear(&mut self, high: bool, at: Moment) {
        self.last_seq = self.last_seq.wrapping_add(1);
        if self.queue.len() == QUEUED_EDGES {
            self.queue.pop_front();
        }
        self.queue.push_back(Edge { high, at, src: Source::Synthetic, seq: self.last_seq });
        self.signal.raise();
    }
}

/// An opened input end. Dropping it closes the line.
pub(super) struct SimInput {
    wire: Wire,
    signal: Signal,
}

impl InputPort for SimInput {
    fn level(&mut self) -> Result<bool, LineError> {
        Ok(self.wire.level())
    }

    fn next_edge(&mut self) -> Result<Option<Edge>, LineError> {
        let mut state = self.wire.state();
        let Some(listener) = &mut state.listener else { return Ok(None) };
        let edge = listener.queue.pop_front();
        if listener.queue.is_empty() {
            listener.signal.lower();
        }
        Ok(edge)
    }

    fn fd(&self) -> Option<BorrowedFd<'_>> {
        Some(self.signal.fd())
    }
}

impl Drop for SimInput {
    fn drop(&mut self) {
        let mut state = self.wire.state();
        (state.listener, state.holder) = (None, None);
    }
}

/// An opened output end. Dropping it closes the line, which keeps its level, as on a Pi.
pub(super) struct SimOutput {
    wire: Wire,
}

impl OutputPort for SimOutput {
    fn drive(&mut self, high: bool) -> Result<(), LineError> {
        self.wire.change(|state| state.output = Some(high));
        Ok(())
    }

    /// As on a Pi under the rppal backend.
    fn has_pwm(&self) -> bool {
        PWM_LINES.contains(&&*self.wire.name)
    }

    /// A simulated wire is high or low: it is high as long as the duty is not zero.
    fn set_duty(&mut self, duty: u16) -> Result<(), LineError> {
        if !self.has_pwm() {
            return Err(LineError::no_pwm(self.wire.name()));
        }
        self.drive(duty > 0)
    }
}

impl Drop for SimOutput {
    fn drop(&mut self) {
        self.wire.state().holder = None;
    }
}

//! The driver's ends of a wire: an opened input, which hears edges, and an opened output.

use super::Wire;
use super::listener::Listener;
use super::signal::Signal;
use crate::backend::{InputPort, OutputPort};
use crate::{BoardError, Edge, LineError, Pull};
use std::os::fd::BorrowedFd;

/// The lines of a Pi's header that can be dimmed.
const PWM_LINES: [&str; 4] = ["GPIO12", "GPIO13", "GPIO18", "GPIO19"];

impl Wire {
    pub(super) fn open_input(&self, pull: Pull, consumer: &str) -> Result<SimInput, BoardError> {
        let signal = Signal::new(&self.name)?;
        self.hold(consumer)?;
        // The pull takes hold before anybody listens: it makes no edge, as on a chip.
        self.change(|state| (state.pull, state.output) = (pull, None));
        self.state().listener = Some(Listener::new(signal.clone()));
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
        Ok(listener.next_edge())
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

//! GPIO lines. A level here is always the physical one: polarity lives in the agent's normalizer.

use super::{Claim, Edge, LineError};
use crate::backend::{InputPort, OutputPort};
use embedded_hal::digital::{ErrorType, InputPin, OutputPin, StatefulOutputPin};
use embedded_hal::pwm::{self, SetDutyCycle};

/// An input line. It implements [`InputPin`] and queues its edges.
pub struct InputLine {
    port: Box<dyn InputPort>,
    last_seq: u32,
    lost: u64,
    stale: bool,
    _claim: Claim,
}

impl InputLine {
    pub(super) fn new(port: Box<dyn InputPort>, claim: Claim) -> Self {
        Self { port, last_seq: 0, lost: 0, stale: true, _claim: claim }
    }

    /// The next queued edge, oldest first; `None` when the queue is empty. Never blocks.
    ///
    /// # Errors
    /// [`LineError`] when the system cannot read the line any more.
    pub fn next_edge(&mut self) -> Result<Option<Edge>, LineError> {
        let edge = self.port.next_edge()?;
        if let Some(edge) = edge {
            let missing = edge.seq.wrapping_sub(self.last_seq).saturating_sub(1);
            self.lost += u64::from(missing);
            self.stale |= missing > 0;
            self.last_seq = edge.seq;
        }
        Ok(edge)
    }

    /// Empties the queue and gives its oldest edge to this level: when an interrupt line became active.
    ///
    /// # Errors
    /// As for [`next_edge`](Self::next_edge).
    pub fn first_edge_to(&mut self, high: bool) -> Result<Option<Edge>, LineError> {
        let mut first = None;
        while let Some(edge) = self.next_edge()? {
            first = first.or_else(|| (edge.high == high).then_some(edge));
        }
        Ok(first)
    }

    /// Takes the number of edges that were lost since the last call: the kernel's queue overflowed.
    pub fn take_lost(&mut self) -> u64 {
        std::mem::take(&mut self.lost)
    }

    /// The level, when the edges alone do not tell it: the first time, and after edges were lost.
    ///
    /// # Errors
    /// As for [`next_edge`](Self::next_edge).
    pub fn resync(&mut self) -> Result<Option<bool>, LineError> {
        if !self.stale {
            return Ok(None);
        }
        let high = self.port.level()?;
        self.stale = false;
        Ok(Some(high))
    }
}

impl ErrorType for InputLine {
    type Error = LineError;
}

impl InputPin for InputLine {
    fn is_high(&mut self) -> Result<bool, LineError> {
        self.port.level()
    }

    fn is_low(&mut self) -> Result<bool, LineError> {
        self.port.level().map(|high| !high)
    }
}

/// An output line. It implements [`OutputPin`]; `set_high` drives it high. It implements [`SetDutyCycle`] too, which fails
/// unless the line [has PWM](Self::has_pwm).
pub struct OutputLine {
    port: Box<dyn OutputPort>,
    high: bool,
    _claim: Claim,
}

impl OutputLine {
    pub(super) fn new(port: Box<dyn OutputPort>, high: bool, claim: Claim) -> Self {
        Self { port, high, _claim: claim }
    }

    /// `true` if hardware PWM is behind the line, so that a duty cycle can be set: a lamp can be dimmed.
    pub fn has_pwm(&self) -> bool {
        self.port.has_pwm()
    }

    fn drive(&mut self, high: bool) -> Result<(), LineError> {
        self.port.drive(high)?;
        self.high = high;
        Ok(())
    }
}

impl ErrorType for OutputLine {
    type Error = LineError;
}

impl OutputPin for OutputLine {
    fn set_low(&mut self) -> Result<(), LineError> {
        self.drive(false)
    }

    fn set_high(&mut self) -> Result<(), LineError> {
        self.drive(true)
    }
}

impl StatefulOutputPin for OutputLine {
    fn is_set_high(&mut self) -> Result<bool, LineError> {
        Ok(self.high)
    }

    fn is_set_low(&mut self) -> Result<bool, LineError> {
        Ok(!self.high)
    }
}

impl pwm::ErrorType for OutputLine {
    type Error = LineError;
}

impl SetDutyCycle for OutputLine {
    fn max_duty_cycle(&self) -> u16 {
        u16::MAX
    }

    fn set_duty_cycle(&mut self, duty: u16) -> Result<(), LineError> {
        self.port.set_duty(duty)?;
        self.high = duty > 0;
        Ok(())
    }
}

//! An output of the header, driven through its register.

use super::pwm::Pwm;
use crate::LineError;
use crate::backend::OutputPort;
use crate::backend::linux::line::GpioOutput;
use rppal::gpio::{IoPin, Mode, Pin};

/// A requested output. The kernel knows its holder and gives the line back; writes go past it.
pub(super) struct RppalOutput {
    line: String,
    pin: IoPin,
    pwm: Option<Pwm>,
    _held: GpioOutput,
}

impl RppalOutput {
    /// The kernel drives it already, at the level it was requested at.
    pub(super) fn new(line: String, pin: Pin, pwm: Option<Pwm>, held: GpioOutput) -> Self {
        let mut pin = pin.into_io(Mode::Output);
        // What becomes of a line that nobody holds is the kernel's affair.
        pin.set_reset_on_drop(false);
        Self { line, pin, pwm, _held: held }
    }

    fn failed(&self, error: &rppal::pwm::Error) -> LineError {
        LineError { line: self.line.clone(), cause: error.to_string() }
    }
}

impl OutputPort for RppalOutput {
    fn drive(&mut self, high: bool) -> Result<(), LineError> {
        self.pin.write(high.into());
        if let Some(pwm) = &mut self.pwm
            && pwm.is_running()
        {
            // The level stands before the pin leaves the PWM, so nothing in between is seen on the wire.
            self.pin.set_mode(Mode::Output);
            pwm.stop();
        }
        Ok(())
    }

    fn has_pwm(&self) -> bool {
        self.pwm.is_some()
    }

    fn set_duty(&mut self, duty: u16) -> Result<(), LineError> {
        let Some(pwm) = &mut self.pwm else { return Err(LineError::no_pwm(&self.line)) };
        let mode = pwm.mode();
        match pwm.set_duty(f64::from(duty) / f64::from(u16::MAX)) {
            Ok(()) => {
                self.pin.set_mode(mode);
                Ok(())
            }
            Err(error) => Err(self.failed(&error)),
        }
    }
}

impl Drop for RppalOutput {
    fn drop(&mut self) {
        // A pin that were left to the PWM would keep what the PWM says last, which nobody asked for.
        if self.pwm.as_ref().is_some_and(Pwm::is_running) {
            drop(self.drive(false));
        }
    }
}

//! Beginning and end of faults on a bench.

use super::{Bench, Fault, Keyboard, Pipe};
use crate::backend::listing::listing;
use crate::{BoardError, BusName, PortName, SpiName};
use std::sync::PoisonError;

impl Bench {
    /// Lets a fault begin.
    ///
    /// # Errors
    /// [`BoardError::Unknown`] when the bench has no such line, chip, port or keyboard.
    pub fn inflict(&self, fault: &Fault) -> Result<(), BoardError> {
        self.switch_fault(fault, true)?;
        self.note(fault, true);
        Ok(())
    }

    /// Ends a fault. What happens at one moment only, as a brown-out does, has ended already.
    ///
    /// # Errors
    /// As for [`inflict`](Self::inflict).
    pub fn lift(&self, fault: &Fault) -> Result<(), BoardError> {
        self.switch_fault(fault, false)?;
        self.note(fault, false);
        Ok(())
    }

    fn switch_fault(&self, fault: &Fault, on: bool) -> Result<(), BoardError> {
        match fault {
            Fault::Stuck(line, high) if on => self.line(line)?.stick(*high),
            Fault::Stuck(line, _) => self.line(line)?.unstick(),
            Fault::Bounces(line, bounce) => self.line(line)?.bounce(on.then_some(*bounce)),
            Fault::Loses(line, edges) => self.line(line)?.lose(if on { *edges } else { 0 }),
            Fault::Chip(bus, address, fault) => {
                let mut parts = self.parts();
                let Some(faults) = parts.chips.i2c_faults(bus, *address) else {
                    let known = listing(parts.chips.i2c_places().iter().map(String::as_str));
                    return Err(unknown("chip", &format!("{bus}/{address:#04x}"), known));
                };
                if on { faults.add(*fault) } else { faults.end(*fault) }
            }
            Fault::SpiChip(select, fault) => {
                let mut parts = self.parts();
                let Some(faults) = parts.chips.spi_faults(select) else {
                    let known = listing(parts.chips.spi_places().iter().map(String::as_str));
                    return Err(unknown("chip", select.as_str(), known));
                };
                if on { faults.add(*fault) } else { faults.end(*fault) }
            }
            Fault::BrownOut(bus, address) if on => self.brown_out_i2c(bus, *address)?,
            Fault::SpiBrownOut(select) if on => self.brown_out_spi(select)?,
            Fault::BrownOut(..) | Fault::SpiBrownOut(_) => {}
            Fault::Unplugged(port) => self.unplug(port, on)?,
            Fault::Dribbles(port, bytes) => self.known_pipe(port)?.dribble(on.then_some(*bytes)),
            Fault::RollsOver(port, keys) => {
                self.known_keyboard(port)?.roll_over(on.then_some(*keys))
            }
        }
        Ok(())
    }

    fn brown_out_i2c(&self, bus: &BusName, address: u8) -> Result<(), BoardError> {
        let chip = self.parts().chips.i2c_chip(bus, address);
        let Some(chip) = chip else {
            let known = listing(self.parts().chips.i2c_places().iter().map(String::as_str));
            return Err(unknown("chip", &format!("{bus}/{address:#04x}"), known));
        };
        chip.lock().unwrap_or_else(PoisonError::into_inner).power_on();
        Ok(())
    }

    fn brown_out_spi(&self, select: &SpiName) -> Result<(), BoardError> {
        let chip = self.parts().chips.spi_chip(select);
        let Some((chip, _)) = chip else {
            let known = listing(self.parts().chips.spi_places().iter().map(String::as_str));
            return Err(unknown("chip", select.as_str(), known));
        };
        chip.lock().unwrap_or_else(PoisonError::into_inner).power_on();
        Ok(())
    }

    fn unplug(&self, port: &PortName, on: bool) -> Result<(), BoardError> {
        if let Ok(pipe) = self.known_pipe(port) {
            if on {
                pipe.unplug()
            } else {
                pipe.plug()
            }
            return Ok(());
        }
        let keyboard = self.known_keyboard(port)?;
        if on {
            keyboard.unplug()
        } else {
            keyboard.plug()
        }
        Ok(())
    }

    fn known_pipe(&self, port: &PortName) -> Result<Pipe, BoardError> {
        let parts = self.parts();
        let known = || listing(parts.pipes.keys().map(PortName::as_str));
        parts.pipes.get(port).cloned().ok_or_else(|| unknown("port", port.as_str(), known()))
    }

    fn known_keyboard(&self, port: &PortName) -> Result<Keyboard, BoardError> {
        let parts = self.parts();
        let known = || {
            let all = parts.pipes.keys().chain(parts.keyboards.keys());
            listing(all.map(PortName::as_str))
        };
        let found = parts.keyboards.get(port).cloned();
        found.ok_or_else(|| unknown("port or keyboard", port.as_str(), known()))
    }
}

fn unknown(kind: &'static str, name: &str, known: String) -> BoardError {
    BoardError::Unknown { kind, name: name.to_owned(), known }
}

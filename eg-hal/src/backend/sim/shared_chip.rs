//! Chips that a hand pokes while a bus reads them.

use super::{I2cChip, Nack, Registers, SpiChip, Wire};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Handle of a chip model. Clones are the same chip: attach one to a bus and keep another to poke it.
#[derive(Debug, Default)]
pub struct SharedChip<C>(Arc<Mutex<C>>);

impl<C> SharedChip<C> {
    /// Shares this chip.
    pub fn new(chip: C) -> Self {
        Self(Arc::new(Mutex::new(chip)))
    }

    /// Locks the chip until the guard is dropped. A bus waits meanwhile.
    pub fn lock(&self) -> MutexGuard<'_, C> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls this with the chip and the new level after each change of a wire, such as a reset line. The wire keeps no
    /// hold of the chip.
    pub fn follow(&self, wire: &Wire, follow: impl Fn(&mut C, bool) + Send + Sync + 'static)
    where
        C: Send + 'static,
    {
        let chip = Arc::downgrade(&self.0);
        wire.watch(move |high| {
            if let Some(chip) = chip.upgrade() {
                follow(&mut Self(chip).lock(), high);
            }
        });
    }
}

impl<C> Clone for SharedChip<C> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<C: I2cChip> I2cChip for SharedChip<C> {
    fn address(&mut self) -> Result<(), Nack> {
        self.lock().address()
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Nack> {
        self.lock().write(bytes)
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Nack> {
        self.lock().read(bytes)
    }

    fn stop(&mut self) {
        self.lock().stop();
    }

    fn power_on(&mut self) {
        self.lock().power_on();
    }
}

impl<C: SpiChip> SpiChip for SharedChip<C> {
    fn select(&mut self) {
        self.lock().select();
    }

    fn exchange(&mut self, byte: u8) -> u8 {
        self.lock().exchange(byte)
    }

    fn deselect(&mut self) {
        self.lock().deselect();
    }

    fn power_on(&mut self) {
        self.lock().power_on();
    }
}

impl<C: Registers> Registers for SharedChip<C> {
    fn address(&mut self) -> Result<(), Nack> {
        self.lock().address()
    }

    fn read(&mut self, register: u8) -> u8 {
        self.lock().read(register)
    }

    fn write(&mut self, register: u8, value: u8) -> Result<(), Nack> {
        self.lock().write(register, value)
    }

    fn after(&self, register: u8) -> u8 {
        self.lock().after(register)
    }

    fn power_on(&mut self) {
        self.lock().power_on();
    }
}

#[cfg(test)]
mod tests {
    use super::SharedChip;
    use crate::sim::Bench;

    #[test]
    fn a_chip_follows_a_wire_as_long_as_somebody_holds_it() {
        let wire = Bench::virtual_time().wire(&"GPIO5".into());
        let chip = SharedChip::new(Vec::new());
        chip.follow(&wire, |levels, high| levels.push(high));

        wire.drive(true);
        wire.drive(false);
        let levels = chip.lock().clone();
        drop(chip);
        wire.drive(true);

        assert_eq!(levels, [true, false]);
    }
}

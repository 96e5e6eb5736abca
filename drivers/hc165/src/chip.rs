//! Chains of 74HC165 (Nexperia, revision 6): their inputs are loaded while PL is low, and clocked out.

use embedded_hal::delay::DelayNs;
use embedded_hal::digital::OutputPin;
use embedded_hal::spi::SpiDevice;

/// Time for which PL is low, and for which the chips then rest before the first clock (Linux, gpio-pisosr.c; the data
/// sheet asks for 120 ns at most).
const LATCH_US: u32 = 1;

/// Failure of a read: `S` is that of the bus, `P` that of the line to PL.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Error<S, P> {
    Spi(S),
    Latch(P),
}

/// A chain of chips.
pub(crate) struct Chip<S, P, D> {
    spi: S,
    /// The line to PL; none where PL follows the chip select.
    latch: Option<P>,
    delay: D,
}

impl<S: SpiDevice, P: OutputPin, D: DelayNs> Chip<S, P, D> {
    pub(crate) fn new(spi: S, latch: Option<P>, delay: D) -> Self {
        Self { spi, latch, delay }
    }

    /// Reads the inputs of each chip, the one at MISO first; D7 is the highest bit.
    pub(crate) fn read(&mut self, into: &mut [u8]) -> Result<(), Error<S::Error, P::Error>> {
        if let Some(latch) = &mut self.latch {
            latch.set_low().map_err(Error::Latch)?;
            self.delay.delay_us(LATCH_US);
            latch.set_high().map_err(Error::Latch)?;
            self.delay.delay_us(LATCH_US);
        }
        self.spi.read(into).map_err(Error::Spi)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use embedded_hal_mock::eh1::delay::NoopDelay;
    use embedded_hal_mock::eh1::digital::{Mock as Pin, State, Transaction as PinTransaction};
    use embedded_hal_mock::eh1::spi::{Mock as Spi, Transaction};

    #[test]
    fn the_inputs_are_loaded_before_they_are_clocked_out() {
        let spi = Spi::new(&[
            Transaction::transaction_start(),
            Transaction::read_vec(vec![0x81, 0x7e]),
            Transaction::transaction_end(),
        ]);
        let latch = Pin::new(&[PinTransaction::set(State::Low), PinTransaction::set(State::High)]);
        let mut chip = Chip::new(spi, Some(latch), NoopDelay::new());
        let mut inputs = [0; 2];

        chip.read(&mut inputs).unwrap();

        assert_eq!(inputs, [0x81, 0x7e]);
        chip.spi.done();
        chip.latch.iter_mut().for_each(Pin::done);
    }
}

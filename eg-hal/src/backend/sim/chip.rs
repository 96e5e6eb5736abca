//! Models of chips as a bus sees them: bytes in and bytes out.

/// A model of a chip at an I2C address. It sees bytes as the chip does: what a master writes between two starts comes
/// as one write, what it reads as one read.
///
/// A model that a hand pokes and a bus reads is shared: attach a clone of a [`SharedChip`](super::SharedChip).
pub trait I2cChip: Send {
    /// The master sends the chip's address, for the write or the read that follows.
    ///
    /// # Errors
    /// [`Nack`] when the chip does not acknowledge it: it is busy.
    fn address(&mut self) -> Result<(), Nack> {
        Ok(())
    }

    /// The master writes. The chip hears of the bytes when the last one is there.
    ///
    /// # Errors
    /// [`Nack`] when the chip does not acknowledge one of the bytes.
    fn write(&mut self, bytes: &[u8]) -> Result<(), Nack>;

    /// The master reads `bytes.len()` bytes; all are to be filled.
    ///
    /// # Errors
    /// [`Nack`] when the chip does not acknowledge its address for reading.
    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Nack>;

    /// A stop condition ended the transaction.
    fn stop(&mut self) {}

    /// Power returned after it was away: every register is as the datasheet has it after power-on. What a hand holds
    /// stays held. A model without registers keeps this default.
    fn power_on(&mut self) {}
}

/// The chip did not acknowledge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nack;

/// A model of a chip behind an SPI chip select. It exchanges bytes as a shift register does.
pub trait SpiChip: Send {
    /// The select became active.
    fn select(&mut self) {}

    /// The master clocks a byte in and gets one back.
    fn exchange(&mut self, byte: u8) -> u8;

    /// The select became inactive.
    fn deselect(&mut self) {}

    /// Power returned after it was away, as for [`I2cChip::power_on`].
    fn power_on(&mut self) {}
}

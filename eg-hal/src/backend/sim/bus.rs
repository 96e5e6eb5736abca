//! Virtual I2C and SPI: the chips that sit on them, and how a transaction reaches a chip.

use super::Bench;
use crate::backend::{I2cPort, SpiPort};
use crate::{BusError, BusName, SpiError, SpiName};
use embedded_hal::i2c::{self, ErrorKind, NoAcknowledgeSource};
use embedded_hal::spi;
use std::sync::{Arc, Mutex, PoisonError};

/// A model of a chip at an I2C address. It sees bytes as the chip does: what a master writes between two starts comes
/// as one write, what it reads as one read.
///
/// A model that a hand pokes and a bus reads is shared: attach a clone of an `Arc<Mutex<Chip>>` and keep the other.
pub trait I2cChip: Send {
    /// The master writes.
    ///
    /// # Errors
    /// [`Nack`] when the chip does not acknowledge one of the bytes.
    fn write(&mut self, bytes: &[u8]) -> Result<(), Nack>;

    /// The master reads so many bytes; all are to be filled.
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

impl<C: I2cChip> I2cChip for Arc<Mutex<C>> {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Nack> {
        self.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Nack> {
        self.lock().unwrap_or_else(PoisonError::into_inner).read(bytes)
    }

    fn stop(&mut self) {
        self.lock().unwrap_or_else(PoisonError::into_inner).stop();
    }

    fn power_on(&mut self) {
        self.lock().unwrap_or_else(PoisonError::into_inner).power_on();
    }
}

impl<C: SpiChip> SpiChip for Arc<Mutex<C>> {
    fn select(&mut self) {
        self.lock().unwrap_or_else(PoisonError::into_inner).select();
    }

    fn exchange(&mut self, byte: u8) -> u8 {
        self.lock().unwrap_or_else(PoisonError::into_inner).exchange(byte)
    }

    fn deselect(&mut self) {
        self.lock().unwrap_or_else(PoisonError::into_inner).deselect();
    }

    fn power_on(&mut self) {
        self.lock().unwrap_or_else(PoisonError::into_inner).power_on();
    }
}

/// One device's way to a virtual I2C bus.
pub(super) struct Bus {
    pub(super) bench: Bench,
    pub(super) name: BusName,
}

impl I2cPort for Bus {
    fn transaction(
        &mut self,
        address: u8,
        operations: &mut [i2c::Operation<'_>],
    ) -> Result<(), BusError> {
        let failed = |kind| BusError { bus: self.name.to_string(), address, kind };
        let reached = self.bench.reach(&self.name, address);
        let (chip, ills) = match &reached[..] {
            [] => return Err(failed(ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address))),
            [one] => one,
            // Both drive the wire: what the master reads is garbage.
            [..] => return Err(failed(ErrorKind::Bus)),
        };
        self.bench.pass(ills.per_byte.saturating_mul(bytes_of(operations)));
        let mut chip = chip.lock().unwrap_or_else(PoisonError::into_inner);
        let done = carry_out(&mut **chip, operations, ills.short.unwrap_or(usize::MAX));
        chip.stop();
        done.map_err(|Nack| failed(ErrorKind::NoAcknowledge(NoAcknowledgeSource::Data)))
    }
}

/// The bytes that a transaction moves.
fn bytes_of(operations: &[i2c::Operation<'_>]) -> u32 {
    let bytes = operations.iter().map(|operation| match operation {
        i2c::Operation::Write(part) => part.len(),
        i2c::Operation::Read(part) => part.len(),
    });
    u32::try_from(bytes.sum::<usize>()).unwrap_or(u32::MAX)
}

/// Neighbours of one direction are one transfer: there is no start between them (embedded-hal, `I2c::transaction`).
/// After `most` bytes of a read the chip lets go of the wire.
fn carry_out(
    chip: &mut dyn I2cChip,
    operations: &mut [i2c::Operation<'_>],
    most: usize,
) -> Result<(), Nack> {
    use i2c::Operation::{Read, Write};
    let writes = |operation: &i2c::Operation<'_>| matches!(operation, Write(_));
    for run in operations.chunk_by_mut(|one, next| writes(one) == writes(next)) {
        let mut bytes = Vec::new();
        for operation in run.iter() {
            match operation {
                Write(part) => bytes.extend_from_slice(part),
                Read(part) => bytes.resize(bytes.len() + part.len(), 0xff),
            }
        }
        if run.first().is_some_and(writes) {
            chip.write(&bytes)?;
            continue;
        }
        chip.read(&mut bytes)?;
        bytes.iter_mut().skip(most).for_each(|byte| *byte = 0xff);
        let mut rest = bytes.as_slice();
        for operation in run {
            if let Read(part) = operation {
                let (filled, later) = rest.split_at(part.len());
                part.copy_from_slice(filled);
                rest = later;
            }
        }
    }
    Ok(())
}

/// One device's way to a virtual chip select. Nobody there: the wire reads ones, as with a pull-up.
pub(super) struct Slot {
    pub(super) bench: Bench,
    pub(super) name: SpiName,
}

impl SpiPort for Slot {
    fn transaction(&mut self, operations: &mut [spi::Operation<'_, u8>]) -> Result<(), SpiError> {
        let there = self.bench.spi_chip(&self.name).filter(|(_, ills)| !ills.vanished);
        let Some((chip, ills)) = there else {
            Clocked { chip: &mut Nobody, left: usize::MAX, bytes: 0 }.carry_out(operations);
            return Ok(());
        };
        let mut chip = chip.lock().unwrap_or_else(PoisonError::into_inner);
        let left = ills.short.unwrap_or(usize::MAX);
        let mut clocked = Clocked { chip: &mut **chip, left, bytes: 0 };
        clocked.carry_out(operations);
        let span = ills.per_byte.saturating_mul(clocked.bytes);
        drop(chip);
        self.bench.pass(span);
        Ok(())
    }
}

/// A chip while its select is active.
struct Clocked<'c> {
    chip: &'c mut dyn SpiChip,
    /// The bytes that it still answers.
    left: usize,
    bytes: u32,
}

impl Clocked<'_> {
    fn carry_out(&mut self, operations: &mut [spi::Operation<'_, u8>]) {
        use spi::Operation::{DelayNs, Read, Transfer, TransferInPlace, Write};
        self.chip.select();
        for operation in operations {
            match operation {
                Read(into) => into.iter_mut().for_each(|byte| *byte = self.exchange(0)),
                Write(from) => from.iter().for_each(|byte| {
                    self.exchange(*byte);
                }),
                Transfer(into, from) => {
                    for at in 0..into.len().max(from.len()) {
                        let back = self.exchange(from.get(at).copied().unwrap_or(0));
                        if let Some(byte) = into.get_mut(at) {
                            *byte = back;
                        }
                    }
                }
                TransferInPlace(both) => {
                    both.iter_mut().for_each(|byte| *byte = self.exchange(*byte));
                }
                DelayNs(_) => {}
            }
        }
        self.chip.deselect();
    }

    fn exchange(&mut self, byte: u8) -> u8 {
        self.bytes = self.bytes.saturating_add(1);
        let back = self.chip.exchange(byte);
        if self.left == 0 {
            return 0xff;
        }
        self.left -= 1;
        back
    }
}

struct Nobody;

impl SpiChip for Nobody {
    fn exchange(&mut self, _: u8) -> u8 {
        0xff
    }
}

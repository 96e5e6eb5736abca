//! Virtual I2C and SPI: the way of a transaction to its chip.

use super::chips::{Faults, Shared};
use super::{Bench, I2cChip, Nack, SpiChip};
use crate::backend::{I2cPort, SpiPort};
use crate::{BusError, BusName, SpiError, SpiName};
use embedded_hal::i2c::{self, ErrorKind, NoAcknowledgeSource};
use embedded_hal::spi;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Time of a byte on I2C: eight bits and their acknowledge at 100 kHz, which a Pi has unless it is told otherwise.
const I2C_BYTE: Duration = Duration::from_micros(90);

/// Port of one device on a virtual I2C bus.
pub(super) struct SimI2c {
    pub(super) bench: Bench,
    pub(super) name: BusName,
}

impl I2cPort for SimI2c {
    fn transaction(
        &mut self,
        address: u8,
        operations: &mut [i2c::Operation<'_>],
    ) -> Result<(), BusError> {
        let bus = &self.name;
        let failed = |kind| BusError { bus: bus.to_string(), address, kind, claimed: None };
        let reached = self.bench.reach(bus, address);
        let (chip, faults) = match &reached[..] {
            [] => {
                self.bench.pass(I2C_BYTE);
                return Err(failed(ErrorKind::NoAcknowledge(NoAcknowledgeSource::Address)));
            }
            [one] => one,
            // Both drive the wire: what the master reads is garbage.
            [..] => return Err(failed(ErrorKind::Bus)),
        };
        let called = Called { bench: &self.bench, chip, faults };
        let done = called.carry_out(operations);
        called.chip().stop();
        done.map_err(|source| failed(ErrorKind::NoAcknowledge(source)))
    }
}

/// A chip that a master speaks to. It is locked while it hears or answers, never while time passes.
struct Called<'b> {
    bench: &'b Bench,
    chip: &'b Shared<dyn I2cChip>,
    faults: &'b Faults,
}

impl Called<'_> {
    /// Neighbours of one direction are one transfer: there is no start between them (embedded-hal, `I2c::transaction`).
    fn carry_out(&self, operations: &mut [i2c::Operation<'_>]) -> Result<(), NoAcknowledgeSource> {
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
            self.bench.pass(I2C_BYTE);
            self.chip().address().map_err(|Nack| NoAcknowledgeSource::Address)?;
            if run.first().is_some_and(writes) {
                self.pass(bytes.len());
                self.chip().write(&bytes).map_err(|Nack| NoAcknowledgeSource::Data)?;
                continue;
            }
            self.chip().read(&mut bytes).map_err(|Nack| NoAcknowledgeSource::Data)?;
            self.pass(bytes.len());
            // The chip lets go of the wire.
            let most = self.faults.short.unwrap_or(usize::MAX);
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

    fn chip(&self) -> MutexGuard<'_, Box<dyn I2cChip>> {
        self.chip.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the time of this many bytes pass.
    fn pass(&self, bytes: usize) {
        let each = I2C_BYTE + self.faults.per_byte;
        self.bench.pass(each.saturating_mul(u32::try_from(bytes).unwrap_or(u32::MAX)));
    }
}

/// Port of one device on a virtual chip select. Without a chip the wire reads ones, as with a pull-up.
pub(super) struct SimSpi {
    bench: Bench,
    name: SpiName,
    /// Time of one byte.
    byte: Duration,
    /// `true` if a transaction selects the chip; otherwise the driver does, on a wire that the chip's model follows.
    selects: bool,
}

impl SimSpi {
    pub(super) fn new(bench: Bench, name: SpiName, hz: u32, selects: bool) -> Self {
        Self { bench, name, byte: Duration::from_secs(8) / hz.max(1), selects }
    }
}

impl SpiPort for SimSpi {
    fn transaction(&mut self, operations: &mut [spi::Operation<'_, u8>]) -> Result<(), SpiError> {
        let there = self.bench.spi_chip(&self.name).filter(|(_, faults)| !faults.vanished);
        let (chip, faults) = there.unwrap_or_else(|| {
            let nobody: Box<dyn SpiChip> = Box::new(Nobody);
            (Arc::new(Mutex::new(nobody)), Faults::default())
        });
        let lock = || chip.lock().unwrap_or_else(PoisonError::into_inner);
        let mut left = faults.short.unwrap_or(usize::MAX);
        if self.selects {
            lock().select();
        }
        for operation in operations {
            let bytes = exchange(&mut **lock(), &mut left, operation);
            let pause = match operation {
                spi::Operation::DelayNs(ns) => Duration::from_nanos(u64::from(*ns)),
                spi::Operation::Read(_)
                | spi::Operation::Write(_)
                | spi::Operation::Transfer(..)
                | spi::Operation::TransferInPlace(_) => {
                    (self.byte + faults.per_byte).saturating_mul(bytes)
                }
            };
            self.bench.pass(pause);
        }
        if self.selects {
            lock().deselect();
        }
        Ok(())
    }
}

/// Clocks one operation through a chip whose select is active, and tells how many bytes that were. After the last that are
/// `left` the chip answers no more.
fn exchange(
    chip: &mut dyn SpiChip,
    left: &mut usize,
    operation: &mut spi::Operation<'_, u8>,
) -> u32 {
    use spi::Operation::{DelayNs, Read, Transfer, TransferInPlace, Write};
    let mut bytes: u32 = 0;
    let mut one = |byte: u8| {
        bytes = bytes.saturating_add(1);
        let back = chip.exchange(byte);
        if *left == 0 {
            return 0xff;
        }
        *left -= 1;
        back
    };
    match operation {
        Read(into) => into.iter_mut().for_each(|byte| *byte = one(0)),
        Write(from) => from.iter().for_each(|byte| {
            one(*byte);
        }),
        Transfer(into, from) => {
            for at in 0..into.len().max(from.len()) {
                let back = one(from.get(at).copied().unwrap_or(0));
                if let Some(byte) = into.get_mut(at) {
                    *byte = back;
                }
            }
        }
        TransferInPlace(both) => both.iter_mut().for_each(|byte| *byte = one(*byte)),
        DelayNs(_) => {}
    }
    bytes
}

struct Nobody;

impl SpiChip for Nobody {
    fn exchange(&mut self, _: u8) -> u8 {
        0xff
    }
}

//! I2C and SPI as drivers see them. Both block for as long as the transfer takes (about 0.1 ms a byte at 100 kHz).

use super::{BusError, BusName, Claim, SpiError};
use crate::backend::{I2cPort, SpiPort};
use embedded_hal::i2c::{self, ErrorKind, I2c};
use embedded_hal::spi;

/// An address on an I2C bus. It implements [`I2c`]; several operations of one transaction are joined by repeated starts.
/// A transfer to any other address than the one that was claimed is refused before anything is sent: another device may
/// hold that one.
pub struct I2cBus {
    port: Box<dyn I2cPort>,
    name: BusName,
    address: u8,
    /// Claims of the address, and of the switches on the way.
    _claims: Vec<Claim>,
}

impl I2cBus {
    pub(super) fn new(
        port: Box<dyn I2cPort>,
        name: BusName,
        address: u8,
        claims: Vec<Claim>,
    ) -> Self {
        Self { port, name, address, _claims: claims }
    }
}

impl i2c::ErrorType for I2cBus {
    type Error = BusError;
}

impl I2c for I2cBus {
    fn transaction(
        &mut self,
        address: u8,
        operations: &mut [i2c::Operation<'_>],
    ) -> Result<(), BusError> {
        if address != self.address {
            let claimed = Some(self.address);
            let bus = self.name.to_string();
            return Err(BusError { bus, address, kind: ErrorKind::Other, claimed });
        }
        self.port.transaction(address, operations)
    }
}

/// A chip select of an SPI bus. It implements [`spi::SpiDevice`]: the select is held for one transaction.
pub struct SpiDevice {
    port: Box<dyn SpiPort>,
    _claim: Claim,
}

impl SpiDevice {
    pub(super) fn new(port: Box<dyn SpiPort>, claim: Claim) -> Self {
        Self { port, _claim: claim }
    }
}

impl spi::ErrorType for SpiDevice {
    type Error = SpiError;
}

impl spi::SpiDevice for SpiDevice {
    fn transaction(&mut self, operations: &mut [spi::Operation<'_, u8>]) -> Result<(), SpiError> {
        self.port.transaction(operations)
    }
}

/// The bus of a chip select that the driver drives by itself. It implements [`spi::SpiBus`]; each call is a transfer.
pub struct SpiBus {
    port: Box<dyn SpiPort>,
    _claim: Claim,
}

impl SpiBus {
    pub(super) fn new(port: Box<dyn SpiPort>, claim: Claim) -> Self {
        Self { port, _claim: claim }
    }
}

impl spi::ErrorType for SpiBus {
    type Error = SpiError;
}

impl spi::SpiBus for SpiBus {
    fn read(&mut self, words: &mut [u8]) -> Result<(), SpiError> {
        self.port.transaction(&mut [spi::Operation::Read(words)])
    }

    fn write(&mut self, words: &[u8]) -> Result<(), SpiError> {
        self.port.transaction(&mut [spi::Operation::Write(words)])
    }

    fn transfer(&mut self, read: &mut [u8], write: &[u8]) -> Result<(), SpiError> {
        self.port.transaction(&mut [spi::Operation::Transfer(read, write)])
    }

    fn transfer_in_place(&mut self, words: &mut [u8]) -> Result<(), SpiError> {
        self.port.transaction(&mut [spi::Operation::TransferInPlace(words)])
    }

    /// Does nothing: a transfer is over when its call returns.
    fn flush(&mut self) -> Result<(), SpiError> {
        Ok(())
    }
}

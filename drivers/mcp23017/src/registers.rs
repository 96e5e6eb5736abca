//! The two ways to the registers: over I2C, and over SPI behind an opcode with the hardware address.

use eg_hal::prelude::*;
use eg_hal::{BitOrder, SpiConfig};
use embedded_hal::spi::{MODE_0, Operation};

/// Neighbouring registers, read or written in one transfer. The chip counts its address up after each byte.
pub trait Registers: Send {
    /// What this way needs in IOCON beside what the chip needs.
    const IOCON: u8;

    /// Reads as many registers as there is room, from this one on.
    ///
    /// # Errors
    /// When the transfer failed.
    fn read(&mut self, from: u8, into: &mut [u8]) -> Result<(), DeviceError>;

    /// Writes registers from this one on, at most 14.
    ///
    /// # Errors
    /// As for [`read`](Self::read).
    fn write(&mut self, from: u8, values: &[u8]) -> Result<(), DeviceError>;

    /// Writes one register of a chip that may not know its hardware address yet.
    ///
    /// # Errors
    /// As for [`read`](Self::read).
    fn write_first(&mut self, register: u8, value: u8) -> Result<(), DeviceError> {
        self.write(register, &[value])
    }
}

/// The hardware address of pin A2 alone.
const A2: u8 = 4;
/// No transfer of the driver is longer: the opcode, the register's address and 14 registers.
const LONGEST: usize = 16;

/// An MCP23017: address, register, values (DS20001952C, section 3.2).
pub struct I2cRegisters {
    bus: I2cBus,
    address: u8,
}

impl I2cRegisters {
    pub(crate) fn new(bus: I2cBus, address: u8) -> Self {
        Self { bus, address }
    }
}

impl Registers for I2cRegisters {
    const IOCON: u8 = 0;

    fn read(&mut self, from: u8, into: &mut [u8]) -> Result<(), DeviceError> {
        Ok(self.bus.write_read(self.address, &[from], into)?)
    }

    fn write(&mut self, from: u8, values: &[u8]) -> Result<(), DeviceError> {
        let mut bytes = [0; LONGEST];
        let bytes = &mut bytes[..=values.len()];
        bytes[0] = from;
        bytes[1..].copy_from_slice(values);
        Ok(self.bus.write(self.address, bytes)?)
    }
}

/// An MCP23S17: opcode, register, values under one select (DS20001952C, section 3.2).
pub struct SpiRegisters {
    slot: SpiDevice,
    address: u8,
}

impl SpiRegisters {
    /// The chip stands 10 MHz; wires of a room stand 1 MHz.
    pub(crate) const WANT: SpiConfig =
        SpiConfig { mode: MODE_0, max_hz: 1_000_000, order: BitOrder::MsbFirst };

    pub(crate) fn new(slot: SpiDevice, address: u8) -> Self {
        Self { slot, address }
    }

    fn write_at(&mut self, address: u8, from: u8, values: &[u8]) -> Result<(), DeviceError> {
        let opcode = 0x40 | address << 1;
        let frame = &mut [Operation::Write(&[opcode, from]), Operation::Write(values)];
        Ok(self.slot.transaction(frame)?)
    }
}

impl Registers for SpiRegisters {
    /// HAEN: the chip listens to its own hardware address alone.
    const IOCON: u8 = 0x08;

    fn read(&mut self, from: u8, into: &mut [u8]) -> Result<(), DeviceError> {
        let opcode = 0x41 | self.address << 1;
        let frame = &mut [Operation::Write(&[opcode, from]), Operation::Read(into)];
        Ok(self.slot.transaction(frame)?)
    }

    fn write(&mut self, from: u8, values: &[u8]) -> Result<(), DeviceError> {
        self.write_at(self.address, from, values)
    }

    /// Until HAEN is set the chip answers to address 0 whatever its pins say; one set up before answers to its own. With A2
    /// high it does not go by the data sheet before HAEN is set (errata DS80311): it compares that pin, and takes A1 and A0
    /// for low, or compares them too. So it is told at each of these addresses.
    fn write_first(&mut self, register: u8, value: u8) -> Result<(), DeviceError> {
        let own = self.address;
        let mut told = vec![0, own & A2, own];
        told.dedup();
        told.into_iter().try_for_each(|address| self.write_at(address, register, &[value]))
    }
}

//! The two ways to the registers: over I2C, and over SPI behind an opcode with the hardware address.

use embedded_hal::i2c::I2c;
use embedded_hal::spi::{Operation, SpiDevice};

/// Neighbouring registers, read or written in one transfer. The chip counts its address up after each byte.
pub trait Registers: Send {
    /// Failure of a transfer.
    type Error;

    /// Bits that this way needs in IOCON beside those that the chip needs.
    const IOCON: u8;

    /// Reads as many registers as there is room, from this one on.
    ///
    /// # Errors
    /// When the transfer failed.
    fn read(&mut self, from: u8, into: &mut [u8]) -> Result<(), Self::Error>;

    /// Writes registers from this one on, at most 14.
    ///
    /// # Errors
    /// As for [`read`](Self::read).
    fn write(&mut self, from: u8, values: &[u8]) -> Result<(), Self::Error>;

    /// Writes one register of a chip that may not know its hardware address yet.
    ///
    /// # Errors
    /// As for [`read`](Self::read).
    fn write_first(&mut self, register: u8, value: u8) -> Result<(), Self::Error> {
        self.write(register, &[value])
    }
}

/// The hardware address of pin A2 alone.
const A2: u8 = 4;
/// Bytes of the longest transfer: the opcode, the register's address and 14 registers.
const LONGEST: usize = 16;

/// An MCP23017: address, register, values (DS20001952C, section 3.2).
pub struct I2cRegisters<I> {
    i2c: I,
    address: u8,
}

impl<I: I2c> I2cRegisters<I> {
    pub(crate) fn new(i2c: I, address: u8) -> Self {
        Self { i2c, address }
    }
}

impl<I: I2c + Send> Registers for I2cRegisters<I> {
    type Error = I::Error;

    const IOCON: u8 = 0;

    fn read(&mut self, from: u8, into: &mut [u8]) -> Result<(), I::Error> {
        self.i2c.write_read(self.address, &[from], into)
    }

    fn write(&mut self, from: u8, values: &[u8]) -> Result<(), I::Error> {
        let mut bytes = [0; LONGEST];
        let bytes = &mut bytes[..=values.len()];
        bytes[0] = from;
        bytes[1..].copy_from_slice(values);
        self.i2c.write(self.address, bytes)
    }
}

/// An MCP23S17: opcode, register, values under one select (DS20001952C, section 3.2).
pub struct SpiRegisters<S> {
    spi: S,
    address: u8,
}

impl<S: SpiDevice> SpiRegisters<S> {
    pub(crate) fn new(spi: S, address: u8) -> Self {
        Self { spi, address }
    }

    fn write_at(&mut self, address: u8, from: u8, values: &[u8]) -> Result<(), S::Error> {
        let opcode = 0x40 | address << 1;
        self.spi.transaction(&mut [Operation::Write(&[opcode, from]), Operation::Write(values)])
    }
}

impl<S: SpiDevice + Send> Registers for SpiRegisters<S> {
    type Error = S::Error;

    /// HAEN: the chip listens to its own hardware address alone.
    const IOCON: u8 = 0x08;

    fn read(&mut self, from: u8, into: &mut [u8]) -> Result<(), S::Error> {
        let opcode = 0x41 | self.address << 1;
        self.spi.transaction(&mut [Operation::Write(&[opcode, from]), Operation::Read(into)])
    }

    fn write(&mut self, from: u8, values: &[u8]) -> Result<(), S::Error> {
        self.write_at(self.address, from, values)
    }

    /// Until HAEN is set the chip answers to address 0 whatever its pins say; one set up before answers to its own. With A2
    /// high it does not go by the data sheet before HAEN is set (errata DS80311): it compares that pin, and takes A1 and A0
    /// for low, or compares them too. So it is told at each of these addresses.
    fn write_first(&mut self, register: u8, value: u8) -> Result<(), S::Error> {
        let own = self.address;
        let mut told = vec![0, own & A2, own];
        told.dedup();
        told.into_iter().try_for_each(|address| self.write_at(address, register, &[value]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use embedded_hal_mock::eh1::i2c::{Mock as I2cMock, Transaction as I2cTransaction};
    use embedded_hal_mock::eh1::spi::{Mock as SpiMock, Transaction as SpiTransaction};

    #[test]
    fn registers_over_i2c_follow_their_number() {
        let i2c = I2cMock::new(&[
            I2cTransaction::write(0x20, vec![0x14, 0x12, 0x34]),
            I2cTransaction::write_read(0x20, vec![0x12], vec![0x56, 0x78]),
        ]);
        let mut registers = I2cRegisters::new(i2c, 0x20);
        let mut levels = [0; 2];

        registers.write(0x14, &[0x12, 0x34]).unwrap();
        registers.read(0x12, &mut levels).unwrap();

        assert_eq!(levels, [0x56, 0x78]);
        registers.i2c.done();
    }

    #[test]
    fn a_chip_on_spi_is_called_by_every_address_that_it_may_have() {
        let write = |opcode| {
            [
                SpiTransaction::transaction_start(),
                SpiTransaction::write_vec(vec![opcode, 0x0a]),
                SpiTransaction::write_vec(vec![0x4c]),
                SpiTransaction::transaction_end(),
            ]
        };
        let spi = SpiMock::new(&[write(0x40), write(0x48), write(0x4a)].concat());
        let mut registers = SpiRegisters::new(spi, 5);

        registers.write_first(0x0a, 0x4c).unwrap();

        registers.spi.done();
    }
}

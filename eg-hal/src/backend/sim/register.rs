//! Models of chips with registers: most chips on I2C.

use super::{I2cChip, Nack};

/// Registers of a chip, one byte each, as they are read and written. Implement it for the model, and attach the model
/// as a [`RegisterChip`].
///
/// ```
/// use eg_hal::prelude::*;
/// use eg_hal::sim::{Nack, RegisterChip, Registers};
///
/// /// A counter: register 0 counts reads, register 1 is a plain one.
/// #[derive(Default)]
/// struct Counter { reads: u8, plain: u8 }
///
/// impl Registers for Counter {
///     fn read(&mut self, register: u8) -> u8 {
///         match register {
///             0 => { self.reads += 1; self.reads }
///             1 => self.plain,
///             _ => 0xff,
///         }
///     }
///     fn write(&mut self, register: u8, value: u8) -> Result<(), Nack> {
///         if register == 1 { self.plain = value; Ok(()) } else { Err(Nack) }
///     }
/// }
///
/// let bench = Bench::virtual_time();
/// let counter = SharedChip::new(Counter::default());
/// bench.attach_i2c(&"i2c-1".into(), 0x20, RegisterChip::new(counter.clone()));
/// ```
pub trait Registers: Send {
    /// The master sends the chip's address, as for [`I2cChip::address`].
    ///
    /// # Errors
    /// [`Nack`] when the chip does not acknowledge it: it is busy.
    fn address(&mut self) -> Result<(), Nack> {
        Ok(())
    }

    /// The master reads a register. Reading may change the chip, as reading an interrupt register clears it.
    fn read(&mut self, register: u8) -> u8;

    /// The master writes a register.
    ///
    /// # Errors
    /// [`Nack`] when the chip does not acknowledge that.
    fn write(&mut self, register: u8, value: u8) -> Result<(), Nack>;

    /// The register that a transfer of several bytes goes on with. The next one, unless the chip says otherwise.
    fn after(&self, register: u8) -> u8 {
        register.wrapping_add(1)
    }

    /// Power returned after it was away: every register is as the datasheet has it after power-on.
    fn power_on(&mut self) {}
}

/// A chip on I2C with registers behind a pointer of one byte: the first byte of a write is the pointer, each further
/// byte is written to where it points, and reads begin where it points.
#[derive(Debug)]
pub struct RegisterChip<R> {
    registers: R,
    pointer: u8,
}

impl<R: Registers> RegisterChip<R> {
    /// A chip with these registers.
    pub fn new(registers: R) -> Self {
        Self { registers, pointer: 0 }
    }
}

impl<R: Registers> I2cChip for RegisterChip<R> {
    fn address(&mut self) -> Result<(), Nack> {
        self.registers.address()
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Nack> {
        let [pointer, data @ ..] = bytes else { return Ok(()) };
        self.pointer = *pointer;
        for value in data {
            self.registers.write(self.pointer, *value)?;
            self.pointer = self.registers.after(self.pointer);
        }
        Ok(())
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Nack> {
        for byte in bytes {
            *byte = self.registers.read(self.pointer);
            self.pointer = self.registers.after(self.pointer);
        }
        Ok(())
    }

    fn power_on(&mut self) {
        self.pointer = 0;
        self.registers.power_on();
    }
}

//! Backends behind a board: the kernel's devices, a Pi's registers, or a simulation. Drivers never see which one.

mod keys_down;
#[cfg(feature = "linux")]
pub mod linux;
mod listing;
#[cfg(feature = "rppal")]
pub mod rppal;
pub mod sim;
pub(crate) mod switch;

use crate::board::{BoardError, BusError, KeyError, LineError, SerialError, SpiError};
use crate::board::{BusName, InputConfig, LineName, OutputConfig, PortName, SpiConfig, SpiName};
use crate::{Delay, Edge, KeyEdge, Moment};
use embedded_hal::{i2c, spi};
use std::os::fd::BorrowedFd;

/// Backend that hands out raw ports. [`Board`](crate::Board) claims before it asks.
pub trait Backend: Send + Sync {
    /// The name in YAML: `linux`, `rppal` or `sim`.
    fn name(&self) -> &'static str;

    /// `true` if everything here is simulated: events are marked so.
    fn simulated(&self) -> bool;

    /// Reads the clock that stamps this backend's edges.
    fn now(&self) -> Moment;

    /// Pauses that a chip asks for, in the same clock: real ones, unless the backend keeps a time of its own.
    fn delay(&self) -> Delay {
        Delay::real()
    }

    /// Requests an input line with both edges and a queue of at least 64 of them.
    ///
    /// # Errors
    /// [`BoardError::Unknown`] or [`BoardError::Refused`].
    fn input(
        &self,
        line: &LineName,
        config: InputConfig,
        consumer: &str,
    ) -> Result<Box<dyn InputPort>, BoardError>;

    /// Requests an output line, at its level from the first moment on.
    ///
    /// # Errors
    /// As for [`input`](Self::input).
    fn output(
        &self,
        line: &LineName,
        config: OutputConfig,
        consumer: &str,
    ) -> Result<Box<dyn OutputPort>, BoardError>;

    /// Opens an I2C bus for one device.
    ///
    /// # Errors
    /// As for [`input`](Self::input).
    fn i2c(&self, bus: &BusName) -> Result<Box<dyn I2cPort>, BoardError>;

    /// Opens a chip select of an SPI bus.
    ///
    /// # Errors
    /// As for [`input`](Self::input).
    fn spi(&self, select: &SpiName, config: SpiConfig) -> Result<Box<dyn SpiPort>, BoardError>;

    /// Opens the bus of a chip select without driving the select. Backends that cannot keep this default.
    ///
    /// # Errors
    /// As for [`input`](Self::input), and [`BoardError::Unsupported`].
    fn spi_bus(&self, select: &SpiName, config: SpiConfig) -> Result<Box<dyn SpiPort>, BoardError> {
        let _ = (select, config);
        let what = "SPI without a chip select";
        Err(BoardError::Unsupported { backend: self.name(), what })
    }

    /// Opens a serial port, 8N1, raw.
    ///
    /// # Errors
    /// As for [`input`](Self::input).
    fn serial(&self, port: &PortName, baud: u32) -> Result<Box<dyn SerialPipe>, BoardError>;

    /// Opens a keyboard.
    ///
    /// # Errors
    /// As for [`input`](Self::input).
    fn keys(&self, keyboard: &PortName, grab: bool) -> Result<Box<dyn KeyPort>, BoardError>;
}

/// A requested input line. `true` is high.
pub trait InputPort: Send {
    /// Reads the physical level.
    ///
    /// # Errors
    /// [`LineError`] when the system cannot read it.
    fn level(&mut self) -> Result<bool, LineError>;

    /// Takes the next queued edge, without blocking.
    ///
    /// # Errors
    /// As for [`level`](Self::level).
    fn next_edge(&mut self) -> Result<Option<Edge>, LineError>;

    /// Descriptor that is readable while edges are queued.
    fn fd(&self) -> Option<BorrowedFd<'_>>;
}

/// A requested output line. `true` is high.
pub trait OutputPort: Send {
    /// Drives the line.
    ///
    /// # Errors
    /// [`LineError`] when the system cannot.
    fn drive(&mut self, high: bool) -> Result<(), LineError>;

    /// `true` if [`set_duty`](Self::set_duty) works: hardware PWM is behind the line.
    fn has_pwm(&self) -> bool;

    /// Drives the line high for `duty` 65,535ths of the time, until [`drive`](Self::drive) ends that.
    ///
    /// # Errors
    /// As for [`drive`](Self::drive), and always where the line has no PWM.
    fn set_duty(&mut self, duty: u16) -> Result<(), LineError>;
}

/// An open I2C bus.
pub trait I2cPort: Send {
    /// Carries out one transaction, its operations joined by repeated starts.
    ///
    /// # Errors
    /// [`BusError`] with the category of the fault.
    fn transaction(&mut self, address: u8, ops: &mut [i2c::Operation<'_>]) -> Result<(), BusError>;
}

/// An open chip select.
pub trait SpiPort: Send {
    /// Carries out one transaction under one select.
    ///
    /// # Errors
    /// [`SpiError`].
    fn transaction(&mut self, operations: &mut [spi::Operation<'_, u8>]) -> Result<(), SpiError>;
}

/// An open serial port.
pub trait SerialPipe: Send {
    /// Takes what has arrived; 0 when nothing has. Never blocks.
    ///
    /// # Errors
    /// [`SerialError`] when the port failed or hung up.
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, SerialError>;

    /// Sends all bytes.
    ///
    /// # Errors
    /// As for [`read`](Self::read).
    fn write_all(&mut self, bytes: &[u8]) -> Result<(), SerialError>;

    /// Descriptor that is readable while bytes wait or after the port hung up.
    fn fd(&self) -> Option<BorrowedFd<'_>>;
}

/// An open keyboard.
pub trait KeyPort: Send {
    /// Takes the next change of a key, without blocking.
    ///
    /// # Errors
    /// [`KeyError`] when it failed or hung up.
    fn next_key(&mut self) -> Result<Option<KeyEdge>, KeyError>;

    /// `true` if a key is down after the changes given so far; before the first, if it was when this was opened.
    ///
    /// # Errors
    /// As for [`next_key`](Self::next_key).
    fn is_down(&mut self, code: u16) -> Result<bool, KeyError>;

    /// Takes the number of times that the kernel dropped events since the last call.
    fn take_lost(&mut self) -> u64;

    /// Descriptor that is readable while changes wait or after the keyboard hung up.
    fn fd(&self) -> Option<BorrowedFd<'_>>;
}

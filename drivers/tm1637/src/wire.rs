//! The chip's two wires, which look like I2C and are not: no addresses, and the least significant bit first.

use eg_hal::{Delay, OpenError, prelude::*};
use embedded_hal::delay::DelayNs;
use embedded_hal::digital::PinState;

/// Half a clock. The chip wants 400 ns at least (data sheet, timing); sleeping makes it some 60 µs.
const HALF_US: u32 = 1;

/// CLK and DIO, both high between two frames.
pub(crate) struct Wire {
    clk: OutputLine,
    dio: OutputLine,
    delay: Delay,
}

impl Wire {
    pub(crate) fn open(
        board: &mut Board<'_>,
        clk: &LineName,
        dio: &LineName,
    ) -> Result<Self, OpenError> {
        let (clk, dio) = (board.output_at(clk, true)?, board.output_at(dio, true)?);
        Ok(Self { clk, dio, delay: board.delay() })
    }

    /// One frame: a command, and what belongs to it.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> Result<(), DeviceError> {
        // Whatever a frame that failed half-way left: both rest high. DIO falls while CLK is high: the start.
        self.clk(true)?;
        self.dio(true)?;
        self.dio(false)?;
        for byte in bytes {
            for bit in 0..8 {
                self.clk(false)?;
                self.dio(byte >> bit & 1 == 1)?;
                self.clk(true)?;
            }
            // The chip acknowledges by pulling DIO low, where it is already: nobody drives against it.
            self.clk(false)?;
            self.dio(false)?;
            self.clk(true)?;
            self.clk(false)?;
        }
        // DIO rises while CLK is high: the end.
        self.clk(true)?;
        self.dio(true)
    }

    fn clk(&mut self, high: bool) -> Result<(), DeviceError> {
        self.clk.set_state(PinState::from(high))?;
        self.delay.delay_us(HALF_US);
        Ok(())
    }

    fn dio(&mut self, high: bool) -> Result<(), DeviceError> {
        Ok(self.dio.set_state(PinState::from(high))?)
    }
}

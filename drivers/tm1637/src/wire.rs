//! The chip's two wires, which look like I2C and are not: no addresses, and the least significant bit first.

use eg_hal::{Delay, OpenError, prelude::*};
use embedded_hal::delay::DelayNs;
use embedded_hal::digital::PinState;

/// Half a clock. CLK stays high and low for 400 ns at least, DIO stands 100 ns before CLK rises and after (data sheet,
/// timing); sleeping makes it some 60 µs.
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
        self.dio(true)?;
        self.clk(true)?;
        self.half();
        self.dio(false)?;
        self.half();
        for byte in bytes {
            for bit in 0..8 {
                self.low_with(byte >> bit & 1 == 1)?;
                self.clock()?;
            }
            // When CLK falls for the eighth time the chip pulls DIO low until it falls for the ninth: the acknowledge. The
            // line lets the wire fall at once, so that it does not drive against the chip.
            self.low_with(false)?;
            self.clock()?;
        }
        // DIO rises while CLK is high: the end.
        self.low_with(false)?;
        self.clock()?;
        self.dio(true)?;
        self.half();
        Ok(())
    }

    /// CLK falls, and DIO takes its level for the next clock.
    fn low_with(&mut self, high: bool) -> Result<(), DeviceError> {
        self.clk(false)?;
        self.dio(high)?;
        self.half();
        Ok(())
    }

    /// CLK rises: the chip takes DIO.
    fn clock(&mut self) -> Result<(), DeviceError> {
        self.clk(true)?;
        self.half();
        Ok(())
    }

    fn half(&mut self) {
        self.delay.delay_us(HALF_US);
    }

    fn clk(&mut self, high: bool) -> Result<(), DeviceError> {
        Ok(self.clk.set_state(PinState::from(high))?)
    }

    fn dio(&mut self, high: bool) -> Result<(), DeviceError> {
        Ok(self.dio.set_state(PinState::from(high))?)
    }
}

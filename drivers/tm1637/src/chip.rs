//! A TM1637 on its two wires, which look like I2C and are not: no addresses, and the least significant bit first.

use embedded_hal::delay::DelayNs;
use embedded_hal::digital::{OutputPin, PinState};

/// Data command: write, and go on to the next address by itself.
const WRITE: u8 = 0x40;
/// Address command: from the first place on.
const FIRST: u8 = 0xc0;
/// Display control: on; the low three bits are the pulse width, 1/16 to 14/16 in eight steps.
const SHOW: u8 = 0x88;
/// Steps of the pulse width.
pub(crate) const BRIGHTEST: u8 = 8;
/// Half a clock. CLK stays high and low for 400 ns at least, DIO stands 100 ns before CLK rises and after (data sheet,
/// timing); sleeping makes it some 60 µs.
const HALF_US: u32 = 1;

/// A chip. CLK and DIO are both high between two frames.
pub(crate) struct Chip<P, D> {
    clk: P,
    dio: P,
    delay: D,
}

impl<P: OutputPin, D: DelayNs> Chip<P, D> {
    pub(crate) fn new(clk: P, dio: P, delay: D) -> Self {
        Self { clk, dio, delay }
    }

    /// Sends all that the chip has to know, the places before the display is on: the segments of each grid, and a pulse
    /// width of 1 to 8.
    pub(crate) fn show(&mut self, grids: &[u8; 6], width: u8) -> Result<(), P::Error> {
        let mut places = [FIRST; 7];
        places[1..].copy_from_slice(grids);
        self.send(&[WRITE])?;
        self.send(&places)?;
        self.send(&[SHOW | (width - 1)])
    }

    /// Sends one frame: a command, and the bytes that belong to it.
    fn send(&mut self, bytes: &[u8]) -> Result<(), P::Error> {
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
    fn low_with(&mut self, high: bool) -> Result<(), P::Error> {
        self.clk(false)?;
        self.dio(high)?;
        self.half();
        Ok(())
    }

    /// CLK rises: the chip takes DIO.
    fn clock(&mut self) -> Result<(), P::Error> {
        self.clk(true)?;
        self.half();
        Ok(())
    }

    fn half(&mut self) {
        self.delay.delay_us(HALF_US);
    }

    fn clk(&mut self, high: bool) -> Result<(), P::Error> {
        self.clk.set_state(PinState::from(high))
    }

    fn dio(&mut self, high: bool) -> Result<(), P::Error> {
        self.dio.set_state(PinState::from(high))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use embedded_hal_mock::eh1::delay::NoopDelay;
    use embedded_hal_mock::eh1::digital::{Mock, State, Transaction};

    #[test]
    fn a_frame_starts_and_ends_with_dio_while_clk_is_high() {
        let levels = |levels: &[u8]| {
            let level =
                |high: &u8| Transaction::set(if *high == 1 { State::High } else { State::Low });
            Mock::new(&levels.iter().map(level).collect::<Vec<_>>())
        };
        // 0x40 is 0000 0010 from its lowest bit on; then the acknowledge, and the end.
        let clk = levels(&[1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
        let dio = levels(&[1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
        let mut chip = Chip::new(clk, dio, NoopDelay::new());

        chip.send(&[WRITE]).unwrap();

        chip.clk.done();
        chip.dio.done();
    }
}

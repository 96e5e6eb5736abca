//! The HD44780 and the eight pins before it: four bits at a time, each taken when E falls.

use embedded_hal::delay::DelayNs;
use embedded_hal::i2c::I2c;

/// Pins of the PCF8574 on every such backpack; P4 to P7 are D4 to D7. P1 is R/W, which stays low: write.
const RS: u8 = 0x01;
const E: u8 = 0x04;
const LIGHT: u8 = 0x08;
/// The pins that say whether the chip is as it was left. P3 leads into a transistor and may read low.
const TELLING: u8 = !LIGHT;

/// Instructions (HD44780U, table 6).
const CLEAR: u8 = 0x01;
/// Left to right, the text stands still.
const ENTRY: u8 = 0x06;
const OFF: u8 = 0x08;
/// The display without a cursor.
const ON: u8 = 0x0c;
/// Four bits, two lines, 5 by 8 points.
const FUNCTION: u8 = 0x28;
const ADDRESS: u8 = 0x80;
/// Address of the second line. The third is the end of the first, and the fourth that of the second.
const SECOND: u8 = 0x40;

/// After clearing: 1.52 ms (table 6), and a little.
const CLEARS_US: u32 = 2_000;
/// After the first steps of the set-up (figure 24).
const WAKES_US: u32 = 4_500;
/// A block of points, all of them (ROM A00).
const BLOCK: u8 = 0xff;

/// Characters and light of a display.
#[derive(Clone, Debug)]
pub struct Screen {
    /// Each line in the codes of the display.
    pub(crate) cells: Vec<Vec<u8>>,
    /// The light behind it is on.
    pub(crate) lit: bool,
}

impl Screen {
    /// Blanks without light.
    pub(crate) fn dark(columns: u8, lines: u8) -> Self {
        Self { cells: vec![vec![b' '; columns.into()]; lines.into()], lit: false }
    }

    /// Every point, and the light.
    pub(crate) fn full(columns: u8, lines: u8) -> Self {
        Self { cells: vec![vec![BLOCK; columns.into()]; lines.into()], lit: true }
    }
}

/// Failure of a check. `E` is that of the bus.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Error<E> {
    /// A transfer failed.
    Bus(E),
    /// The pins are not as they were left.
    Pins(u8),
}

impl<E> From<E> for Error<E> {
    fn from(error: E) -> Self {
        Self::Bus(error)
    }
}

/// The chip behind its eight pins.
pub(crate) struct Chip<I, D> {
    i2c: I,
    address: u8,
    delay: D,
    /// The pin of the light, as it is held with every byte.
    light: u8,
}

impl<I: I2c, D: DelayNs> Chip<I, D> {
    pub(crate) fn new(i2c: I, address: u8, delay: D) -> Self {
        Self { i2c, address, delay, light: 0 }
    }

    /// Brings it up from any state, dark until its memory is filled.
    pub(crate) fn set_up(&mut self, screen: &Screen) -> Result<(), I::Error> {
        self.synchronise()?;
        self.instruct(OFF)?;
        self.instruct(CLEAR)?;
        self.delay.delay_us(CLEARS_US);
        self.instruct(ENTRY)?;
        self.show(screen)?;
        self.instruct(ON)
    }

    /// The same without a flicker, for a display that may have missed something.
    pub(crate) fn refresh(&mut self, screen: &Screen) -> Result<(), I::Error> {
        self.synchronise()?;
        self.instruct(ENTRY)?;
        self.instruct(ON)?;
        self.show(screen)
    }

    /// Checks that the pins are as they were left: after a loss of the supply all of them are high.
    pub(crate) fn check(&mut self) -> Result<(), Error<I::Error>> {
        let mut pins = [0];
        self.i2c.read(self.address, &mut pins)?;
        if pins[0] & TELLING != 0 {
            return Err(Error::Pins(pins[0]));
        }
        Ok(())
    }

    /// Writes every line. The light comes last when it goes on and first when it goes off, with the first byte.
    pub(crate) fn show(&mut self, screen: &Screen) -> Result<(), I::Error> {
        if !screen.lit {
            self.light = 0;
        }
        let columns = screen.cells.first().map_or(0, Vec::len);
        let third = u8::try_from(columns).unwrap_or(0);
        for (line, begins) in screen.cells.iter().zip([0, SECOND, third, SECOND + third]) {
            let mut bytes = self.strobes(ADDRESS | begins, 0).to_vec();
            bytes.extend(line.iter().flat_map(|code| self.strobes(*code, RS)));
            // Its data pins stay low between two lines, so that `check` can tell.
            bytes.push(self.light);
            self.i2c.write(self.address, &bytes)?;
        }
        if screen.lit {
            self.light = LIGHT;
        }
        self.i2c.write(self.address, &[self.light])
    }

    /// Whatever it was in the middle of: three times eight bits, then four (figure 24).
    fn synchronise(&mut self) -> Result<(), I::Error> {
        for half in [0x3, 0x3, 0x3, 0x2] {
            let bytes = self.strobe(half << 4);
            self.i2c.write(self.address, &bytes)?;
            self.delay.delay_us(WAKES_US);
        }
        self.instruct(FUNCTION)
    }

    fn instruct(&mut self, instruction: u8) -> Result<(), I::Error> {
        let [a, b, c, d, e, f] = self.strobes(instruction, 0);
        self.i2c.write(self.address, &[a, b, c, d, e, f, self.light])
    }

    /// A byte for the chip, its upper half first. At 100 kHz a byte on the bus takes 90 µs, at 400 kHz 23 µs: the chip,
    /// which needs 37 µs for each, is ready before the next.
    fn strobes(&self, byte: u8, rs: u8) -> [u8; 6] {
        let [a, b, c] = self.strobe(byte & 0xf0 | rs);
        let [d, e, f] = self.strobe(byte << 4 | rs);
        [a, b, c, d, e, f]
    }

    /// The pins stand before E rises, and until it has fallen.
    fn strobe(&self, pins: u8) -> [u8; 3] {
        let pins = pins | self.light;
        [pins, pins | E, pins]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use embedded_hal_mock::eh1::delay::NoopDelay;
    use embedded_hal_mock::eh1::i2c::{Mock, Transaction};

    #[test]
    fn a_byte_goes_out_in_two_halves_and_the_data_pins_rest_low() {
        let line = [0xc0, 0xc4, 0xc0, 0x00, 0x04, 0x00, 0x41, 0x45, 0x41, 0x11, 0x15, 0x11, 0x00];
        let first = [0x80, 0x84, 0x80, 0x00, 0x04, 0x00, 0x41, 0x45, 0x41, 0x21, 0x25, 0x21, 0x00];
        let i2c = Mock::new(&[
            Transaction::write(0x27, first.to_vec()),
            Transaction::write(0x27, line.to_vec()),
            Transaction::write(0x27, vec![0x08]),
        ]);
        let mut chip = Chip::new(i2c, 0x27, NoopDelay::new());

        chip.show(&Screen { cells: vec![b"B".to_vec(), b"A".to_vec()], lit: true }).unwrap();

        chip.i2c.done();
    }

    #[test]
    fn pins_that_are_high_are_those_of_power_on() {
        let i2c =
            Mock::new(&[Transaction::read(0x27, vec![0x08]), Transaction::read(0x27, vec![0xff])]);
        let mut chip = Chip::new(i2c, 0x27, NoopDelay::new());

        assert_eq!((chip.check(), chip.check()), (Ok(()), Err(Error::Pins(0xff))));
        chip.i2c.done();
    }
}

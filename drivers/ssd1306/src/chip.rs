//! The chip itself (Solomon Systech SSD1306, revision 1.1): how it is set up, and which bytes go where.

use crate::frame::{Frame, WIDTH};
use embedded_hal::i2c::I2c;

/// Control byte: commands follow, or data (section 8.1.5.2).
const COMMANDS: u8 = 0x00;
const DATA: u8 = 0x40;
/// Commands (section 9, table 9-1).
const OFF: u8 = 0xae;
const ON: u8 = 0xaf;
const CONTRAST: u8 = 0x81;
const COLUMNS: u8 = 0x21;
const PAGES: u8 = 0x22;
/// Bit of the status byte: the display is off (table 9-2).
const IS_OFF: u8 = 0x40;

/// Wiring and mounting of the glass.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mounting {
    pub(crate) height: u8,
    pub(crate) flipped: bool,
}

impl Mounting {
    /// The set-up of the application note, the contrast aside.
    fn settings(self) -> [u8; 25] {
        let (columns, rows) = if self.flipped { (0xa0, 0xc0) } else { (0xa1, 0xc8) };
        // Every second row for 64 lines, one after the other for 32.
        let pins = if self.height == 64 { 0x12 } else { 0x02 };
        let lines = self.height - 1;
        #[rustfmt::skip]
        let settings = [
            COMMANDS, OFF,
            0xd5, 0x80,  // clock
            0xa8, lines, // multiplex ratio
            0xd3, 0x00,  // no offset
            0x40,        // from the first line
            0x8d, 0x14,  // its own charge pump
            0x20, 0x00,  // columns, then pages
            columns, rows,
            0xda, pins,
            0xd9, 0xf1,  // pre-charge
            0xdb, 0x40,  // deselect level
            0xa4, 0xa6,  // what the memory says, lit is lit
            0x2e,        // no scrolling
            0xe3,        // nothing
        ];
        settings
    }
}

/// Failure of a check. `E` is that of the bus.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Error<E> {
    /// A transfer failed.
    Bus(E),
    /// The display is off; this is its status.
    Off(u8),
}

impl<E> From<E> for Error<E> {
    fn from(error: E) -> Self {
        Self::Bus(error)
    }
}

/// A chip that was set up.
pub(crate) struct Chip<I> {
    i2c: I,
    address: u8,
    /// The picture that was sent.
    frame: Frame,
    /// `true` if the chip tells that it is on: some copies of it do not.
    tells: bool,
}

impl<I: I2c> Chip<I> {
    /// Sets it up and fills its memory, and lights it then.
    pub(crate) fn set_up(
        i2c: I,
        address: u8,
        mounting: Mounting,
        contrast: u8,
        frame: Frame,
    ) -> Result<Self, I::Error> {
        let mut chip = Self { i2c, address, frame, tells: false };
        chip.i2c.write(address, &mounting.settings())?;
        chip.contrast(contrast)?;
        for page in 0..chip.frame.pages().len() {
            chip.send(page)?;
        }
        chip.i2c.write(address, &[COMMANDS, ON])?;
        chip.tells = chip.status()? & IS_OFF == 0;
        Ok(chip)
    }

    pub(crate) fn contrast(&mut self, contrast: u8) -> Result<(), I::Error> {
        self.i2c.write(self.address, &[COMMANDS, CONTRAST, contrast])
    }

    /// Sends the pages that are other ones than before.
    pub(crate) fn show(&mut self, frame: Frame) -> Result<(), Error<I::Error>> {
        let before = std::mem::replace(&mut self.frame, frame);
        for page in 0..self.frame.pages().len() {
            if self.frame.pages()[page] != before.pages()[page] {
                self.send(page)?;
            }
        }
        // What is told again is not sent again: whether it stands there is asked all the same.
        self.check()
    }

    /// Checks that the chip is there and still shows something.
    pub(crate) fn check(&mut self) -> Result<(), Error<I::Error>> {
        let status = self.status()?;
        if self.tells && status & IS_OFF != 0 {
            return Err(Error::Off(status));
        }
        Ok(())
    }

    fn status(&mut self) -> Result<u8, I::Error> {
        let mut status = [0];
        self.i2c.read(self.address, &mut status)?;
        Ok(status[0])
    }

    fn send(&mut self, page: usize) -> Result<(), I::Error> {
        let Some(bytes) = self.frame.pages().get(page) else { return Ok(()) };
        let number = page.to_le_bytes()[0];
        let place = [COMMANDS, PAGES, number, number, COLUMNS, 0, WIDTH - 1];
        let mut data = [DATA; 1 + WIDTH as usize];
        data[1..].copy_from_slice(bytes);
        self.i2c.write(self.address, &place)?;
        self.i2c.write(self.address, &data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use embedded_hal_mock::eh1::i2c::{Mock, Transaction};

    #[test]
    fn a_page_that_stays_is_not_sent_again() {
        let page = |number: u8, byte: u8| {
            let data = [&[DATA][..], &[byte; WIDTH as usize]].concat();
            let place = vec![COMMANDS, 0x22, number, number, 0x21, 0, 127];
            [Transaction::write(0x3c, place), Transaction::write(0x3c, data)]
        };
        let mut all = (0..4).flat_map(|number| page(number, 0xff)).collect::<Vec<_>>();
        all.push(Transaction::read(0x3c, vec![0x00]));
        all.push(Transaction::read(0x3c, vec![0x40]));
        let frame = Frame::filled(32, false);
        let mut chip = Chip { i2c: Mock::new(&all), address: 0x3c, frame, tells: true };

        chip.show(Frame::filled(32, true)).unwrap();
        let lost = chip.show(Frame::filled(32, true));

        assert_eq!(lost, Err(Error::Off(0x40)));
        chip.i2c.done();
    }
}

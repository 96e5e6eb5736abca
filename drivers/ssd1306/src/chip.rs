//! The chip itself (Solomon Systech SSD1306, revision 1.1): how it is set up, and which bytes go where.

use crate::frame::{Frame, WIDTH};
use eg_hal::prelude::*;

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

/// How the glass is wired and hung.
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

/// A chip that was set up.
pub(crate) struct Chip {
    bus: I2cBus,
    address: u8,
    /// What it was told to show.
    frame: Frame,
    /// It tells whether it is on: some copies of the chip do not.
    tells: bool,
}

impl Chip {
    /// Sets it up and fills its memory, and lights it then.
    pub(crate) fn set_up(
        bus: I2cBus,
        address: u8,
        mounting: Mounting,
        contrast: u8,
        frame: Frame,
    ) -> Result<Self, DeviceError> {
        let mut chip = Self { bus, address, frame, tells: false };
        chip.bus.write(address, &mounting.settings())?;
        chip.contrast(contrast)?;
        for page in 0..chip.frame.pages().len() {
            chip.send(page)?;
        }
        chip.bus.write(address, &[COMMANDS, ON])?;
        chip.tells = chip.status()? & IS_OFF == 0;
        Ok(chip)
    }

    pub(crate) fn contrast(&mut self, contrast: u8) -> Result<(), DeviceError> {
        Ok(self.bus.write(self.address, &[COMMANDS, CONTRAST, contrast])?)
    }

    /// Sends the pages that are other ones than before.
    pub(crate) fn show(&mut self, frame: Frame) -> Result<(), DeviceError> {
        let before = std::mem::replace(&mut self.frame, frame);
        for page in 0..self.frame.pages().len() {
            if self.frame.pages()[page] != before.pages()[page] {
                self.send(page)?;
            }
        }
        // What is told again is not sent again: whether it stands there is asked all the same.
        self.check()
    }

    /// Whether it is there and still shows something.
    pub(crate) fn check(&mut self) -> Result<(), DeviceError> {
        let status = self.status()?;
        if self.tells && status & IS_OFF != 0 {
            let found = format!("status {status:#04x}: it lost its supply");
            return Err(DeviceError::Unexpected { expected: "a display that is on", found });
        }
        Ok(())
    }

    fn status(&mut self) -> Result<u8, DeviceError> {
        let mut status = [0];
        self.bus.read(self.address, &mut status)?;
        Ok(status[0])
    }

    fn send(&mut self, page: usize) -> Result<(), DeviceError> {
        let Some(bytes) = self.frame.pages().get(page) else { return Ok(()) };
        let number = page.to_le_bytes()[0];
        let place = [COMMANDS, PAGES, number, number, COLUMNS, 0, WIDTH - 1];
        let mut data = [DATA; 1 + WIDTH as usize];
        data[1..].copy_from_slice(bytes);
        self.bus.write(self.address, &place)?;
        self.bus.write(self.address, &data)?;
        Ok(())
    }
}

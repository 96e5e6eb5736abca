//! Questions to an address of an I2C bus that change nothing.

/// Kind of question to an address, as i2cdetect(8) asks. Neither changes a register of a chip that keeps to the
/// standards of the bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// One byte is read. Some chips hang after a write of nothing.
    ReadByte,
    /// Nothing is written (SMBus 3.2, 6.5.1): memories would take a read for the next byte of a dump.
    QuickWrite,
}

/// The question to an address: a read where EEPROMs and write-only clock chips are at home, a quick write elsewhere.
pub fn question_to(address: u8) -> Question {
    match address {
        0x30..=0x37 | 0x50..=0x5f => Question::ReadByte,
        _ => Question::QuickWrite,
    }
}

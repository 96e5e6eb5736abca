//! The chip: a microcontroller with Adafruit's firmware, told apart from others by its hardware id. Registers have two
//! bytes, a module and a function in it.
//!
//! The firmware is a program, and takes its time. After a register was named it works on the answer: the SAMD09 sends 0xff
//! at first, then does not acknowledge its address (adafruit/seesaw, source/I2CSlave.cpp: `slave_busy`), and answers when it
//! is ready; the ATtiny holds the clock, which the controller of a Pi does not stand. So the driver waits as long as
//! Adafruit's own libraries do, and takes what is no answer yet for what it is: it asks again.

use crate::Console;
use embedded_hal::delay::DelayNs;
use embedded_hal::i2c::{Error as _, ErrorKind, I2c};

/// Register: a function of a module.
pub(crate) type Register = [u8; 2];

const RESET: Register = [0x00, 0x7f];
const HARDWARE: Register = [0x00, 0x01];
const VERSION: Register = [0x00, 0x02];
const TO_INPUTS: Register = [0x01, 0x03];
const LEVELS: Register = [0x01, 0x04];
const SET_HIGH: Register = [0x01, 0x05];
const PULL: Register = [0x01, 0x0b];

/// Until an answer is ready, or what was told has been taken (Adafruit_seesaw.h: the usual delay of a read).
const ANSWER_US: u32 = 250;
/// After an answer was read, before the next question (Adafruit_Seesaw, issue 95: without it the next one is wrong).
const AFTER_ANSWER_US: u32 = 1_000;
/// Time by which each pause is longer after there was no answer.
pub(crate) const PATIENCE_US: u32 = 1_000;
/// Questions until a chip without an answer is an error, and calls until one that does not acknowledge is.
const TRIES: u32 = 5;
/// After a reset it is deaf for so long, and is asked so often whether it hears again.
const BOOTS_US: u32 = 10_000;
const BOOT_TRIES: u32 = 10;
/// Byte that is read where the firmware has nothing to send. No answer begins like that.
const NOTHING: u8 = 0xff;

/// Failure of a transfer, or of the chip. `E` is that of the bus.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Error<E> {
    /// A transfer failed.
    Bus(E),
    /// The chip has a hardware id that no seesaw has.
    Hardware(u8),
    /// The chip belongs to another console than the one that was asked for.
    Console { expected: Console, found: Console },
    /// The chip let go of its mark; its pins have these levels.
    Restarted(u32),
    /// The chip gave no answer in so many tries.
    NoAnswer(u32),
}

impl<E> From<E> for Error<E> {
    fn from(error: E) -> Self {
        Self::Bus(error)
    }
}

/// A chip that was reset and is what it should be.
pub(crate) struct Chip<I, D> {
    i2c: I,
    address: u8,
    delay: D,
    /// The pins that are held high as a mark. A chip that restarts lets go of them.
    mark: u32,
}

impl<I: I2c, D: DelayNs> Chip<I, D> {
    /// Resets it, and makes sure of what it is.
    pub(crate) fn reset(
        i2c: I,
        address: u8,
        delay: D,
        console: Console,
    ) -> Result<Self, Error<I::Error>> {
        let mut chip = Self { i2c, address, delay, mark: 0 };
        chip.write(RESET, &[0xff])?;
        let mut tries = BOOT_TRIES;
        let hardware = loop {
            chip.delay.delay_us(BOOTS_US);
            tries -= 1;
            match chip.read::<1>(HARDWARE) {
                Ok([hardware]) => break hardware,
                Err(error) if tries == 0 => return Err(error),
                Err(_) => {}
            }
        };
        if !matches!(hardware, 0x55 | 0x84..=0x89) {
            return Err(Error::Hardware(hardware));
        }
        let [high, low, ..] = chip.read::<4>(VERSION)?;
        let product = u16::from_be_bytes([high, low]);
        if let Some(other) =
            Console::ALL.into_iter().find(|other| *other != console && other.product() == product)
        {
            return Err(Error::Console { expected: console, found: other });
        }
        chip.set_mark(console.free())?;
        Ok(chip)
    }

    /// Holds those of the free pins high that were low before: only they tell anything.
    fn set_mark(&mut self, free: u32) -> Result<(), Error<I::Error>> {
        let before = self.levels()?;
        self.pull_up(free)?;
        self.mark = self.levels()? & !before & free;
        Ok(())
    }

    /// Makes these pins inputs and holds them high.
    pub(crate) fn pull_up(&mut self, pins: u32) -> Result<(), I::Error> {
        for register in [TO_INPUTS, PULL, SET_HIGH] {
            self.write(register, &pins.to_be_bytes())?;
        }
        Ok(())
    }

    /// The level of every pin: bit n is pin n. Reading them answers the call. No board has pins 24 to 31 all high, so the
    /// first byte is never 0xff.
    pub(crate) fn levels(&mut self) -> Result<u32, Error<I::Error>> {
        let levels = u32::from_be_bytes(self.read(LEVELS)?);
        if levels & self.mark != self.mark {
            return Err(Error::Restarted(levels));
        }
        Ok(levels)
    }

    /// The answer of a register that is soon ready.
    pub(crate) fn read<const N: usize>(
        &mut self,
        register: Register,
    ) -> Result<[u8; N], Error<I::Error>> {
        self.read_after(ANSWER_US, register)
    }

    /// The answer of a register that is ready after so many microseconds. One that begins with 0xff is none yet: it is asked
    /// for anew, since it may have begun in the middle of it.
    pub(crate) fn read_after<const N: usize>(
        &mut self,
        pause_us: u32,
        register: Register,
    ) -> Result<[u8; N], Error<I::Error>> {
        let mut bytes = [0; N];
        for tried in 0..TRIES {
            self.ask(register, pause_us + tried * PATIENCE_US, &mut bytes)?;
            if bytes.first() != Some(&NOTHING) {
                return Ok(bytes);
            }
        }
        Err(Error::NoAnswer(TRIES))
    }

    /// Names a register, and reads after so many microseconds what is there, an answer or not.
    pub(crate) fn ask(
        &mut self,
        register: Register,
        pause_us: u32,
        into: &mut [u8],
    ) -> Result<(), I::Error> {
        self.patiently(|i2c, address| i2c.write(address, &register))?;
        self.delay.delay_us(pause_us);
        self.patiently(|i2c, address| i2c.read(address, into))?;
        self.delay.delay_us(AFTER_ANSWER_US);
        Ok(())
    }

    pub(crate) fn write(&mut self, register: Register, bytes: &[u8]) -> Result<(), I::Error> {
        let frame = [&register[..], bytes].concat();
        self.patiently(|i2c, address| i2c.write(address, &frame))?;
        self.delay.delay_us(ANSWER_US);
        Ok(())
    }

    pub(crate) fn pause_us(&mut self, span: u32) {
        self.delay.delay_us(span);
    }

    /// A chip that is busy does not acknowledge, and is called again.
    fn patiently(
        &mut self,
        mut transfer: impl FnMut(&mut I, u8) -> Result<(), I::Error>,
    ) -> Result<(), I::Error> {
        for _ in 1..TRIES {
            match transfer(&mut self.i2c, self.address) {
                Err(error) if matches!(error.kind(), ErrorKind::NoAcknowledge(_)) => {
                    self.delay.delay_us(PATIENCE_US);
                }
                done => return done,
            }
        }
        transfer(&mut self.i2c, self.address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use embedded_hal::i2c::NoAcknowledgeSource::Address;
    use embedded_hal_mock::eh1::delay::NoopDelay;
    use embedded_hal_mock::eh1::i2c::{Mock, Transaction};

    fn chip(transfers: &[Transaction], mark: u32) -> Chip<Mock, NoopDelay> {
        Chip { i2c: Mock::new(transfers), address: 0x30, delay: NoopDelay::new(), mark }
    }

    #[test]
    fn a_chip_that_is_busy_is_called_again_and_one_without_an_answer_is_asked_again() {
        let ask = || Transaction::write(0x30, LEVELS.to_vec());
        let busy = ask().with_error(ErrorKind::NoAcknowledge(Address));
        let nothing = Transaction::read(0x30, vec![NOTHING; 4]);
        let levels = Transaction::read(0x30, vec![0x00, 0x00, 0x01, 0x02]);
        let mut chip = chip(&[busy, ask(), nothing, ask(), levels], 0x100);

        assert_eq!(chip.levels(), Ok(0x102));
        chip.i2c.done();
    }

    #[test]
    fn a_mark_that_is_gone_is_a_restart() {
        let ask = Transaction::write(0x30, LEVELS.to_vec());
        let levels = Transaction::read(0x30, vec![0x00, 0x00, 0x00, 0x02]);
        let mut chip = chip(&[ask, levels], 0x100);

        assert_eq!(chip.levels(), Err(Error::Restarted(0x002)));
        chip.i2c.done();
    }
}

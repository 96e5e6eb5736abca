//! The way to the chip (UM0701-02, section 6.2.4): each read begins with a byte that says whether there is something to read.

use embedded_hal::delay::DelayNs;
use embedded_hal::i2c::{Error as _, ErrorKind, I2c, Operation};
use pn532_chip::Interface;
use pn532_chip::i2c::{I2C_ADDRESS, PN532_I2C_READY};
use std::task::Poll;

/// A chip that wakes or works may not acknowledge at once: Linux waits 6 to 10 ms before it tries again (pn533/i2c.c), libnfc
/// 5 ms.
const TRIES: u32 = 4;
const PAUSE_MS: u32 = 6;

/// The bus, with a little patience.
#[derive(Debug)]
pub(crate) struct Link<I, D> {
    pub(crate) i2c: I,
    pub(crate) delay: D,
}

impl<I: I2c, D: DelayNs> Link<I, D> {
    fn patiently<T>(
        &mut self,
        mut transfer: impl FnMut(&mut I) -> Result<T, I::Error>,
    ) -> Result<T, I::Error> {
        for _ in 1..TRIES {
            match transfer(&mut self.i2c) {
                Err(error) if matches!(error.kind(), ErrorKind::NoAcknowledge(_)) => {
                    self.delay.delay_ms(PAUSE_MS);
                }
                done => return done,
            }
        }
        transfer(&mut self.i2c)
    }
}

impl<I: I2c, D: DelayNs> Interface for Link<I, D> {
    type Error = I::Error;

    fn write(&mut self, frame: &mut [u8]) -> Result<(), I::Error> {
        self.patiently(|i2c| i2c.write(I2C_ADDRESS, frame))
    }

    fn wait_ready(&mut self) -> Poll<Result<(), I::Error>> {
        let mut status = [0];
        match self.patiently(|i2c| i2c.read(I2C_ADDRESS, &mut status)) {
            Ok(()) if status[0] & PN532_I2C_READY == 0 => Poll::Pending,
            done => Poll::Ready(done),
        }
    }

    fn read(&mut self, frame: &mut [u8]) -> Result<(), I::Error> {
        let mut operations = [Operation::Read(&mut [0]), Operation::Read(frame)];
        self.i2c.transaction(I2C_ADDRESS, &mut operations)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use embedded_hal::i2c::NoAcknowledgeSource::Address;
    use embedded_hal_mock::eh1::delay::NoopDelay;
    use embedded_hal_mock::eh1::i2c::{Mock, Transaction};

    fn link(transfers: &[Transaction]) -> Link<Mock, NoopDelay> {
        Link { i2c: Mock::new(transfers), delay: NoopDelay::new() }
    }

    #[test]
    fn a_chip_that_does_not_acknowledge_is_called_four_times() {
        let sleeps =
            Transaction::write(0x24, vec![7]).with_error(ErrorKind::NoAcknowledge(Address));
        let mut wakes = link(&[sleeps.clone(), Transaction::write(0x24, vec![7])]);
        let mut gone = link(&vec![sleeps; 4]);

        assert_eq!(wakes.write(&mut [7]), Ok(()));
        assert!(gone.write(&mut [7]).is_err());
        wakes.i2c.done();
        gone.i2c.done();
    }

    #[test]
    fn a_first_byte_of_zero_says_that_there_is_nothing_to_read() {
        let status = |status| Transaction::read(0x24, vec![status]);
        let mut link = link(&[status(0x00), status(0x01)]);

        assert_eq!((link.wait_ready(), link.wait_ready()), (Poll::Pending, Poll::Ready(Ok(()))));
        link.i2c.done();
    }
}

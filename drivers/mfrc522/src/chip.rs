//! The registers of an MFRC522 (NXP data sheet, revision 3.9, section 9), and frames to and from tags.

use embedded_hal::delay::DelayNs;
use embedded_hal::spi::SpiDevice;

const COMMAND: u8 = 0x01;
const COM_IRQ: u8 = 0x04;
const ERROR: u8 = 0x06;
const FIFO_DATA: u8 = 0x09;
const FIFO_LEVEL: u8 = 0x0a;
const CONTROL: u8 = 0x0c;
const BIT_FRAMING: u8 = 0x0d;
const COLL: u8 = 0x0e;
const TX_MODE: u8 = 0x12;
const RX_MODE: u8 = 0x13;
const TX_CONTROL: u8 = 0x14;
const T_MODE: u8 = 0x2a;
const VERSION: u8 = 0x37;

const IDLE: u8 = 0x00;
const TRANSMIT: u8 = 0x04;
const TRANSCEIVE: u8 = 0x0c;
const SOFT_RESET: u8 = 0x0f;
/// Of COMMAND: the chip sleeps, or still starts.
const POWER_DOWN: u8 = 0x10;

/// Of COM_IRQ: received, idle again, failed, timed out.
const RX_IDLE_ERR_TIMER: u8 = 0x33;
const TIMER: u8 = 0x01;
/// Of ERROR: of the bits received, one has two values.
const COLLISION: u8 = 0x08;
/// Of ERROR: anything that was wrong with a frame.
const ERRORS: u8 = 0x1f;
/// Of BIT_FRAMING: begins to send.
const START_SEND: u8 = 0x80;
/// Of TX_MODE and RX_MODE: the chip adds and checks CRC_A.
const CRC: u8 = 0x80;
/// The timer starts when the last bit was sent.
const T_AUTO: u8 = 0x80;
/// Both antenna drivers.
const ANTENNA: u8 = 0x03;

/// Most looks at a command that goes on, with a pause between them: 10 ms, and no frame takes 3.
const LOOKS: u32 = 50;
const PAUSE_US: u32 = 200;
/// The same until a reset ends: its crystal starts within 50 ms (Arduino's MFRC522, `PCD_Reset`).
const RESET_LOOKS: u32 = 250;

/// Register values that work: time-out 2 ms in steps of 25 µs after a frame (a tag answers within 0.1 ms), 100 % ASK,
/// CRC_A from 0x6363 on, zeros for the bits after a collision, the antenna on.
const SETTINGS: [(u8, u8); 11] = [
    (TX_MODE, 0x00),
    (RX_MODE, 0x00),
    (0x24, 0x26),
    (T_MODE, T_AUTO),
    (0x2b, 0xa9),
    (0x2c, 0x00),
    (0x2d, 0x50),
    (0x15, 0x40),
    (0x11, 0x3d),
    (COLL, 0x00),
    (TX_CONTROL, 0x80 | ANTENNA),
];

/// Answer to a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Nothing.
    Silence,
    /// Something that is no frame.
    Noise,
    /// Whole bytes, the first one from the bit on that was asked for.
    Bytes(Vec<u8>),
    /// Several answers, which are the same up to a bit, and zeros from there on; its number counts from 1. From which bit on,
    /// chips and their readers do not agree: the first of the level, or of the bytes received.
    Collision { bytes: Vec<u8>, bit: usize },
}

/// Failure of a command. `E` is that of the bus.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Error<E> {
    /// A transfer failed.
    Bus(E),
    /// The chip is not there, or not as it was set up: its version, timer and antenna registers hold this.
    Settings([u8; 3]),
    /// The chip does not come to this end.
    Stuck(&'static str),
}

impl<E> From<E> for Error<E> {
    fn from(error: E) -> Self {
        Self::Bus(error)
    }
}

/// The chip.
pub(crate) struct Chip<S, D> {
    spi: S,
    delay: D,
    crc: bool,
}

impl<S: SpiDevice, D: DelayNs> Chip<S, D> {
    pub(crate) fn new(spi: S, delay: D) -> Self {
        Self { spi, delay, crc: false }
    }

    /// Resets the chip, whatever state it is in, and sets it up.
    pub(crate) fn start(&mut self) -> Result<(), Error<S::Error>> {
        self.write(COMMAND, &[SOFT_RESET])?;
        self.wait(RESET_LOOKS, "a reset that ends", |chip| {
            let [command] = chip.read([COMMAND])?;
            Ok((command & POWER_DOWN == 0).then_some(()))
        })?;
        for (register, value) in SETTINGS {
            self.write(register, &[value])?;
        }
        self.crc = false;
        self.check()
    }

    /// Checks that the chip is there and as it was set up.
    pub(crate) fn check(&mut self) -> Result<(), Error<S::Error>> {
        let found @ [version, timer, antenna] = self.read([VERSION, T_MODE, TX_CONTROL])?;
        if [0x00, 0xff].contains(&version) || timer != T_AUTO || antenna & ANTENNA != ANTENNA {
            return Err(Error::Settings(found));
        }
        Ok(())
    }

    /// Has the chip add CRC_A to what it sends, and check and take it from what it receives, or not.
    pub(crate) fn checksum(&mut self, crc: bool) -> Result<(), Error<S::Error>> {
        if std::mem::replace(&mut self.crc, crc) != crc {
            let mode = if crc { CRC } else { 0 };
            self.write(TX_MODE, &[mode])?;
            self.write(RX_MODE, &[mode])?;
        }
        Ok(())
    }

    /// Sends so many bits, and listens. With an odd number of bits the answer continues the last byte.
    pub(crate) fn exchange(
        &mut self,
        frame: &[u8],
        bits: usize,
    ) -> Result<Answer, Error<S::Error>> {
        let odd = u8::try_from(bits % 8).unwrap_or(0);
        // A short frame is answered from the first bit of a byte on.
        let align = if frame.len() > 1 { odd } else { 0 };
        let framing = align << 4 | odd;
        self.load(frame, framing)?;
        self.write(COMMAND, &[TRANSCEIVE])?;
        self.write(BIT_FRAMING, &[START_SEND | framing])?;
        let irq = self.wait(LOOKS, "an exchange that ends", |chip| {
            let [irq] = chip.read([COM_IRQ])?;
            Ok((irq & RX_IDLE_ERR_TIMER != 0).then_some(irq))
        })?;
        let [error, level, control, coll] = self.read([ERROR, FIFO_LEVEL, CONTROL, COLL])?;
        if irq & RX_IDLE_ERR_TIMER == TIMER {
            return Ok(Answer::Silence);
        }
        let mut bytes = vec![0; usize::from(level & 0x7f).min(64)];
        self.read_fifo(&mut bytes)?;
        Ok(match coll & 0x3f {
            0 if error & COLLISION != 0 => Answer::Collision { bytes, bit: 32 },
            bit @ 1..=0x1f if error & COLLISION != 0 => {
                Answer::Collision { bytes, bit: bit.into() }
            }
            _ if error & ERRORS == 0 && control & 0x07 == 0 => Answer::Bytes(bytes),
            _ => Answer::Noise,
        })
    }

    /// Sends whole bytes that nobody answers.
    pub(crate) fn send(&mut self, frame: &[u8]) -> Result<(), Error<S::Error>> {
        self.load(frame, 0)?;
        self.write(COMMAND, &[TRANSMIT])?;
        self.wait(LOOKS, "a frame that ends", |chip| {
            let [irq] = chip.read([COM_IRQ])?;
            Ok((irq & RX_IDLE_ERR_TIMER != 0).then_some(()))
        })
    }

    /// Ends whatever the chip does, and fills its FIFO.
    fn load(&mut self, frame: &[u8], framing: u8) -> Result<(), Error<S::Error>> {
        self.write(COMMAND, &[IDLE])?;
        self.write(COM_IRQ, &[0x7f])?;
        self.write(FIFO_LEVEL, &[0x80])?;
        self.write(BIT_FRAMING, &[framing])?;
        Ok(self.write(FIFO_DATA, frame)?)
    }

    fn wait<T>(
        &mut self,
        looks: u32,
        expected: &'static str,
        mut done: impl FnMut(&mut Self) -> Result<Option<T>, Error<S::Error>>,
    ) -> Result<T, Error<S::Error>> {
        for _ in 0..looks {
            if let Some(done) = done(self)? {
                return Ok(done);
            }
            self.delay.delay_us(PAUSE_US);
        }
        Err(Error::Stuck(expected))
    }

    /// Reads registers in one transfer: each byte sent names the register whose value comes back with the next.
    fn read<const N: usize>(&mut self, registers: [u8; N]) -> Result<[u8; N], S::Error> {
        let mut bytes: Vec<u8> = registers.iter().map(|register| 0x80 | register << 1).collect();
        bytes.push(0);
        self.spi.transfer_in_place(&mut bytes)?;
        let mut values = [0; N];
        values.copy_from_slice(&bytes[1..]);
        Ok(values)
    }

    fn read_fifo(&mut self, into: &mut [u8]) -> Result<(), S::Error> {
        let mut bytes = vec![0x80 | FIFO_DATA << 1; into.len()];
        bytes.push(0);
        if !into.is_empty() {
            self.spi.transfer_in_place(&mut bytes)?;
            into.copy_from_slice(&bytes[1..]);
        }
        Ok(())
    }

    fn write(&mut self, register: u8, values: &[u8]) -> Result<(), S::Error> {
        self.spi.write(&[&[register << 1], values].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use embedded_hal_mock::eh1::delay::NoopDelay;
    use embedded_hal_mock::eh1::spi::{Mock, Transaction};

    fn checked(answers: [u8; 3]) -> Result<(), Error<embedded_hal::spi::ErrorKind>> {
        let answer = [&[0][..], &answers].concat();
        let spi = Mock::new(&[
            Transaction::transaction_start(),
            Transaction::transfer_in_place(vec![0xee, 0xd4, 0xa8, 0x00], answer),
            Transaction::transaction_end(),
        ]);
        let mut chip = Chip::new(spi, NoopDelay::new());
        let checked = chip.check();
        chip.spi.done();
        checked
    }

    #[test]
    fn a_chip_that_is_not_there_or_lost_its_settings_is_told() {
        assert_eq!(checked([0x92, 0x80, 0x83]), Ok(()));
        for wrong in [[0xff; 3], [0x00; 3], [0x92, 0x00, 0x80]] {
            assert_eq!(checked(wrong), Err(Error::Settings(wrong)));
        }
    }
}

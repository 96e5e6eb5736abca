//! The registers of an MPR121 (NXP data sheet, revision 4, section 5), and its start.

use embedded_hal::delay::DelayNs;
use embedded_hal::i2c::I2c;

/// Touch status and out-of-range status, two bytes each (5.1, 5.2).
const STATUS: u8 = 0x00;
/// Over-current at REXT: the chip stopped.
const OVCF: u16 = 0x8000;
/// Electrode configuration (5.11): 0 stops.
const ECR: u8 = 0x5e;
/// Baselines follow slow changes, and begin at what is measured first.
const BASELINE_FROM_FIRST: u8 = 0x80;
/// Soft reset (5.13): register and code.
const RESET: [u8; 2] = [0x80, 0x63];
/// Pause after it (Adafruit_MPR121.cpp, `begin`; the data sheet does not say).
const RESETS_US: u32 = 1_000;

/// Speeds at which baselines follow, from MHDR at 0x2b on (5.5): rising at once, falling slowly, not at all while touched
/// (application note AN3944).
const FILTER: [u8; 11] = [0x01, 0x01, 0x00, 0x00, 0x01, 0x01, 0xff, 0x02, 0x00, 0x00, 0x00];
/// Debounce, which is the agent's; six samples of 16 µA; four of them, each millisecond, after 0.5 µs (5.7, 5.8): a touch
/// is there within 4 ms.
const SAMPLING: [u8; 3] = [0x00, 0x10, 0x20];
/// Auto-configuration from 0x7b on (5.10): charge current and time of each electrode are found at the start and again when
/// it leaves its range. Limits for 3.3 V: USL = 256 × (VDD - 0.7 V) / VDD, LSL 65 % of it, TL 90 %.
const AUTO: [u8; 5] = [0x0b, 0x00, 0xc9, 0x82, 0xb4];

/// Electrodes as one look at the chip found them; electrode 0 is bit 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    /// The electrodes that are touched.
    pub(crate) touched: u16,
    /// Those whose charge no current and no time brings into the measurable range.
    pub(crate) out_of_range: u16,
}

/// Settings that the chip works with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Number of electrodes, from 0 on.
    pub(crate) electrodes: u8,
    /// Fall of the measured charge by which an electrode counts as touched.
    pub(crate) touch: u8,
    /// Fall at which it no longer does.
    pub(crate) release: u8,
}

impl Settings {
    fn ecr(self) -> u8 {
        BASELINE_FROM_FIRST | self.electrodes
    }

    /// The blocks of registers, each with its first. They can be written while the chip stands still only.
    fn blocks(self) -> [(u8, Vec<u8>); 4] {
        let thresholds = [self.touch, self.release].repeat(12);
        [
            (0x2b, FILTER.to_vec()),
            (0x41, thresholds),
            (0x5b, SAMPLING.to_vec()),
            (0x7b, AUTO.to_vec()),
        ]
    }
}

/// Failure of a start or a look. `E` is that of the bus.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Error<E> {
    /// A transfer failed.
    Bus(E),
    /// The chip does not hold the settings that were just written.
    NoSettings,
    /// Charging stopped: too much current flows at REXT.
    OverCurrent,
    /// The chip has other settings than it was given; its ECR holds this.
    Settings(u8),
}

impl<E> From<E> for Error<E> {
    fn from(error: E) -> Self {
        Self::Bus(error)
    }
}

/// A chip that measures.
pub(crate) struct Chip<I> {
    i2c: I,
    address: u8,
    settings: Settings,
}

impl<I: I2c> Chip<I> {
    /// Starts the chip. One that works as it is to work goes on: its baselines would take a finger that lies on it now for
    /// its rest.
    pub(crate) fn start(
        i2c: I,
        address: u8,
        delay: &mut impl DelayNs,
        settings: Settings,
    ) -> Result<Self, Error<I::Error>> {
        let mut chip = Self { i2c, address, settings };
        if !chip.works()? {
            chip.i2c.write(address, &RESET)?;
            delay.delay_us(RESETS_US);
            chip.write(ECR, &[0])?;
            for (first, values) in settings.blocks() {
                chip.write(first, &values)?;
            }
            chip.write(ECR, &[settings.ecr()])?;
            if !chip.works()? {
                return Err(Error::NoSettings);
            }
        }
        Ok(chip)
    }

    /// Reads all settings back and compares them: `true` if the chip runs with them.
    fn works(&mut self) -> Result<bool, I::Error> {
        if self.ecr()? != self.settings.ecr() {
            return Ok(false);
        }
        for (first, values) in self.settings.blocks() {
            let mut found = vec![0; values.len()];
            self.i2c.write_read(self.address, &[first], &mut found)?;
            if found != values {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Looks at the electrodes, which ends an interrupt.
    pub(crate) fn look(&mut self) -> Result<Look, Error<I::Error>> {
        let mut bytes = [0; 4];
        self.i2c.write_read(self.address, &[STATUS], &mut bytes)?;
        let [touched, out_of_range] =
            [[bytes[0], bytes[1]], [bytes[2], bytes[3]]].map(u16::from_le_bytes);
        if touched & OVCF != 0 {
            return Err(Error::OverCurrent);
        }
        let ecr = self.ecr()?;
        if ecr != self.settings.ecr() {
            return Err(Error::Settings(ecr));
        }
        let electrodes = u16::MAX >> (16 - self.settings.electrodes);
        Ok(Look { touched: touched & electrodes, out_of_range: out_of_range & electrodes })
    }

    fn ecr(&mut self) -> Result<u8, I::Error> {
        let mut ecr = [0];
        self.i2c.write_read(self.address, &[ECR], &mut ecr)?;
        Ok(ecr[0])
    }

    fn write(&mut self, first: u8, values: &[u8]) -> Result<(), I::Error> {
        self.i2c.write(self.address, &[&[first], values].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use embedded_hal_mock::eh1::delay::NoopDelay;
    use embedded_hal_mock::eh1::i2c::{Mock, Transaction};

    const SETTINGS: Settings = Settings { electrodes: 4, touch: 15, release: 10 };

    fn read(register: u8, bytes: &[u8]) -> Transaction {
        Transaction::write_read(0x5a, vec![register], bytes.to_vec())
    }

    /// A chip that works already, and the transfers of one look at it.
    fn look(status: [u8; 4], ecr: u8) -> Result<Look, Error<embedded_hal::i2c::ErrorKind>> {
        let mut all = vec![read(ECR, &[0x84])];
        all.extend(SETTINGS.blocks().map(|(first, values)| read(first, &values)));
        all.push(read(STATUS, &status));
        if status[1] & 0x80 == 0 {
            all.push(read(ECR, &[ecr]));
        }
        let i2c = Mock::new(&all);
        let mut chip = Chip::start(i2c, 0x5a, &mut NoopDelay::new(), SETTINGS)?;
        let look = chip.look();
        chip.i2c.done();
        look
    }

    #[test]
    fn a_chip_that_works_is_not_reset_and_tells_its_own_electrodes_alone() {
        let found = look([0x15, 0x00, 0x02, 0x00], 0x84);

        assert_eq!(found, Ok(Look { touched: 0x05, out_of_range: 0x02 }));
    }

    #[test]
    fn an_over_current_and_a_restart_are_told_apart() {
        assert_eq!(look([0x00, 0x80, 0x00, 0x00], 0x84), Err(Error::OverCurrent));
        assert_eq!(look([0; 4], 0x00), Err(Error::Settings(0x00)));
    }
}

//! The registers of an MPR121 (NXP data sheet, revision 4, section 5), and its start.

use eg_hal::Delay;
use eg_hal::prelude::*;
use embedded_hal::delay::DelayNs;

/// Touch status and out-of-range status, two bytes each (5.1, 5.2).
const STATUS: u8 = 0x00;
/// Over-current at REXT: the chip stopped.
const OVCF: u16 = 0x8000;
/// Electrode configuration (5.11): 0 stops.
const ECR: u8 = 0x5e;
/// Baselines follow slow changes, and begin at what is measured first.
const BASELINE_FROM_FIRST: u8 = 0x80;
/// Soft reset (5.13).
const RESET: (u8, u8) = (0x80, 0x63);
/// After it (Adafruit_MPR121.cpp, `begin`; the data sheet does not say).
const RESETS_US: u32 = 1_000;

/// How baselines follow, from MHDR at 0x2b on (5.5): rising at once, falling slowly, not at all while touched
/// (application note AN3944).
const FILTER: [u8; 11] = [0x01, 0x01, 0x00, 0x00, 0x01, 0x01, 0xff, 0x02, 0x00, 0x00, 0x00];
/// Debounce, which is the agent's; six samples of 16 µA; four of them, each millisecond, after 0.5 µs (5.7, 5.8): a touch
/// is there within 4 ms.
const SAMPLING: [u8; 3] = [0x00, 0x10, 0x20];
/// Auto-configuration from 0x7b on (5.10): charge current and time of each electrode are found at the start and again when
/// it leaves its range. Limits for 3.3 V: USL = 256 × (VDD - 0.7 V) / VDD, LSL 65 % of it, TL 90 %.
const AUTO: [u8; 5] = [0x0b, 0x00, 0xc9, 0x82, 0xb4];

/// What one look at the chip tells; electrode 0 is bit 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    /// The electrodes that are touched.
    pub(crate) touched: u16,
    /// Those whose charge no current and no time brings into the measurable range.
    pub(crate) out_of_range: u16,
}

/// How the chip is to work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Settings {
    /// How many electrodes, from 0 on.
    pub(crate) electrodes: u8,
    /// By how much the measured charge falls when one is touched.
    pub(crate) touch: u8,
    /// To what it must rise again.
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

/// A chip that measures.
pub(crate) struct Chip {
    bus: I2cBus,
    address: u8,
    settings: Settings,
}

impl Chip {
    /// Starts the chip. One that works as it is to work goes on: its baselines would take a finger that lies on it now for
    /// its rest.
    pub(crate) fn start(
        bus: I2cBus,
        address: u8,
        mut delay: Delay,
        settings: Settings,
    ) -> Result<Self, DeviceError> {
        let mut chip = Self { bus, address, settings };
        if !chip.works()? {
            let (reset, code) = RESET;
            chip.write(reset, &[code])?;
            delay.delay_us(RESETS_US);
            chip.write(ECR, &[0])?;
            for (first, values) in settings.blocks() {
                chip.write(first, &values)?;
            }
            chip.write(ECR, &[settings.ecr()])?;
            if !chip.works()? {
                let found = "other settings than were written".to_owned();
                return Err(DeviceError::Unexpected { expected: "an MPR121", found });
            }
        }
        Ok(chip)
    }

    /// Whether it runs with these settings.
    fn works(&mut self) -> Result<bool, DeviceError> {
        if self.ecr()? != self.settings.ecr() {
            return Ok(false);
        }
        for (first, values) in self.settings.blocks() {
            let mut found = vec![0; values.len()];
            self.bus.write_read(self.address, &[first], &mut found)?;
            if found != values {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Looks at the electrodes, which ends an interrupt.
    pub(crate) fn look(&mut self) -> Result<Look, DeviceError> {
        let mut bytes = [0; 4];
        self.bus.write_read(self.address, &[STATUS], &mut bytes)?;
        let [touched, out_of_range] =
            [[bytes[0], bytes[1]], [bytes[2], bytes[3]]].map(u16::from_le_bytes);
        if touched & OVCF != 0 {
            let found = "an over-current at REXT: is it 75 kΩ to ground?".to_owned();
            return Err(DeviceError::Unexpected { expected: "a charging current", found });
        }
        let ecr = self.ecr()?;
        if ecr != self.settings.ecr() {
            let found = format!("ECR {ecr:#04x}: it lost its supply");
            return Err(DeviceError::Unexpected { expected: "the settings it was given", found });
        }
        let electrodes = u16::MAX >> (16 - self.settings.electrodes);
        Ok(Look { touched: touched & electrodes, out_of_range: out_of_range & electrodes })
    }

    fn ecr(&mut self) -> Result<u8, DeviceError> {
        let mut ecr = [0];
        self.bus.write_read(self.address, &[ECR], &mut ecr)?;
        Ok(ecr[0])
    }

    fn write(&mut self, first: u8, values: &[u8]) -> Result<(), DeviceError> {
        Ok(self.bus.write(self.address, &[&[first], values].concat())?)
    }
}

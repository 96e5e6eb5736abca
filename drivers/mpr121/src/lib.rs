//! Twelve touch pads on an MPR121, which measures their charge on its own.

mod chip;
mod model;

use chip::{Chip, Error, Look, Settings};
use eg_hal::prelude::*;
use model::Pads;
use std::time::Duration;

/// Time between two looks at a chip that cannot call.
const POLL: Duration = Duration::from_millis(10);

/// `config:` of an `mpr121`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Bus of the chip, e.g. `i2c-1`.
    bus: BusName,
    /// Address of the chip, 0x5a to 0x5d by what ADDR is tied to: ground, VDD, SDA, SCL.
    #[serde(default = "first_address")]
    address: u8,
    /// Number of electrodes with a pad, from ELE0 on: 1 to 12.
    #[serde(default = "all")]
    electrodes: u8,
    /// By how much the measured charge falls when a pad is touched: 1 to 255, in steps of a 1024th of the supply. Less for
    /// pads behind glass or wood.
    #[serde(default = "usual_touch")]
    touch: u8,
    /// To how much it must rise again until the pad counts as let go; less than `touch`.
    #[serde(default = "usual_release")]
    release: u8,
    /// The line that IRQ is wired to. Without it the chip is asked every 10 ms.
    irq: Option<LineName>,
}

/// With ADDR to ground.
fn first_address() -> u8 {
    0x5a
}

fn all() -> u8 {
    12
}

fn usual_touch() -> u8 {
    15
}

fn usual_release() -> u8 {
    10
}

/// An opened touch controller.
pub struct Mpr121 {
    chip: Chip<I2cBus>,
    irq: Interrupt,
    electrodes: u8,
    touched: LevelTracker,
    /// Electrodes that could not be measured at the last look.
    out_of_range: u16,
}

impl Driver for Mpr121 {
    const KIND: &'static str = "mpr121";
    const ATTACHMENTS: &'static [Attachment] = &[Attachment::i2c("MPR121", 0x5a..=0x5d)];
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { bus, address, electrodes, touch, release, irq } = config;
        let mut wrong = SettingProblems::default();
        if !(0x5a..=0x5d).contains(&address) {
            wrong.push("address", format!("0x5a to 0x5d by the pin ADDR, not {address:#04x}"));
        }
        if !(1..=12).contains(&electrodes) {
            wrong.push("electrodes", format!("1 to 12, not {electrodes}"));
        }
        if release >= touch {
            wrong.push("release", format!("less than touch, which is {touch}, not {release}"));
        }
        board.refuse(wrong)?;
        let irq = board.interrupt(irq.as_ref())?;
        let settings = Settings { electrodes, touch, release };
        let chip = Chip::start(board.i2c(&bus, address)?, address, &mut board.delay(), settings);
        let chip = chip.map_err(DeviceError::from)?;
        Ok(Self { chip, irq, electrodes, touched: LevelTracker::default(), out_of_range: 0 })
    }

    /// The chip filters what it measures, and tells a touch once it lasts.
    fn input(_: &Config, _: Channel) -> InputTraits {
        InputTraits::CLEAN
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        let Config { bus, address, electrodes, irq, .. } = config;
        let pads = Pads::new(bench, *electrodes, irq.as_ref().map(|line| bench.wire(line)));
        bench.attach_i2c(bus, *address, pads.chip());
        Box::new(pads)
    }
}

impl Mpr121 {
    /// Reports a look. Nobody can tell whether a pad that cannot be measured is touched: it says so, and counts as let go.
    fn report(&mut self, look: Look, trigger: Trigger, readings: &mut Readings) {
        let Look { touched, out_of_range } = look;
        let lost = out_of_range & !std::mem::replace(&mut self.out_of_range, out_of_range);
        for (channel, _) in (0..).zip(bits(lost)).filter(|(_, lost)| *lost) {
            readings.push(channel, Reading::Lost(1));
        }
        let levels = bits(touched & !out_of_range).take(self.electrodes.into());
        self.touched.report(levels, trigger, readings);
    }
}

impl<E: Into<DeviceError>> From<Error<E>> for DeviceError {
    fn from(error: Error<E>) -> Self {
        match error {
            Error::Bus(error) => error.into(),
            Error::NoSettings => Self::unexpected("an MPR121", "other settings than were written"),
            Error::OverCurrent => Self::unexpected(
                "a charging current",
                "an over-current at REXT: is it 75 kΩ to ground?",
            ),
            Error::Settings(ecr) => Self::unexpected(
                "the settings it was given",
                format!("ECR {ecr:#04x}: it lost its supply"),
            ),
        }
    }
}

impl Device for Mpr121 {
    fn wake(&self) -> Wake {
        self.irq.wake(POLL)
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        let mut budget = PollBudget::default();
        while let Some(trigger) = self.irq.next_look(&mut budget)? {
            let look = self.chip.look()?;
            self.report(look, trigger, readings);
        }
        Ok(())
    }

    fn channels(&self) -> Channels {
        Channels::of(self.electrodes.into(), 0)
    }
}

eg_hal::register!(Mpr121);

//! Chains of 74HC165 shift registers, eight inputs each, on SPI.

mod chip;
mod model;

use chip::{Chip, Error};
use eg_hal::prelude::*;
use model::Chain;
use std::time::Duration;

/// Time between two reads: the chips cannot call.
const POLL: Duration = Duration::from_millis(5);
/// Every rising clock shifts, and D7 is out before the first (74HC165 data sheet, section 6). Mode 0 samples at the edge
/// that shifts; the chip needs longer to change its output than a Pi to take it.
const SPI: SpiConfig = SpiConfig::mode_0(1_000_000);
/// More chips than a chain of a room has.
const MOST_CHIPS: u8 = 32;

/// `config:` of an `hc165`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The chip select whose clock and MISO they are on, e.g. `spi0.0`.
    select: SpiName,
    /// The line that the PL pins of all chips are wired to. Without it PL follows the chip select through an inverter.
    latch: Option<LineName>,
    /// Number of chips, 1 to 32.
    #[serde(default = "one")]
    chips: u8,
}

fn one() -> u8 {
    1
}

/// An opened chain.
pub struct Hc165 {
    chip: Chip<SpiDevice, OutputLine, Delay>,
    /// Inputs of each chip, the one at MISO first; D7 is the highest bit.
    inputs: Vec<u8>,
    levels: LevelTracker,
}

impl Driver for Hc165 {
    const KIND: &'static str = "hc165";
    const ATTACHMENTS: &'static [Attachment] = &[Attachment::spi("74HC165")];
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { select, latch, chips } = config;
        if !(1..=MOST_CHIPS).contains(&chips) {
            let problem = format!("1 to {MOST_CHIPS}, not {chips}");
            board.refuse(SettingProblems::of("chips", problem))?;
        }
        let spi = board.spi(&select, SPI)?;
        let latch = latch.map(|line| board.output_at(&line, true)).transpose()?;
        let chip = Chip::new(spi, latch, board.delay());
        Ok(Self { chip, inputs: vec![0; chips.into()], levels: LevelTracker::default() })
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        let Config { select, latch, chips } = config;
        let chain = Chain::new(bench, *chips, latch.as_ref().map(|line| bench.wire(line)));
        bench.attach_spi(select, chain.chips());
        Box::new(chain)
    }
}

impl Device for Hc165 {
    fn wake(&self) -> Wake {
        Wake::Every(POLL)
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        self.chip.read(&mut self.inputs)?;
        let levels = self.inputs.iter().flat_map(|inputs| bits(*inputs));
        self.levels.report(levels, Trigger::Poll, readings);
        Ok(())
    }

    fn channels(&self) -> Channels {
        Channels::of(self.inputs.len() * 8, 0)
    }
}

impl<S: Into<DeviceError>, P: Into<DeviceError>> From<Error<S, P>> for DeviceError {
    fn from(error: Error<S, P>) -> Self {
        match error {
            Error::Spi(error) => error.into(),
            Error::Latch(error) => error.into(),
        }
    }
}

eg_hal::register!(Hc165);

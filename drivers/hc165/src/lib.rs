//! Chains of 74HC165 shift registers, eight inputs each, on SPI.

mod model;

use eg_hal::prelude::*;
use eg_hal::{BitOrder, Delay, SpiConfig};
use embedded_hal::delay::DelayNs;
use embedded_hal::spi::MODE_0;
use model::Chain;
use std::time::Duration;

/// Between two reads: the chips cannot call.
const POLL: Duration = Duration::from_millis(5);
/// How long PL is low, and how long the chips then rest before the first clock (Linux, gpio-pisosr.c; the data sheet asks for
/// 120 ns at most).
const LATCH_US: u32 = 1;
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
    /// How many chips there are, 1 to 32.
    #[serde(default = "one")]
    chips: u8,
}

fn one() -> u8 {
    1
}

/// An opened chain.
pub struct Hc165 {
    slot: SpiDevice,
    latch: Option<OutputLine>,
    delay: Delay,
    /// The inputs of each chip, the one at MISO first; D7 is the highest bit.
    levels: Vec<u8>,
    /// Those that were reported; none before the first read.
    told: Option<Vec<u8>>,
}

impl Driver for Hc165 {
    const KIND: &'static str = "hc165";
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { select, latch, chips } = config;
        if !(1..=MOST_CHIPS).contains(&chips) {
            let problem = format!("1 to {MOST_CHIPS}, not {chips}");
            board.refuse(SettingProblems::of("chips", problem))?;
        }
        // Every rising clock shifts, and D7 is out before the first (74HC165 data sheet, section 6). Mode 0 samples at the
        // edge that shifts; the chip needs longer to change its output than a Pi to take it.
        let want = SpiConfig { mode: MODE_0, max_hz: 1_000_000, order: BitOrder::MsbFirst };
        let slot = board.spi(&select, want)?;
        let latch = latch.map(|line| board.output_at(&line, true)).transpose()?;
        Ok(Self { slot, latch, delay: board.delay(), levels: vec![0; chips.into()], told: None })
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
        if let Some(latch) = &mut self.latch {
            latch.set_low()?;
            self.delay.delay_us(LATCH_US);
            latch.set_high()?;
            self.delay.delay_us(LATCH_US);
        }
        self.slot.read(&mut self.levels)?;
        let pins =
            self.levels.iter().enumerate().flat_map(|(chip, levels)| {
                (0..8).map(move |pin| (chip, pin, levels >> pin & 1 == 1))
            });
        for (channel, (chip, pin, high)) in (0..).zip(pins) {
            if self.told.as_ref().is_none_or(|told| (told[chip] >> pin & 1 == 1) != high) {
                readings.level(channel, high);
            }
        }
        self.told = Some(self.levels.clone());
        Ok(())
    }

    fn channels(&self) -> Channels {
        Channels::of(self.levels.len() * 8, 0)
    }
}

eg_hal::register!(Hc165);

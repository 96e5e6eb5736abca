//! RFID readers with an MFRC522: the small boards on SPI.

mod chip;
mod field;
mod model;
mod tag;

use chip::{Chip, Error};
use eg_hal::prelude::*;
use eg_hal::sim::Antenna;
use model::Reader;
use std::time::Duration;

/// Time between two looks. One takes 3 ms when nothing lies there.
const POLL: Duration = Duration::from_millis(50);
/// Time for which RST is low, and in which the chip then starts (data sheet, sections 8.8.1 and 8.8.2: 100 ns and
/// 38 µs).
const RESET_US: u32 = 500;

/// As section 8.1.2 has it: the highest bit first, at most 10 MHz.
const SPI: SpiConfig = SpiConfig::mode_0(4_000_000);

/// `config:` of an `mfrc522`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Chip select of the reader, e.g. `spi0.0`.
    select: SpiName,
    /// The line that RST is wired to. Without it RST is wired to 3.3 V, and a chip that hangs is reset by a command.
    reset: Option<LineName>,
    /// A tag has left when it was not found for so long.
    #[serde(default = "usual_away")]
    away: Span,
}

fn usual_away() -> Span {
    Span::from(Duration::from_millis(300))
}

/// An opened reader.
pub struct Mfrc522 {
    chip: Chip<SpiDevice, Delay>,
    reset: Option<OutputLine>,
    delay: Delay,
    presence: TagPresence,
    /// `true` if the last look ended with a reset.
    was_reset: bool,
}

impl Driver for Mfrc522 {
    const KIND: &'static str = "mfrc522";
    const ATTACHMENTS: &'static [Attachment] = &[Attachment::spi("MFRC522")];
    const READS_TAGS: bool = true;
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { select, reset, away } = config;
        let reset = reset.map(|line| board.output_at(&line, true)).transpose()?;
        let delay = board.delay();
        let chip = Chip::new(board.spi(&select, SPI)?, delay.clone());
        let presence = TagPresence::new(away.get());
        let mut reader = Self { chip, reset, delay, presence, was_reset: false };
        reader.start()?;
        Ok(reader)
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        let Config { select, reset, .. } = config;
        let reset = reset.as_ref().map(|line| bench.wire(line));
        let antenna = Antenna::new(Reader::new(bench), reset.as_ref());
        bench.attach_spi(select, antenna.reader());
        Box::new(antenna)
    }
}

impl Mfrc522 {
    /// Brings the chip to its senses, whatever state it is in.
    fn start(&mut self) -> Result<(), DeviceError> {
        if let Some(reset) = &mut self.reset {
            reset.set_low()?;
            self.delay.delay_us(RESET_US);
            reset.set_high()?;
            self.delay.delay_us(RESET_US);
        }
        Ok(self.chip.start()?)
    }

    fn look(&mut self) -> Result<Option<Vec<u8>>, Error<SpiError>> {
        self.chip.check()?;
        field::find(&mut self.chip, self.presence.uid())
    }
}

impl Device for Mfrc522 {
    fn wake(&self) -> Wake {
        Wake::Every(POLL)
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        let found = match self.look() {
            // Once a reset is enough for a chip that hung or lost its supply. What lies there stays told meanwhile.
            Err(Error::Settings(_) | Error::Stuck(_)) if !self.was_reset => {
                self.start()?;
                self.was_reset = true;
                return Ok(());
            }
            found => found?,
        };
        self.was_reset = false;
        self.presence.look(0, found.as_deref(), readings);
        Ok(())
    }

    fn channels(&self) -> Channels {
        Channels::of(1, 0)
    }
}

impl<E: Into<DeviceError>> From<Error<E>> for DeviceError {
    fn from(error: Error<E>) -> Self {
        match error {
            Error::Bus(error) => error.into(),
            Error::Settings(found) => Self::unexpected(
                "an MFRC522 as it was set up",
                format!("version, timer and antenna {found:02x?}: is it there?"),
            ),
            Error::Stuck(expected) => Self::unexpected(expected, "none: it is stuck"),
        }
    }
}

eg_hal::register!(Mfrc522);

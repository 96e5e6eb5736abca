//! NFC readers with a PN532, on I2C.

mod chip;
mod link;
mod model;

use chip::{Chip, Error};
use eg_hal::prelude::*;
use eg_hal::sim::Antenna;
use model::Reader;
use std::time::Duration;

/// The chip's only address.
const ADDRESS: u8 = 0x24;
/// Time between two looks: each takes what the search since the last one found, and begins another.
const POLL: Duration = Duration::from_millis(50);
/// Most looks at a search, which takes 30 ms.
const LOOKS: u8 = 6;
/// Time for which RSTPDN is low, and in which the chip then starts (PN532/C1 data sheet, section 12.23: 20 ns and
/// 2 ms).
const RESET_US: u32 = 2500;

/// `config:` of a `pn532`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The bus it is on, e.g. `i2c-1`. Its address is always 0x24: several need a bus switch, `i2c-1/0x70/0`.
    bus: BusName,
    /// The line that RSTPDN is wired to. Without it a chip that hangs is reset by a command.
    reset: Option<LineName>,
    /// A tag has left when it was not found for so long.
    #[serde(default = "usual_away")]
    away: Span,
}

fn usual_away() -> Span {
    Span::from(Duration::from_millis(300))
}

/// A search that goes on.
#[derive(Clone, Copy)]
struct Search {
    /// `true` if the search is for the tag that was reported, and finds no other.
    for_told: bool,
    /// Number of looks at the search so far.
    looks: u8,
}

/// An opened reader.
pub struct Pn532 {
    chip: Chip<I2cBus, Delay>,
    reset: Option<OutputLine>,
    delay: Delay,
    presence: TagPresence,
    /// The search that goes on; none when none does.
    search: Option<Search>,
    /// Time at which the tag that was reported was last found.
    seen: Moment,
    away: Duration,
    /// `true` if the chip was reset since the last search that ended.
    was_reset: bool,
}

impl Driver for Pn532 {
    const KIND: &'static str = "pn532";
    const ATTACHMENTS: &'static [Attachment] = &[Attachment::i2c("PN532", 0x24..=0x24)];
    const READS_TAGS: bool = true;
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { bus, reset, away } = config;
        let reset = reset.map(|line| board.output_at(&line, true)).transpose()?;
        let delay = board.delay();
        let chip = Chip::new(board.i2c(&bus, ADDRESS)?, delay.clone());
        let presence = TagPresence::new(away.get());
        let (away, seen) = (away.get(), Moment(0));
        let (search, was_reset) = (None, false);
        let mut reader = Self { chip, reset, delay, presence, search, seen, away, was_reset };
        reader.start()?;
        Ok(reader)
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        let Config { bus, reset, .. } = config;
        let reset = reset.as_ref().map(|line| bench.wire(line));
        let antenna = Antenna::new(Reader::new(bench), reset.as_ref());
        bench.attach_i2c(bus, ADDRESS, antenna.reader());
        Box::new(antenna)
    }
}

impl Pn532 {
    /// Brings the chip to its senses, whatever state it is in.
    fn start(&mut self) -> Result<(), DeviceError> {
        self.search = None;
        if let Some(reset) = &mut self.reset {
            reset.set_low()?;
            self.delay.delay_us(RESET_US);
            reset.set_high()?;
            self.delay.delay_us(RESET_US);
        }
        Ok(self.chip.start()?)
    }

    /// Takes what a search found, and begins another one. The tag that was told is asked for first: where two lie, a search
    /// for any finds now the one, now the other. What that does not find, a search for any may.
    fn look(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        let mut for_told = self.presence.uid().is_some();
        if let Some(search) = self.search {
            let Some(found) = self.chip.found()? else {
                let looks = search.looks + 1;
                self.search = Some(Search { looks, ..search });
                if looks < LOOKS {
                    return Ok(());
                }
                return Err(DeviceError::unexpected(
                    "a list of tags",
                    "nothing in time: it is stuck",
                ));
            };
            self.was_reset = false;
            if search.for_told && found.is_empty() {
                for_told = false;
            } else {
                self.tell(found.first().map(Vec::as_slice), readings);
                for_told = self.presence.uid().is_some();
            }
        }
        self.search = None;
        let uid = self.presence.uid().filter(|_| for_told);
        self.chip.search(uid)?;
        self.search = Some(Search { for_told: uid.is_some(), looks: 0 });
        Ok(())
    }

    /// Another tag does not take the place of the one that was told before that was away long enough: it may lie on it, and
    /// hide it for a moment.
    fn tell(&mut self, found: Option<&[u8]>, readings: &mut Readings) {
        let told = self.presence.uid();
        let is_told = found.is_some() && found == told;
        let stays = told.is_some() && readings.now().since(self.seen) < self.away;
        self.presence.look(0, found.filter(|_| is_told || !stays), readings);
        if found.is_some() && found == self.presence.uid() {
            self.seen = readings.now();
        }
    }
}

impl Device for Pn532 {
    fn wake(&self) -> Wake {
        Wake::Every(POLL)
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        match self.look(readings) {
            // Once a reset is enough for a chip that hung or lost its supply. What lies there stays told meanwhile.
            Err(DeviceError::Unexpected { .. }) if !self.was_reset => {
                self.was_reset = true;
                self.start()
            }
            looked => looked,
        }
    }

    fn channels(&self) -> Channels {
        Channels::of(1, 0)
    }
}

impl<E: Into<DeviceError>> From<Error<E>> for DeviceError {
    fn from(error: Error<E>) -> Self {
        match error {
            Error::Bus(error) => error.into(),
            Error::Frame(found) => Self::unexpected("a frame of a PN532", found),
            Error::Firmware(version) => {
                Self::unexpected("a PN532", format!("firmware {version:02x?}"))
            }
            Error::List(list) => Self::unexpected("a list of tags", format!("{list:02x?}")),
        }
    }
}

eg_hal::register!(Pn532);

//! Displays with a MAX7219 on SPI: up to eight places of 7 segments.

mod chip;
mod model;

use chip::{BRIGHTEST, Chip, PLACES};
use eg_hal::display::{DisplayRequest, Panel, SegmentPicture, brightness, row, seven};
use eg_hal::prelude::*;
use model::Digits;

/// The chip stands 10 MHz; a cable does not.
const SPI: SpiConfig = SpiConfig::mode_0(1_000_000);

/// `config:` of a `max7219`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The chip select that LOAD (CS) is wired to, e.g. `spi0.0`.
    select: SpiName,
    /// Number of places: 4 to 8.
    #[serde(default = "eight")]
    places: u8,
    /// Brightness until the display is told another one: above 0 and up to 1.
    #[serde(default = "brightest")]
    brightness: f64,
}

fn eight() -> u8 {
    8
}

fn brightest() -> f64 {
    1.0
}

/// The places from the right, and an intensity of 1 to 16.
type Picture = SegmentPicture<PLACES>;

/// An opened display.
pub struct Max7219 {
    chip: Chip<SpiDevice>,
    places: u8,
    picture: Picture,
}

impl Driver for Max7219 {
    const KIND: &'static str = "max7219";
    const ATTACHMENTS: &'static [Attachment] = &[Attachment::spi("MAX7219")];
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { select, places, brightness: level } = config;
        let mut wrong = SettingProblems::default();
        if !(4..=8).contains(&places) {
            wrong.push("places", format!("4 to 8, not {places}"));
        }
        wrong.add(brightness(level));
        board.refuse(wrong)?;
        let picture = Picture::filled(board.safe_level(0), level, BRIGHTEST);
        let chip = Chip::new(board.spi(&select, SPI)?, places);
        let mut display = Self { chip, places, picture };
        display.refresh()?;
        Ok(display)
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        Box::new(Digits::on(bench, &config.select, usize::from(config.places)))
    }
}

impl Max7219 {
    fn places(&self, text: &str) -> Result<[u8; PLACES], &'static str> {
        let mut places = [0; PLACES];
        let cells = row(text, self.places.into(), seven)?;
        for (place, cell) in places.iter_mut().zip(cells.into_iter().rev()) {
            let [segments, _] = cell.segments.to_le_bytes();
            // `a` stands in the lowest bit there, and below the point here.
            *place = segments.reverse_bits() >> 1 | u8::from(cell.point || cell.colon) << 7;
        }
        Ok(places)
    }
}

impl Panel for Max7219 {
    type Picture = Picture;

    fn picture(&self, request: DisplayRequest<'_>) -> Result<Picture, &'static str> {
        self.picture.after(request, BRIGHTEST, |text| self.places(text))
    }

    fn show(&mut self, picture: Picture) -> Result<(), DeviceError> {
        self.chip.show(&picture.memory, picture.brightness)?;
        self.picture = picture;
        Ok(())
    }

    fn refresh(&mut self) -> Result<(), DeviceError> {
        self.show(self.picture)
    }
}

eg_hal::register!(Max7219);

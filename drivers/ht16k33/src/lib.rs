//! LED backpacks with an HT16K33 on I2C: four places of 7 or of 14 segments.

mod chip;
mod face;
mod model;

use chip::{BRIGHTEST, Chip};
use eg_hal::display::{DisplayRequest, Panel, SegmentPicture, brightness};
use eg_hal::prelude::*;
use face::Face;
use model::Backpack;

/// `config:` of an `ht16k33`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Bus of the display, e.g. `i2c-1`.
    bus: BusName,
    /// Address of the display by its pads A0 to A2: 0x70 to 0x77.
    #[serde(default = "first_address")]
    address: u8,
    /// The segments of each place: 7 or 14.
    #[serde(default)]
    #[schemars(with = "u8", extend("enum" = [7, 14]))]
    segments: Face,
    /// Brightness until the display is told another one: above 0 and up to 1.
    #[serde(default = "brightest")]
    brightness: f64,
}

/// A backpack without a pad bridged.
fn first_address() -> u8 {
    0x70
}

fn brightest() -> f64 {
    1.0
}

/// Display memory, two bytes for each of eight columns, and a duty in sixteenths.
type Picture = SegmentPicture<16>;

/// An opened display.
pub struct Ht16k33 {
    chip: Chip<I2cBus>,
    face: Face,
    picture: Picture,
}

impl Driver for Ht16k33 {
    const KIND: &'static str = "ht16k33";
    const ATTACHMENTS: &'static [Attachment] = &[Attachment::i2c("HT16K33", 0x70..=0x77)];
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { bus, address, segments: face, brightness: level } = config;
        let mut wrong = SettingProblems::default();
        if !matches!(address, 0x70..=0x77) {
            wrong.push("address", format!("0x70 to 0x77 by its pads, not {address:#04x}"));
        }
        wrong.add(brightness(level));
        board.refuse(wrong)?;
        let picture = Picture::filled(board.safe_level(0), level, BRIGHTEST);
        let chip = Chip::new(board.i2c(&bus, address)?, address);
        let mut display = Self { chip, face, picture };
        display.refresh()?;
        Ok(display)
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        Box::new(Backpack::on(bench, &config.bus, config.address, config.segments == Face::Seven))
    }
}

impl Panel for Ht16k33 {
    type Picture = Picture;

    fn picture(&self, request: DisplayRequest<'_>) -> Result<Picture, &'static str> {
        self.picture.after(request, BRIGHTEST, |text| self.face.memory(text))
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

eg_hal::register!(Ht16k33);

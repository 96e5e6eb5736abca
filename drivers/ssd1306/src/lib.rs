//! OLED displays with an SSD1306 on I2C: 128 by 64 or 128 by 32 points, for hints of several lines.

mod chip;
mod frame;
mod model;
mod page;

use chip::{Chip, Error, Mounting};
use eg_hal::display::{DisplayRequest, Panel, brightness, step};
use eg_hal::prelude::*;
use frame::Frame;
use model::Glass;

/// Steps of the contrast.
const BRIGHTEST: u8 = 255;

/// `config:` of an `ssd1306`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Bus of the display, e.g. `i2c-1`.
    bus: BusName,
    /// Address of the display: 0x3c or 0x3d.
    #[serde(default = "first_address")]
    address: u8,
    /// Height in points: 64 or 32.
    #[serde(default = "tall")]
    height: u8,
    /// `true` if the display hangs upside down.
    #[serde(default)]
    flipped: bool,
    /// Brightness until the display is told another one: above 0 and up to 1.
    #[serde(default = "brightest")]
    brightness: f64,
}

fn first_address() -> u8 {
    0x3c
}

fn tall() -> u8 {
    64
}

fn brightest() -> f64 {
    1.0
}

/// An opened display.
pub struct Ssd1306 {
    chip: Chip<I2cBus>,
    height: u8,
}

impl Driver for Ssd1306 {
    const KIND: &'static str = "ssd1306";
    const ATTACHMENTS: &'static [Attachment] = &[Attachment::i2c("SSD1306", 0x3c..=0x3d)];
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { bus, address, height, flipped, brightness: level } = config;
        let mut wrong = SettingProblems::default();
        if !matches!(address, 0x3c | 0x3d) {
            wrong.push("address", format!("0x3c or 0x3d, not {address:#04x}"));
        }
        if !matches!(height, 32 | 64) {
            wrong.push("height", format!("64 or 32, not {height}"));
        }
        wrong.add(brightness(level));
        board.refuse(wrong)?;
        let contrast = step(level, BRIGHTEST);
        let frame = Frame::filled(height, board.safe_level(0));
        let mounting = Mounting { height, flipped };
        let chip = Chip::set_up(board.i2c(&bus, address)?, address, mounting, contrast, frame);
        Ok(Self { chip: chip.map_err(DeviceError::from)?, height })
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        let Config { bus, address, height, flipped, .. } = config;
        Box::new(Glass::on(bench, bus, *address, usize::from(*height), *flipped))
    }
}

/// A request as the chip takes it.
pub enum Picture {
    /// Points, in place of those that stand there.
    Frame(Frame),
    /// Contrast of whatever stands there.
    Contrast(u8),
}

impl Panel for Ssd1306 {
    type Picture = Picture;

    fn picture(&self, request: DisplayRequest<'_>) -> Result<Picture, &'static str> {
        Ok(match request {
            DisplayRequest::Dark => Picture::Frame(Frame::filled(self.height, false)),
            DisplayRequest::Lit => Picture::Frame(Frame::filled(self.height, true)),
            DisplayRequest::Brightness(level) => Picture::Contrast(step(level, BRIGHTEST)),
            DisplayRequest::Text(text) => Picture::Frame(page::of(text, self.height)?),
            _ => return Err("it takes a text, on, off or a level up to 1"),
        })
    }

    fn show(&mut self, picture: Picture) -> Result<(), DeviceError> {
        match picture {
            Picture::Frame(frame) => Ok(self.chip.show(frame)?),
            Picture::Contrast(contrast) => Ok(self.chip.contrast(contrast)?),
        }
    }

    fn refresh(&mut self) -> Result<(), DeviceError> {
        Ok(self.chip.check()?)
    }
}

impl<E: Into<DeviceError>> From<Error<E>> for DeviceError {
    fn from(error: Error<E>) -> Self {
        match error {
            Error::Bus(error) => error.into(),
            Error::Off(status) => Self::unexpected(
                "a display that is on",
                format!("status {status:#04x}: it lost its supply"),
            ),
        }
    }
}

eg_hal::register!(Ssd1306);

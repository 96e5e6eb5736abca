//! Character displays with an HD44780 behind a PCF8574 on I2C: 16 by 2, 20 by 4 and their kin.

mod chip;
mod letters;
mod model;

use chip::{Chip, Error, Screen};
use eg_hal::display::{DisplayRequest, Panel};
use eg_hal::prelude::*;
use model::Glass;

/// Checks, one a second, after which everything is sent again: a relay nearby can garble what stands there, and nobody
/// would hear of it.
const CHECKS_A_REFRESH: u32 = 10;

/// `config:` of an `lcd1602`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Bus of the display, e.g. `i2c-1`.
    bus: BusName,
    /// Address of the display by its pads A0 to A2: 0x20 to 0x27 with a PCF8574, 0x38 to 0x3f with a PCF8574A.
    #[serde(default = "usual_address")]
    address: u8,
    /// Characters on a line: 8 to 20.
    #[serde(default = "sixteen")]
    columns: u8,
    /// Lines: 2 or 4.
    #[serde(default = "two")]
    lines: u8,
}

/// A backpack without a pad bridged.
fn usual_address() -> u8 {
    0x27
}

fn sixteen() -> u8 {
    16
}

fn two() -> u8 {
    2
}

/// An opened display.
pub struct Lcd1602 {
    chip: Chip<I2cBus, Delay>,
    columns: u8,
    lines: u8,
    screen: Screen,
    checks: u32,
}

impl Driver for Lcd1602 {
    const KIND: &'static str = "lcd1602";
    const ATTACHMENTS: &'static [Attachment] = &[
        Attachment::i2c("LCD1602 behind a PCF8574", 0x20..=0x27),
        Attachment::i2c("LCD1602 behind a PCF8574A", 0x38..=0x3f),
    ];
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { bus, address, columns, lines } = config;
        let mut wrong = SettingProblems::default();
        if !matches!(address, 0x20..=0x27 | 0x38..=0x3f) {
            let problem = format!("0x20 to 0x27, or 0x38 to 0x3f for the A, not {address:#04x}");
            wrong.push("address", problem);
        }
        if !(8..=20).contains(&columns) {
            wrong.push("columns", format!("8 to 20, not {columns}"));
        }
        if !matches!(lines, 2 | 4) {
            wrong.push("lines", format!("2 or 4, not {lines}"));
        }
        board.refuse(wrong)?;
        let screen = if board.safe_level(0) {
            Screen::full(columns, lines)
        } else {
            Screen::dark(columns, lines)
        };
        let delay = board.delay();
        let mut chip = Chip::new(board.i2c(&bus, address)?, address, delay);
        chip.set_up(&screen).map_err(DeviceError::from)?;
        Ok(Self { chip, columns, lines, screen, checks: 0 })
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        let Config { bus, address, columns, lines } = config;
        Box::new(Glass::on(bench, bus, *address, usize::from(*columns), usize::from(*lines)))
    }
}

impl Panel for Lcd1602 {
    type Picture = Screen;

    fn picture(&self, request: DisplayRequest<'_>) -> Result<Screen, &'static str> {
        let Self { columns, lines, .. } = *self;
        match request {
            DisplayRequest::Dark => Ok(Screen::dark(columns, lines)),
            DisplayRequest::Lit => Ok(Screen::full(columns, lines)),
            DisplayRequest::Text(text) => {
                Ok(Screen { cells: letters::cells(text, columns, lines)?, lit: true })
            }
            DisplayRequest::Brightness(_) | _ => {
                Err("its light is on or off: it takes a text, on or off")
            }
        }
    }

    fn show(&mut self, screen: Screen) -> Result<(), DeviceError> {
        self.chip.check()?;
        self.chip.show(&screen)?;
        self.screen = screen;
        Ok(())
    }

    /// Checks the chip, and sends everything again now and then.
    fn refresh(&mut self) -> Result<(), DeviceError> {
        self.chip.check()?;
        self.checks += 1;
        if self.checks >= CHECKS_A_REFRESH {
            self.checks = 0;
            self.chip.refresh(&self.screen)?;
        }
        Ok(())
    }
}

impl<E: Into<DeviceError>> From<Error<E>> for DeviceError {
    fn from(error: Error<E>) -> Self {
        match error {
            Error::Bus(error) => error.into(),
            Error::Pins(pins) => Self::unexpected(
                "the pins as they were left",
                format!("pins {pins:#04x}: it lost its supply"),
            ),
        }
    }
}

eg_hal::register!(Lcd1602);

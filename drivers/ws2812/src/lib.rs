//! Strips of addressable lights on SPI: WS2812B, SK6812 and their kin.

mod bits;
mod groups;
mod model;

use bits::{Order, RATE_HZ};
use eg_hal::prelude::*;
use groups::Groups;
use model::Strip;
use std::time::Duration;

/// Between two refreshes: a strip that lost its supply, or a spike on its wire, is put right after so long.
const REFRESH: Duration = Duration::from_secs(1);
const WHITE: [u8; 3] = [255; 3];
const DARK: [u8; 3] = [0; 3];

/// `config:` of a `ws2812`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The chip select of the bus whose MOSI it is on, e.g. `spi0.0`. The select itself stays unwired.
    select: SpiName,
    /// Numbers of lights of the outputs, from the wire's end on: output channel n is the n-th group.
    groups: Vec<u16>,
    /// In which order a light takes its colours.
    #[serde(default)]
    order: Order,
    /// Brightness of white: above 0 and up to 1. It bounds what the strip takes from its supply.
    #[serde(default = "mild")]
    brightness: f64,
}

/// Bright enough for a room: a white light takes some 15 mA.
fn mild() -> f64 {
    0.3
}

/// An opened strip.
pub struct Ws2812 {
    spi: SpiDevice,
    order: Order,
    brightness: f64,
    groups: Groups,
}

impl Driver for Ws2812 {
    const KIND: &'static str = "ws2812";
    const ATTACHMENTS: &'static [Attachment] = &[Attachment::spi("WS2812").with("groups: [1]")];
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { select, groups, order, brightness } = config;
        let mut wrong = SettingProblems::default();
        wrong.add(eg_hal::display::brightness(brightness));
        wrong.add(Groups::check(&groups, order));
        board.refuse(wrong)?;
        let mut groups = Groups::new(groups);
        for channel in 0..groups.count() {
            groups.set(channel, if board.safe_level(channel) { WHITE } else { DARK });
        }
        let spi = board.spi(&select, SpiConfig::mode_0(RATE_HZ))?;
        let mut strip = Self { spi, order, brightness, groups };
        strip.send()?;
        Ok(strip)
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        let bytes = if config.order == Order::Grbw { 4 } else { 3 };
        let red_first = config.order == Order::Rgb;
        Box::new(Strip::on(bench, &config.select, &config.groups, bytes, red_first))
    }
}

impl Ws2812 {
    /// Every light, in one transfer: a pause within would end it.
    fn send(&mut self) -> Result<(), DeviceError> {
        let colours = self.groups.lights().map(|colour| bounded(colour, self.brightness));
        Ok(self.spi.write(&bits::frame(colours, self.order))?)
    }
}

/// A colour within the bound; what shines a little is never dark.
fn bounded(colour: [u8; 3], brightness: f64) -> [u8; 3] {
    // Casts of floats saturate.
    colour.map(|part| (f64::from(part) * brightness).ceil() as u8)
}

impl Device for Ws2812 {
    fn wake(&self) -> Wake {
        Wake::Every(REFRESH)
    }

    fn read(&mut self, _: &mut Readings) -> Result<(), DeviceError> {
        self.send()
    }

    fn write(&mut self, output: Output) -> Result<(), DeviceError> {
        if output.channel >= self.groups.count() {
            return Err(output.unsupported("there is no such group"));
        }
        let colour = match output.set {
            Set::Off => DARK,
            Set::On => WHITE,
            Set::Level(level) if (0.0..=1.0).contains(&level) => bounded(WHITE, level),
            Set::Rgb(colour) => colour,
            Set::Level(_) | Set::Text(_) | Set::Pulse(_) | _ => {
                let can = "a group takes a colour, on, off or a level up to 1";
                return Err(output.unsupported(can));
            }
        };
        let before = self.groups.set(output.channel, colour);
        self.send().inspect_err(|_| {
            self.groups.set(output.channel, before);
        })
    }

    fn channels(&self) -> Channels {
        Channels { inputs: 0, outputs: self.groups.count() }
    }
}

eg_hal::register!(Ws2812);

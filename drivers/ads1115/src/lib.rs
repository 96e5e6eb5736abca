//! Four analogue inputs on I2C: knobs, pressure sensors and resistor-ladder keypads on an ADS1115.

mod chip;
mod knob;
mod ladder;
mod model;
mod pin;
mod setting;

pub use knob::KnobConfig;
pub use ladder::LadderConfig;
pub use pin::Pin;
pub use setting::{Range, Rate};

use chip::{Chip, Error, LOOKS};
use eg_hal::prelude::*;
use knob::Knob;
use ladder::Ladder;
use model::Wiring;
use std::time::Duration;

/// Between two looks, also where the chip converts faster: no hand does.
const SHORTEST: Duration = Duration::from_millis(5);

/// `config:` of an `ads1115`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Bus of the chip, e.g. `i2c-1`.
    bus: BusName,
    /// Address of the chip, 0x48 to 0x4b by what ADDR is tied to: ground, VDD, SDA, SCL.
    #[serde(default = "first_address")]
    address: u8,
    /// The full scale, for all pins.
    #[serde(default)]
    range: Range,
    /// Conversions a second. The pins take turns.
    #[serde(default)]
    rate: Rate,
    /// Knobs and sensors: input channel n is the n-th.
    #[serde(default)]
    knobs: Vec<KnobConfig>,
    /// Ladders of keys: their channels follow those of the knobs, one for each key. Down is high.
    #[serde(default)]
    ladders: Vec<LadderConfig>,
}

/// With ADDR to ground.
fn first_address() -> u8 {
    0x48
}

/// An opened converter.
pub struct Ads1115 {
    chip: Chip<I2cBus>,
    sensors: Vec<Sensor>,
    /// The sensor whose conversion is under way.
    turn: usize,
    channels: usize,
}

/// Something on a pin, with its first channel.
struct Sensor {
    pin: Pin,
    channel: Channel,
    kind: Kind,
}

enum Kind {
    Knob(Knob),
    Ladder(Ladder),
}

impl Driver for Ads1115 {
    const KIND: &'static str = "ads1115";
    const ATTACHMENTS: &'static [Attachment] =
        &[Attachment::i2c("ADS1115", 0x48..=0x4b).with("knobs: [{ pin: A0 }]")];
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { bus, address, range, rate, knobs, ladders } = config;
        let mut wrong = SettingProblems::default();
        if !(0x48..=0x4b).contains(&address) {
            wrong.push("address", format!("0x48 to 0x4b by the pin ADDR, not {address:#04x}"));
        }
        let mut sensors = Vec::new();
        let mut channels: Channel = 0;
        for (place, knob) in knobs.iter().enumerate() {
            wrong.add_under(&KeyPath::from("knobs").index(place), Knob::check(knob, range));
            let kind = Kind::Knob(Knob::new(knob));
            sensors.push(Sensor { pin: knob.pin, channel: channels, kind });
            channels += 1;
        }
        for (place, config) in ladders.iter().enumerate() {
            wrong.add_under(&KeyPath::from("ladders").index(place), Ladder::check(config, range));
            let ladder = Ladder::new(config);
            let keys = Channels::of(ladder.keys(), 0).inputs;
            sensors.push(Sensor { pin: config.pin, channel: channels, kind: Kind::Ladder(ladder) });
            channels = channels.saturating_add(keys);
        }
        let pins: Vec<Pin> = sensors.iter().map(|sensor| sensor.pin).collect();
        for n in (1..pins.len()).filter(|n| pins[..*n].contains(&pins[*n])) {
            let part = match n.checked_sub(knobs.len()) {
                Some(n) => KeyPath::from("ladders").index(n),
                None => KeyPath::from("knobs").index(n),
            };
            wrong.push(part.key("pin"), format!("{:?} is named twice", pins[n]));
        }
        board.refuse(wrong)?;
        let Some(first) = pins.first() else {
            return Err(OpenError::setting("knobs", "name at least one, here or in ladders"));
        };
        let mut chip = Chip::new(board.i2c(&bus, address)?, address, range, rate);
        chip.start(*first).map_err(DeviceError::from)?;
        Ok(Self { chip, sensors, turn: 0, channels: channels.into() })
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        let wiring = Wiring::new(bench, &config.knobs, &config.ladders);
        bench.attach_i2c(&config.bus, config.address, wiring.chip());
        Box::new(wiring)
    }
}

impl Device for Ads1115 {
    fn wake(&self) -> Wake {
        Wake::Every(self.chip.conversion().max(SHORTEST))
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        let Some(volts) = self.chip.volts()? else { return Ok(()) };
        let next = (self.turn + 1) % self.sensors.len();
        self.chip.start(self.sensors[next].pin)?;
        let Sensor { channel, kind, .. } = &mut self.sensors[self.turn];
        match kind {
            Kind::Knob(knob) => {
                if let Some(reading) = knob.look(volts) {
                    readings.push(*channel, reading);
                }
            }
            Kind::Ladder(ladder) => {
                for (key, down) in ladder.look(volts) {
                    readings.level(*channel + Channels::of(key, 0).inputs, down);
                }
            }
        }
        self.turn = next;
        Ok(())
    }

    fn channels(&self) -> Channels {
        Channels::of(self.channels, 0)
    }
}

impl<E: Into<DeviceError>> From<Error<E>> for DeviceError {
    fn from(error: Error<E>) -> Self {
        match error {
            Error::Bus(error) => error.into(),
            Error::Settings(config) => Self::unexpected(
                "the settings it was given",
                format!("config {config:#06x}: it lost its supply, or another driver has it"),
            ),
            Error::Late => {
                Self::unexpected("a conversion in time", format!("none after {LOOKS} looks"))
            }
        }
    }
}

eg_hal::register!(Ads1115);

//! {{Type}} on I2C: a sensor that measures again and again. Replace this chip with yours.

mod model;

use eg_hal::prelude::*;
use model::{Chip, Hand};
use std::time::Duration;

/// The last measurement, 0 to 4095: the high byte, then the low one.
const RESULT: u8 = 0x00;
/// Bit 0 starts measuring; it is off after power-on.
const CONTROL: u8 = 0x02;
const MEASURES: u8 = 0x01;
/// Full scale of a measurement.
const FULL: u16 = 4095;
/// Steps that a measurement wavers by while nothing changes.
const NOISE: u16 = 4;

/// `config:` of a `{{name}}`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Bus of the chip, e.g. `i2c-1`, or `i2c-1/0x70/3` behind a bus switch.
    bus: BusName,
    /// Seven-bit address of the chip.
    #[serde(default = "usual_address")]
    address: u8,
    /// Time between two measurements, `10ms` to `1s`.
    #[serde(default = "usual_period")]
    period: Span,
}

fn usual_address() -> u8 {
    0x48
}

fn usual_period() -> Span {
    Span::from_millis(50)
}

/// An opened {{name}}.
pub struct {{Type}} {
    bus: I2cBus,
    address: u8,
    period: Duration,
    /// Measurement that was reported; `None` before the first read.
    told: Option<u16>,
}

impl Driver for {{Type}} {
    const KIND: &'static str = "{{name}}";
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { bus, address, period } = config;
        let period = period.get();
        if !(Duration::from_millis(10)..=Duration::from_secs(1)).contains(&period) {
            board.refuse(SettingProblems::of("period", "10ms to 1s".to_owned()))?;
        }
        let mut bus = board.i2c(&bus, address)?;
        bus.write(address, &[CONTROL, MEASURES]).map_err(DeviceError::from)?;
        Ok(Self { bus, address, period, told: None })
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        Box::new(Hand::on(Chip::attach(bench, &config.bus, config.address)))
    }
}

impl Device for {{Type}} {
    fn wake(&self) -> Wake {
        Wake::Every(self.period)
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        let mut registers = [0; 3];
        self.bus.write_read(self.address, &[RESULT], &mut registers)?;
        let [high, low, control] = registers;
        // After a dip of its supply it measures nothing. The host opens it again, which sets the chip up.
        if control != MEASURES {
            let found = format!("{control:#04x}: it lost its supply");
            return Err(DeviceError::unexpected("a chip that measures", found));
        }
        let measured = u16::from_be_bytes([high, low]).min(FULL);
        if self.told.is_none_or(|told| told.abs_diff(measured) > NOISE) {
            let (v, max) = (f64::from(measured), f64::from(FULL));
            readings.push(0, Reading::Value { v, min: 0.0, max, unit: "" });
            self.told = Some(measured);
        }
        Ok(())
    }

    fn channels(&self) -> Channels {
        Channels { inputs: 1, outputs: 0 }
    }
}

eg_hal::register!({{Type}});

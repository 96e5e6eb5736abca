//! {{Type}} on I2C: eight keys, and a line on which the chip calls when one moved. Replace this chip with yours.

mod model;

use eg_hal::prelude::*;
use model::{Chip, Hand};
use std::time::Duration;

/// Keys that are down: bit n is key n. Reading it ends the call.
const STATUS: u8 = 0x00;
/// Keys that are scanned: none after power-on.
const ENABLE: u8 = 0x01;
/// Number of keys.
const KEYS: u16 = 8;
/// Time between two looks at a chip whose line is not wired.
const POLL: Duration = Duration::from_millis(10);

/// `config:` of a `{{name}}`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Bus of the chip, e.g. `i2c-1`, or `i2c-1/0x70/3` behind a bus switch.
    bus: BusName,
    /// Seven-bit address of the chip.
    #[serde(default = "usual_address")]
    address: u8,
    /// Line that INT is wired to. Without it the keys are read every 10 ms.
    int: Option<LineName>,
}

fn usual_address() -> u8 {
    0x50
}

/// An opened {{name}}.
pub struct {{Type}} {
    bus: I2cBus,
    address: u8,
    int: Interrupt,
    keys: LevelTracker,
}

impl Driver for {{Type}} {
    const KIND: &'static str = "{{name}}";
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { bus, address, int } = config;
        let int = board.interrupt(int.as_ref())?;
        let mut bus = board.i2c(&bus, address)?;
        bus.write(address, &[ENABLE, 0xff]).map_err(DeviceError::from)?;
        Ok(Self { bus, address, int, keys: LevelTracker::default() })
    }

    /// The chip debounces.
    fn input(_: &Config, _: Channel) -> InputTraits {
        InputTraits::CLEAN
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        let int = config.int.as_ref().map(|line| bench.wire(line));
        Box::new(Hand::on(Chip::attach(bench, &config.bus, config.address, int)))
    }
}

impl Device for {{Type}} {
    fn wake(&self) -> Wake {
        self.int.wake(POLL)
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        let mut budget = PollBudget::default();
        while let Some(trigger) = self.int.next_look(&mut budget)? {
            let mut registers = [0; 2];
            self.bus.write_read(self.address, &[STATUS], &mut registers)?;
            let [down, enabled] = registers;
            // After a dip of its supply it scans nothing. The host opens it again, which sets the chip up.
            if enabled != 0xff {
                let found = format!("{enabled:#04x}: it lost its supply");
                return Err(DeviceError::unexpected("keys that are scanned", found));
            }
            // A key that moved has the moment of the call, where there was one.
            self.keys.report(bits(down), trigger, readings);
        }
        Ok(())
    }

    fn channels(&self) -> Channels {
        Channels { inputs: KEYS, outputs: 0 }
    }
}

eg_hal::register!({{Type}});

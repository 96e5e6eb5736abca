//! A bell push on a GPIO line: a whole driver, pressed on simulated wires.
//!
//! ```sh
//! cargo run -p eg-hal --example bell_push
//! ```

use eg_hal::prelude::*;
use eg_hal::sim::Switches;

/// `config:` of a `bell-push`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Line that the contact is wired to, with its other side to ground.
    line: LineName,
}

/// An opened bell push.
pub struct BellPush(InputLine);

impl Driver for BellPush {
    const KIND: &'static str = "bell-push";
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        Ok(Self(board.input(&config.line, Pull::Up)?))
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        Box::new(Switches::new([bench.wire(&config.line)]))
    }
}

impl Device for BellPush {
    fn wake(&self) -> Wake {
        Wake::OnEdge
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        Ok(readings.line(0, &mut self.0)?)
    }

    fn channels(&self) -> Channels {
        Channels { inputs: 1, outputs: 0 }
    }
}

eg_hal::register!(BellPush);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Every driver's promises, on this one.
    eg_hal::conformance::check::<BellPush>("line: GPIO5");

    let bench = Bench::virtual_time();
    let mut bell = bench.open::<BellPush>("line: GPIO5")?;
    println!("at rest:  {:?}", bell.read()?);
    bell.poke(0, Poke::Level(false))?;
    println!("pressed:  {:?}", bell.read()?);
    bell.poke(0, Poke::Level(true))?;
    println!("let go:   {:?}", bell.read()?);
    Ok(())
}

//! A driver that fails when told to: one button, one lamp, and a fuse that a test blows.

use eg_hal::prelude::*;
use eg_hal::sim::Switches;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Config {
    button: LineName,
    lamp: LineName,
    /// High: it fails.
    fuse: LineName,
    /// `true` if the device fails by a panic.
    #[serde(default)]
    panics: bool,
}

struct Fused {
    button: InputLine,
    lamp: OutputLine,
    fuse: InputLine,
    panics: bool,
}

impl Driver for Fused {
    const KIND: &'static str = "test-fused";
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let mut fuse = board.input(&config.fuse, Pull::Down)?;
        if fuse.is_high().map_err(DeviceError::from)? {
            return Err(OpenError::setting("fuse", "it is blown"));
        }
        let button = board.input(&config.button, Pull::Up)?;
        let lamp = board.output(&config.lamp, 0)?;
        Ok(Self { button, lamp, fuse, panics: config.panics })
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        Box::new(Switches::new([bench.wire(&config.button)]))
    }
}

impl Device for Fused {
    fn wake(&self) -> Wake {
        Wake::OnEdge
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        while self.fuse.next_edge()?.is_some() {}
        let blown = self.fuse.is_high()?;
        assert!(!(blown && self.panics), "the fuse blew");
        if blown {
            return Err(DeviceError::Unexpected { expected: "a fuse", found: "none".to_owned() });
        }
        Ok(readings.line(0, &mut self.button)?)
    }

    fn write(&mut self, output: Output) -> Result<(), DeviceError> {
        Ok(self.lamp.set_state(output.on_off("a line is on or off")?.into())?)
    }
}

eg_hal::register!(Fused);

/// A slot's device with this driver: the button is active low, the lamp too.
pub(super) const FUSED: &str = "
driver: test-fused
config: { button: GPIO5, lamp: GPIO18, fuse: GPIO27 }
inputs: { a: { channel: 0, active: low } }
outputs: { lamp: { channel: 0, active: low, safe_after: 10s } }
";

pub(super) fn panicking() -> String {
    FUSED.replace("fuse: GPIO27 }", "fuse: GPIO27, panics: true }")
}

//! {{Type}}: contacts and lamps on GPIO lines. Replace them with your board.

use eg_hal::prelude::*;
use eg_hal::sim::Switches;

/// `config:` of a `{{name}}`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Lines of the contacts: input channel n is the n-th.
    inputs: Vec<LineName>,
    /// Lines of the lamps: output channel n is the n-th.
    outputs: Vec<LineName>,
}

/// An opened {{name}}.
pub struct {{Type}} {
    inputs: Vec<InputLine>,
    outputs: Vec<OutputLine>,
}

impl Driver for {{Type}} {
    const KIND: &'static str = "{{name}}";
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { inputs, outputs } = config;
        if inputs.is_empty() && outputs.is_empty() {
            return Err(OpenError::setting("inputs", "name at least one line, here or in outputs"));
        }
        let inputs = inputs.iter().map(|line| board.input(line, Pull::Up));
        let inputs = inputs.collect::<Result<_, _>>()?;
        // The board gives each line its safe level before it drives it.
        let outputs = (0..).zip(&outputs).map(|(channel, line)| board.output(line, channel));
        Ok(Self { inputs, outputs: outputs.collect::<Result<_, _>>()? })
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        Box::new(Switches::new(config.inputs.iter().map(|line| bench.wire(line))))
    }
}

impl Device for {{Type}} {
    fn wake(&self) -> Wake {
        Wake::OnEdge
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        for (channel, line) in (0..).zip(&mut self.inputs) {
            readings.line(channel, line)?;
        }
        Ok(())
    }

    fn write(&mut self, output: Output) -> Result<(), DeviceError> {
        let line = output.select(&mut self.outputs)?;
        let on = output.on_off("a lamp is on or off")?;
        Ok(line.set_state(on.into())?)
    }

    fn channels(&self) -> Channels {
        Channels::of(self.inputs.len(), self.outputs.len())
    }
}

eg_hal::register!({{Type}});

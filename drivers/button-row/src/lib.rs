//! Push buttons, reeds, tilt switches and LEDs wired straight to GPIO lines.

use eg_hal::prelude::*;
use eg_hal::sim::Switches;

/// `config:` of a `button-row`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The lines of the contacts: input channel n is the n-th.
    inputs: Vec<LineName>,
    /// The lines of the LEDs: output channel n is the n-th.
    outputs: Vec<LineName>,
    /// The resistor that holds every input while its contact is open.
    pull: Pull,
    /// The kernel passes over levels that stand for less than this, presses too: for contacts that storm. The agent's
    /// own debouncing, at each input, loses none.
    debounce: Option<Span>,
    /// Drive of every output: the levels that it makes by itself.
    drive: Drive,
}

/// An opened row.
pub struct ButtonRow {
    inputs: Vec<InputLine>,
    outputs: Vec<OutputLine>,
}

impl Driver for ButtonRow {
    const KIND: &'static str = "button-row";
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { inputs, outputs, pull, debounce, drive } = config;
        if inputs.is_empty() && outputs.is_empty() {
            return Err(OpenError::setting("inputs", "name at least one line, here or in outputs"));
        }
        let want = InputConfig { pull, debounce: debounce.map(Span::get) };
        let inputs = inputs.iter().map(|line| board.input(line, want)).collect::<Result<_, _>>()?;
        let outputs = (0..).zip(&outputs).map(|(n, line)| board.output_driven(line, n, drive));
        Ok(Self { inputs, outputs: outputs.collect::<Result<_, _>>()? })
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        Box::new(Switches::new(config.inputs.iter().map(|line| bench.wire(line))))
    }
}

impl Device for ButtonRow {
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
        if let (Set::Level(level), true) = (&output.set, line.has_pwm()) {
            let duty = level * f64::from(line.max_duty_cycle());
            return Ok(line.set_duty_cycle(duty.round() as u16)?);
        }
        let can = "this line is on or off; GPIO12, 13, 18 and 19 have levels under hal: rppal";
        Ok(line.set_state(output.on_off(can)?.into())?)
    }

    fn channels(&self) -> Channels {
        Channels::of(self.inputs.len(), self.outputs.len())
    }
}

eg_hal::register!(ButtonRow);

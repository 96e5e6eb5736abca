//! Relays, magnetic locks and solenoids on GPIO lines.

mod interlock;
mod model;

use eg_hal::prelude::*;
use embedded_hal::digital::PinState;
use interlock::Interlock;
use model::Coils;

/// `config:` of a `relay`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The lines of the coils: output channel n is the n-th.
    outputs: Vec<LineName>,
    /// The level that switches a coil on. It stands here and not at the outputs, because the interlock needs it.
    #[serde(default)]
    active: Active,
    /// Groups of output channels of which one at most is ever on.
    #[serde(default)]
    interlock: Vec<Vec<Channel>>,
}

/// The level at which a coil is on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Active {
    /// On while the line is high: a transistor or a driver chip to ground.
    #[default]
    High,
    /// On while the line is low: most relay boards with optocouplers.
    Low,
}

impl Active {
    fn level(self, on: bool) -> bool {
        on == (self == Self::High)
    }
}

/// Opened relays.
pub struct Relay {
    lines: Vec<OutputLine>,
    active: Active,
    interlock: Interlock,
}

impl Driver for Relay {
    const KIND: &'static str = "relay";
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { outputs, active, interlock } = config;
        let interlock = Interlock::new(interlock);
        let mut wrong = interlock.check(outputs.len());
        if outputs.is_empty() {
            wrong.push("outputs", "name at least one line");
        }
        if let Some(channel) = interlock.members().find(|channel| board.safe_level(*channel)) {
            let problem = format!(
                "output {channel} is on in its safe state, and would keep the others off; if its relay is on at low, say \
                 active: low in config: and not at the output"
            );
            wrong.push("interlock", problem);
        }
        board.refuse(wrong)?;
        let lines = (0..)
            .zip(&outputs)
            .map(|(channel, line)| board.output_at(line, active.level(board.safe_level(channel))));
        Ok(Self { lines: lines.collect::<Result<_, _>>()?, active, interlock })
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        let wires = config.outputs.iter().map(|line| bench.wire(line)).collect();
        Box::new(Coils::new(wires, config.active == Active::Low))
    }
}

impl Relay {
    fn is_on(&mut self, channel: Channel) -> Result<bool, DeviceError> {
        let Some(line) = self.lines.get_mut(usize::from(channel)) else { return Ok(false) };
        Ok(self.active.level(line.is_set_high()?))
    }
}

impl Device for Relay {
    fn wake(&self) -> Wake {
        // There is nothing to read, and no line that could say so.
        Wake::OnEdge
    }

    fn read(&mut self, _: &mut Readings) -> Result<(), DeviceError> {
        Ok(())
    }

    fn write(&mut self, output: Output) -> Result<(), DeviceError> {
        let on = output.on_off("a relay is on or off")?;
        if on {
            for rival in self.interlock.rivals(output.channel) {
                if self.is_on(rival)? {
                    return Err(output.unsupported(
                        "another output of its interlock is on; that one first has to be off",
                    ));
                }
            }
        }
        let line = output.select(&mut self.lines)?;
        Ok(line.set_state(PinState::from(self.active.level(on)))?)
    }

    fn channels(&self) -> Channels {
        Channels::of(0, self.lines.len())
    }
}

eg_hal::register!(Relay);

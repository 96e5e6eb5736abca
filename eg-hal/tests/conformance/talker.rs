//! A tag reader on a serial port, by a driver with one flaw: the number of the promise that it breaks, 0 for none.

use eg_hal::prelude::*;
use eg_hal::sim::Pipe;

/// A config that every flaw can be seen with.
pub(crate) const TALKER: &str = "port: /dev/ttyUSB0";

const KINDS: [&str; 20] = [
    "talker-0",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "talker-10",
    "",
    "",
    "",
    "",
    "",
    "",
    "talker-17",
    "",
    "talker-19",
];

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Port that it is plugged into.
    port: PortName,
}

pub(crate) struct Talker<const FLAW: usize> {
    port: SerialPort,
    line: Vec<u8>,
}

impl<const FLAW: usize> Driver for Talker<FLAW> {
    const KIND: &'static str = KINDS[FLAW];
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        Ok(Self { port: board.serial(&config.port, 9600)?, line: Vec::new() })
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        Box::new(Far(bench.pipe(&config.port)))
    }
}

impl<const FLAW: usize> Device for Talker<FLAW> {
    fn wake(&self) -> Wake {
        Wake::OnEdge
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        let mut byte = [0];
        loop {
            let count = match self.port.read(&mut byte) {
                Err(_) if FLAW == 17 => 0,
                other => other?,
            };
            if count == 0 {
                return Ok(());
            }
            if byte[0] != b'\n' {
                self.line.truncate(32);
                self.line.push(byte[0]);
                continue;
            }
            let line = std::mem::take(&mut self.line);
            match String::from_utf8(line) {
                Ok(tag) if FLAW == 10 => readings.push(0, Reading::Tag(tag.to_lowercase())),
                Ok(tag) => readings.push(0, Reading::Tag(tag.to_uppercase())),
                Err(error) if FLAW == 19 => panic!("{error}"),
                Err(_) => {}
            }
        }
    }

    fn channels(&self) -> Channels {
        Channels::of(1, 0)
    }
}

struct Far(Pipe);

impl Model for Far {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        match (channel, poke) {
            (0, Poke::Tag(tag)) => self.0.send(format!("{tag}\n").as_bytes()),
            (0, Poke::TagAway) => {}
            (_, _) => {
                let takes = "it reads tags on channel 0".to_owned();
                return Err(PokeError { channel, poke: poke.clone(), takes });
            }
        }
        Ok(())
    }
}

eg_hal::register!(Talker<0>);
eg_hal::register!(Talker<10>);
eg_hal::register!(Talker<17>);
eg_hal::register!(Talker<19>);

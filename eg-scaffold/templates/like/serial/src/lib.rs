//! {{Type}} on a serial port: a line of hexadecimal digits for each tag. Replace its frames with those of your board.

mod model;

use eg_hal::prelude::*;
use model::Reader;
use std::time::Duration;

/// Bytes of a line at most: more without an end is noise.
const LONGEST: usize = 64;
/// Time for which a tag that the reader repeats is still the same one.
const QUIET: Duration = Duration::from_secs(1);

/// `config:` of a `{{name}}`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Serial port, e.g. `/dev/ttyUSB0`, or better a name that stays: `/dev/serial/by-id/…`.
    port: PortName,
    /// Bits a second, 8N1.
    #[serde(default = "usual_baud")]
    baud: u32,
}

fn usual_baud() -> u32 {
    9600
}

/// An opened {{name}}.
pub struct {{Type}} {
    port: SerialPort,
    /// Bytes of the line that is under way.
    line: Vec<u8>,
}

impl Driver for {{Type}} {
    const KIND: &'static str = "{{name}}";
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { port, baud } = config;
        Ok(Self { port: board.serial(&port, baud)?, line: Vec::new() })
    }

    /// Names how the reader tells tags: it repeats one that lies there, and does not say when it leaves.
    fn input(_: &Config, _: Channel) -> InputTraits {
        InputTraits::scanner(QUIET)
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        Box::new(Reader::new(bench.pipe(&config.port)))
    }
}

impl {{Type}} {
    /// Takes a byte. A line that is no tag is counted and shown, and not told.
    fn push(&mut self, byte: u8, readings: &mut Readings) {
        if !matches!(byte, b'\r' | b'\n') {
            self.line.push(byte);
            if self.line.len() > LONGEST {
                readings.noise("no end came", &std::mem::take(&mut self.line));
            }
            return;
        }
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            return;
        }
        match str::from_utf8(&line) {
            Ok(tag) if tag.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                readings.push(0, Reading::Tag(tag.to_ascii_uppercase()));
            }
            Ok(_) | Err(_) => readings.noise("no hexadecimal digits", &line),
        }
    }
}

impl Device for {{Type}} {
    fn wake(&self) -> Wake {
        Wake::OnEdge
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        let mut bytes = [0; 256];
        loop {
            let count = self.port.read(&mut bytes)?;
            if count == 0 {
                return Ok(());
            }
            for byte in &bytes[..count] {
                self.push(*byte, readings);
            }
        }
    }

    fn channels(&self) -> Channels {
        Channels { inputs: 1, outputs: 0 }
    }
}

eg_hal::register!({{Type}});

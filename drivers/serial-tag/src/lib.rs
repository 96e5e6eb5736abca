//! Serial readers that send a tag's number as a line of hexadecimal digits.

mod line;
mod model;

use eg_hal::Moment;
use eg_hal::prelude::*;
use line::TagLine;
use model::Reader;

/// `config:` of a `serial-tag`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The port, e.g. `/dev/ttyUSB0`, or better a name that stays: `/dev/serial/by-id/…`.
    port: PortName,
    /// Bits per second, 8N1.
    #[serde(default = "usual_baud")]
    baud: u32,
    /// A tag that the reader repeats is reported again only after it was not heard for so long. `0s` reports each time.
    #[serde(default = "usual_quiet")]
    quiet: Span,
}

fn usual_baud() -> u32 {
    9600
}

fn usual_quiet() -> Span {
    Span::from_secs(1)
}

/// An opened reader.
pub struct SerialTag {
    port: SerialPort,
    line: TagLine,
    quiet: Span,
    heard: Option<(String, Moment)>,
}

impl Driver for SerialTag {
    const KIND: &'static str = "serial-tag";
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { port, baud, quiet } = config;
        let port = board.serial(&port, baud)?;
        Ok(Self { port, line: TagLine::default(), quiet, heard: None })
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        Box::new(Reader::new(bench.pipe(&config.port)))
    }
}

impl Device for SerialTag {
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
            for tag in bytes[..count].iter().filter_map(|byte| self.line.push(*byte)) {
                let now = readings.now();
                let resting = self.heard.as_ref().is_some_and(|(known, heard)| {
                    *known == tag && now.since(*heard) < self.quiet.get()
                });
                if !resting {
                    readings.push(0, Reading::Tag(tag.clone()));
                }
                self.heard = Some((tag, now));
            }
        }
    }

    fn channels(&self) -> Channels {
        Channels::of(1, 0)
    }
}

eg_hal::register!(SerialTag);

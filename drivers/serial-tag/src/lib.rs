//! RFID readers and barcode scanners on a serial port, which send each code as text.

mod model;

use eg_hal::prelude::*;
use eg_hal::scan::{Gives, Scan, Settings, Unusable};
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
    /// A tag that the reader repeats is told again only after it was not heard for so long. `0s` tells each time.
    #[serde(default = "usual_quiet")]
    quiet: Span,
    /// Kind of codes, and the end of each: tags that end with a line, unless this says otherwise.
    #[serde(default)]
    code: Settings,
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
    scan: Scan,
}

impl Driver for SerialTag {
    const KIND: &'static str = "serial-tag";
    const ATTACHMENTS: &'static [Attachment] = &[Attachment::serial("a reader of tags or codes")];
    const READS_TAGS: bool = true;
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { port, baud, code, .. } = config;
        let scan = Scan::new(code)?;
        Ok(Self { port: board.serial(&port, baud)?, scan })
    }

    fn input(config: &Config, _: Channel) -> InputTraits {
        match config.code.gives {
            Gives::Tag => InputTraits::scanner(config.quiet.get()),
            Gives::Line | Gives::Key => InputTraits::CLEAN,
        }
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        Box::new(Reader::new(bench.pipe(&config.port), config.code.clone()))
    }
}

impl Device for SerialTag {
    fn wake(&self) -> Wake {
        self.scan.patience().map_or(Wake::OnEdge, Wake::EdgeOrEvery)
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        let now = readings.now();
        let mut bytes = [0; 256];
        loop {
            let count = self.port.read(&mut bytes)?;
            for found in bytes[..count].iter().flat_map(|byte| self.scan.push(*byte, now)) {
                tell(found, readings);
            }
            if count == 0 {
                break;
            }
        }
        if let Some(found) = self.scan.rest(now) {
            tell(found, readings);
        }
        Ok(())
    }

    fn channels(&self) -> Channels {
        Channels::of(1, 0)
    }
}

fn tell(found: Result<Reading, Unusable>, readings: &mut Readings) {
    match found {
        Ok(reading) => readings.push(0, reading),
        Err(Unusable { why, bytes }) => readings.noise(&why, &bytes),
    }
}

eg_hal::register!(SerialTag);

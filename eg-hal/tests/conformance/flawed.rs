//! Two buttons, two lamps and a chip, by a driver with one flaw: the number of the promise that it breaks, 0 for none.

use eg_hal::prelude::*;
use eg_hal::sim::{I2cChip, Nack, Switches};
use schemars::{Schema, SchemaGenerator};
use serde::Deserializer;
use std::borrow::Cow;
use std::mem::forget;
use std::time::Duration;

/// A config that every flaw can be seen with.
pub(crate) const FLAWED: &str =
    "{ inputs: [GPIO5, GPIO6], outputs: [GPIO18, GPIO19], bus: i2c-1, address: 32 }";

/// The names of the flaws.
const KINDS: [&str; 23] = [
    "flawed-0",
    "flawed-1",
    "flawed-2",
    "flawed-3",
    "flawed-4",
    "flawed-5",
    "flawed-6",
    "flawed-7",
    "flawed-8",
    "flawed-9",
    "flawed-10",
    "flawed-11",
    "flawed-12",
    "flawed-13",
    "flawed-14",
    "flawed-15",
    "flawed-16",
    "flawed-17",
    "flawed-18",
    "flawed-19",
    "flawed-20",
    "flawed-21",
    "flawed-22",
];

/// Answers that its chip may give.
const WORDS: [&str; 3] = ["cold", "warm", "hot"];

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Closed {
    /// Lines of the buttons.
    #[serde(default)]
    inputs: Vec<LineName>,
    /// Lines of the lamps.
    #[serde(default)]
    outputs: Vec<LineName>,
    /// Bus of the chip.
    bus: Option<BusName>,
    /// And at which address.
    address: Option<u8>,
}

#[derive(Deserialize)]
struct Open {
    inputs: Vec<LineName>,
    outputs: Vec<LineName>,
    bus: Option<BusName>,
    address: Option<u8>,
}

pub(crate) struct Config<const FLAW: usize>(Closed);

impl<'de, const FLAW: usize> Deserialize<'de> for Config<FLAW> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        if FLAW == 3 {
            let Open { inputs, outputs, bus, address } = Open::deserialize(from)?;
            return Ok(Self(Closed { inputs, outputs, bus, address }));
        }
        Closed::deserialize(from).map(Self)
    }
}

impl<const FLAW: usize> JsonSchema for Config<FLAW> {
    fn schema_name() -> Cow<'static, str> {
        KINDS[FLAW].into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        if FLAW == 4 { true.into() } else { Closed::json_schema(generator) }
    }
}

pub(crate) struct Flawed<const FLAW: usize> {
    inputs: Vec<InputLine>,
    outputs: Vec<OutputLine>,
    chip: Option<(I2cBus, u8)>,
    fresh: bool,
}

impl<const FLAW: usize> Driver for Flawed<FLAW> {
    const KIND: &'static str = KINDS[FLAW];
    type Config = Config<FLAW>;

    fn open(config: Self::Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Closed { inputs: names, outputs: lamps, bus, address } = config.0;
        let mut inputs = Vec::new();
        for name in &names {
            match board.input(name, Pull::Up) {
                Ok(line) => inputs.push(line),
                Err(error) => {
                    if FLAW == 2 {
                        forget(inputs);
                    }
                    return Err(error.into());
                }
            }
        }
        let mut outputs = Vec::new();
        for (channel, name) in (0..).zip(&lamps) {
            let mut line = board.output(name, channel)?;
            if FLAW == 20 {
                line.set_low().map_err(DeviceError::from)?;
            }
            outputs.push(line);
        }
        let chip = bus.zip(address);
        let chip = chip.map(|(bus, at)| board.i2c(&bus, at).map(|bus| (bus, at))).transpose()?;
        Ok(Self { inputs, outputs, chip, fresh: true })
    }

    fn model(config: &Self::Config, bench: &Bench) -> Box<dyn Model> {
        if let (Some(bus), Some(address)) = (&config.0.bus, config.0.address) {
            bench.attach_i2c(bus, address, Thermometer);
        }
        let all = if FLAW == 6 { 1 } else { config.0.inputs.len() };
        Box::new(Switches::new(config.0.inputs[..all].iter().map(|line| bench.wire(line))))
    }
}

impl<const FLAW: usize> Flawed<FLAW> {
    fn line(
        channel: Channel,
        line: &mut InputLine,
        readings: &mut Readings,
    ) -> Result<(), DeviceError> {
        if FLAW == 0 {
            return Ok(readings.line(channel, line)?);
        }
        let mut edges = Vec::new();
        while let Some(edge) = line.next_edge()? {
            edges.push(edge);
        }
        for edge in &edges {
            match FLAW {
                10 => readings.edge(channel, eg_hal::Edge { high: !edge.high, ..*edge }),
                11 if edges.len() == 1 && !edge.high => {}
                12 => readings.level(channel, edge.high),
                _ => readings.edge(channel, *edge),
            }
        }
        let lost = line.take_lost();
        if lost > 0 && FLAW != 13 {
            readings.push(channel, Reading::Lost(lost));
        }
        match line.resync()? {
            Some(_) if FLAW == 9 => {}
            Some(high) => readings.level(channel, high != (FLAW == 10)),
            None => {}
        }
        Ok(())
    }

    fn read_all(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        for (channel, line) in (0..).zip(&mut self.inputs) {
            match Self::line(channel, line, readings) {
                Err(DeviceError::Line(_)) if FLAW == 17 => {}
                other => other?,
            }
        }
        if FLAW == 8 && self.fresh {
            readings.push(0, Reading::Key("7".to_owned()));
        }
        self.fresh = false;
        let Some((bus, address)) = &mut self.chip else { return Ok(()) };
        let mut told = [0];
        match bus.write_read(*address, &[0], &mut told) {
            Err(_) if FLAW == 16 => {}
            other => other?,
        }
        if FLAW == 19 {
            let _word = WORDS[usize::from(told[0])];
        }
        Ok(())
    }
}

impl<const FLAW: usize> Device for Flawed<FLAW> {
    fn wake(&self) -> Wake {
        match FLAW {
            14 => Wake::Every(Duration::from_secs(5)),
            15 => Wake::Every(Duration::from_micros(10)),
            _ => Wake::OnEdge,
        }
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        let done = self.read_all(readings);
        if done.is_err() && FLAW == 18 {
            forget(self.inputs.pop());
        }
        done
    }

    fn write(&mut self, output: Output) -> Result<(), DeviceError> {
        match (self.outputs.get_mut(usize::from(output.channel)), &output.set) {
            (Some(_), Set::On | Set::Off) if FLAW == 22 => Ok(()),
            (Some(line), Set::On) => Ok(line.set_high()?),
            (Some(line), Set::Off) => Ok(line.set_low()?),
            (None, _) if FLAW == 21 => Ok(()),
            (_, _) => Err(DeviceError::Unsupported { output, can: "two lamps, on and off" }),
        }
    }

    fn channels(&self) -> Channels {
        Channels::of(self.inputs.len() - usize::from(FLAW == 7), self.outputs.len())
    }
}

impl<const FLAW: usize> Drop for Flawed<FLAW> {
    fn drop(&mut self) {
        if FLAW == 1 {
            forget(self.inputs.pop());
        }
    }
}

/// A chip that is always warm.
struct Thermometer;

impl I2cChip for Thermometer {
    fn write(&mut self, _: &[u8]) -> Result<(), Nack> {
        Ok(())
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Nack> {
        bytes.fill(1);
        Ok(())
    }
}

eg_hal::register!(Flawed<0>);
eg_hal::register!(Flawed<1>);
eg_hal::register!(Flawed<2>);
eg_hal::register!(Flawed<3>);
eg_hal::register!(Flawed<4>);
eg_hal::register!(Flawed<6>);
eg_hal::register!(Flawed<7>);
eg_hal::register!(Flawed<8>);
eg_hal::register!(Flawed<9>);
eg_hal::register!(Flawed<10>);
eg_hal::register!(Flawed<11>);
eg_hal::register!(Flawed<12>);
eg_hal::register!(Flawed<13>);
eg_hal::register!(Flawed<14>);
eg_hal::register!(Flawed<15>);
eg_hal::register!(Flawed<16>);
eg_hal::register!(Flawed<17>);
eg_hal::register!(Flawed<18>);
eg_hal::register!(Flawed<19>);
eg_hal::register!(Flawed<20>);
eg_hal::register!(Flawed<21>);
eg_hal::register!(Flawed<22>);

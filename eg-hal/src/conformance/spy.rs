//! A backend that notes what a driver asks for and does, refuses on demand, and lets the hardware fail.

use super::noise::Noise;
use crate::backend::{Backend, I2cPort, InputPort, KeyPort, OutputPort, SerialPipe, SpiPort};
use crate::sim::Bench;
use crate::{
    BoardError, BusName, Delay, InputConfig, LineName, Moment, OutputConfig, PortName, SpiConfig,
    SpiName,
};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Calls to the hardware after which one call of a driver is taken to be without end.
const ENDLESS: u64 = 50_000;

/// Failure of the hardware.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// Not at all.
    None,
    /// No chip acknowledges, from so many transfers on.
    Silent { after: u64 },
    /// Every line fails.
    Lines,
    /// Reads from a bus give noise of this kind.
    Noise,
}

/// Log of what a driver asked for and did so far.
pub(super) struct Log {
    pub(super) asked: usize,
    pub(super) inputs: Vec<LineName>,
    pub(super) outputs: Vec<LineName>,
    pub(super) pipes: Vec<PortName>,
    pub(super) keyboards: Vec<PortName>,
    pub(super) i2c: usize,
    /// Transfers on I2C and SPI, and writes to serial ports.
    pub(super) transfers: u64,
    /// Calls to lines that were cut.
    pub(super) cut: u64,
    pub(super) refuse: Option<usize>,
    pub(super) fault: Failure,
    pub(super) noise: Noise,
    /// Frames written to chips since the note began, each one once.
    pub(super) written: Option<BTreeSet<Frame>>,
    /// Called after each transfer.
    pub(super) after: Option<Box<dyn FnMut() + Send>>,
    calls: u64,
}

/// Destination of bytes, and the bytes.
pub(super) type Frame = (String, Vec<u8>);

/// Keeper of the log. Clones keep the same one.
#[derive(Clone)]
pub(super) struct Notes(Arc<Mutex<Log>>);

impl Notes {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Log {
            asked: 0,
            inputs: Vec::new(),
            outputs: Vec::new(),
            pipes: Vec::new(),
            keyboards: Vec::new(),
            i2c: 0,
            transfers: 0,
            cut: 0,
            refuse: None,
            fault: Failure::None,
            noise: Noise::new(0),
            written: None,
            after: None,
            calls: 0,
        })))
    }

    pub(super) fn log(&self) -> MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A call of the driver begins: it may touch the hardware so and so often.
    pub(super) fn begin_call(&self) {
        self.log().calls = 0;
    }

    /// The driver touches the hardware.
    ///
    /// # Panics
    /// When it does so without end, to get out of it.
    pub(super) fn touch(&self) -> MutexGuard<'_, Log> {
        let mut log = self.log();
        log.calls += 1;
        if log.calls > ENDLESS {
            drop(log);
            panic!("it went to the hardware {ENDLESS} times in one call and did not return");
        }
        log
    }

    /// The driver wrote this to a chip.
    pub(super) fn wrote(&self, chip: impl FnOnce() -> String, bytes: &[u8]) {
        if let Some(written) = &mut self.log().written {
            written.insert((chip(), bytes.to_vec()));
        }
    }

    /// A transfer ended: whoever watches the chip looks at it.
    pub(super) fn transferred(&self) {
        let after = self.log().after.take();
        if let Some(mut after) = after {
            after();
            self.log().after = Some(after);
        }
    }

    fn ask(&self, what: String) -> Result<MutexGuard<'_, Log>, BoardError> {
        let mut log = self.touch();
        log.asked += 1;
        if log.refuse == Some(log.asked - 1) {
            return Err(BoardError::Refused { what, cause: "the conformance kit said no".into() });
        }
        Ok(log)
    }
}

/// The bench, seen through the notes.
pub(super) struct Spy {
    pub(super) bench: Bench,
    pub(super) notes: Notes,
}

impl Spy {
    fn port<P>(&self, port: P) -> super::spied::Spied<P> {
        super::spied::Spied { port, notes: self.notes.clone() }
    }
}

impl Backend for Spy {
    fn name(&self) -> &'static str {
        self.bench.name()
    }

    fn simulated(&self) -> bool {
        true
    }

    fn now(&self) -> Moment {
        self.bench.now()
    }

    fn delay(&self) -> Delay {
        self.bench.delay()
    }

    fn input(
        &self,
        line: &LineName,
        config: InputConfig,
        consumer: &str,
    ) -> Result<Box<dyn InputPort>, BoardError> {
        self.notes.ask(format!("line {line}"))?.inputs.push(line.clone());
        Ok(Box::new(self.port(self.bench.input(line, config, consumer)?)))
    }

    fn output(
        &self,
        line: &LineName,
        config: OutputConfig,
        consumer: &str,
    ) -> Result<Box<dyn OutputPort>, BoardError> {
        self.notes.ask(format!("line {line}"))?.outputs.push(line.clone());
        Ok(Box::new(self.port(self.bench.output(line, config, consumer)?)))
    }

    fn i2c(&self, bus: &BusName) -> Result<Box<dyn I2cPort>, BoardError> {
        self.notes.ask(format!("I2C bus {bus}"))?.i2c += 1;
        Ok(Box::new(self.port((bus.clone(), self.bench.i2c(bus)?))))
    }

    fn spi(&self, select: &SpiName, config: SpiConfig) -> Result<Box<dyn SpiPort>, BoardError> {
        drop(self.notes.ask(format!("chip select {select}"))?);
        Ok(Box::new(self.port((select.clone(), self.bench.spi(select, config)?))))
    }

    fn spi_bus(&self, select: &SpiName, config: SpiConfig) -> Result<Box<dyn SpiPort>, BoardError> {
        drop(self.notes.ask(format!("chip select {select}"))?);
        Ok(Box::new(self.port((select.clone(), self.bench.spi_bus(select, config)?))))
    }

    fn serial(&self, port: &PortName, baud: u32) -> Result<Box<dyn SerialPipe>, BoardError> {
        self.notes.ask(format!("port {port}"))?.pipes.push(port.clone());
        Ok(Box::new(self.port(self.bench.serial(port, baud)?)))
    }

    fn keys(&self, keyboard: &PortName, grab: bool) -> Result<Box<dyn KeyPort>, BoardError> {
        self.notes.ask(format!("keyboard {keyboard}"))?.keyboards.push(keyboard.clone());
        Ok(Box::new(self.port(self.bench.keys(keyboard, grab)?)))
    }
}

//! A backend that notes what a driver asks for and does, refuses on demand, and lets the hardware fail.

use super::notes::Notes;
use super::spied::Spied;
use crate::backend::{Backend, I2cPort, InputPort, KeyPort, OutputPort, SerialPipe, SpiPort};
use crate::sim::Bench;
use crate::{
    BoardError, BusName, Delay, InputConfig, LineName, Moment, OutputConfig, PortName, SpiConfig,
    SpiName,
};

/// The bench, seen through the notes.
pub(super) struct Spy {
    pub(super) bench: Bench,
    pub(super) notes: Notes,
}

impl Spy {
    fn port<P>(&self, port: P) -> Spied<P> {
        Spied { port, notes: self.notes.clone() }
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

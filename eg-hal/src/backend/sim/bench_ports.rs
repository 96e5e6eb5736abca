//! The bench as a backend: the ports that drivers open on it.

use super::Bench;
use super::bus::{SimI2c, SimSpi};
use crate::backend::{Backend, I2cPort, InputPort, KeyPort, OutputPort, SerialPipe, SpiPort};
use crate::{
    BoardError, BusName, Delay, InputConfig, LineName, Moment, OutputConfig, PortName, SpiConfig,
    SpiName,
};

impl Backend for Bench {
    fn name(&self) -> &'static str {
        "sim"
    }

    fn simulated(&self) -> bool {
        true
    }

    fn now(&self) -> Moment {
        Self::now(self)
    }

    fn delay(&self) -> Delay {
        Delay::on(self.time())
    }

    fn input(
        &self,
        line: &LineName,
        config: InputConfig,
        consumer: &str,
    ) -> Result<Box<dyn InputPort>, BoardError> {
        Ok(Box::new(self.line(line)?.open_input(config.pull, consumer)?))
    }

    fn output(
        &self,
        line: &LineName,
        config: OutputConfig,
        consumer: &str,
    ) -> Result<Box<dyn OutputPort>, BoardError> {
        Ok(Box::new(self.line(line)?.open_output(config.high, consumer)?))
    }

    fn i2c(&self, bus: &BusName) -> Result<Box<dyn I2cPort>, BoardError> {
        Ok(Box::new(SimI2c { bench: self.clone(), name: bus.clone() }))
    }

    fn spi(&self, select: &SpiName, config: SpiConfig) -> Result<Box<dyn SpiPort>, BoardError> {
        Ok(Box::new(SimSpi::new(self.clone(), select.clone(), config.max_hz, true)))
    }

    fn spi_bus(&self, select: &SpiName, config: SpiConfig) -> Result<Box<dyn SpiPort>, BoardError> {
        Ok(Box::new(SimSpi::new(self.clone(), select.clone(), config.max_hz, false)))
    }

    fn serial(&self, port: &PortName, _: u32) -> Result<Box<dyn SerialPipe>, BoardError> {
        Ok(Box::new(self.pipe(port).open()?))
    }

    fn keys(&self, keyboard: &PortName, _: bool) -> Result<Box<dyn KeyPort>, BoardError> {
        Ok(Box::new(self.keyboard(keyboard).open()?))
    }
}

//! The ports that the spy hands out: those of the bench, noted, and failing when told to.

use super::notes::{Failure, Notes};
use crate::backend::{I2cPort, InputPort, KeyPort, OutputPort, SerialPipe, SpiPort};
use crate::{
    BusError, BusName, Edge, KeyEdge, KeyError, LineError, SerialError, SpiError, SpiName,
};
use embedded_hal::{i2c, spi};
use std::os::fd::BorrowedFd;

/// A port and where its use is noted.
pub(super) struct Spied<P> {
    pub(super) port: P,
    pub(super) notes: Notes,
}

impl<P> Spied<P> {
    fn line(&self) -> Result<(), LineError> {
        let mut log = self.notes.touch();
        if log.fault == Failure::Lines {
            log.cut += 1;
            let cause = "the conformance kit cut it".to_owned();
            return Err(LineError { line: "under test".to_owned(), cause });
        }
        Ok(())
    }
}

impl InputPort for Spied<Box<dyn InputPort>> {
    fn level(&mut self) -> Result<bool, LineError> {
        self.line()?;
        self.port.level()
    }

    fn next_edge(&mut self) -> Result<Option<Edge>, LineError> {
        self.line()?;
        self.port.next_edge()
    }

    fn fd(&self) -> Option<BorrowedFd<'_>> {
        self.port.fd()
    }
}

impl OutputPort for Spied<Box<dyn OutputPort>> {
    fn drive(&mut self, high: bool) -> Result<(), LineError> {
        self.line()?;
        self.port.drive(high)
    }

    fn has_pwm(&self) -> bool {
        self.port.has_pwm()
    }

    fn set_duty(&mut self, duty: u16) -> Result<(), LineError> {
        self.line()?;
        self.port.set_duty(duty)
    }
}

impl I2cPort for Spied<(BusName, Box<dyn I2cPort>)> {
    fn transaction(&mut self, address: u8, ops: &mut [i2c::Operation<'_>]) -> Result<(), BusError> {
        let mut log = self.notes.touch();
        log.transfers += 1;
        if let Failure::Silent { after } = log.fault
            && log.transfers > after
        {
            let kind = i2c::ErrorKind::NoAcknowledge(i2c::NoAcknowledgeSource::Address);
            let bus = self.port.0.to_string();
            return Err(BusError { bus, address, kind, claimed: None });
        }
        drop(log);
        self.note(address, ops);
        self.port.1.transaction(address, ops)?;
        let mut log = self.notes.log();
        if log.fault == Failure::Noise {
            for operation in ops {
                if let i2c::Operation::Read(bytes) = operation {
                    log.noise.fill(bytes);
                }
            }
        }
        drop(log);
        self.notes.transferred();
        Ok(())
    }
}

impl Spied<(BusName, Box<dyn I2cPort>)> {
    /// A register's address alone, before a read, is no frame: a setting has two bytes at least.
    fn note(&self, address: u8, ops: &[i2c::Operation<'_>]) {
        let parts = ops.iter().filter_map(|operation| match operation {
            i2c::Operation::Write(bytes) => Some(*bytes),
            i2c::Operation::Read(_) => None,
        });
        let bytes: Vec<u8> = parts.flatten().copied().collect();
        if bytes.len() > 1 {
            self.notes.wrote(|| format!("{} {address:#04x}", self.port.0), &bytes);
        }
    }
}

impl SpiPort for Spied<(SpiName, Box<dyn SpiPort>)> {
    fn transaction(&mut self, operations: &mut [spi::Operation<'_, u8>]) -> Result<(), SpiError> {
        use spi::Operation::{DelayNs, Read, Transfer, TransferInPlace, Write};
        self.notes.touch().transfers += 1;
        let writes =
            |operation: &spi::Operation<'_, u8>| matches!(operation, Write(_) | DelayNs(_));
        if operations.iter().all(writes) {
            let parts = operations.iter().filter_map(|operation| match operation {
                Write(bytes) => Some(*bytes),
                Read(_) | Transfer(..) | TransferInPlace(_) | DelayNs(_) => None,
            });
            let bytes: Vec<u8> = parts.flatten().copied().collect();
            self.notes.wrote(|| self.port.0.to_string(), &bytes);
        }
        self.port.1.transaction(operations)?;
        let mut log = self.notes.log();
        if log.fault == Failure::Noise {
            for operation in operations {
                match operation {
                    Read(bytes) | Transfer(bytes, _) | TransferInPlace(bytes) => {
                        log.noise.fill(bytes);
                    }
                    Write(_) | DelayNs(_) => {}
                }
            }
        }
        drop(log);
        self.notes.transferred();
        Ok(())
    }
}

impl SerialPipe for Spied<Box<dyn SerialPipe>> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, SerialError> {
        drop(self.notes.touch());
        self.port.read(buffer)
    }

    fn write_all(&mut self, bytes: &[u8]) -> Result<(), SerialError> {
        self.notes.touch().transfers += 1;
        self.port.write_all(bytes)?;
        self.notes.transferred();
        Ok(())
    }

    fn fd(&self) -> Option<BorrowedFd<'_>> {
        self.port.fd()
    }
}

impl KeyPort for Spied<Box<dyn KeyPort>> {
    fn next_key(&mut self) -> Result<Option<KeyEdge>, KeyError> {
        drop(self.notes.touch());
        self.port.next_key()
    }

    fn is_down(&mut self, code: u16) -> Result<bool, KeyError> {
        drop(self.notes.touch());
        self.port.is_down(code)
    }

    fn take_lost(&mut self) -> u64 {
        self.port.take_lost()
    }

    fn fd(&self) -> Option<BorrowedFd<'_>> {
        self.port.fd()
    }
}

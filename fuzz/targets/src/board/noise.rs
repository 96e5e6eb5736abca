//! A backend whose every wire tells the bytes of an input, one after the other and over again.

use eg_hal::backend::{Backend, I2cPort, InputPort, KeyPort, OutputPort, SerialPipe, SpiPort};
use eg_hal::embedded_hal::{i2c, spi};
use eg_hal::{
    BoardError, BusError, BusName, Delay, Edge, InputConfig, KeyEdge, KeyError, LineError,
    LineName, Moment, OutputConfig, PortName, SerialError, Source, SpiConfig, SpiError, SpiName,
};
use std::os::fd::BorrowedFd;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Backend of arbitrary bytes. Its time passes by a millisecond with each look at it, and by what a driver pauses.
#[derive(Clone)]
pub(super) struct Noise {
    tape: Arc<Mutex<Tape>>,
    millis: Arc<AtomicU64>,
    bench: eg_hal::sim::Bench,
}

struct Tape {
    bytes: Vec<u8>,
    at: usize,
}

impl Noise {
    pub(super) fn new(bytes: &[u8]) -> Self {
        let bytes = if bytes.is_empty() { vec![0] } else { bytes.to_vec() };
        let tape = Arc::new(Mutex::new(Tape { bytes, at: 0 }));
        Self { tape, millis: Arc::default(), bench: eg_hal::sim::Bench::virtual_time() }
    }

    fn byte(&self) -> u8 {
        let mut tape = self.tape.lock().unwrap();
        let byte = tape.bytes[tape.at % tape.bytes.len()];
        tape.at += 1;
        byte
    }

    /// Returns `true` once the input was heard twice: queues of edges, keys and frames are empty then, and registers alone
    /// go on.
    fn is_over(&self) -> bool {
        let tape = self.tape.lock().unwrap();
        tape.at > 2 * tape.bytes.len() + 16
    }

    /// One look in sixteen at the wire fails, where the input says so.
    fn fails(&self) -> bool {
        self.byte() >= 0xf0
    }

    pub(super) fn moment(&self) -> Moment {
        let millis = self.millis.fetch_add(1, Ordering::Relaxed);
        Moment::default() + Duration::from_millis(1_000 + millis)
    }
}

impl Backend for Noise {
    fn name(&self) -> &'static str {
        "sim"
    }

    fn simulated(&self) -> bool {
        true
    }

    fn now(&self) -> Moment {
        self.moment()
    }

    fn delay(&self) -> Delay {
        self.bench.delay()
    }

    fn input(
        &self,
        _: &LineName,
        _: InputConfig,
        _: &str,
    ) -> Result<Box<dyn InputPort>, BoardError> {
        Ok(Box::new(Wire { noise: self.clone(), seq: 0 }))
    }

    fn output(
        &self,
        _: &LineName,
        _: OutputConfig,
        _: &str,
    ) -> Result<Box<dyn OutputPort>, BoardError> {
        Ok(Box::new(Wire { noise: self.clone(), seq: 0 }))
    }

    fn i2c(&self, bus: &BusName) -> Result<Box<dyn I2cPort>, BoardError> {
        Ok(Box::new(Bus { noise: self.clone(), name: bus.to_string() }))
    }

    fn spi(&self, select: &SpiName, _: SpiConfig) -> Result<Box<dyn SpiPort>, BoardError> {
        Ok(Box::new(Bus { noise: self.clone(), name: select.to_string() }))
    }

    fn spi_bus(&self, select: &SpiName, config: SpiConfig) -> Result<Box<dyn SpiPort>, BoardError> {
        self.spi(select, config)
    }

    fn serial(&self, _: &PortName, _: u32) -> Result<Box<dyn SerialPipe>, BoardError> {
        Ok(Box::new(Cable(self.clone())))
    }

    fn keys(&self, _: &PortName, _: bool) -> Result<Box<dyn KeyPort>, BoardError> {
        Ok(Box::new(Cable(self.clone())))
    }
}

struct Wire {
    noise: Noise,
    seq: u32,
}

impl InputPort for Wire {
    fn level(&mut self) -> Result<bool, LineError> {
        Ok(self.noise.byte() & 1 != 0)
    }

    fn next_edge(&mut self) -> Result<Option<Edge>, LineError> {
        let byte = self.noise.byte();
        if byte & 0b111 == 0 || self.noise.is_over() {
            return Ok(None);
        }
        // Numbers that are skipped are edges that were lost.
        self.seq = self.seq.wrapping_add(1 + u32::from(byte >> 5));
        let edge = Edge {
            high: byte & 8 != 0,
            at: self.noise.moment(),
            src: Source::Kernel,
            seq: self.seq,
        };
        Ok(Some(edge))
    }

    fn fd(&self) -> Option<BorrowedFd<'_>> {
        None
    }
}

impl OutputPort for Wire {
    fn drive(&mut self, _: bool) -> Result<(), LineError> {
        Ok(())
    }

    fn has_pwm(&self) -> bool {
        true
    }

    fn set_duty(&mut self, _: u16) -> Result<(), LineError> {
        Ok(())
    }
}

struct Bus {
    noise: Noise,
    name: String,
}

impl I2cPort for Bus {
    fn transaction(&mut self, address: u8, ops: &mut [i2c::Operation<'_>]) -> Result<(), BusError> {
        if self.noise.fails() {
            let kind = i2c::ErrorKind::NoAcknowledge(i2c::NoAcknowledgeSource::Data);
            return Err(BusError { bus: self.name.clone(), address, kind, claimed: None });
        }
        for operation in ops {
            if let i2c::Operation::Read(bytes) = operation {
                bytes.fill_with(|| self.noise.byte());
            }
        }
        Ok(())
    }
}

impl SpiPort for Bus {
    fn transaction(&mut self, operations: &mut [spi::Operation<'_, u8>]) -> Result<(), SpiError> {
        if self.noise.fails() {
            return Err(SpiError { select: self.name.clone(), cause: "fuzz".to_owned() });
        }
        for operation in operations {
            match operation {
                spi::Operation::Read(bytes)
                | spi::Operation::Transfer(bytes, _)
                | spi::Operation::TransferInPlace(bytes) => {
                    bytes.fill_with(|| self.noise.byte());
                }
                spi::Operation::Write(_) | spi::Operation::DelayNs(_) => {}
            }
        }
        Ok(())
    }
}

struct Cable(Noise);

impl SerialPipe for Cable {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, SerialError> {
        if self.0.is_over() {
            return Ok(0);
        }
        let length = usize::from(self.0.byte() % 40).min(buffer.len());
        buffer[..length].fill_with(|| self.0.byte());
        Ok(length)
    }

    fn write_all(&mut self, _: &[u8]) -> Result<(), SerialError> {
        Ok(())
    }

    fn fd(&self) -> Option<BorrowedFd<'_>> {
        None
    }
}

impl KeyPort for Cable {
    fn next_key(&mut self) -> Result<Option<KeyEdge>, KeyError> {
        let byte = self.0.byte();
        if byte & 0b111 == 0 || self.0.is_over() {
            return Ok(None);
        }
        let code = u16::from(self.0.byte()) | u16::from(byte >> 6) << 8;
        Ok(Some(KeyEdge { code, down: byte & 8 != 0, at: self.0.moment(), src: Source::Kernel }))
    }

    fn is_down(&mut self, _: u16) -> Result<bool, KeyError> {
        Ok(self.0.byte() & 1 != 0)
    }

    fn take_lost(&mut self) -> u64 {
        u64::from(self.0.byte() == 0x55)
    }

    fn fd(&self) -> Option<BorrowedFd<'_>> {
        None
    }
}

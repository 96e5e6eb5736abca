//! Notes of what a driver asks of the hardware and does with it, and of how the hardware shall fail.

use super::noise::Noise;
use crate::{BoardError, LineName, PortName};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Calls to the hardware after which one call of a driver is taken to be without end.
const ENDLESS: u64 = 50_000;

/// Failure of the hardware.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// No failure.
    None,
    /// Silence of every chip, after this many transfers.
    Silent { after: u64 },
    /// Failure of every line.
    Lines,
    /// Noise in what is read from a bus.
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

    /// Begins a call of the driver, which may touch the hardware up to [`ENDLESS`] times.
    pub(super) fn begin_call(&self) {
        self.log().calls = 0;
    }

    /// Counts one touch of the hardware by the driver and gives the log.
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

    /// Notes bytes that the driver wrote to a chip, while such notes are taken.
    pub(super) fn wrote(&self, chip: impl FnOnce() -> String, bytes: &[u8]) {
        if let Some(written) = &mut self.log().written {
            written.insert((chip(), bytes.to_vec()));
        }
    }

    /// Tells the end of a transfer to whoever watches the chip.
    pub(super) fn transferred(&self) {
        let after = self.log().after.take();
        if let Some(mut after) = after {
            after();
            self.log().after = Some(after);
        }
    }

    /// Notes one request to the board and gives the log.
    ///
    /// # Errors
    /// [`BoardError::Refused`] when this is the request to be refused.
    pub(super) fn ask(&self, what: String) -> Result<MutexGuard<'_, Log>, BoardError> {
        let mut log = self.touch();
        log.asked += 1;
        if log.refuse == Some(log.asked - 1) {
            return Err(BoardError::Refused { what, cause: "the conformance kit said no".into() });
        }
        Ok(log)
    }
}

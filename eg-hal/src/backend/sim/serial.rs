//! Virtual serial ports.

use super::signal::Signal;
use crate::backend::SerialPipe;
use crate::{BoardError, SerialError};
use std::collections::VecDeque;
use std::os::fd::BorrowedFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Bytes that wait for the driver, as many as a Linux tty keeps. What comes after is lost.
const QUEUED_BYTES: usize = 4096;

/// The far end of a serial port of a [`Bench`](super::Bench): what a reader or a display is wired to. Clones are the
/// same cable. It is plugged in from the start.
#[derive(Clone, Debug)]
pub struct Pipe {
    name: Arc<str>,
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    plugged: bool,
    /// The most bytes that one read gives.
    most: Option<usize>,
    inbound: VecDeque<u8>,
    outbound: Vec<u8>,
    open: Option<Opened>,
}

#[derive(Debug)]
struct Opened {
    hung_up: bool,
    signal: Signal,
}

impl Pipe {
    pub(super) fn new(name: &str) -> Self {
        let (inbound, outbound) = (VecDeque::new(), Vec::new());
        let state = State { plugged: true, most: None, inbound, outbound, open: None };
        Self { name: name.into(), state: Arc::new(Mutex::new(state)) }
    }

    /// Sends bytes to the driver. They are lost when no driver has the port open, when it is unplugged, and beyond 4096
    /// that nobody took, as on a real port.
    pub fn send(&self, bytes: &[u8]) {
        let mut state = self.state();
        let room = QUEUED_BYTES - state.inbound.len();
        if let Some(Opened { hung_up: false, signal }) = &state.open {
            signal.raise();
            state.inbound.extend(bytes.iter().take(room));
        }
    }

    /// Takes what the driver has sent since this was last asked, at most the last 4096 bytes.
    pub fn take_sent(&self) -> Vec<u8> {
        std::mem::take(&mut self.state().outbound)
    }

    /// Pulls the plug: the open port hangs up, and opening it again is refused until [`plug`](Self::plug).
    pub fn unplug(&self) {
        let mut state = self.state();
        state.plugged = false;
        state.inbound.clear();
        if let Some(open) = &mut state.open {
            open.hung_up = true;
            open.signal.raise();
        }
    }

    /// Puts the plug back. A port that was open stays dead; it can be opened anew.
    pub fn plug(&self) {
        self.state().plugged = true;
    }

    /// `true` if the port is plugged in.
    pub fn is_plugged(&self) -> bool {
        self.state().plugged
    }

    /// A fault: one read gives at most so many bytes, at least one; `None` ends it.
    pub fn dribble(&self, bytes: Option<usize>) {
        self.state().most = bytes;
    }

    pub(super) fn open(&self) -> Result<PipePort, BoardError> {
        let signal = Signal::new(&self.name)?;
        let mut state = self.state();
        let refused = |cause: &str| {
            Err(BoardError::Refused {
                what: format!("port {}", self.name),
                cause: cause.to_owned(),
            })
        };
        if !state.plugged {
            return refused("it does not exist; is it plugged in?");
        }
        if state.open.is_some() {
            return refused("it is open already");
        }
        state.inbound.clear();
        state.open = Some(Opened { hung_up: false, signal: signal.clone() });
        Ok(PipePort { pipe: self.clone(), signal })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The driver's end.
pub(super) struct PipePort {
    pipe: Pipe,
    signal: Signal,
}

impl PipePort {
    fn live(&self) -> Result<MutexGuard<'_, State>, SerialError> {
        let state = self.pipe.state();
        match &state.open {
            Some(Opened { hung_up: false, .. }) => Ok(state),
            Some(Opened { hung_up: true, .. }) | None => {
                Err(SerialError { port: self.pipe.name.to_string(), cause: "hung up".to_owned() })
            }
        }
    }
}

impl SerialPipe for PipePort {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, SerialError> {
        let mut state = self.live()?;
        let most = state.most.map_or(usize::MAX, |most| most.max(1));
        let count = buffer.len().min(state.inbound.len()).min(most);
        for (slot, byte) in buffer.iter_mut().zip(state.inbound.drain(..count)) {
            *slot = byte;
        }
        if state.inbound.is_empty() {
            self.signal.lower();
        }
        Ok(count)
    }

    fn write_all(&mut self, bytes: &[u8]) -> Result<(), SerialError> {
        let mut state = self.live()?;
        state.outbound.extend(bytes);
        let excess = state.outbound.len().saturating_sub(QUEUED_BYTES);
        state.outbound.drain(..excess);
        Ok(())
    }

    fn fd(&self) -> Option<BorrowedFd<'_>> {
        Some(self.signal.fd())
    }
}

impl Drop for PipePort {
    fn drop(&mut self) {
        self.pipe.state().open = None;
    }
}

//! Serial ports: ttys and pseudo-terminals.

use super::error::refused;
use crate::backend::SerialPipe;
use crate::{BoardError, PortName, SerialError};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use serial2::SerialPort;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;
use std::time::Duration;

/// Longest time that one write waits for the line: a port that takes nothing for so long is broken.
const WRITE_PATIENCE: Duration = Duration::from_secs(2);

/// An open tty: raw, 8N1, no flow control, non-blocking, and ours alone where the driver can promise it.
pub(super) struct Tty {
    name: String,
    port: SerialPort,
}

impl Tty {
    pub(super) fn open(name: &PortName, baud: u32) -> Result<Self, BoardError> {
        let refused = |error: io::Error| refused(format!("port {name}"), &error, "dialout");
        let mut port = SerialPort::open(Path::new(name.as_str()), baud).map_err(refused)?;
        port.set_write_timeout(WRITE_PATIENCE).map_err(refused)?;
        rustix::termios::ioctl_tiocexcl(&port).map_err(|error| refused(error.into()))?;
        // What came before is nobody's: a tag that was read an hour ago is not read now.
        port.discard_input_buffer().map_err(refused)?;
        Ok(Self { name: name.to_string(), port })
    }

    fn failed(&self, cause: impl Into<String>) -> SerialError {
        SerialError { port: self.name.clone(), cause: cause.into() }
    }

    /// No bytes: the line is quiet, or there is nobody any more.
    fn hung_up(&self) -> bool {
        let mut fds = [PollFd::new(&self.port, PollFlags::IN)];
        let now = Timespec { tv_sec: 0, tv_nsec: 0 };
        let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
        matches!(poll(&mut fds, Some(&now)), Ok(1..)) && fds[0].revents().intersects(gone)
    }
}

impl SerialPipe for Tty {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, SerialError> {
        match rustix::io::read(&self.port, &mut *buffer) {
            Ok(0) if !buffer.is_empty() && self.hung_up() => Err(self.failed("hung up")),
            Ok(count) => Ok(count),
            Err(Errno::AGAIN | Errno::INTR) => Ok(0),
            // A USB adapter that was pulled out, and the far end of a pseudo-terminal that closed.
            Err(Errno::IO | Errno::NXIO | Errno::NODEV) => Err(self.failed("hung up")),
            Err(error) => Err(self.failed(error.to_string())),
        }
    }

    fn write_all(&mut self, bytes: &[u8]) -> Result<(), SerialError> {
        self.port.write_all(bytes).map_err(|error| match error.raw_os_error() {
            Some(number) if number == Errno::IO.raw_os_error() => self.failed("hung up"),
            Some(_) | None => self.failed(error.to_string()),
        })
    }

    fn fd(&self) -> Option<BorrowedFd<'_>> {
        Some(self.port.as_fd())
    }
}

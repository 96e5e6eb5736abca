//! Promises of the linux backend for serial ports, on a real pseudo-terminal.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]
#![cfg(feature = "linux")]

use eg_hal::backend::linux::Linux;
use eg_hal::{Board, BoardError, Claims, SafeLevels, SerialPort, Waits};
use rustix::event::{EventfdFlags, eventfd};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::time::Duration;
use tempfile::TempDir;

/// A socket that a reader is plugged into: a stable path, as udev's links are.
struct Socket {
    folder: TempDir,
}

impl Socket {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("reader")
    }

    /// Plugs a terminal in; dropping what comes back pulls it out.
    fn plug(&self) -> File {
        let far = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&far).unwrap();
        unlockpt(&far).unwrap();
        let near = ptsname(&far, Vec::new()).unwrap();
        let _ = std::fs::remove_file(self.path());
        std::os::unix::fs::symlink(near.to_str().unwrap(), self.path()).unwrap();
        File::from(far)
    }

    fn unplug(&self, far: File) {
        drop(far);
        std::fs::remove_file(self.path()).unwrap();
    }

    fn open(&self) -> Result<(SerialPort, Waits), BoardError> {
        let (linux, claims, safe) = (Linux::new(), Claims::default(), SafeLevels::new());
        let mut board = Board::new("slot-01/reader", &linux, &claims, &safe);
        let port = board.serial(&self.path().to_str().unwrap().into(), 9600)?;
        Ok((port, board.into_waits()))
    }
}

/// Blocks as the host does; true when the device has something to read.
fn woken(waits: &Waits) -> bool {
    let nudge = eventfd(0, EventfdFlags::CLOEXEC).unwrap();
    waits.wait(nudge.as_fd(), Some(Duration::from_secs(20))).unwrap().device
}

/// Reads until so many bytes are there.
fn take(port: &mut SerialPort, waits: &Waits, count: usize) -> Vec<u8> {
    let mut taken = Vec::new();
    while taken.len() < count {
        assert!(woken(waits), "no byte came");
        let mut buffer = [0; 16];
        let read = port.read(&mut buffer).unwrap();
        taken.extend(&buffer[..read]);
    }
    taken
}

#[test]
fn bytes_arrive_untouched_and_reading_never_blocks() {
    let socket = Socket::new();
    let mut far = socket.plug();
    let (mut port, waits) = socket.open().unwrap();
    assert_eq!(port.read(&mut [0; 16]).unwrap(), 0);

    far.write_all(b"04A37C91\r\n\x03\x00\xff\x11\x13").unwrap();

    assert_eq!(take(&mut port, &waits, 15), b"04A37C91\r\n\x03\x00\xff\x11\x13");
    assert_eq!(port.read(&mut [0; 16]).unwrap(), 0);
    assert!(!waits.ready());
}

#[test]
fn bytes_that_are_written_reach_the_far_end() {
    let socket = Socket::new();
    let mut far = socket.plug();
    let (mut port, _waits) = socket.open().unwrap();

    port.write_all(b"\x02beep\n").unwrap();

    let mut buffer = [0; 6];
    far.read_exact(&mut buffer).unwrap();
    assert_eq!(&buffer, b"\x02beep\n");
}

#[test]
fn a_terminal_that_disappears_wakes_and_fails_and_one_that_returns_is_read() {
    let socket = Socket::new();
    let far = socket.plug();
    let (mut port, waits) = socket.open().unwrap();

    socket.unplug(far);
    assert!(woken(&waits));
    let gone = port.read(&mut [0; 16]).unwrap_err();
    assert_eq!(gone.cause, "hung up");
    drop((port, waits));
    let absent = socket.open().err().unwrap().to_string();
    assert!(absent.ends_with("it does not exist; is it plugged in and enabled?"), "{absent}");
    let mut far = socket.plug();
    let (mut port, waits) = socket.open().unwrap();
    far.write_all(b"04A37C91\r\n").unwrap();

    assert_eq!(take(&mut port, &waits, 10), b"04A37C91\r\n");
}

#[test]
fn what_came_before_the_port_was_opened_is_not_read() {
    let socket = Socket::new();
    let mut far = socket.plug();
    let (first, waits) = socket.open().unwrap();
    far.write_all(b"old tag\r\n").unwrap();
    assert!(woken(&waits));
    drop((first, waits));

    let (mut port, waits) = socket.open().unwrap();
    far.write_all(b"new\r\n").unwrap();

    assert_eq!(take(&mut port, &waits, 5), b"new\r\n");
}

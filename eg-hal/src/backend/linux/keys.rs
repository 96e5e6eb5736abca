//! Keyboards through evdev.

use super::error::{denied, refused};
use crate::backend::KeyPort;
use crate::backend::keys_down::KeysDown;
use crate::{BoardError, KeyEdge, KeyError, Moment, PortName, Source, clock};
use evdevil::event::{EventType, InputEvent, Syn};
use rustix::time::ClockId;
use std::collections::VecDeque;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::time::SystemTime;

/// The value of a key event that auto-repeat makes.
const REPEAT: i32 = 2;

/// An open keyboard. Its events stay in the kernel until they are asked for, so poll(2) tells the truth.
pub(super) struct Evdev {
    name: String,
    device: evdevil::Evdev,
    down: KeysDown,
    /// Changes found by a resync and not given yet.
    found: VecDeque<KeyEdge>,
    /// Between `SYN_DROPPED` and the next `SYN_REPORT` the kernel's queue holds the rest of a torn report.
    torn: bool,
    lost: u64,
}

impl Evdev {
    pub(super) fn open(name: &PortName, grab: bool) -> Result<Self, BoardError> {
        let refused = |error: io::Error| refused(format!("keyboard {name}"), &error, "input");
        let device = find(name)?;
        // Events in the queue's old clock would be dropped at the change, so: clock first, and the queue starts empty.
        device.set_clockid(ClockId::Monotonic as _).map_err(refused)?;
        device.set_nonblocking(true).map_err(refused)?;
        if grab {
            device.grab().map_err(refused)?;
        }
        while let Some(event) = device.raw_events().next() {
            event.map_err(refused)?;
        }
        let down = KeysDown::new(device.key_state().map_err(refused)?.iter().map(|key| key.raw()));
        let (found, torn, lost) = (VecDeque::new(), false, 0);
        Ok(Self { name: name.to_string(), device, down, found, torn, lost })
    }

    fn failed(&self, error: &io::Error) -> KeyError {
        let gone = error.raw_os_error() == Some(rustix::io::Errno::NODEV.raw_os_error());
        let cause = if gone { "hung up".to_owned() } else { error.to_string() };
        KeyError { keyboard: self.name.clone(), cause }
    }

    /// Reads the states back and keeps what differs. EVIOCGKEY empties the queue of the key events it covers.
    fn resync(&mut self) -> Result<(), KeyError> {
        let state = self.device.key_state().map_err(|error| self.failed(&error))?;
        let at = clock::now();
        let changes = self.down.resync(state.iter().map(|key| key.raw())).into_iter();
        let edge = |(code, down)| KeyEdge { code, down, at, src: Source::Poll };
        self.found.extend(changes.map(edge));
        Ok(())
    }
}

impl KeyPort for Evdev {
    fn next_key(&mut self) -> Result<Option<KeyEdge>, KeyError> {
        loop {
            if let Some(edge) = self.found.pop_front() {
                return Ok(Some(edge));
            }
            let Some(event) = self.device.raw_events().next() else { return Ok(None) };
            match meaning(&event.map_err(|error| self.failed(&error))?) {
                Meaning::Dropped => {
                    self.lost += 1;
                    self.torn = true;
                }
                Meaning::Report if self.torn => {
                    self.torn = false;
                    self.resync()?;
                }
                Meaning::Key { code, down, at } if !self.torn => {
                    if self.down.note(code, down) {
                        return Ok(Some(KeyEdge { code, down, at, src: Source::Kernel }));
                    }
                }
                Meaning::Report | Meaning::Key { .. } | Meaning::Nothing => {}
            }
        }
    }

    fn is_down(&mut self, code: u16) -> Result<bool, KeyError> {
        // Not asked of the kernel: that would empty its queue of changes not given yet.
        Ok(self.down.contains(code))
    }

    fn take_lost(&mut self) -> u64 {
        std::mem::take(&mut self.lost)
    }

    fn fd(&self) -> Option<BorrowedFd<'_>> {
        Some(self.device.as_fd())
    }
}

/// Meaning of an event for the keys.
#[derive(Debug, PartialEq, Eq)]
enum Meaning {
    Key { code: u16, down: bool, at: Moment },
    Report,
    Dropped,
    Nothing,
}

fn meaning(event: &InputEvent) -> Meaning {
    match (event.event_type(), event.raw_value()) {
        (EventType::KEY, REPEAT) => Meaning::Nothing,
        (EventType::KEY, value) => {
            // CLOCK_MONOTONIC, which the crate shows as a time since 1970.
            let since_boot = event.time().duration_since(SystemTime::UNIX_EPOCH);
            let at = since_boot.map_or(Moment(0), |span| Moment(0) + span);
            Meaning::Key { code: event.raw_code(), down: value != 0, at }
        }
        (EventType::SYN, _) if event.raw_code() == Syn::DROPPED.raw() => Meaning::Dropped,
        (EventType::SYN, _) if event.raw_code() == Syn::REPORT.raw() => Meaning::Report,
        // Lamps, scan codes, axes: the kernel's types are many.
        _ => Meaning::Nothing,
    }
}

/// By path, or by the name the device gives itself.
fn find(name: &PortName) -> Result<evdevil::Evdev, BoardError> {
    let wanted = name.as_str();
    if wanted.starts_with('/') {
        return evdevil::Evdev::open(wanted)
            .map_err(|error| refused(format!("keyboard {name}"), &error, "input"));
    }
    let mut seen = Vec::new();
    let mut forbidden = false;
    for found in evdevil::enumerate().into_iter().flatten() {
        match found {
            Ok((_, device)) => {
                let called = device.name().unwrap_or_default();
                if called == wanted {
                    return Ok(device);
                }
                seen.push(called);
            }
            Err(error) => forbidden |= error.kind() == io::ErrorKind::PermissionDenied,
        }
    }
    if forbidden {
        return Err(BoardError::Refused {
            what: format!("keyboard {name}"),
            cause: denied("input"),
        });
    }
    let known = if seen.is_empty() { "none".to_owned() } else { seen.join(", ") };
    Err(BoardError::Unknown { kind: "keyboard", name: name.to_string(), known })
}

#[cfg(test)]
mod tests {
    use super::{Meaning, meaning};
    use crate::Moment;
    use evdevil::event::{EventType, InputEvent, Syn};
    use std::time::{Duration, SystemTime};

    fn event(kind: EventType, code: u16, value: i32) -> InputEvent {
        let at = SystemTime::UNIX_EPOCH + Duration::from_micros(1_500_000);
        InputEvent::new(kind, code, value).with_time(at)
    }

    #[test]
    fn a_key_carries_the_monotonic_time_it_changed_at() {
        let at = Moment(1_500_000);

        assert_eq!(meaning(&event(EventType::KEY, 2, 1)), Meaning::Key { code: 2, down: true, at });
        assert_eq!(
            meaning(&event(EventType::KEY, 2, 0)),
            Meaning::Key { code: 2, down: false, at }
        );
    }

    #[test]
    fn auto_repeat_is_no_press() {
        assert_eq!(meaning(&event(EventType::KEY, 2, 2)), Meaning::Nothing);
    }

    #[test]
    fn a_dropped_queue_is_told_from_a_report() {
        assert_eq!(meaning(&event(EventType::SYN, Syn::DROPPED.raw(), 0)), Meaning::Dropped);
        assert_eq!(meaning(&event(EventType::SYN, Syn::REPORT.raw(), 0)), Meaning::Report);
        assert_eq!(meaning(&event(EventType::MSC, 4, 30)), Meaning::Nothing);
    }
}

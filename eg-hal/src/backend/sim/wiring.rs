//! Connections between wires: interrupt outputs that share one, and outputs that move inputs.

use super::Wire;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

/// An open-drain output on a [`Wire`], such as a chip's INT pin: it sinks the wire or lets go of it, so several share one
/// wire with a pull-up. Dropping it lets go.
#[derive(Debug)]
pub struct OpenDrain {
    wire: Wire,
    number: u64,
}

impl OpenDrain {
    /// Sinks the wire: low.
    pub fn sink(&self) {
        self.wire.change(|state| {
            state.sinks.insert(self.number);
        });
    }

    /// Lets go: high, when no other output sinks it and a pull-up holds it.
    pub fn release(&self) {
        self.wire.change(|state| {
            state.sinks.remove(&self.number);
        });
    }

    /// Sinks it or lets go, as an active-low interrupt does.
    pub fn set(&self, active: bool) {
        if active { self.sink() } else { self.release() }
    }
}

impl Drop for OpenDrain {
    fn drop(&mut self) {
        self.release();
    }
}

/// Way in which one wire moves another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lead {
    /// The other wire takes the opposite level.
    pub inverted: bool,
    /// Delay: a solenoid needs some 50 ms to move its bolt.
    pub after: Duration,
}

impl Wire {
    /// Adds an open-drain output to the wire.
    pub fn open_drain(&self) -> OpenDrain {
        static NUMBERS: AtomicU64 = AtomicU64::new(0);
        OpenDrain { wire: self.clone(), number: NUMBERS.fetch_add(1, Ordering::Relaxed) }
    }

    /// From now on this wire moves another one, as a lock's solenoid moves the contact of its bolt. The other takes its
    /// level at once, and later follows each change.
    pub fn leads(&self, other: &Wire, lead: Lead) {
        other.drive(self.level() != lead.inverted);
        let (name, time) = (Arc::clone(&other.name), other.time.clone());
        // Not the wire itself: two that lead each other would never be freed.
        let other: Weak<Mutex<_>> = Arc::downgrade(&other.state);
        self.watch(move |high| {
            let Some(state) = other.upgrade() else { return };
            let wire = Wire { name: Arc::clone(&name), time: time.clone(), state };
            if lead.after.is_zero() {
                wire.drive(high != lead.inverted);
            } else {
                time.after(lead.after, move || wire.drive(high != lead.inverted));
            }
        });
    }
}

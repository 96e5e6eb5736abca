//! One thread per device: it waits for the device's descriptors, reads, and sends on what that means.
//!
//! The device's life is `Host`, a machine without a clock; what is here gives it a thread, the real time, and places
//! for what comes out. A device that cannot be opened, fails or panics is opened again after a pause, and no other
//! device notices; one whose driver hangs is left alone until it comes back.

mod back_off;
mod device;
mod device_thread;
mod faults;
mod mailbox;
mod noise;
mod outputs;
mod waking;
mod watchdog;

pub use mailbox::{CommandOutcome, DeviceCommand};

pub(crate) use device::{Host, OpenContext};
pub(crate) use device_thread::{DeviceThread, Sinks, stop_all};
pub(crate) use mailbox::{Mail, Mailbox};
pub(crate) use outputs::is_lit;

#[cfg(test)]
mod tests;

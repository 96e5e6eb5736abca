//! A device's thread: prepared, let go, ended.

use super::{Mailbox, Place, Sinks, Watchdog, give_up, run};
use crate::config::DeviceConfig;
use crate::normalize::Memory;
use crate::state::Seat;
use eg_hal::catch_panic;
use eg_hal::{Moment, clock};
use eg_proto::DeviceName;
use std::io;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long a device may take to end, all those that end at once together; one that hangs is left behind.
const STOP_LIMIT: Duration = Duration::from_secs(3);

/// A device's thread. Dropping it asks the thread to end and waits until it has, for three seconds at most.
#[derive(Debug)]
pub(crate) struct Running {
    config: DeviceConfig,
    seat: Seat,
    mailbox: Mailbox,
    /// Lets the thread begin.
    go: Option<SyncSender<Memory>>,
    ended: Ended,
    thread: Option<JoinHandle<()>>,
    watchdog: Watchdog,
}

/// What was told of the inputs when a thread ended, once it has.
#[derive(Clone, Debug, Default)]
struct Ended(Arc<(Mutex<Option<Memory>>, Condvar)>);

impl Running {
    /// Makes the thread and all it needs, but opens nothing before [`go`](Self::go).
    ///
    /// # Errors
    /// When the system has no thread or descriptor left.
    pub(crate) fn prepare(mut place: Place, seat: Seat, sinks: Sinks) -> io::Result<Self> {
        let mailbox = Mailbox::new(place.backend.now())?;
        let watchdog = watchdog(&place, seat, &mailbox, &sinks)?;
        place.watchdog = watchdog.clone();
        let config = place.config.clone();
        let (go, start) = sync_channel(1);
        let (mail, ended) = (mailbox.clone(), Ended::default());
        let end = ended.clone();
        let thread = std::thread::Builder::new().name(config.name.to_string());
        let thread = thread.spawn(move || {
            // Nobody lets it begin when the slot did not start.
            let Ok(told) = start.recv() else { return end.set(Memory::new()) };
            place.told = told;
            loop {
                match catch_panic(|| run(place.clone(), seat, &mail, &sinks)) {
                    Ok(told) => return end.set(told),
                    Err(said) => give_up(&place, seat, &mail, &sinks, &said),
                }
            }
        });
        let thread = thread.inspect_err(|_| watchdog.close())?;
        Ok(Self { config, seat, mailbox, go: Some(go), ended, thread: Some(thread), watchdog })
    }

    /// Opens the device. `told` is what another device of this name told before it went. That it does not open is not an
    /// error here.
    pub(crate) fn go(&mut self, told: Memory) {
        if let Some(go) = self.go.take()
            && go.send(told).is_err()
        {
            tracing::error!(device = %self.config.name, "a device's thread is gone");
        }
    }

    /// The device's part of the slot's file.
    pub(crate) fn config(&self) -> &DeviceConfig {
        &self.config
    }

    pub(crate) fn seat(&self) -> Seat {
        self.seat
    }

    /// Where orders for the device go.
    pub(crate) fn mailbox(&self) -> &Mailbox {
        &self.mailbox
    }

    /// Waits until then for the end of the thread, which has been asked to. Gives what was told of its inputs.
    fn end(&mut self, limit: Moment) -> Memory {
        let Some(thread) = self.thread.take() else { return Memory::new() };
        self.go = None;
        let Some(told) = self.ended.wait(limit) else {
            tracing::error!(device = %self.config.name, "a device does not stop; it is left behind");
            return Memory::new();
        };
        if thread.join().is_err() {
            tracing::error!(device = %self.config.name, "a device's thread panicked");
        }
        told
    }
}

/// Ends these: each brings its outputs to their safe state. Gives what was told of their inputs. Takes three seconds at
/// most, however many of them hang.
pub(crate) fn stop_all(devices: Vec<Running>) -> Vec<(DeviceName, Memory)> {
    devices.iter().for_each(|device| device.mailbox.stop());
    let limit = clock::now() + STOP_LIMIT;
    let end = |mut device: Running| (device.config.name.clone(), device.end(limit));
    devices.into_iter().map(end).collect()
}

impl Drop for Running {
    fn drop(&mut self) {
        self.mailbox.stop();
        self.end(clock::now() + STOP_LIMIT);
        self.watchdog.close();
    }
}

impl Ended {
    fn set(&self, told: Memory) {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(told);
        self.0.1.notify_all();
    }

    /// Nothing when it has not ended by then.
    fn wait(&self, limit: Moment) -> Option<Memory> {
        let (told, ended) = &*self.0;
        let told = told.lock().unwrap_or_else(PoisonError::into_inner);
        let left = limit.since(clock::now());
        let waited = ended.wait_timeout_while(told, left, |told| told.is_none());
        waited.unwrap_or_else(PoisonError::into_inner).0.take()
    }
}

/// Shows a device whose driver hangs, and has its orders refused, until the driver is back.
fn watchdog(place: &Place, seat: Seat, mailbox: &Mailbox, sinks: &Sinks) -> io::Result<Watchdog> {
    let (holder, mailbox, board) = (place.holder.clone(), mailbox.clone(), sinks.board.clone());
    Watchdog::new(sinks.patience, move |hung| {
        mailbox.hang(hung);
        match hung {
            Some(why) => {
                tracing::error!(device = holder, why, "device lost");
                board.lose(seat, clock::now(), why);
            }
            None => tracing::info!(device = holder, "the driver is back"),
        }
    })
}

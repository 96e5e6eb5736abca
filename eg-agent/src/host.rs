//! One thread per device: it waits for the device's descriptors, reads, and sends on what that means.
//!
//! The device's life is `Host`, a machine without a clock; what is here gives it a thread, the real time, and places
//! for what comes out. A device that cannot be opened, fails or panics is opened again after a pause, and no other
//! device notices.

mod back_off;
mod device;
mod faults;
mod orders;
mod outputs;

pub use orders::{Order, Outcome};

pub(crate) use device::{Host, Place};
pub(crate) use orders::Mailbox;
pub(crate) use outputs::is_lit;

use crate::config::DeviceConfig;
use crate::guard::guarded;
use crate::normalize::Action;
use crate::outbox::{Draft, Intake};
use crate::state::{Board, Standing};
use eg_hal::{Moment, Waits, Woken};
use eg_proto::{DeviceState, Set};
use std::io;
use std::thread::JoinHandle;
use std::time::Duration;

/// Between two tries to wait when the kernel refuses that.
const WAIT_REFUSED: Duration = Duration::from_millis(100);
/// Before a device is taken up again after the agent's own code panicked over it.
const RESTART: Duration = Duration::from_secs(5);

/// Where what happens at a device goes.
#[derive(Clone)]
pub(crate) struct Sinks {
    /// Events.
    pub(crate) intake: Intake,
    /// What the page shows.
    pub(crate) board: Board,
    /// The device's place among those of the slot.
    pub(crate) place: usize,
}

/// A device's thread. Dropping it asks the thread to end and waits until it has.
#[derive(Debug)]
pub(crate) struct Running {
    mailbox: Mailbox,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    /// Starts the thread. That the device does not open is not an error here.
    ///
    /// # Errors
    /// When the system has no thread or descriptor left.
    pub(crate) fn start(place: Place, sinks: Sinks) -> io::Result<Self> {
        let mailbox = Mailbox::new(place.backend.now())?;
        let (mail, name) = (mailbox.clone(), place.config.name.to_string());
        let thread = std::thread::Builder::new().name(name).spawn(move || {
            while let Err(said) = guarded(|| run(place.clone(), &mail, &sinks)) {
                give_up(&place, &mail, &sinks, &said);
            }
        })?;
        Ok(Self { mailbox, thread: Some(thread) })
    }

    /// Where orders for the device go.
    pub(crate) fn mailbox(&self) -> &Mailbox {
        &self.mailbox
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.mailbox.stop();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("a device's thread panicked");
        }
    }
}

fn run(place: Place, mailbox: &Mailbox, sinks: &Sinks) {
    let (backend, config) = (place.backend.clone(), place.config.clone());
    let sim = backend.simulated();
    let mut host = Host::new(place, backend.now());
    let (mut actions, mut woken) = (Vec::new(), Woken::default());
    loop {
        let mail = mailbox.take();
        let stop = mail.stop;
        host.step(backend.now(), woken, mail, &mut actions);
        if stop {
            host.close(backend.now());
        }
        tell(&config, sim, &mut actions, sinks);
        sinks.board.stand(sinks.place, host.standing(), &host.outputs());
        if stop {
            return;
        }
        woken = wait(&host, mailbox, backend.now());
    }
}

/// The driver is not to blame: a fault of ours costs this device a pause, and no other anything.
fn give_up(place: &Place, mailbox: &Mailbox, sinks: &Sinks, said: &str) {
    tracing::error!(device = %place.holder, said, "the agent panicked over a device");
    let (state, since) = (DeviceState::Lost, place.backend.now());
    let error = Some(format!("the agent panicked: {said}"));
    let safe: Vec<Set> = place.config.outputs.iter().map(|output| output.safe.clone()).collect();
    sinks.board.stand(sinks.place, &Standing { state, since, error }, &safe);
    if !mailbox.is_stopping() {
        std::thread::sleep(RESTART);
    }
}

/// Events first: a press is on its way before anybody looks at a page.
fn tell(config: &DeviceConfig, sim: bool, actions: &mut Vec<Action>, sinks: &Sinks) {
    if actions.is_empty() {
        return;
    }
    let drafts = actions.iter().map(|action| {
        let Action { input, kind, at, unc_us, src } = action.clone();
        Draft { device: config.name.clone(), input, kind, at, unc_us, src, sim }
    });
    if sinks.intake.record(drafts).is_err() {
        tracing::error!(device = %config.name, count = actions.len(), "events lost: no outbox");
    }
    sinks.board.note(sinks.place, config, actions);
    actions.clear();
}

fn wait(host: &Host, mailbox: &Mailbox, now: Moment) -> Woken {
    let nothing = Waits::default();
    let waits = host.waits().unwrap_or(&nothing);
    let timeout = host.deadline().map(|at| at.since(now));
    waits.wait(mailbox.fd(), timeout).unwrap_or_else(|error| {
        tracing::error!(%error, "cannot wait for a device");
        std::thread::sleep(WAIT_REFUSED);
        Woken::default()
    })
}

#[cfg(test)]
mod tests;

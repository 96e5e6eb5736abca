//! One thread per device: it waits for the device's descriptors, reads, and sends on what that means.
//!
//! The device's life is `Host`, a machine without a clock; what is here gives it a thread, the real time, and places
//! for what comes out. A device that cannot be opened, fails or panics is opened again after a pause, and no other
//! device notices; one whose driver hangs is left alone until it comes back.

mod back_off;
mod device;
mod faults;
mod noise;
mod orders;
mod outputs;
mod running;
mod waking;
mod watchdog;

pub use orders::{Order, Outcome};

pub(crate) use device::{Host, Place};
pub(crate) use orders::{Mail, Mailbox};
pub(crate) use outputs::is_lit;
pub(crate) use running::{Running, stop_all};
pub(crate) use watchdog::Watchdog;

use crate::config::DeviceConfig;
use crate::normalize::{Action, Memory};
use crate::outbox::{Draft, Intake};
use crate::state::{Board, Seat, Standing};
use eg_hal::{Moment, Waits, Woken};
use eg_proto::{DeviceState, Set};
use std::time::Duration;
use waking::Waking;

/// Between two tries to wait when the kernel refuses that.
const WAIT_REFUSED: Duration = Duration::from_millis(100);
/// Before a device is taken up again after the agent's own code panicked over it.
const RESTART: Duration = Duration::from_secs(5);
/// From a touch of a simulated board to the thread that it wakes, beyond what the thread waited for a processor.
const TOUCH: Duration = Duration::from_micros(200);

/// What the threads of a slot's devices share: where what happens goes, and how patient they are with drivers.
#[derive(Clone)]
pub(crate) struct Sinks {
    /// Events.
    pub(crate) intake: Intake,
    /// What the page shows.
    pub(crate) board: Board,
    /// A driver's call that takes longer hangs.
    pub(crate) patience: Duration,
}

fn run(place: Place, seat: Seat, mailbox: &Mailbox, sinks: &Sinks) -> Memory {
    let (backend, config) = (place.backend.clone(), place.config.clone());
    let sim = backend.simulated();
    let mut host = Host::new(place, backend.now());
    let (mut actions, mut woken) = (Vec::new(), Woken::default());
    let mut waking = Waking::of_this_thread();
    loop {
        let mut mail = mailbox.take();
        let (stop, roll_calls) = (mail.stop, std::mem::take(&mut mail.roll_calls));
        let now = backend.now();
        if woken.device {
            host.was_late(waking.late() + if sim { TOUCH } else { Duration::ZERO });
        }
        host.step(now, woken, mail, &mut actions);
        let told = stop.then(|| host.close(backend.now(), &mut actions));
        tell(&config, sim, &mut actions, sinks, seat);
        sinks.board.stand(seat, host.standing(), &host.outputs());
        roll_calls.into_iter().for_each(orders::answer);
        if let Some(told) = told {
            return told;
        }
        waking.sleeps();
        woken = wait(&host, mailbox, backend.now());
    }
}

/// The driver is not to blame: a fault of ours costs this device a pause, and no other anything.
fn give_up(place: &Place, seat: Seat, mailbox: &Mailbox, sinks: &Sinks, said: &str) {
    tracing::error!(device = %place.holder, said, "the agent panicked over a device");
    let (state, since) = (DeviceState::Lost, place.backend.now());
    let error = Some(format!("the agent panicked: {said}"));
    let safe: Vec<Set> = place.config.outputs.iter().map(|output| output.safe.clone()).collect();
    sinks.board.stand(seat, &Standing { state, since, error, noise: None }, &safe);
    if !mailbox.is_stopping() {
        std::thread::sleep(RESTART);
    }
}

/// Events first: a press is on its way before anybody looks at a page.
fn tell(config: &DeviceConfig, sim: bool, actions: &mut Vec<Action>, sinks: &Sinks, seat: Seat) {
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
    sinks.board.note(seat, config, actions);
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

//! A device's thread: prepared, let go, ended.

use super::device::{Host, OpenContext};
use super::mailbox::{self, Mailbox};
use super::waking::Waking;
use super::watchdog::Watchdog;
use crate::config::DeviceConfig;
use crate::normalize::{Action, Memory};
use crate::outbox::{Draft, Intake};
use crate::state::{Generation, SlotStatus, Standing};
use eg_hal::catch_panic;
use eg_hal::{Moment, Waits, Woken, clock};
use eg_proto::{DeviceName, DeviceState, Set};
use std::io;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Time that devices may take to end, all those that end at once together; one that hangs is left behind.
const STOP_LIMIT: Duration = Duration::from_secs(3);

/// Pause between two tries to wait when the kernel refuses that.
const WAIT_REFUSED: Duration = Duration::from_millis(100);
/// Pause before a device is taken up again after the agent's own code panicked over it.
const RESTART: Duration = Duration::from_secs(5);
/// Time from a touch of a simulated board to the thread that it wakes, beyond what the thread waited for a processor.
const TOUCH: Duration = Duration::from_micros(200);

/// Places where the threads of a slot's devices send what happens, and the time after which a driver's call hangs.
#[derive(Clone)]
pub(crate) struct Sinks {
    /// Events.
    pub(crate) intake: Intake,
    /// State that the page shows.
    pub(crate) slot_status: SlotStatus,
    /// A driver's call that takes longer hangs.
    pub(crate) hang_timeout: Duration,
}

/// A device's thread. Dropping it asks the thread to end and waits until it has, for three seconds at most.
#[derive(Debug)]
pub(crate) struct DeviceThread {
    config: DeviceConfig,
    generation: Generation,
    mailbox: Mailbox,
    /// Lets the thread begin.
    go: Option<SyncSender<Memory>>,
    ended: Ended,
    thread: Option<JoinHandle<()>>,
    watchdog: Watchdog,
}

/// Memory of the inputs that a thread left when it ended, once it has.
#[derive(Clone, Debug, Default)]
struct Ended(Arc<(Mutex<Option<Memory>>, Condvar)>);

impl DeviceThread {
    /// Makes the thread and all it needs, but opens nothing before [`go`](Self::go).
    ///
    /// # Errors
    /// When the system has no thread or descriptor left.
    pub(crate) fn prepare(
        mut context: OpenContext,
        generation: Generation,
        sinks: Sinks,
    ) -> io::Result<Self> {
        let mailbox = Mailbox::new(context.backend.now())?;
        let watchdog = watchdog(&context, generation, &mailbox, &sinks)?;
        context.watchdog = watchdog.clone();
        let config = context.config.clone();
        let (go, start) = sync_channel(1);
        let (mail, ended) = (mailbox.clone(), Ended::default());
        let end = ended.clone();
        let thread = std::thread::Builder::new().name(config.name.to_string());
        let thread = thread.spawn(move || {
            // Nobody lets it begin when the slot did not start.
            let Ok(told) = start.recv() else { return end.set(Memory::new()) };
            context.told = told;
            loop {
                match catch_panic(|| run(context.clone(), generation, &mail, &sinks)) {
                    Ok(told) => return end.set(told),
                    Err(said) => give_up(&context, generation, &mail, &sinks, &said),
                }
            }
        });
        let thread = thread.inspect_err(|_| watchdog.close())?;
        Ok(Self {
            config,
            generation,
            mailbox,
            go: Some(go),
            ended,
            thread: Some(thread),
            watchdog,
        })
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

    pub(crate) fn generation(&self) -> Generation {
        self.generation
    }

    /// Returns the mailbox where commands for the device go.
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
pub(crate) fn stop_all(devices: Vec<DeviceThread>) -> Vec<(DeviceName, Memory)> {
    devices.iter().for_each(|device| device.mailbox.stop());
    let limit = clock::now() + STOP_LIMIT;
    let end = |mut device: DeviceThread| (device.config.name.clone(), device.end(limit));
    devices.into_iter().map(end).collect()
}

impl Drop for DeviceThread {
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

    /// Waits for the memory that the thread leaves; `None` when it has not ended by then.
    fn wait(&self, limit: Moment) -> Option<Memory> {
        let (told, ended) = &*self.0;
        let told = told.lock().unwrap_or_else(PoisonError::into_inner);
        let left = limit.since(clock::now());
        let waited = ended.wait_timeout_while(told, left, |told| told.is_none());
        waited.unwrap_or_else(PoisonError::into_inner).0.take()
    }
}

/// Shows a device whose driver hangs, and has its commands refused, until the driver is back.
fn watchdog(
    context: &OpenContext,
    generation: Generation,
    mailbox: &Mailbox,
    sinks: &Sinks,
) -> io::Result<Watchdog> {
    let (holder, mailbox, slot_status) =
        (context.holder.clone(), mailbox.clone(), sinks.slot_status.clone());
    Watchdog::new(sinks.hang_timeout, move |hung| {
        mailbox.hang(hung);
        match hung {
            Some(why) => {
                tracing::error!(device = holder, why, "device lost");
                slot_status.lose(generation, clock::now(), why);
            }
            None => tracing::info!(device = holder, "the driver is back"),
        }
    })
}

fn run(context: OpenContext, generation: Generation, mailbox: &Mailbox, sinks: &Sinks) -> Memory {
    let (backend, config) = (context.backend.clone(), context.config.clone());
    let sim = backend.simulated();
    let mut host = Host::new(context, backend.now());
    let (mut actions, mut woken) = (Vec::new(), Woken::default());
    let mut waking = Waking::of_this_thread();
    loop {
        if woken.nudge {
            mailbox.calm();
        }
        let mut mail = mailbox.take();
        let (stop, roll_calls) = (mail.stop, std::mem::take(&mut mail.roll_calls));
        let now = backend.now();
        if woken.device {
            host.was_late(waking.late() + if sim { TOUCH } else { Duration::ZERO });
        }
        host.step(now, woken, mail, &mut actions);
        let told = stop.then(|| host.close(backend.now(), &mut actions));
        // A device is shown open before anything it says is sent: who hears of it may touch it.
        sinks.slot_status.stand(generation, host.standing(), &host.outputs());
        tell(&config, sim, &mut actions, sinks, generation);
        sinks.slot_status.levels(generation, &config, host.levels());
        sinks.slot_status.answered(host.answered().iter().copied());
        roll_calls.into_iter().for_each(mailbox::answer);
        if let Some(told) = told {
            return told;
        }
        waking.sleeps();
        woken = wait(&host, mailbox, backend.now());
    }
}

/// The driver is not to blame: a fault of ours costs this device a pause, and no other anything.
fn give_up(
    context: &OpenContext,
    generation: Generation,
    mailbox: &Mailbox,
    sinks: &Sinks,
    said: &str,
) {
    tracing::error!(device = %context.holder, said, "the agent panicked over a device");
    let (state, since) = (DeviceState::Lost, context.backend.now());
    let error = Some(format!("the agent panicked: {said}"));
    let safe: Vec<Set> = context.config.outputs.iter().map(|output| output.safe.clone()).collect();
    sinks.slot_status.stand(generation, &Standing { state, since, error, noise: None }, &safe);
    if !mailbox.is_stopping() {
        std::thread::sleep(RESTART);
    }
}

/// Events first: a press is on its way before anybody looks at a page.
fn tell(
    config: &DeviceConfig,
    sim: bool,
    actions: &mut Vec<Action>,
    sinks: &Sinks,
    generation: Generation,
) {
    if actions.is_empty() {
        return;
    }
    let drafts = actions.iter().map(|action| Draft::new(config.name.clone(), action.clone(), sim));
    if sinks.intake.record(drafts).is_err() {
        tracing::error!(device = %config.name, count = actions.len(), "events lost: no outbox");
    }
    sinks.slot_status.note(generation, config, actions);
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

//! One device's life: opened, read, told what to do, lost, opened again. Time is an argument, so a test needs none.

use super::back_off::BackOff;
use super::faults::Faults;
use super::mailbox::{CommandOutcome, DeviceCommand, Mail};
use super::noise::NoiseMeter;
use super::outputs::{Outputs, Plan};
use super::watchdog::Watchdog;
use crate::config::{DeviceConfig, SlotConfig};
use crate::normalize::{Action, Memory, Normalizer};
use crate::state::{NOT_OPENED, Standing};
use eg_config::Source as File;
use eg_hal::backend::Backend;
use eg_hal::{
    Board, Channel, Claims, Device, DeviceError, Moment, Reading, Readings, Source, Waits, Wake,
    Woken,
};
use eg_proto::{DeviceState, OutputName, Set};
use std::sync::Arc;
use std::time::Duration;

/// A device that was open for so long is well: its next pause is short again.
const HELD: Duration = Duration::from_secs(5);
/// Time from an edge to the pass that it woke, half of it, beyond what the thread waited for a processor.
const WAKING_US: u64 = 1_000;

/// Settings and places that a device is opened with.
#[derive(Clone)]
pub(crate) struct OpenContext {
    /// The device's part of the slot's file.
    pub(crate) config: DeviceConfig,
    /// The slot's file.
    pub(crate) file: Arc<File>,
    /// Name of the holder in refusals and for the kernel, e.g. `slot-01/panel`.
    pub(crate) holder: String,
    /// Backend that the device is opened on.
    pub(crate) backend: Arc<dyn Backend>,
    /// Claims of all devices of this slot.
    pub(crate) claims: Claims,
    /// Watches the calls into its driver.
    pub(crate) watchdog: Watchdog,
    /// Memory of the inputs that another device of this name left.
    pub(crate) told: Memory,
    /// Draws a number from 0.0 to 1.0, which spreads the pauses of lost devices.
    pub(crate) chance: fn() -> f64,
}

impl OpenContext {
    /// A device of this slot, its driver's calls not watched and nothing told of its inputs before.
    pub(crate) fn new(
        slot: &SlotConfig,
        device: &DeviceConfig,
        backend: &Arc<dyn Backend>,
        claims: &Claims,
    ) -> Self {
        Self {
            config: device.clone(),
            file: Arc::clone(&slot.source),
            holder: format!("{}/{}", slot.slot, device.name),
            backend: Arc::clone(backend),
            claims: claims.clone(),
            watchdog: Watchdog::default(),
            told: Memory::new(),
            chance: rand::random,
        }
    }
}

/// A device and everything the agent knows of it.
pub(crate) struct Host {
    context: OpenContext,
    normalizer: Normalizer,
    outputs: Outputs,
    /// Outputs that stood on the device when it was lost.
    stood: Vec<(OutputName, Set)>,
    faults: Faults,
    noise: NoiseMeter,
    open: Option<Opened>,
    retry_at: Moment,
    back_off: BackOff,
    readings: Readings,
    link_lost: Option<Moment>,
    /// Time for which the next pass waited for a processor.
    late: Duration,
    /// Time from each press to the output that the last step wrote in answer to it.
    answered: Vec<Duration>,
    /// Levels of lines that the last step read.
    levels: Vec<(Channel, bool)>,
    standing: Standing,
}

struct Opened {
    device: Box<dyn Device>,
    waits: Waits,
    since: Moment,
    read_at: Option<Moment>,
    /// Moment at which the last pass over it began.
    looked: Option<Moment>,
}

impl Host {
    /// A device that is to be opened at once.
    pub(crate) fn new(context: OpenContext, now: Moment) -> Self {
        let error = Some(NOT_OPENED.to_owned());
        let mut normalizer = Normalizer::new(&context.config);
        normalizer.resume(&context.told);
        Self {
            normalizer,
            outputs: Outputs::new(&context.config.outputs),
            stood: Vec::new(),
            faults: Faults::default(),
            noise: NoiseMeter::default(),
            open: None,
            retry_at: now,
            back_off: BackOff::default(),
            readings: Readings::new(now, Source::Poll, 0),
            link_lost: Some(now),
            late: Duration::ZERO,
            answered: Vec::new(),
            levels: Vec::new(),
            standing: Standing { state: DeviceState::Lost, since: now, error, noise: None },
            context,
        }
    }

    /// Returns the device's state after the last step.
    pub(crate) fn standing(&self) -> &Standing {
        &self.standing
    }

    /// Lists the state of each output, in the order of the file.
    pub(crate) fn outputs(&self) -> Vec<Set> {
        self.outputs.states()
    }

    /// Returns the time from each press to the output that the last step wrote in answer to it.
    pub(crate) fn answered(&self) -> &[Duration] {
        &self.answered
    }

    /// Lists the levels of lines that the last step read, in their order.
    pub(crate) fn levels(&self) -> &[(Channel, bool)] {
        &self.levels
    }

    /// Returns the moment at which [`step`](Self::step) has something to do although nothing woke it.
    pub(crate) fn deadline(&self) -> Option<Moment> {
        let Some(open) = &self.open else { return Some(self.retry_at) };
        let outputs = self.outputs.deadline(self.link_lost);
        let all = [open.read_at, self.normalizer.deadline(), outputs, self.noise.deadline()];
        all.into_iter().flatten().min()
    }

    /// Returns what wakes the device; nothing while it is lost.
    pub(crate) fn waits(&self) -> Option<&Waits> {
        self.open.as_ref().map(|open| &open.waits)
    }

    /// The next step was ready for so long and did not run.
    pub(crate) fn was_late(&mut self, late: Duration) {
        self.late = late;
    }

    /// Does everything that is due, and pushes what happened at the inputs.
    pub(crate) fn step(
        &mut self,
        now: Moment,
        woken: Woken,
        mail: Mail,
        actions: &mut Vec<Action>,
    ) {
        let first = actions.len();
        self.answered.clear();
        self.levels.clear();
        self.link_lost = mail.link_lost;
        let opened = self.open.is_none() && now >= self.retry_at && self.reopen(now, actions);
        let due = |at: Option<Moment>| at.is_some_and(|at| at <= now);
        let polled = self.open.as_ref().is_some_and(|open| due(open.read_at));
        if opened || woken.device || polled || due(self.normalizer.deadline()) {
            self.read(now, woken.device, actions);
        }
        if mail.asked && self.open.is_some() {
            actions.extend(self.normalizer.snapshot(now));
        }
        for command in mail.commands {
            self.obey(command, now, actions);
        }
        for plan in self.outputs.due(now, self.link_lost) {
            self.write(plan, now, actions)
                .unwrap_or_else(|why| tracing::error!(why, "output not set"));
        }
        self.faults.note(&actions[first..]);
        self.judge(now);
    }

    /// Reads what happened until now, brings the outputs to their safe state and lets go of the device. Gives what was
    /// told of the inputs, for a device that takes its place.
    pub(crate) fn close(&mut self, now: Moment, actions: &mut Vec<Action>) -> Memory {
        if self.waits().is_some_and(Waits::ready) {
            self.read(now, true, actions);
        }
        self.normalizer.silence(now, actions);
        self.make_safe(now, actions);
        if let Some(open) = self.open.take() {
            drop(self.context.watchdog.call("close", || drop(open)));
        }
        self.normalizer.memory()
    }

    fn reopen(&mut self, now: Moment, actions: &mut Vec<Action>) -> bool {
        let OpenContext { config, file, holder, backend, claims, watchdog, .. } = &self.context;
        let safe = config.safe_levels();
        let opened = watchdog.call("open", || {
            let mut board = Board::new(holder.clone(), backend.as_ref(), claims, &safe);
            let device = (config.entry.open)(file, &config.config_path, &mut board);
            device.map(|device| (device, board.into_waits()))
        });
        match opened.and_then(|opened| opened.map_err(|error| error.to_string())) {
            Ok((device, waits)) => {
                self.open = Some(Opened { device, waits, since: now, read_at: None, looked: None });
                self.outputs = Outputs::new(&self.context.config.outputs);
                self.normalizer.open(now);
                self.make_safe(now, actions);
                self.restore(now, actions);
                self.open.is_some()
            }
            Err(error) => {
                drop(self.lose(error, now, actions));
                false
            }
        }
    }

    /// Lines are safe from the moment they are claimed; other outputs have to be told.
    fn make_safe(&mut self, now: Moment, actions: &mut Vec<Action>) {
        for plan in self.outputs.make_safe() {
            if self.open.is_some() {
                self.write(plan, now, actions)
                    .unwrap_or_else(|why| tracing::error!(why, "output not safe"));
            }
        }
    }

    /// A display shows again what stood on it. Nobody else would tell it: to the core nothing has happened.
    fn restore(&mut self, now: Moment, actions: &mut Vec<Action>) {
        for plan in self.outputs.restore(&self.stood, now, self.link_lost) {
            if self.open.is_some() {
                self.write(plan, now, actions)
                    .unwrap_or_else(|why| tracing::warn!(why, "output not restored"));
            }
        }
        if self.open.is_some() {
            self.stood.clear();
        }
    }

    fn read(&mut self, now: Moment, edge: bool, actions: &mut Vec<Action>) {
        let late = micros(std::mem::take(&mut self.late));
        let Some(open) = &mut self.open else { return };
        let simulated = self.context.backend.simulated();
        let pause = match open.looked.replace(now) {
            Some(before) => now.since(before),
            None => period(open.device.wake()).unwrap_or_default(),
        };
        let unc_us = match (edge, simulated) {
            // Whatever carries the bytes to this thread waits for a processor too, about as long.
            (true, false) => late.saturating_add(WAKING_US),
            (true, true) => late,
            // It happened at any moment since the pass before, which may be longer ago than the period.
            (false, _) => micros(pause).div_ceil(2),
        };
        let src = match (simulated, edge) {
            (true, _) => Source::Synthetic,
            (false, true) => Source::Driver,
            (false, false) => Source::Poll,
        };
        self.readings.begin(now, src, unc_us);
        let readings = &mut self.readings;
        let read = self.context.watchdog.call("read", || {
            let read = open.device.read(readings);
            (read, self::period(open.device.wake()))
        });
        self.readings.end(self.context.backend.now());
        for sample in self.readings.drain() {
            if let Reading::Level(high) = sample.reading {
                self.levels.push((sample.channel, high));
            }
            self.normalizer.feed(sample, actions);
        }
        if let Some(noise) = self.readings.take_noise() {
            tracing::debug!(device = %self.context.holder, last = noise.last, "dropped");
            self.noise.hear(noise);
        }
        match read {
            Ok((Ok(()), period)) => {
                open.read_at = period.map(|period| now + period);
                if now.since(open.since) >= HELD {
                    self.back_off.reset();
                }
                self.normalizer.tick(now, actions);
            }
            Ok((Err(error), _)) => drop(self.lose(error.to_string(), now, actions)),
            Err(said) => drop(self.lose(said, now, actions)),
        }
    }

    fn obey(&mut self, command: DeviceCommand, now: Moment, actions: &mut Vec<Action>) {
        if command.expires.is_some_and(|expires| now > expires) {
            return command.conclude(CommandOutcome::Expired);
        }
        let outcome = if self.open.is_none() {
            let error = self.standing.error.as_deref().unwrap_or("not open");
            Err(format!("{} is lost: {error}", self.context.config.name))
        } else {
            let plan = self.outputs.command(command.output.as_str(), &command.set, now);
            plan.and_then(|plan| self.write(plan, now, actions))
        };
        if let (Ok(()), Some(pressed)) = (&outcome, command.pressed) {
            self.answered.push(self.context.backend.now().since(pressed));
        }
        if self.open.is_none() {
            // It was to show something else, and whoever said so hears that it did not.
            self.stood.retain(|(name, _)| *name != command.output);
        }
        command.conclude(outcome.map_or_else(CommandOutcome::Refused, |()| CommandOutcome::Done));
    }

    fn write(&mut self, plan: Plan, now: Moment, actions: &mut Vec<Action>) -> Result<(), String> {
        let Some(open) = &mut self.open else { return Err("the device is lost".to_owned()) };
        let output = plan.output.clone();
        match self.context.watchdog.call("write", || open.device.write(output)) {
            Ok(Ok(())) => {
                self.outputs.done(plan, now);
                Ok(())
            }
            Ok(Err(error @ DeviceError::Unsupported { .. })) => Err(error.to_string()),
            Ok(Err(error)) => Err(self.lose(error.to_string(), now, actions)),
            Err(said) => Err(self.lose(said, now, actions)),
        }
    }

    /// Lets go of the device and tries it again later. Gives the error back.
    fn lose(&mut self, error: String, now: Moment, actions: &mut Vec<Action>) -> String {
        if let Some(open) = self.open.take() {
            drop(self.context.watchdog.call("close", || drop(open)));
            self.normalizer.silence(now, actions);
        }
        let standing = self.outputs.standing();
        if !standing.is_empty() {
            self.stood = standing;
        }
        self.faults.forget();
        self.outputs = Outputs::new(&self.context.config.outputs);
        self.retry_at = now + self.back_off.next((self.context.chance)());
        if self.standing.state != DeviceState::Lost || self.standing.error.as_ref() != Some(&error)
        {
            tracing::warn!(device = %self.context.holder, error, "device lost");
            let since = match self.standing.state {
                DeviceState::Lost => self.standing.since,
                DeviceState::Ready | DeviceState::Fault => now,
            };
            let error = Some(error.clone());
            let noise = self.standing.noise.take();
            self.standing = Standing { state: DeviceState::Lost, since, error, noise };
        }
        error
    }

    fn judge(&mut self, now: Moment) {
        if self.open.is_none() {
            return;
        }
        let error = self.faults.error();
        let state = if error.is_some() { DeviceState::Fault } else { DeviceState::Ready };
        let since = if state == self.standing.state { self.standing.since } else { now };
        if state != self.standing.state {
            tracing::info!(device = %self.context.holder, ?state, error, "device");
        }
        let noise = self.noise.tell(now);
        self.standing = Standing { state, since, error, noise };
    }
}

fn micros(span: Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}

fn period(wake: Wake) -> Option<Duration> {
    match wake {
        Wake::OnEdge => None,
        // Less would be a loop without a pause.
        Wake::Every(period) | Wake::EdgeOrEvery(period) => {
            Some(period.max(Duration::from_millis(1)))
        }
        _ => None,
    }
}

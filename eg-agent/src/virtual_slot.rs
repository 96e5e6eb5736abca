//! A slot on a stage: its boards, normalizer and numbered events under virtual time, without a thread, a disk or a
//! network. A rehearsal plays whole rooms of them.

pub use eg_hal::sim::Fault;
pub use eg_hal::sim::scenario::{Act, StageError, Step, What};

use crate::config::SlotConfig;
use crate::core_clock::{ClockSync, CoreClock};
use crate::host::{CommandOutcome, DeviceCommand, Host, Mail, OpenContext, Watchdog};
use crate::link::status_messages;
use crate::normalize::{Action, Memory};
use crate::simulated_inputs::SimulatedInputs;
use crate::state::{Generation, SlotState, SlotStatus};
use eg_config::Problems;
use eg_hal::backend::Backend;
use eg_hal::sim::Bench;
use eg_hal::sim::scenario::Stage as _;
use eg_hal::{BoardError, Claims, Moment, Waits, Woken};
use eg_proto::{
    Ack, Boot, ClockPing, ClockPong, Command, CommandAck, CommandResult, DeviceName, Event,
    EventTime, Hello, InputName, InputStatus, SlotId, Timestamp,
};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{oneshot, watch};

/// A slot whose time is moved by whoever plays it.
pub struct VirtualSlot {
    config: Arc<SlotConfig>,
    bench: Bench,
    /// Now, for whoever plays it. A driver's transfers and pauses take time: after them the bench is ahead, and the slot's
    /// devices are busy until this has come as far.
    time: Moment,
    hands: SimulatedInputs,
    hosts: Vec<Host>,
    /// Who speaks for each device.
    generations: Vec<Generation>,
    slot_status: SlotStatus,
    /// What its boards' state was when somebody last asked.
    seen: watch::Receiver<SlotState>,
    sync: ClockSync,
    boot: Boot,
    numbered: u64,
    /// Not acknowledged yet, oldest first: what the outbox would hold.
    waiting: VecDeque<Kept>,
    link_lost: Option<Moment>,
}

/// An event in the outbox, with its time in the slot's clock.
struct Kept {
    event: Event,
    at: Moment,
    unc_us: u64,
}

impl VirtualSlot {
    /// Sets the slot up at the first moment of its virtual time: nothing is opened yet, there is no link.
    ///
    /// # Errors
    /// A device's config does not fit its driver.
    pub fn new(config: SlotConfig, boot: Boot) -> Result<Self, Problems> {
        let config = Arc::new(config);
        let bench = Bench::virtual_time();
        let now = bench.now();
        let slot_status = SlotStatus::new(config.slot.clone(), boot, true);
        let hands = SimulatedInputs::new(Arc::clone(&config), bench.clone(), slot_status.clone())?;
        let seen = slot_status.watch();
        let mut slot = Self {
            config,
            bench,
            time: now,
            hands,
            hosts: Vec::new(),
            generations: Vec::new(),
            slot_status,
            seen,
            sync: ClockSync::default(),
            boot,
            numbered: 0,
            waiting: VecDeque::new(),
            link_lost: Some(now),
        };
        slot.open_hosts();
        Ok(slot)
    }

    /// Which slot.
    pub fn id(&self) -> &SlotId {
        &self.config.slot
    }

    /// The present start of the agent.
    pub fn boot(&self) -> Boot {
        self.boot
    }

    /// How many events this start has numbered.
    pub fn numbered(&self) -> u64 {
        self.numbered
    }

    /// The bench that its boards are on, for faults.
    pub fn bench(&self) -> &Bench {
        &self.bench
    }

    /// The inputs that its file names, each with its device, in the order of the file.
    pub fn inputs(&self) -> impl Iterator<Item = (&DeviceName, &InputName)> {
        self.config
            .devices
            .iter()
            .flat_map(|device| device.inputs.iter().map(move |input| (&device.name, &input.name)))
    }

    /// Does to an input what a player would do.
    ///
    /// # Errors
    /// [`StageError`] names what there is instead.
    pub fn act(&mut self, device: &str, input: &str, act: &Act) -> Result<(), StageError> {
        self.hands.act(device, input, act)
    }

    /// Lets a fault begin or end.
    ///
    /// # Errors
    /// When the bench has no such thing.
    pub fn fault(&self, fault: &Fault, on: bool) -> Result<(), BoardError> {
        if on { self.bench.inflict(fault) } else { self.bench.lift(fault) }
    }

    /// When the slot has something to do although nobody touches it, from now on.
    pub fn deadline(&self) -> Option<Duration> {
        if self.is_busy() {
            return Some(self.bench.now().since(self.time));
        }
        let due = self.hosts.iter().filter_map(Host::deadline).min()?;
        Some(due.since(self.time))
    }

    /// Lets time pass, no further than [`deadline`](Self::deadline), and does what is due.
    pub fn pass(&mut self, span: Duration) {
        self.lie_idle(span);
        self.step();
    }

    /// Lets time pass while the agent is dead.
    pub fn lie_idle(&mut self, span: Duration) {
        self.time = self.time + span;
        self.bench.advance(self.time.since(self.bench.now()));
    }

    /// Does what is due now, unless its devices are busy: then it is due when they are not.
    pub fn step(&mut self) {
        if self.is_busy() {
            return;
        }
        for place in 0..self.hosts.len() {
            self.step_host(place, Mail::default());
        }
    }

    /// The core asks how everything stands.
    pub fn ask(&mut self) {
        for place in 0..self.hosts.len() {
            self.step_host(place, Mail { asked: true, ..Mail::default() });
        }
    }

    fn is_busy(&self) -> bool {
        self.bench.now() > self.time
    }

    /// The agent is killed and starts anew: devices are opened again, what was not acknowledged is still there.
    pub fn restart(&mut self, boot: Boot) {
        self.hosts.clear();
        self.boot = boot;
        self.numbered = 0;
        self.sync = ClockSync::default();
        self.link(false);
        self.open_hosts();
    }

    /// The link to the core stands, or is lost. What waited through an outage is late.
    pub fn link(&mut self, up: bool) {
        match (up, self.link_lost) {
            (true, Some(_)) => {
                self.waiting.iter_mut().for_each(|kept| kept.event.late = true);
                self.link_lost = None;
            }
            (false, None) => self.link_lost = Some(self.time),
            (true, None) | (false, Some(_)) => {}
        }
        self.step();
    }

    /// What waits to be acknowledged, oldest first, dated as well as the slot knows the time now.
    pub fn waiting(&mut self) -> Vec<Event> {
        let sync = &self.sync;
        let own = self.boot;
        for kept in self.waiting.iter_mut() {
            let Event { boot, t, .. } = &kept.event;
            if t.core_us.is_none() || (t.core != sync.core() && *boot == own) {
                let again = dated(sync, kept.at, kept.unc_us, t.src);
                kept.event.t = if again.core_us.is_some() { again } else { *t };
            }
        }
        self.waiting.iter().map(|kept| kept.event.clone()).collect()
    }

    /// Whether the core that was started as `core` has told its time.
    pub fn knows_time_of(&self, core: Boot) -> bool {
        self.sync.core() == Some(core)
    }

    /// How many events wait.
    pub fn backlog(&self) -> usize {
        self.waiting.len()
    }

    /// The core has stored everything up to here.
    pub fn acknowledge(&mut self, ack: &Ack) {
        self.waiting.retain(|kept| kept.event.boot != ack.boot || kept.event.seq > ack.seq);
    }

    /// Carries a command out, unless it is too late.
    pub fn command(&mut self, command: Command) -> CommandAck {
        let Command { id, expires_us, device, output, set } = command;
        let now = self.time;
        let place = self.config.devices.iter().position(|known| known.name == device);
        let outcome = match (place, self.slot_time(expires_us, now)) {
            (None, _) => CommandOutcome::Refused(format!("no device called {device:?}")),
            (_, None) => CommandOutcome::Refused("the core's time is not known yet".to_owned()),
            (_, Some(expires)) if now > expires => CommandOutcome::Expired,
            (Some(place), Some(expires)) => {
                let (answer, mut outcome) = oneshot::channel();
                let expires = Some(expires);
                let order = DeviceCommand { output, set, expires, answer: Some(answer) };
                self.step_host(place, Mail { commands: [order].into(), ..Mail::default() });
                outcome.try_recv().unwrap_or(CommandOutcome::Refused("no answer".to_owned()))
            }
        };
        let (result, reason) = match outcome {
            CommandOutcome::Done => (CommandResult::Done, None),
            CommandOutcome::Refused(why) => (CommandResult::Refused, Some(why)),
            CommandOutcome::Expired => (CommandResult::Expired, None),
        };
        CommandAck { id, result, reason }
    }

    /// The next question to the core's clock.
    pub fn ping(&mut self) -> ClockPing {
        let waiting = u64::try_from(self.waiting.len()).ok();
        ClockPing { waiting, ..self.sync.ping(self.time) }
    }

    /// Its answer.
    pub fn pong(&mut self, pong: &ClockPong) {
        self.sync.pong(pong, self.time);
    }

    /// What the slot has.
    pub fn hello(&self) -> Hello {
        Hello { ts: None, ..status_messages::hello(&self.config, self.boot) }
    }

    /// Whether anything about its boards may have changed since this was last asked.
    pub fn has_news(&mut self) -> bool {
        let news = self.seen.has_changed().unwrap_or(false);
        self.seen.mark_unchanged();
        news
    }

    /// How its boards are. Undated, so that two of them compare.
    pub fn status(&self) -> InputStatus {
        let mut status =
            status_messages::input_status(&self.slot_status.read(), &CoreClock::virtual_time());
        status.timestamp = None;
        status
    }

    fn open_hosts(&mut self) {
        let now = self.time;
        let backend: Arc<dyn Backend> = Arc::new(self.bench.clone());
        let claims = Claims::default();
        let place = |device: &crate::config::DeviceConfig| OpenContext {
            config: device.clone(),
            file: Arc::clone(&self.config.source),
            holder: format!("{}/{}", self.config.slot, device.name),
            backend: Arc::clone(&backend),
            claims: claims.clone(),
            watchdog: Watchdog::default(),
            told: Memory::new(),
        };
        self.hosts =
            self.config.devices.iter().map(|device| Host::new(place(device), now)).collect();
        let mut generation = self.generations.last().copied().unwrap_or_default();
        let mut next = |_: &Host| {
            generation = generation.next();
            generation
        };
        self.generations = self.hosts.iter().map(&mut next).collect();
        self.slot_status
            .set_devices(self.config.devices.iter().zip(self.generations.iter().copied()), now);
        self.step();
    }

    /// What a device's thread does when something wakes it.
    fn step_host(&mut self, place: usize, mail: Mail) {
        let (Some(host), Some(device), Some(generation)) = (
            self.hosts.get_mut(place),
            self.config.devices.get(place),
            self.generations.get(place),
        ) else {
            return;
        };
        let mail = Mail { link_lost: self.link_lost, ..mail };
        let woken = Woken { device: host.waits().is_some_and(Waits::ready), nudge: false };
        let mut actions: Vec<Action> = Vec::new();
        host.step(self.bench.now(), woken, mail, &mut actions);
        self.slot_status.stand(*generation, host.standing(), &host.outputs());
        self.slot_status.note(*generation, device, &actions);
        for action in actions {
            self.numbered += 1;
            let Action { input, kind, at, unc_us, src } = action;
            let t = dated(&self.sync, at, unc_us, src);
            let (boot, seq, device) = (self.boot, self.numbered, device.name.clone());
            let event = Event { boot, seq, device, input, kind, t, late: false, sim: true };
            self.waiting.push_back(Kept { event, at, unc_us });
        }
    }

    fn slot_time(&self, at: Timestamp, now: Moment) -> Option<Moment> {
        let micros = at.0.saturating_sub(self.sync.offset(now)?.micros);
        Some(Moment(u64::try_from(micros).unwrap_or(0)))
    }
}

impl std::fmt::Debug for VirtualSlot {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("VirtualSlot").field("slot", self.id()).finish_non_exhaustive()
    }
}

fn dated(sync: &ClockSync, at: Moment, unc_us: u64, src: eg_proto::Source) -> EventTime {
    match sync.offset(at) {
        Some(offset) => {
            let micros = i64::try_from(at.0).unwrap_or(i64::MAX).saturating_add(offset.micros);
            let unc_us = unc_us.saturating_add(offset.bound_us);
            EventTime { core_us: Some(Timestamp(micros)), unc_us, src, core: sync.core() }
        }
        None => EventTime { core_us: None, unc_us, src, core: None },
    }
}

#[cfg(test)]
mod tests;

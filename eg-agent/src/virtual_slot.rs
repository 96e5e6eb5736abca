//! A slot in virtual time: its boards, normalizer, outbox and clock without a thread, a disk or a network. A rehearsal
//! plays whole rooms of them.

pub use eg_hal::sim::Fault;
pub use eg_hal::sim::scenario::{Act, StageError, Step, What};

use crate::config::SlotConfig;
use crate::core_clock::CoreClock;
use crate::host::{CommandOutcome, Host, Mail, OpenContext};
use crate::link::{commands, status_messages};
use crate::normalize::Action;
use crate::outbox::{Draft, Limits, LinkCommand, Row, Settings, Work, Worker};
use crate::simulated_inputs::SimulatedInputs;
use crate::state::{Generation, SlotState, SlotStatus};
use eg_config::Problems;
use eg_hal::backend::Backend;
use eg_hal::sim::Bench;
use eg_hal::sim::scenario::Stage as _;
use eg_hal::{BoardError, Claims, Moment, Waits, Woken};
use eg_proto::{
    Ack, Boot, ClockPing, ClockPong, Command, CommandAck, DeviceName, Event, Hello, InputName,
    InputStatus, SlotClock, SlotId, Timestamp, decode,
};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// A slot whose time is moved by whoever plays it.
pub struct VirtualSlot {
    config: Arc<SlotConfig>,
    bench: Bench,
    /// Time of whoever plays the slot. A driver's transfers and pauses take time: after them the bench is ahead, and the
    /// slot's devices are busy until this has come as far.
    time: Moment,
    inputs: SimulatedInputs,
    hosts: Vec<Host>,
    /// Generation of each host, in the same order.
    generations: Vec<Generation>,
    slot_status: SlotStatus,
    /// State of the boards when [`has_news`](Self::has_news) was last asked.
    seen: watch::Receiver<SlotState>,
    clock: CoreClock,
    outbox: Worker,
    /// Rows that the outbox handed out and nobody has taken.
    outgoing: Vec<Row>,
    /// `true` after an answer about the core's time: what waited for it can go.
    answered: bool,
    boot: Boot,
    link_lost: Option<Moment>,
}

impl VirtualSlot {
    /// Sets the slot up at the first moment of its virtual time: every device is opened, there is no link.
    ///
    /// # Errors
    /// A device's config does not fit its driver.
    pub fn new(config: SlotConfig, boot: Boot) -> Result<Self, Problems> {
        let config = Arc::new(config);
        let bench = Bench::virtual_time();
        let now = bench.now();
        let slot_status = SlotStatus::new(config.slot.clone(), boot, true);
        let inputs = SimulatedInputs::new(Arc::clone(&config), bench.clone(), slot_status.clone())?;
        let clock = CoreClock::virtual_time();
        let mut slot = Self {
            config,
            bench,
            time: now,
            inputs,
            hosts: Vec::new(),
            generations: Vec::new(),
            seen: slot_status.watch(),
            slot_status,
            outbox: Worker::new(in_memory(boot, &clock), now),
            clock,
            outgoing: Vec::new(),
            answered: false,
            boot,
            link_lost: Some(now),
        };
        slot.open_hosts();
        Ok(slot)
    }

    /// Id of the slot.
    pub fn id(&self) -> &SlotId {
        &self.config.slot
    }

    /// The present start of the agent.
    pub fn boot(&self) -> Boot {
        self.boot
    }

    /// Number of events that this start has numbered.
    pub fn numbered(&self) -> u64 {
        self.outbox.health().taken
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
        self.inputs.act(device, input, act)
    }

    /// Lets a fault begin or end.
    ///
    /// # Errors
    /// When the bench has no such thing.
    pub fn fault(&self, fault: &Fault, on: bool) -> Result<(), BoardError> {
        if on { self.bench.inflict(fault) } else { self.bench.lift(fault) }
    }

    /// Time until the slot has something to do although nobody touches it.
    pub fn deadline(&self) -> Option<Duration> {
        if self.is_busy() {
            return Some(self.bench.now().since(self.time));
        }
        let hosts = self.hosts.iter().filter_map(Host::deadline);
        let due = hosts.chain(self.outbox.deadline()).min()?;
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
        for host in 0..self.hosts.len() {
            self.step_host(host, Mail::default());
        }
        if self.outbox.deadline().is_some_and(|due| due <= self.time) {
            self.turn(Work::default());
        }
    }

    /// Asks for a snapshot of every device, as the core does.
    pub fn ask(&mut self) {
        for host in 0..self.hosts.len() {
            self.step_host(host, Mail { asked: true, ..Mail::default() });
        }
    }

    fn is_busy(&self) -> bool {
        self.bench.now() > self.time
    }

    /// Kills the agent and starts it anew: devices are opened again, events that were not acknowledged are still there.
    pub fn restart(&mut self, boot: Boot) {
        self.hosts.clear();
        self.link(None);
        self.boot = boot;
        self.clock = CoreClock::virtual_time();
        self.outbox.restart(in_memory(boot, &self.clock), self.time);
        self.open_hosts();
    }

    /// Sets up the link to the core that was started as `core`, or cuts it. What waited through an outage is late, and
    /// nothing is sent before the time of this core is known.
    pub fn link(&mut self, core: Option<Boot>) {
        let command = match (core, self.link_lost) {
            (Some(core), Some(_)) => {
                self.link_lost = None;
                if self.clock.core() != Some(core) {
                    self.clock.ask();
                }
                Some(LinkCommand::Rewind)
            }
            (None, None) => {
                self.link_lost = Some(self.time);
                Some(LinkCommand::Pause)
            }
            (Some(_), None) | (None, Some(_)) => None,
        };
        if command.is_some() {
            self.outgoing.clear();
            self.turn(Work { link_command: command, ..Work::default() });
        }
        self.step();
    }

    /// Takes the events that are to be sent now, oldest first, dated as well as the slot knows the core's time.
    pub fn outgoing(&mut self) -> Vec<Event> {
        if std::mem::take(&mut self.answered) {
            self.turn(Work { look: true, ..Work::default() });
        }
        let rows = std::mem::take(&mut self.outgoing);
        rows.iter().filter_map(|row| decode(row.json.as_bytes()).ok()).collect()
    }

    /// Number of events that wait to be acknowledged.
    pub fn backlog(&self) -> u64 {
        self.outbox.health().waiting
    }

    /// Forgets the events that the core has stored, and sends all others again if it says so.
    pub fn acknowledge(&mut self, ack: &Ack) {
        let link_command = ack.again.then_some(LinkCommand::Rewind);
        if link_command.is_some() {
            self.outgoing.clear();
        }
        self.turn(Work { acks: vec![*ack], link_command, ..Work::default() });
    }

    /// Carries a command out, unless it is too late.
    pub fn command(&mut self, command: Command) -> CommandAck {
        let (id, device) = (command.id.clone(), command.device.clone());
        let devices = &self.config.devices;
        let host = devices.iter().position(|known| known.name == device);
        let outcome = match (commands::accept(command, &self.clock, self.time), host) {
            (Err(outcome), _) => outcome,
            (Ok(_), None) => {
                commands::no_device(&device, devices.iter().map(|device| &device.name))
            }
            (Ok((command, mut outcome)), Some(host)) => {
                self.step_host(host, Mail { commands: [command].into(), ..Mail::default() });
                let refused = || CommandOutcome::Refused("no answer".to_owned());
                outcome.try_recv().unwrap_or_else(|_| refused())
            }
        };
        let (result, reason) = outcome.told();
        CommandAck { id, result, reason }
    }

    /// Makes the next question to the core's clock. The slot has no date of its own.
    pub fn ping(&mut self) -> ClockPing {
        let ping = self.clock.ping(self.time, Timestamp::default());
        let sync = ping.sync.map(|sync| SlotClock { ahead_us: None, ..sync });
        ClockPing { sync, waiting: Some(self.backlog()), ..ping }
    }

    /// Takes the core's answer. What waited for it goes with the next [`outgoing`](Self::outgoing).
    pub fn pong(&mut self, pong: &ClockPong) {
        self.answered |= self.clock.pong(pong, self.time);
    }

    /// The slot's `hello`. Undated.
    pub fn hello(&self) -> Hello {
        Hello { ts: None, ..status_messages::hello(&self.config, self.boot, false) }
    }

    /// `true` if anything about its boards may have changed since this was last asked.
    pub fn has_news(&mut self) -> bool {
        let news = self.seen.has_changed().unwrap_or(false);
        self.seen.mark_unchanged();
        news
    }

    /// The slot's `input/status`. Undated, so that two of them compare.
    pub fn status(&self) -> InputStatus {
        status_messages::input_status(&self.slot_status.read(), &CoreClock::virtual_time())
    }

    fn open_hosts(&mut self) {
        let now = self.time;
        let backend: Arc<dyn Backend> = Arc::new(self.bench.clone());
        let claims = Claims::default();
        let devices = &self.config.devices;
        // The same seed is the same evening: a lost board is tried again after the same pauses.
        let context = |device| OpenContext {
            chance: || 0.5,
            ..OpenContext::new(&self.config, device, &backend, &claims)
        };
        self.hosts = devices.iter().map(|device| Host::new(context(device), now)).collect();
        let mut generation = self.generations.last().copied().unwrap_or_default();
        let mut next = |_: &Host| {
            generation = generation.next();
            generation
        };
        self.generations = self.hosts.iter().map(&mut next).collect();
        self.slot_status.set_devices(devices.iter().zip(self.generations.iter().copied()), now);
        self.step();
    }

    /// Does what a device's thread does when something wakes it.
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
        let name = device.name.clone();
        let draft = |action| Draft::new(name.clone(), action, true);
        let drafts: Vec<Draft> = actions.into_iter().map(draft).collect();
        if !drafts.is_empty() {
            self.turn(Work { drafts, ..Work::default() });
        }
    }

    /// Does what the outbox's thread does with what it is given.
    fn turn(&mut self, work: Work) {
        let rows = self.outbox.turn(work, self.time);
        self.outgoing.extend(rows);
    }
}

/// An outbox of one start that a rehearsal may fill as it likes.
fn in_memory(boot: Boot, clock: &CoreClock) -> Settings {
    Settings { path: None, boot, limits: Limits::default(), clock: clock.clone(), events: None }
}

impl std::fmt::Debug for VirtualSlot {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("VirtualSlot").field("slot", self.id()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

//! World of a rehearsal: one clock, one core that may be dead, slots, and messages on their way.

mod core;
mod line;
mod packet;

use super::agenda::{Action, Agenda, Due, Held, Mishap, Reset};
use super::error::RehearseError;
use super::report::Failure;
use super::script::{Script, Step};
use super::seat::Seat;
use crate::clock::{Clock, StoppedClock};
use crate::config::{CoreConfig, Seeds};
use crate::engine::Engine;
use crate::engine::handle::Handle;
use crate::engine::read_model::ReadModel;
use crate::ingest::Arrival;
use crate::journal::Durability;
use eg_agent::virtual_slot::{Act, VirtualSlot, What};
use eg_proto::{Boot, SlotId, Timestamp};
use packet::Packet;
use rand::rngs::ChaCha8Rng;
use rand::{Rng, RngExt, SeedableRng};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// Time at which every rehearsal begins, always the same evening.
const EVENING: Timestamp = Timestamp(1_764_000_000_000_000);
/// Interval at which a slot asks for the core's time.
const PING: Duration = Duration::from_secs(10);
/// Number of rounds at one moment beyond which the rehearsal counts as stuck.
const AT_ONCE: usize = 20_000;
/// Longest time after the last step for all events to be stored.
const REST: Duration = Duration::from_secs(180);

pub(super) struct World {
    pub(super) seed: u64,
    pub(super) config: CoreConfig,
    /// Virtual time of the world, which no participant can read.
    time: Timestamp,
    /// Clock of the core, which may be set while the core is dead.
    clock: Arc<StoppedClock>,
    /// Id of the core's present start.
    start: Boot,
    pub(super) core: Option<(Engine, Handle)>,
    pub(super) seats: Vec<Seat>,
    pub(super) failures: Vec<Failure>,
    pub(super) commands: u64,
    pub(super) chance: ChaCha8Rng,
    agenda: Agenda<Due>,
    wire: Agenda<Packet>,
    arrived: Vec<Arrival>,
    folder: TempDir,
}

impl World {
    /// Creates the world with a running core and connected slots.
    pub(super) fn open(script: &Script, seed: u64) -> Result<Self, RehearseError> {
        let folder = tempfile::tempdir()?;
        let mut config = script.core.clone();
        config.db = folder.path().join("eg.db");
        config.durability = Durability::Normal;
        config.sessions.seeds = Seeds::From(seed);
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let mut seats = Vec::new();
        for slot in &script.slots {
            seats.push(Seat::new(VirtualSlot::new(slot.clone(), boot(&mut chance))?));
        }
        let mut world = Self {
            seed,
            config,
            time: EVENING,
            clock: Arc::new(StoppedClock::at(EVENING)),
            start: Boot(ulid::Ulid::nil()),
            core: None,
            seats,
            failures: Vec::new(),
            commands: 0,
            chance,
            agenda: Agenda::default(),
            wire: Agenda::default(),
            arrived: Vec::new(),
            folder,
        };
        world.start()?;
        for seat in 0..world.seats.len() {
            world.agenda.put(world.now(), Due::Ping(seat));
        }
        Ok(world)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.time
    }

    /// Returns the virtual time that has passed since the beginning.
    pub(super) fn played(&self) -> Duration {
        self.now().since(EVENING)
    }

    /// Plays the script, then waits until all events are stored.
    pub(super) fn play(&mut self, script: &Script) {
        let start = self.now();
        for (place, step) in script.steps.iter().enumerate() {
            self.agenda.put(start + step.at, Due::Step(place));
        }
        self.run(script, start + script.until);
        if self.core.is_none() {
            self.carry_out(script, Due::Start(Reset::None));
        }
        for seat in 0..self.seats.len() {
            self.back(seat);
        }
        let end = self.now() + REST;
        while self.now() < end && self.seats.iter().any(|seat| seat.slot.backlog() > 0) {
            self.run(script, self.now() + Duration::from_secs(1));
        }
    }

    /// Returns the read model that the core publishes; `None` while the core is dead.
    pub(super) fn state(&mut self) -> Option<Arc<ReadModel>> {
        let (engine, handle) = self.core.as_mut()?;
        engine.publish();
        Some(handle.state())
    }

    pub(super) fn fail(&mut self, line: Option<usize>, what: impl Into<String>) {
        let at = Some(format!("{:.3} s", self.played().as_secs_f64()));
        self.failures.push(Failure { at, line, what: what.into() });
    }

    fn run(&mut self, script: &Script, until: Timestamp) {
        let mut at_once = 0;
        loop {
            let next = self.next().map(|at| at.max(self.now())).filter(|at| *at <= until);
            let Some(next) = next else { break };
            at_once = if next > self.now() { 0 } else { at_once + 1 };
            if at_once > AT_ONCE {
                self.fail(None, "time does not pass any more: something wakes without end");
                return;
            }
            self.advance(next);
            while let Some(due) = self.agenda.take(self.now()) {
                self.carry_out(script, due);
            }
            self.deliver();
            self.flush();
        }
        self.advance(until);
    }

    fn next(&self) -> Option<Timestamp> {
        let now = self.now();
        let engine = self.core.as_ref().and_then(|(engine, _)| engine.deadline());
        let engine = engine.map(|due| now + due.since(self.clock.now()));
        let seats = self.seats.iter().filter_map(Seat::deadline).min().map(|span| now + span);
        [self.agenda.next(), self.wire.next(), engine, seats].into_iter().flatten().min()
    }

    fn advance(&mut self, to: Timestamp) {
        let span = to.since(self.now());
        self.time = to.max(self.time);
        self.clock.pass(span);
        self.seats.iter_mut().for_each(|seat| seat.pass(span));
    }

    fn carry_out(&mut self, script: &Script, due: Due) {
        match due {
            Due::Step(place) => {
                if let Some(step) = script.steps.get(place) {
                    self.step(step);
                }
            }
            Due::Begin(held) => self.begin(held, None),
            Due::End(held) => self.end(&held),
            Due::Back(slot) => {
                if let Some(seat) = self.seat(&slot) {
                    self.back(seat);
                }
            }
            Due::Start(set) => {
                if self.core.is_none() {
                    self.set_clock(set);
                }
                if self.core.is_none()
                    && let Err(error) = self.start()
                {
                    self.fail(None, format!("the core does not start again: {error}"));
                }
            }
            Due::Ping(seat) => {
                self.agenda.put(self.now() + PING, Due::Ping(seat));
                self.ping(seat);
            }
        }
    }

    fn step(&mut self, step: &Step) {
        let line = step.line;
        match &step.deed {
            Action::Slot(held) => self.begin(held.clone(), line),
            Action::Everybody { room, press, within } => self.everybody(room, press, *within),
            Action::Mishap { slot, trouble, lasts } => {
                let Some(seat) = self.seat(slot) else { return };
                self.lose(seat);
                match trouble {
                    Mishap::CutOff => self.seats[seat].cut = true,
                    Mishap::Killed => self.seats[seat].kill(),
                }
                if let Some(lasts) = lasts {
                    self.agenda.put(self.now() + *lasts, Due::Back(slot.clone()));
                }
            }
            Action::Core { lasts, set } => self.kill(*lasts, *set),
            Action::Operator { room, name, args, because, refused } => {
                let done = self.operate(room, name, args.clone(), because.clone());
                match (done, refused) {
                    (None, _) => self.fail(line, format!("{name}: the core is dead")),
                    (Some(Err(why)), None) => {
                        self.fail(line, format!("{name} was refused: {}", why.why.en));
                    }
                    (Some(Ok(_)), Some(words)) => {
                        self.fail(line, format!("{name} was to be refused with {words:?}"));
                    }
                    (Some(Err(why)), Some(words)) if !why.why.en.contains(words) => {
                        self.fail(line, format!("{name} was refused otherwise: {}", why.why.en));
                    }
                    (Some(Ok(_)), None) | (Some(Err(_)), Some(_)) => {}
                }
            }
            Action::Anything(room) => self.anything(room),
            Action::Expect { room, expect } => {
                let Some(state) = self.state() else {
                    return self.fail(line, "the core is dead: nothing can be expected of it");
                };
                let Some(shown) = state.rooms.get(room) else { return };
                for unmet in expect.unmet(&state, shown) {
                    self.fail(line, unmet);
                }
            }
        }
    }

    /// Begins a touch or fault at a slot, and schedules its end.
    pub(super) fn begin(&mut self, held: Held, line: Option<usize>) {
        if let Some(why) = self.touch(&held.slot, &held.what, true) {
            return self.fail(line, why);
        }
        if let Some(lasts) = held.lasts {
            self.agenda.put(self.now() + lasts, Due::End(held));
        }
    }

    fn end(&mut self, held: &Held) {
        if let Some(why) = self.touch(&held.slot, &held.what, false) {
            self.fail(None, why);
        }
    }

    /// Begins or ends a touch or fault; returns a description of the error if it could not be done.
    fn touch(&mut self, slot: &SlotId, what: &What, begins: bool) -> Option<String> {
        let seat = self.seat(slot)?;
        let seat = &mut self.seats[seat];
        let done = match what {
            What::Act { device, input, act } => {
                let act = if begins { Some(act.clone()) } else { act.end() };
                act.and_then(|act: Act| seat.slot.act(device, input, &act).err())
                    .map(|error| error.to_string())
            }
            What::Fault(fault) => {
                seat.slot.fault(fault, begins).err().map(|error| error.to_string())
            }
        };
        if !seat.dead {
            seat.slot.step();
        }
        done.map(|why| format!("{slot}: {why}"))
    }

    /// Schedules the beginning of a touch or fault after a span.
    pub(super) fn later(&mut self, span: Duration, held: Held) {
        self.agenda.put(self.now() + span, Due::Begin(held));
    }

    pub(super) fn seat(&self, slot: &SlotId) -> Option<usize> {
        self.seats.iter().position(|seat| seat.slot.id() == slot)
    }

    /// Returns the folder of the journal.
    pub(super) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

/// Draws the id of a start.
fn boot(chance: &mut impl Rng) -> Boot {
    Boot(ulid::Ulid::from(chance.random::<u128>() >> 1))
}

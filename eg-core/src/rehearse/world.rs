//! The world of a rehearsal: one clock, one core that may be dead, slots, and messages on their way.

use super::RehearseError;
use super::agenda::{Agenda, Deed, Due, Held, Trouble};
use super::report::Failure;
use super::script::{Script, Step};
use super::seat::Seat;
use crate::clock::{Clock, StoppedClock};
use crate::config::CoreConfig;
use crate::engine::{Engine, Round};
use crate::handle::{Actor, Handle, Refused, Request};
use crate::ingest::{Arrival, BrokerNews, Delivery};
use crate::journal::{Durability, Journal, JournalError};
use crate::state::State;
use eg_agent::staged::{Act, StagedSlot, What};
use eg_proto::{
    Ack, Boot, ClockPing, ClockPong, Command, Mode, Presence, RoomId, SlotId, Timestamp, Topic,
    decode,
};
use rand::rngs::ChaCha8Rng;
use rand::{Rng, RngExt, SeedableRng};
use serde_json::{Map, Value};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::oneshot;

/// The first moment of every rehearsal: it is always the same evening.
const EVENING: Timestamp = Timestamp(1_764_000_000_000_000);
/// A slot asks for the time this often.
const PING: Duration = Duration::from_secs(10);
/// A message takes between these, µs.
const WAY: std::ops::Range<u64> = 300..6_000;
/// One message in so many comes twice.
const TWICE: u32 = 100;
/// So much may happen at one moment; beyond, the rehearsal has lost its way.
const AT_ONCE: usize = 20_000;
/// How long everything may take to come to rest after the last step.
const REST: Duration = Duration::from_secs(180);

/// A message on its way.
#[derive(Clone, Debug)]
enum Packet {
    Up(usize, Box<Arrival>),
    Ping(usize, ClockPing),
    Ack(usize, Ack),
    Command(usize, Command),
    Pong(usize, ClockPong),
}

impl Packet {
    fn seat(&self) -> usize {
        match self {
            Self::Up(seat, _)
            | Self::Ping(seat, _)
            | Self::Ack(seat, _)
            | Self::Command(seat, _)
            | Self::Pong(seat, _) => *seat,
        }
    }
}

pub(super) struct World {
    pub(super) seed: u64,
    pub(super) config: CoreConfig,
    pub(super) clock: Arc<StoppedClock>,
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
    /// Everything in its place: the core runs, the slots are connected.
    pub(super) fn open(script: &Script, seed: u64) -> Result<Self, RehearseError> {
        let folder = tempfile::tempdir()?;
        let mut config = script.core.clone();
        config.db = folder.path().join("eg.db");
        config.durability = Durability::Normal;
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let mut seats = Vec::new();
        for slot in &script.slots {
            seats.push(Seat::new(StagedSlot::new(slot.clone(), boot(&mut chance))?));
        }
        let mut world = Self {
            seed,
            config,
            clock: Arc::new(StoppedClock::at(EVENING)),
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
        world.light()?;
        for seat in 0..world.seats.len() {
            world.agenda.put(world.now(), Due::Ping(seat));
        }
        Ok(world)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// How long it has been.
    pub(super) fn played(&self) -> Duration {
        self.now().since(EVENING)
    }

    /// Plays the script, then lets everything come to rest.
    pub(super) fn play(&mut self, script: &Script) {
        let start = self.now();
        for (place, step) in script.steps.iter().enumerate() {
            self.agenda.put(start + step.at, Due::Step(place));
        }
        self.run(script, start + script.until);
        if self.core.is_none() {
            self.carry_out(script, Due::Start);
        }
        for seat in 0..self.seats.len() {
            self.back(seat);
        }
        let end = self.now() + REST;
        while self.now() < end && self.seats.iter().any(|seat| seat.slot.backlog() > 0) {
            self.run(script, self.now() + Duration::from_secs(1));
        }
    }

    /// What the core shows.
    pub(super) fn state(&mut self) -> Option<Arc<State>> {
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
        let seats = self.seats.iter().filter_map(Seat::deadline).min().map(|span| now + span);
        [self.agenda.next(), self.wire.next(), engine, seats].into_iter().flatten().min()
    }

    fn advance(&mut self, to: Timestamp) {
        let span = to.since(self.now());
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
            Due::Start => {
                if self.core.is_none()
                    && let Err(error) = self.light()
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
            Deed::Slot(held) => self.begin(held.clone(), line),
            Deed::Everybody { room, press, within } => self.everybody(room, press, *within),
            Deed::Trouble { slot, trouble, lasts } => {
                let Some(seat) = self.seat(slot) else { return };
                self.lose(seat);
                match trouble {
                    Trouble::CutOff => self.seats[seat].cut = true,
                    Trouble::Killed => self.seats[seat].kill(),
                }
                if let Some(lasts) = lasts {
                    self.agenda.put(self.now() + *lasts, Due::Back(slot.clone()));
                }
            }
            Deed::Core(lasts) => self.dark(*lasts),
            Deed::Operator { room, name, args, because, refused } => {
                let done = self.operate(room, name, args.clone(), because.clone());
                match (done, refused) {
                    (None, _) => self.fail(line, format!("{name}: the core is dead")),
                    (Some(Err(why)), None) => {
                        self.fail(line, format!("{name} was refused: {}", why.why.en));
                    }
                    (Some(Ok(())), Some(words)) => {
                        self.fail(line, format!("{name} was to be refused with {words:?}"));
                    }
                    (Some(Err(why)), Some(words)) if !why.why.en.contains(words) => {
                        self.fail(line, format!("{name} was refused otherwise: {}", why.why.en));
                    }
                    (Some(Ok(())), None) | (Some(Err(_)), Some(_)) => {}
                }
            }
            Deed::Anything(room) => self.anything(room),
            Deed::Expect { room, expect } => {
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

    /// A player does something, or something goes wrong.
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

    /// Why it could not be done.
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

    /// Has something begun at a later moment.
    pub(super) fn later(&mut self, span: Duration, held: Held) {
        self.agenda.put(self.now() + span, Due::Begin(held));
    }

    /// Does what the operator asks for. Nothing when there is no core.
    pub(super) fn operate(
        &mut self,
        room: &RoomId,
        name: &str,
        mut args: Map<String, Value>,
        reason: Option<String>,
    ) -> Option<Result<(), Refused>> {
        let by = Actor("operator".to_owned());
        let room = room.clone();
        match name {
            "start" => {
                let game = args.remove("game").and_then(|game| game.as_str().map(str::to_owned));
                let config = args.remove("config");
                self.ask(|answer| Request::Start { room, game, config, reason, by, answer })
                    .map(|done| done.map(drop))
            }
            "roll-call" => self.ask(|answer| Request::RollCall { room, on: true, by, answer }),
            name => {
                let name = name.to_owned();
                if let Some(act) = args.remove("act") {
                    args.insert("entry".to_owned(), self.latest(&room, act.as_str())?.into());
                }
                self.ask(|answer| Request::Act { room, name, args, reason, by, answer })
                    .map(|done| done.map(drop))
            }
        }
    }

    /// The number of the latest act of this name that stands, or 0.
    fn latest(&mut self, room: &RoomId, name: Option<&str>) -> Option<i64> {
        let state = self.state()?;
        let session = state.rooms.get(room)?.session.as_ref()?;
        let stands = |act: &&crate::state::Deed| Some(act.name.as_str()) == name && act.can_undo;
        Some(session.acts.iter().rev().find(stands).map_or(0, |act| act.entry))
    }

    fn ask<T>(
        &mut self,
        request: impl FnOnce(oneshot::Sender<Result<T, Refused>>) -> Request,
    ) -> Option<Result<T, Refused>> {
        let (answer, mut answered) = oneshot::channel();
        let round = self.core.as_mut()?.0.round(Vec::new(), vec![request(answer)]);
        self.hand_out(round);
        answered.try_recv().ok()
    }

    pub(super) fn seat(&self, slot: &SlotId) -> Option<usize> {
        self.seats.iter().position(|seat| seat.slot.id() == slot)
    }

    /// The core starts, on the journal as it is.
    fn light(&mut self) -> Result<(), JournalError> {
        let journal = Journal::open(&self.config.db, self.config.durability)?;
        let clock: Arc<dyn Clock> = self.clock.clone();
        let (engine, handle, _) = Engine::open(&self.config, journal, clock)?;
        self.core = Some((engine, handle));
        self.arrived.push(Arrival::Broker(BrokerNews::Connected));
        for seat in 0..self.seats.len() {
            self.connect(seat);
        }
        Ok(())
    }

    /// The core is killed, and its broker with it: what was on its way is gone.
    fn dark(&mut self, lasts: Duration) {
        self.core = None;
        self.arrived.clear();
        self.wire = Agenda::default();
        self.seats.iter_mut().for_each(Seat::lose);
        self.agenda.put(self.now() + lasts, Due::Start);
    }

    /// A slot loses its link; the broker tells so.
    fn lose(&mut self, seat: usize) {
        self.wire.retain(|packet| packet.seat() != seat);
        self.seats[seat].lose();
        let gone = Arrival::Presence(self.seats[seat].slot.id().clone(), Presence::Offline);
        self.send_up(seat, gone);
    }

    /// A slot is back.
    fn back(&mut self, seat: usize) {
        let boot = boot(&mut self.chance);
        self.seats[seat].cut = false;
        self.seats[seat].revive(boot);
        self.connect(seat);
    }

    fn connect(&mut self, seat: usize) {
        let here = &mut self.seats[seat];
        if self.core.is_none() || here.up || here.cut || here.dead {
            return;
        }
        here.up = true;
        here.slot.link(true);
        let (slot, hello) = (here.slot.id().clone(), Box::new(here.slot.hello()));
        self.send_up(seat, Arrival::Presence(slot.clone(), Presence::Online));
        self.send_up(seat, Arrival::Hello(slot, hello));
        self.ping(seat);
    }

    fn ping(&mut self, seat: usize) {
        if self.seats[seat].up {
            let ping = self.seats[seat].slot.ping();
            let at = self.now() + self.way();
            self.wire.put(at, Packet::Ping(seat, ping));
        }
    }

    fn send_up(&mut self, seat: usize, arrival: Arrival) {
        let at = self.now() + self.way();
        let at = self.seats[seat].up_by(at);
        self.wire.put(at, Packet::Up(seat, Box::new(arrival)));
    }

    fn send_down(&mut self, seat: usize, packet: Packet) {
        if self.seats[seat].up {
            let at = self.now() + self.way();
            let at = self.seats[seat].down_by(at);
            self.wire.put(at, packet);
        }
    }

    /// How long a message takes.
    fn way(&mut self) -> Duration {
        Duration::from_micros(self.chance.random_range(WAY))
    }

    /// Hands out what has arrived by now, and lets the core do what is due.
    fn deliver(&mut self) {
        while let Some(packet) = self.wire.take(self.now()) {
            match packet {
                Packet::Up(_, arrival) => self.arrived.push(*arrival),
                Packet::Ping(seat, ping) => {
                    let now = self.now();
                    let ClockPing { n, t1_us, .. } = ping;
                    let pong = ClockPong { n, t1_us, t2_us: now, t3_us: now };
                    self.send_down(seat, Packet::Pong(seat, pong));
                }
                Packet::Ack(seat, ack) => {
                    let here = &mut self.seats[seat];
                    let before = here.slot.backlog();
                    here.slot.acknowledge(&ack);
                    here.sent = here.sent.saturating_sub(before - here.slot.backlog());
                }
                Packet::Command(seat, command) => {
                    if !self.seats[seat].dead {
                        let answer = self.seats[seat].slot.command(command);
                        self.commands += 1;
                        let slot = self.seats[seat].slot.id().clone();
                        self.send_up(seat, Arrival::Answer(slot, answer));
                    }
                }
                Packet::Pong(seat, pong) => self.seats[seat].slot.pong(&pong),
            }
        }
        let now = self.now();
        let Some((engine, _)) = &mut self.core else { return };
        if self.arrived.is_empty() && engine.deadline().is_none_or(|due| due > now) {
            return;
        }
        let arrived = std::mem::take(&mut self.arrived);
        let delivery = |arrival| Delivery { at: now, what: vec![arrival], token: None };
        let round = engine.round(arrived.into_iter().map(delivery).collect(), Vec::new());
        self.hand_out(round);
    }

    /// What the core sends.
    fn hand_out(&mut self, round: Round) {
        if !round.stored {
            self.fail(None, "the disk refused a round");
        }
        for (slot, ack) in round.acks {
            if let Some(seat) = self.seat(&slot) {
                self.send_down(seat, Packet::Ack(seat, ack));
            }
        }
        for post in round.posts {
            self.arrived.extend(post.effect.map(Arrival::Sent));
            let Topic::Command(slot) = &post.topic else { continue };
            if let (Some(seat), Ok(command)) = (self.seat(slot), decode::<Command>(&post.payload)) {
                self.send_down(seat, Packet::Command(seat, command));
            }
        }
    }

    /// The slots send what they have to say.
    fn flush(&mut self) {
        if self.core.is_none() {
            return;
        }
        for seat in 0..self.seats.len() {
            let here = &mut self.seats[seat];
            if !here.up || here.dead {
                continue;
            }
            let slot = here.slot.id().clone();
            let status = (here.slot.has_news() || here.told.is_none()).then(|| here.slot.status());
            let news = status.filter(|status| here.told.as_ref() != Some(status));
            if news.is_some() {
                here.told.clone_from(&news);
            }
            let mut events = Vec::new();
            if here.slot.backlog() > here.sent {
                events = here.slot.waiting().split_off(here.sent);
                here.sent = here.slot.backlog();
            }
            if let Some(status) = news {
                self.send_up(seat, Arrival::Status(slot.clone(), Box::new(status)));
            }
            let times = if self.chance.random_ratio(1, TWICE) { 2 } else { 1 };
            for _ in 0..times {
                for event in &events {
                    self.send_up(seat, Arrival::Event(slot.clone(), Box::new(event.clone())));
                }
            }
        }
    }

    /// Where the journal lies.
    pub(super) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Kills the core and starts it again at once.
    pub(super) fn restart(&mut self) -> Result<(), JournalError> {
        // What stands in the journal last tells since when the core was down: let that be now.
        let (mode, by) = (Mode::Day, Actor("rehearsal".to_owned()));
        self.ask(|answer| Request::Mode { mode, by, answer });
        self.core = None;
        self.light()
    }
}

/// A start's name, drawn.
fn boot(chance: &mut impl Rng) -> Boot {
    Boot(ulid::Ulid::from(chance.random::<u128>() >> 1))
}

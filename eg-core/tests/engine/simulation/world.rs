//! World of the simulation: true time, which nobody in it knows.

use crate::room::{Room, START, slot};
use eg_agent::core_clock::{CoreClock, Moment};
use eg_core::clock::Clock;
use eg_core::ingest::{Arrival, Delivery};
use eg_core::journal::Kind;
use eg_game::prelude::*;
use eg_game::{Order, Race, Tie};
use eg_proto::{Boot, ClockPing, ClockPong, DeviceName, Event, EventTime, InputName, Source};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

const SLOTS: usize = 9;

/// Game that rules on every tie group by itself.
struct Heats(Race);

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

impl Game for Heats {
    const KIND: &'static str = "heats";
    const ORDER: Order = Order::ByTime;
    type Config = Nothing;

    fn start(_: Nothing, _: &Roster) -> Result<Self, StartError> {
        Ok(Self(Race::default()))
    }

    fn on_input(&mut self, input: &Input, effects: &mut Effects) {
        self.0.enter(eg_game::TimedPress::of(input));
        effects.after(TimerId(1), Duration::ZERO);
    }

    fn on_timer(&mut self, _: TimerId, _: Timestamp, effects: &mut Effects) {
        effects.ruling(std::mem::take(&mut self.0).rule(&Tie::All));
    }

    fn view(&self, _: &Audience) -> View {
        View::new("running", Text::same("heats"), [])
    }

    fn explain(&self) -> Text {
        Text::same("heats")
    }
}

eg_game::register!(Heats);

/// Simulated slot: a crystal, a link, and the agent's clock.
struct Slot {
    /// Time of its clock at the beginning of the world, in µs.
    start: u64,
    /// Error of its crystal against the core's, in parts per million.
    ppm: f64,
    /// Amplitude by which its clock wanders, in µs.
    wander: f64,
    /// Shortest and longest transit of a message to the core, in µs.
    out: (i64, i64),
    back: (i64, i64),
    /// Arrival of the last message at the core: none overtakes another.
    last_in: i64,
    last_out: i64,
    clock: CoreClock,
    boot: Boot,
    seq: u64,
}

impl Slot {
    /// Returns the time of its clock at a true moment, in µs since the beginning.
    fn shows(&self, at: i64) -> Moment {
        let at = at as f64;
        let wandered = self.wander * (at / 600e6 * std::f64::consts::TAU).sin();
        Moment(self.start + (at + at * self.ppm / 1e6 + wandered) as u64)
    }
}

enum Happening {
    Look(usize),
    Ping(usize, ClockPing),
    Pong(usize, ClockPong),
    Press(usize, String),
    Arrive(Box<Arrival>),
}

/// Statistics of all pairs of presses.
#[derive(Default)]
pub(super) struct Census {
    pub(super) pairs: usize,
    /// Number of pairs that were put in an order.
    pub(super) decided: usize,
    /// Number of pairs that were declared a tie.
    pub(super) ties: usize,
    /// Number of pairs whose true gap is at most both uncertainties together.
    pub(super) explained: usize,
    /// Number of rulings against the truth, not in the order of time, or called a tie without need.
    pub(super) wrong: usize,
    /// Mean uncertainty of a press, in µs.
    unc_us: u64,
}

impl fmt::Display for Census {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pairs, decided, ties, explained, wrong, unc_us } = self;
        let share = |part: &usize| *part as f64 * 100.0 / (*pairs).max(1) as f64;
        write!(
            f,
            "{pairs} pairs, {decided} decided, {wrong} wrong; declared ties {:.1} %, \
             the bounds explain {:.1} %; mean ± {:.1} ms",
            share(ties),
            share(explained),
            *unc_us as f64 / 1e3,
        )
    }
}

pub(super) struct World {
    chance: ChaCha8Rng,
    room: Room,
    slots: Vec<Slot>,
    /// Planned events by their true moment, in µs since the beginning, and in order.
    agenda: BTreeMap<(i64, u64), Happening>,
    planned: u64,
    now: i64,
    /// Slots that pressed in each burst, with the true moment, in µs since the beginning.
    truth: Vec<Vec<(SlotId, i64)>>,
}

impl World {
    pub(super) fn new(seed: u64) -> Self {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let names: Vec<String> = (1..=SLOTS).map(|n| slot(n).to_string()).collect();
        let names = names.join(", ");
        let yaml = format!("rooms: {{ main: {{ slots: [{names}], game: heats, config: {{}} }} }}");
        let mut room = Room::open(&yaml);
        room.start().unwrap();
        let slots = (0..SLOTS).map(|_| {
            let mut way = || {
                let least = chance.random_range(5_000..40_000);
                (least, chance.random_range(least..=50_000))
            };
            let (out, back) = (way(), way());
            Slot {
                start: chance.random_range(1_000_000..9_000_000_000),
                ppm: chance.random_range(-50.0..50.0),
                wander: chance.random_range(0.0..300.0),
                out,
                back,
                last_in: 0,
                last_out: 0,
                clock: CoreClock::virtual_time(),
                boot: Boot(ulid::Ulid::new()),
                seq: 0,
            }
        });
        let slots = slots.collect();
        let agenda = BTreeMap::new();
        Self { chance, room, slots, agenda, planned: 0, now: 0, truth: Vec::new() }
    }

    /// Plays bursts of presses until there are `pairs` pairs.
    pub(super) fn play(mut self, pairs: usize) -> Census {
        for number in 0..SLOTS {
            for look in 0..5 {
                let start = self.chance.random_range(0..30_000);
                self.plan(start + look * 50_000, Happening::Look(number));
            }
        }
        let (mut planned, mut at) = (0, 2_000_000);
        while planned < pairs {
            let players = self.chance.random_range(2..=SLOTS);
            let spread = self.chance.random_range(1_000..150_000);
            let mut all: Vec<usize> = (0..SLOTS).collect();
            let mut truth = Vec::new();
            for _ in 0..players {
                let place = self.chance.random_range(0..all.len());
                let number = all.swap_remove(place);
                let press = at + self.chance.random_range(0..spread);
                let burst = format!("burst-{}", self.truth.len());
                self.plan(press, Happening::Press(number, burst));
                truth.push((slot(number + 1), press));
            }
            self.truth.push(truth);
            planned += players * (players - 1) / 2;
            at += self.chance.random_range(3_000_000..9_000_000);
        }
        self.run(at + 2_000_000);
        self.count()
    }

    fn plan(&mut self, at: i64, what: Happening) {
        self.planned += 1;
        self.agenda.insert((at.max(self.now), self.planned), what);
    }

    fn run(&mut self, end: i64) {
        let start = START.0;
        loop {
            let next = self.agenda.first_key_value().map(|((at, _), _)| *at);
            let due = self.room.engine.deadline().map(|due| (due.0 - start).max(self.now));
            let Some(at) = next.into_iter().chain(due).min().filter(|at| *at <= end) else {
                return;
            };
            self.room.clock.pass(Duration::from_micros((at - self.now).unsigned_abs()));
            self.now = at;
            match self.agenda.first_entry() {
                Some(first) if first.key().0 <= at => {
                    let happening = first.remove();
                    self.happen(happening);
                }
                Some(_) | None => drop(self.room.engine.round(Vec::new(), Vec::new())),
            }
        }
    }

    /// Draws the arrival at the core of a message that a slot sends now.
    fn reaches_core(&mut self, number: usize) -> i64 {
        let slot = &mut self.slots[number];
        let took = self.chance.random_range(slot.out.0..=slot.out.1);
        slot.last_in = slot.last_in.max(self.now + took);
        slot.last_in
    }

    fn happen(&mut self, what: Happening) {
        let now = self.now;
        match what {
            Happening::Look(number) => {
                let shown = self.slots[number].shows(now);
                let ping = self.slots[number].clock.ping(shown, START);
                let at = self.reaches_core(number);
                self.plan(at, Happening::Ping(number, ping));
                if ping.n >= 5 {
                    self.plan(now + 10_000_000, Happening::Look(number));
                }
            }
            Happening::Ping(number, ping) => {
                self.arrive(Arrival::Ping(slot(number + 1), ping));
                let t2_us = self.room.clock.now();
                let held = self.chance.random_range(20..400);
                let t3_us = Timestamp(t2_us.0 + held);
                let (n, t1_us, boot) = (ping.n, ping.t1_us, None);
                let pong = ClockPong { n, t1_us, t2_us, t3_us, boot };
                let slot = &mut self.slots[number];
                let took = self.chance.random_range(slot.back.0..=slot.back.1);
                slot.last_out = slot.last_out.max(now + held + took);
                let at = slot.last_out;
                self.plan(at, Happening::Pong(number, pong));
            }
            Happening::Pong(number, pong) => {
                let slot = &self.slots[number];
                assert!(slot.clock.pong(&pong, slot.shows(now)), "every answer is taken");
            }
            Happening::Press(number, burst) => {
                let latency = self.chance.random_range(0..50);
                let slot_id = slot(number + 1);
                let slot = &mut self.slots[number];
                slot.seq += 1;
                let at = slot.shows(now + latency);
                let t = slot.clock.date(slot.clock.take(at, 50, Source::Kernel));
                let event = press(slot.boot, slot.seq, &burst, t);
                let written = self.chance.random_range(100..3_000);
                let at = self.reaches_core(number) + written;
                let event = Arrival::Event(slot_id, Box::new(event));
                self.slots[number].last_in = at;
                self.plan(at, Happening::Arrive(Box::new(event)));
            }
            Happening::Arrive(arrival) => self.arrive(*arrival),
        }
    }

    fn arrive(&mut self, arrival: Arrival) {
        let at = self.room.clock.now();
        let delivery = Delivery { at, what: vec![arrival], token: None };
        assert!(self.room.engine.round(vec![delivery], Vec::new()).stored);
    }

    /// Compares the journal with the truth.
    fn count(self) -> Census {
        let entries = self.room.entries();
        let mut times: BTreeMap<i64, (usize, SlotId, EventTime)> = BTreeMap::new();
        let mut heats: Vec<Vec<(SlotId, EventTime)>> = vec![Vec::new(); self.truth.len()];
        let mut first: Vec<Option<Vec<SlotId>>> = vec![None; self.truth.len()];
        let mut census = Census::default();
        let mut burst = 0;
        for entry in &entries {
            match entry.kind {
                Kind::Event => {
                    let event: Event = serde_json::from_value(entry.body.clone()).unwrap();
                    let number = event.input.as_str().trim_start_matches("burst-").parse().unwrap();
                    times.insert(entry.id, (number, entry.slot.clone().unwrap(), event.t));
                }
                Kind::Played => {
                    census.wrong += usize::from(entry.body["overtaken"] != false);
                    let (number, slot, t) =
                        times.remove(&entry.body["entry"].as_i64().unwrap()).unwrap();
                    burst = number;
                    heats[burst].push((slot, t));
                }
                Kind::Note => {
                    let tied =
                        serde_json::from_value(entry.body["ruling"]["tied"].clone()).unwrap();
                    first[burst].get_or_insert(tied);
                }
                Kind::Vote
                | Kind::Act
                | Kind::Request
                | Kind::Timer
                | Kind::Resumed
                | Kind::Result
                | Kind::Refused
                | Kind::Gap
                | Kind::Status
                | Kind::Unreadable => {}
            }
        }
        assert!(times.is_empty(), "every press is played once");
        let mut uncs = (0, 0);
        for ((truth, heat), first) in self.truth.iter().zip(&heats).zip(&first) {
            let when = |slot: &SlotId| truth.iter().find(|one| one.0 == *slot).unwrap().1;
            let winner = truth.iter().min_by_key(|one| one.1).unwrap();
            let tied = first.as_ref().unwrap();
            census.wrong += usize::from(!tied.iter().any(|slot| when(slot) == winner.1));
            for (place, (one, its)) in heat.iter().enumerate() {
                uncs = (uncs.0 + its.unc_us, uncs.1 + 1);
                for (other, later) in &heat[place + 1..] {
                    let gap = later.core_us.unwrap().0 - its.core_us.unwrap().0;
                    let unc = i64::try_from(its.unc_us + later.unc_us).unwrap();
                    let truly = when(other) - when(one);
                    census.pairs += 1;
                    census.explained += usize::from(truly.abs() <= unc);
                    if gap > unc {
                        census.decided += 1;
                        census.wrong += usize::from(truly < 0);
                    } else {
                        census.ties += 1;
                        census.wrong += usize::from(gap < 0 || truly.abs() > 2 * unc);
                    }
                }
            }
        }
        census.unc_us = uncs.0 / uncs.1.max(1);
        census
    }
}

fn press(boot: Boot, seq: u64, input: &str, t: EventTime) -> Event {
    Event {
        boot,
        seq,
        device: DeviceName::new("panel").unwrap(),
        input: InputName::new(input).unwrap(),
        kind: EventKind::Press,
        t,
        late: false,
        sim: true,
    }
}

//! Plan of a run: acts, the parts that they hit, and their times, drawn from a seed.

use std::collections::BTreeMap;
use std::time::Duration;

/// Slots whose presses are compared.
pub(super) const SLOTS: usize = 4;
/// Draws after which a moment is left without an act: everything is busy.
const TRIES: u32 = 8;

/// Length of a run.
#[derive(Clone, Copy, Debug)]
pub(super) enum Length {
    /// Number of acts.
    Acts(u32),
    /// Time in which acts begin.
    Time(Duration),
}

/// Part of the room that is held by one act at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Core,
    /// Mosquitto.
    Broker,
    Agent(usize),
    Link(usize),
    /// A second machine of a slot's name.
    Twin(usize),
    /// The slot that nobody compares.
    Mad,
    /// All programs at once.
    All,
    /// The date of core or agents.
    Clock(usize),
}

/// Act of chaos.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Kill,
    Term,
    Stop,
    Blackout,
    Silence,
    Cut,
    Freeze,
    Slow,
    SlowDisk,
    FailingDisk,
    FullDisk,
    Clock,
    Twin,
    Flood,
    Gaps,
    Deep,
    Boards,
    Garbage,
    Poison,
    Update,
}

/// Kinds with their names, their weights, and the shortest and longest time that they last, in milliseconds.
const KINDS: [(Kind, &str, u64, (u64, u64)); 20] = [
    (Kind::Kill, "kill", 20, (50, 3_000)),
    (Kind::Term, "term", 8, (300, 3_000)),
    (Kind::Stop, "stop", 10, (200, 6_000)),
    (Kind::Blackout, "blackout", 1, (200, 3_000)),
    (Kind::Silence, "silence", 3, (16_000, 19_000)),
    (Kind::Cut, "cut", 14, (0, 3_000)),
    (Kind::Freeze, "freeze", 8, (500, 9_000)),
    (Kind::Slow, "slow-link", 6, (1_000, 8_000)),
    (Kind::SlowDisk, "slow-disk", 4, (1_000, 8_000)),
    (Kind::FailingDisk, "failing-disk", 3, (500, 4_000)),
    (Kind::FullDisk, "full-disk", 3, (500, 5_000)),
    (Kind::Clock, "clock", 5, (0, 0)),
    (Kind::Twin, "twin", 2, (2_000, 6_000)),
    (Kind::Flood, "flood", 2, (1_000, 1_000)),
    (Kind::Gaps, "gaps", 2, (1_000, 1_000)),
    (Kind::Deep, "deep", 2, (1_000, 1_000)),
    (Kind::Boards, "boards", 2, (1_000, 1_000)),
    (Kind::Garbage, "garbage", 2, (1_000, 1_000)),
    (Kind::Poison, "poison", 2, (1_000, 1_000)),
    (Kind::Update, "update", 40, (50, 2_000)),
];

impl Kind {
    /// Names, for the command line.
    pub(super) fn names() -> Vec<&'static str> {
        KINDS.iter().map(|row| row.1).collect()
    }

    /// Returns the name.
    pub(super) fn name(self) -> &'static str {
        KINDS.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    /// Time for which its part is left alone afterwards. What an agent kept in memory because of its disk gets there.
    fn rest(self) -> Duration {
        if matches!(self, Self::SlowDisk | Self::FailingDisk | Self::FullDisk) {
            Duration::from_secs(8)
        } else if matches!(self, Self::Silence | Self::Blackout) {
            Duration::from_secs(3)
        } else {
            Duration::from_millis(700)
        }
    }

    fn part(self, broker: bool, draw: &mut impl FnMut(u64) -> u64) -> Part {
        let agent =
            |draw: &mut dyn FnMut(u64) -> u64| usize::try_from(draw(SLOTS as u64)).unwrap_or(0);
        match self {
            Self::Kill | Self::Term | Self::Stop => match draw(if broker { 10 } else { 7 }) {
                0..3 => Part::Core,
                3..7 => Part::Agent(agent(draw)),
                _ => Part::Broker,
            },
            Self::Silence => match draw(if broker { 4 } else { 3 }) {
                0 => Part::Core,
                1 | 2 => Part::Link(agent(draw)),
                _ => Part::Broker,
            },
            Self::Blackout => Part::All,
            Self::Update => match draw(7) {
                0..3 => Part::Core,
                _ => Part::Agent(agent(draw)),
            },
            Self::Cut | Self::Freeze | Self::Slow => Part::Link(agent(draw)),
            Self::SlowDisk | Self::FailingDisk | Self::FullDisk => match draw(2) {
                0 => Part::Core,
                _ => Part::Agent(agent(draw)),
            },
            Self::Clock => Part::Clock(usize::try_from(draw(SLOTS as u64 + 1)).unwrap_or(0)),
            Self::Twin => Part::Twin(agent(draw)),
            Self::Flood | Self::Gaps | Self::Deep | Self::Boards | Self::Garbage | Self::Poison => {
                Part::Mad
            }
        }
    }
}

/// Act of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Act {
    /// Begin, counted from the start of the run.
    pub(super) at: Duration,
    /// Time until it is over, or what it stopped is started again.
    pub(super) lasts: Duration,
    pub(super) kind: Kind,
    pub(super) part: Part,
    /// Number for whatever else the act draws.
    pub(super) chance: u64,
}

/// Draws a plan: acts at intervals of `pace` on average (exponential), no two on one part at once.
pub(super) fn draw(
    seed: u64,
    length: Length,
    pace: Duration,
    broker: bool,
    without: &[String],
) -> Vec<Act> {
    let mut state = Chance::new(seed);
    let mut draw = |most: u64| state.below(most);
    let mut busy: BTreeMap<Part, Duration> = BTreeMap::new();
    let mut acts = Vec::new();
    let mut at = Duration::ZERO;
    let rows: Vec<_> =
        KINDS.iter().filter(|row| !without.iter().any(|name| name == row.1)).collect();
    let sum: u64 = rows.iter().map(|row| row.2).sum();
    loop {
        let even = (draw(1_000_000) + 1) as f64 / 1_000_001.0;
        at += pace.mul_f64(-even.ln());
        match length {
            Length::Acts(most) if acts.len() >= most as usize || sum == 0 => break,
            Length::Time(end) if at >= end => break,
            Length::Acts(_) | Length::Time(_) => {}
        }
        for _ in 0..TRIES {
            let mut place = draw(sum);
            let row = rows.iter().find(|row| {
                let here = place < row.2;
                place = place.wrapping_sub(row.2);
                here
            });
            let Some((kind, _, _, (least, most))) = row else { continue };
            let part = kind.part(broker, &mut draw);
            let lasts = Duration::from_millis(least + draw(most - least + 1));
            let over = at + lasts + kind.rest();
            let is_free = |part: &Part| busy.get(part).is_none_or(|until| *until <= at);
            if part == Part::All {
                let programs: Vec<_> = programs(broker).collect();
                if !programs.iter().all(is_free) {
                    continue;
                }
                busy.extend(programs.into_iter().map(|part| (part, over)));
            } else if is_free(&part) {
                busy.insert(part, over);
            } else {
                continue;
            }
            let chance = draw(u64::MAX);
            acts.push(Act { at, lasts, kind: *kind, part, chance });
            break;
        }
    }
    acts
}

/// Programs of a room.
pub(super) fn programs(broker: bool) -> impl Iterator<Item = Part> {
    let others = broker.then_some(Part::Broker).into_iter().chain([Part::Core]);
    others.chain((0..SLOTS).map(Part::Agent))
}

/// Row of numbers that look like chance (Marsaglia 2003, xorshift64).
pub(super) struct Chance(u64);

impl Chance {
    /// Begins a row. Seeds that are close give rows that are not.
    pub(super) fn new(seed: u64) -> Self {
        let mut chance = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).max(1));
        chance.next();
        chance
    }

    fn next(&mut self) -> u64 {
        let Self(state) = self;
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        *state
    }

    /// Draws a number below this one; 0 of none.
    pub(super) fn below(&mut self, most: u64) -> u64 {
        self.next() % most.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(seed: u64) -> Vec<Act> {
        draw(seed, Length::Acts(2_000), Duration::from_secs(1), true, &[])
    }

    #[test]
    fn a_seed_draws_the_same_plan_again_and_another_seed_another() {
        assert_eq!(drawn(7), drawn(7));
        assert_ne!(drawn(7), drawn(8));
    }

    #[test]
    fn every_kind_happens_and_no_part_is_held_twice() {
        let acts = drawn(7);

        assert_eq!(acts.len(), 2_000);
        assert!(KINDS.iter().all(|row| acts.iter().any(|act| act.kind == row.0)));
        for (number, act) in acts.iter().enumerate() {
            let meets = |part: Part| {
                let is_program = programs(true).any(|program| program == part);
                part == act.part || act.part == Part::All && is_program
            };
            let later = acts[number + 1..].iter().find(|later| meets(later.part));
            assert!(later.is_none_or(|later| later.at >= act.at + act.lasts), "{act:?} {later:?}");
        }
    }

    #[test]
    fn kinds_can_be_left_out_and_a_room_without_a_broker_kills_none() {
        let without = ["kill".to_owned(), "deep".to_owned()];
        let acts = draw(7, Length::Acts(500), Duration::from_secs(1), false, &without);

        assert!(acts.iter().all(|act| !matches!(act.kind, Kind::Kill | Kind::Deep)));
        assert!(acts.iter().all(|act| act.part != Part::Broker));
    }

    #[test]
    fn a_plan_ends_with_its_time() {
        let hour = Length::Time(Duration::from_secs(3_600));
        let acts = draw(7, hour, Duration::from_secs(1), true, &[]);

        assert!(acts.len() > 2_000, "{}", acts.len());
        assert!(acts.iter().all(|act| act.at < Duration::from_secs(3_600)));
    }
}

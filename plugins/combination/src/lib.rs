//! A puzzle that is solved when everything stands right: tags on readers, switches, dials.
//!
//! The rules stand in the README; each has a test of its name in `tests/`.

mod config;
mod level;
mod place;
mod predicate;
mod view;

pub use config::Config;
pub use place::Place;
pub use predicate::Predicate;

use eg_game::prelude::*;
use level::Levels;

/// Runs out when it has stood right for the settle time.
const SETTLED: TimerId = TimerId(1);

/// Since this revision of the rules a board's word on how everything stands counts.
const SNAPSHOTS: u16 = 2;

/// One puzzle.
pub struct Combination {
    config: Config,
    /// The revision of the rules that it was started under.
    rules: u16,
    levels: Levels,
    stage: Stage,
    /// `true` once it was surely not solved at some moment: a puzzle that is found solved was never played.
    was_unsolved: bool,
}

/// Progress of the session.
#[derive(Clone, Debug, PartialEq)]
enum Stage {
    /// Unsolved: not everything stands right, or nobody knows.
    Unsolved,
    /// Right, and solved if it stays so until then.
    Settling(Timestamp),
    /// Solved for good, and how.
    Solved(Text),
    /// Called off.
    Over,
}

impl Game for Combination {
    const KIND: &'static str = "combination";
    type Config = Config;

    /// A puzzle is made of things; how they stand matters in a pause too.
    const INPUTS: InputFilter = InputFilter::Everything;

    fn start(config: Config, roster: &Roster) -> Result<Self, StartError> {
        config.check(roster)?;
        let (levels, rules) = (Levels::default(), roster.rules());
        Ok(Self { config, rules, levels, stage: Stage::Unsolved, was_unsolved: false })
    }

    fn on_input(&mut self, input: &Input, effects: &mut Effects) {
        let slot = &input.slot;
        if input.what == InputData::Slot(Presence::Offline) {
            self.levels.lose_slot(slot);
        }
        if let InputData::Board { device, ready: false } = &input.what {
            self.levels.lose_board(slot, device);
        }
        if let InputData::Event { device, input: name, kind } = &input.what {
            if let EventKind::Snapshot { states, .. } = kind {
                if self.rules >= SNAPSHOTS {
                    self.levels.take_over(slot, device, states, input.at);
                }
            } else {
                self.levels.hear(slot, device, name, kind, input.at);
            }
        }
        self.look(input.now, effects);
    }

    fn on_timer(&mut self, timer: TimerId, _: Timestamp, effects: &mut Effects) {
        if let (SETTLED, Stage::Settling(_)) = (timer, &self.stage) {
            let why = Text::new("tout est en place", "everything stands right");
            self.solve(why, effects);
        }
    }

    fn on_operator(&mut self, act: &Act, effects: &mut Effects) {
        match (act.name.as_str(), &self.stage) {
            ("start", _) => {}
            ("accept", Stage::Unsolved | Stage::Settling(_)) => {
                effects.cancel(SETTLED);
                let why = Text::new(
                    format!("{} l'a accepté comme résolu", act.by),
                    format!("{} accepted it as solved", act.by),
                );
                self.solve(why, effects);
            }
            ("abort", _) => {
                self.stage = Stage::Over;
                effects.finish(Finish::Aborted);
            }
            (other, _) => effects.refuse_act(Text::new(
                format!("ce jeu ne connaît pas l'action « {other} »"),
                format!("this game has no act {other:?}"),
            )),
        }
    }

    fn reads(&self) -> Vec<(SlotId, InputName)> {
        let mut leaves = Vec::new();
        let all = std::iter::once(&self.config.when).chain(&self.config.start);
        all.for_each(|predicate| predicate.leaves(&mut leaves));
        let places = leaves.into_iter().filter_map(Predicate::place);
        places.map(|place| (place.slot.clone(), place.input.clone())).collect()
    }

    fn shift(&mut self, by: Duration) {
        if let Stage::Settling(until) = &mut self.stage {
            *until = *until + by;
        }
    }

    fn offers(&self) -> Vec<Offer> {
        match self.stage {
            Stage::Unsolved | Stage::Settling(_) => {
                let label = Text::new("Accepter comme résolu", "Accept as solved");
                vec![Offer::new("accept", label).with_reason().grave()]
            }
            Stage::Solved(_) | Stage::Over => Vec::new(),
        }
    }

    fn view(&self, for_whom: &Audience) -> View {
        self.seen_by(for_whom)
    }

    fn explain(&self) -> Text {
        self.explained()
    }
}

impl Combination {
    /// `true` if everything stands right although nobody has played.
    fn is_found_solved(&self) -> bool {
        let right = self.config.when.holds(&self.levels) == Some(true);
        right && !self.was_unsolved && self.stage == Stage::Unsolved
    }

    /// Looks whether everything stands right now.
    fn look(&mut self, now: Timestamp, effects: &mut Effects) {
        let right = self.config.when.holds(&self.levels);
        self.was_unsolved |= right == Some(false);
        match self.stage {
            Stage::Unsolved if right == Some(true) && self.was_unsolved => {
                let settle = self.config.settle.get();
                self.stage = Stage::Settling(now + settle);
                effects.after(SETTLED, settle);
            }
            Stage::Settling(_) if right != Some(true) => {
                self.stage = Stage::Unsolved;
                effects.cancel(SETTLED);
            }
            Stage::Unsolved | Stage::Settling(_) | Stage::Solved(_) | Stage::Over => {}
        }
    }

    fn solve(&mut self, why: Text, effects: &mut Effects) {
        effects.result(StepResult::success("solved", why.clone()));
        self.stage = Stage::Solved(why);
        effects.finish(Finish::Done);
    }
}

eg_game::register!(Combination);

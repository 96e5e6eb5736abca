//! The quiz buzzer: who pressed first, said with the uncertainty of their clocks, and what came of it.
//!
//! The rules stand in the README; each has a test of its name in `tests/`.

mod acts;
mod config;
mod judging;
mod pressing;
mod verdict;
mod view;

pub use config::{Config, Early, Tie};

use eg_game::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Runs out when every press that could have been first has been handed over.
const WINDOW: TimerId = TimerId(1);

/// One round of questions.
pub struct Buzzer {
    config: Config,
    roster: Roster,
    stage: Stage,
    /// Number of the question, from 1.
    number: u32,
    /// Players who have tried this question, or are out of it.
    tried: BTreeSet<SlotId>,
    /// Until when an early press keeps a player out.
    locked_out: BTreeMap<SlotId, Timestamp>,
    /// Players who have pressed since the roll-call began.
    present: BTreeSet<SlotId>,
    points: BTreeMap<SlotId, u32>,
    /// Words of the last decision.
    last: Text,
    /// The session's own seed, for a draw that names none.
    seed: u64,
    over: bool,
}

/// Progress of a question.
enum Stage {
    /// Roll-call: everybody presses once, to show that their buzzer works.
    RollCall,
    /// Read aloud: a press is too early.
    Reading,
    /// The first press counts.
    Armed { since: Timestamp },
    /// Somebody pressed; others may have been first.
    Window { since: Timestamp, race: Race },
    /// These may answer. Never nobody.
    Locked { since: Timestamp, first: Vec<SlotId>, race: Race, earlier: Vec<Earlier>, why: Text },
    /// Decided.
    Dead,
}

/// A press that was earlier, and arrived too late.
#[derive(Clone, Debug, PartialEq)]
struct Earlier {
    press: TimedPress,
    /// Lead in microseconds.
    by_us: u64,
}

impl Game for Buzzer {
    const KIND: &'static str = "buzzer";
    const ORDER: Order = Order::ByTime;
    type Config = Config;

    fn start(config: Config, roster: &Roster) -> Result<Self, StartError> {
        let stage = if config.roll_call { Stage::RollCall } else { Stage::Reading };
        Ok(Self {
            config,
            roster: roster.clone(),
            stage,
            number: 1,
            tried: BTreeSet::new(),
            locked_out: BTreeMap::new(),
            present: BTreeSet::new(),
            points: BTreeMap::new(),
            last: Text::default(),
            over: false,
            seed: 0,
        })
    }

    fn on_input(&mut self, input: &Input, effects: &mut Effects) {
        if input.pressed().is_some_and(|key| self.is_buzzer(key)) {
            self.press(input, effects);
        }
    }

    fn on_timer(&mut self, timer: TimerId, _: Timestamp, effects: &mut Effects) {
        if timer == WINDOW {
            self.lock(effects);
        }
    }

    fn on_operator(&mut self, act: &Act, effects: &mut Effects) {
        if let Err(why) = self.act(act, effects) {
            effects.refuse_act(why);
        }
    }

    fn on_roster(
        &mut self,
        change: &RosterChange,
        act: &Act,
        roster: &Roster,
        effects: &mut Effects,
    ) {
        self.roster = roster.clone();
        self.players_changed(change, act.at, effects);
    }

    fn offers(&self) -> Vec<Offer> {
        self.offered()
    }

    fn view(&self, for_whom: &Audience) -> View {
        self.seen_by(for_whom)
    }

    fn explain(&self) -> Text {
        self.explained()
    }
}

impl Buzzer {
    fn is_buzzer(&self, key: &InputName) -> bool {
        self.config.key.as_ref().is_none_or(|buzzer| buzzer == key)
    }

    /// Players who may still try this question.
    fn left(&self) -> impl Iterator<Item = &SlotId> {
        let slots = self.roster.alive(None).map(|seat| &seat.slot);
        slots.filter(|slot| !self.tried.contains(*slot))
    }

    /// The players of whose buzzer nothing was heard since the roll-call began.
    fn silent(&self) -> Vec<String> {
        let slots = self.roster.alive(None).map(|seat| &seat.slot);
        slots.filter(|slot| !self.present.contains(*slot)).map(ToString::to_string).collect()
    }

    fn name(&self, slot: &SlotId) -> String {
        self.roster.seat(slot).map_or_else(|| slot.to_string(), |seat| seat.name.clone())
    }
}

eg_game::register!(Buzzer);

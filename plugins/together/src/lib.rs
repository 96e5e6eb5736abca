//! Several players press at the same moment, and hold.
//!
//! The rules stand in the README; each has a test of its name in `tests/`.

mod config;
mod count;
mod pressing;
mod view;

pub use config::{Config, Place};

use eg_game::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Runs out when it has been held long enough.
const HELD: TimerId = TimerId(1);
/// Runs out when too few have held it for the release time.
const LET_GO: TimerId = TimerId(2);

/// One task of pressing together.
pub struct Together {
    config: Config,
    roster: Roster,
    /// The last press of each place, and whether it is still down.
    presses: BTreeMap<(SlotId, InputName), Press>,
    stage: Stage,
    lost: BTreeSet<SlotId>,
    /// The uncertainty of a clock that is too large for the window, in µs.
    too_vague: Option<u64>,
}

#[derive(Clone, Copy)]
struct Press {
    when: When,
    at: Timestamp,
    down: bool,
}

/// Progress of the session.
#[derive(Clone, Debug, PartialEq)]
enum Stage {
    /// Not enough have pressed within the window.
    Waiting,
    /// Enough hold it.
    Holding { until: Timestamp, slipping: bool },
    /// Done, and how.
    Solved(Text),
    /// Called off.
    Over,
}

impl Game for Together {
    const KIND: &'static str = "together";
    type Config = Config;

    fn start(config: Config, roster: &Roster) -> Result<Self, StartError> {
        config.check(roster)?;
        Ok(Self {
            config,
            roster: roster.clone(),
            presses: BTreeMap::new(),
            stage: Stage::Waiting,
            lost: BTreeSet::new(),
            too_vague: None,
        })
    }

    fn on_input(&mut self, input: &Input, effects: &mut Effects) {
        if let InputData::Slot(presence) = input.what {
            match presence {
                Presence::Offline => self.lose(&input.slot, effects),
                Presence::Online => {
                    self.lost.remove(&input.slot);
                }
            }
        }
        let InputData::Event { input: key, kind, .. } = &input.what else { return };
        if let EventKind::Release | EventKind::Switch { on: false } = kind {
            self.release(input, key, effects);
        } else if input.pressed().is_some() {
            self.press(input, key, effects);
        }
    }

    fn on_timer(&mut self, timer: TimerId, _: Timestamp, effects: &mut Effects) {
        let Stage::Holding { .. } = self.stage else { return };
        if timer == HELD {
            let why = self.how();
            self.solve(why, effects);
        } else if timer == LET_GO {
            self.abandon(Text::new("lâché trop tôt", "let go too early"), effects);
        }
    }

    fn on_operator(&mut self, act: &Act, effects: &mut Effects) {
        match (act.name.as_str(), &self.stage) {
            ("start", _) => {}
            ("accept", Stage::Waiting | Stage::Holding { .. }) => {
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

    fn on_roster(
        &mut self,
        change: &RosterChange,
        _: &Act,
        roster: &Roster,
        effects: &mut Effects,
    ) {
        self.roster = roster.clone();
        if let RosterChange::Reseated { .. } = change {
            // Nobody holds a button while they walk.
            self.presses.clear();
            for place in &mut self.config.places {
                place.slot = change.seat_of(&place.slot).clone();
            }
        }
        if let Some(slot) = change.gone() {
            self.presses.retain(|(known, _), _| known != slot);
        }
        self.check_hold(effects);
    }

    fn reads(&self) -> Vec<(SlotId, InputName)> {
        self.config.places.iter().map(|place| (place.slot.clone(), place.input.clone())).collect()
    }

    fn shift(&mut self, by: Duration) {
        if let Stage::Holding { until, .. } = &mut self.stage {
            *until = *until + by;
        }
    }

    fn offers(&self) -> Vec<Offer> {
        match self.stage {
            Stage::Waiting | Stage::Holding { .. } => {
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

fn vague(unc_us: u64, window_us: u64) -> Text {
    Text::new(
        format!(
            "l'horloge n'est sûre qu'à ± {unc_us} µs : trop peu pour une fenêtre de {window_us} µs"
        ),
        format!(
            "the clock is only good to ± {unc_us} µs: too vague for a window of {window_us} µs"
        ),
    )
}

eg_game::register!(Together);

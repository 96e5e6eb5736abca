//! A game at its table: what the SDK does for every game, so that no author does it again.

mod acts;
mod offers;
mod origin;
mod players;
mod time;

use crate::effect::Followed;
use crate::{
    Act, Audience, Controls, Cue, Effects, Game, Input, InputData, InputFilter, InputName, Level,
    Offer, Order, RefusalReason, Roster, Session, SlotId, Text, TimerId, Timestamp, View, Widget,
};
use origin::Origin;
use std::collections::BTreeMap;
use std::time::Duration;
use time::Time;

/// The acts that every game has, beside `start`: the SDK does them and tells the game. A game may do `abort` itself,
/// and any other that it offers itself.
pub const COMMON_ACTS: [&str; 9] =
    ["pause", "resume", "kill", "revive", "excuse", "readmit", "proxy", "reseat", "abort"];

/// A game with its roster, its pauses and its end.
pub(crate) struct GameSession<G> {
    game: G,
    roster: Roster,
    time: Time,
    /// The last event of each slot: the same again at the same moment is the same.
    last: BTreeMap<SlotId, (InputData, Timestamp)>,
    over: bool,
    /// Changes of the roster by the game itself since something last happened to it.
    changes: usize,
}

/// An event whose time is no better known than this may share it with another: after an outage without a clock.
const SURELY_THE_SAME_US: u64 = 100_000;

impl<G: Game> GameSession<G> {
    pub(crate) fn new(game: G, roster: Roster) -> Self {
        let (time, last) = (Time::default(), BTreeMap::new());
        Self { game, roster, time, last, over: false, changes: 0 }
    }

    /// `true` if this event was told before.
    fn knows(&mut self, input: &Input) -> bool {
        if !matches!(input.what, InputData::Event { .. }) || input.unc_us >= SURELY_THE_SAME_US {
            return false;
        }
        let told = (input.what.clone(), input.at);
        self.last.insert(input.slot.clone(), told.clone()) == Some(told)
    }

    /// Reason for which this input does not reach the game.
    fn deaf(&self, input: &Input) -> Option<(RefusalReason, Text)> {
        if !input.is_deed() || G::INPUTS == InputFilter::Everything {
            return None;
        }
        if self.time.was_paused(input.at) {
            let why = Text::new("la partie est en pause", "the session is paused");
            return Some((RefusalReason::Paused, why));
        }
        let plays = self.roster.seat(&input.slot).is_some_and(|seat| seat.plays());
        let why = || Text::new("ce joueur n'est pas en jeu", "this player is not in play");
        (G::INPUTS == InputFilter::Players && !plays).then(|| (RefusalReason::NotYourTurn, why()))
    }

    /// A slot has told what it has.
    fn learn(&mut self, input: &Input, controls: &Controls, effects: &mut Effects) {
        let slot = &input.slot;
        if self.roster.seat(slot).is_none()
            || !self.roster.set_controls(slot.clone(), controls.clone())
        {
            return;
        }
        self.changes = 0;
        let mut asked = Effects::default();
        self.game.on_controls(slot, &self.roster, &mut asked);
        self.hand_on(asked, Origin { entry: input.id, at: input.now }, effects);
    }

    /// While paused, moments that the game shows move along, so that one it sets now is right when it goes on.
    fn catch_up(&mut self, now: Timestamp) {
        if let Some(gap) = self.time.stood_still(now) {
            self.game.shift(gap);
        }
    }

    /// Hands on what the game asked for because of `origin`, and keeps its timers and its players.
    fn hand_on(&mut self, asked: Effects, origin: Origin, effects: &mut Effects) {
        let refused = asked.refuses_act();
        for effect in asked.into_vec() {
            match effect.followed() {
                Some(Followed::Ends) if self.over => continue,
                Some(Followed::Ends) => self.over = true,
                Some(Followed::Roster(change, name)) => {
                    if !refused && !self.over {
                        self.change_by_game(effect, &change, name, origin, effects);
                    }
                    continue;
                }
                Some(Followed::Starts { .. } | Followed::Cancels(_)) | None => {}
            }
            if self.time.keep(&effect, origin.at) {
                effects.push(effect);
            }
        }
    }
}

impl<G: Game> Session for GameSession<G> {
    fn order(&self) -> Order {
        G::ORDER
    }

    fn on_input(&mut self, input: &Input, effects: &mut Effects) {
        if self.over || self.knows(input) {
            return;
        }
        if let InputData::Controls(controls) = &input.what {
            return self.learn(input, controls, effects);
        }
        if let Some((reason, why)) = self.deaf(input) {
            effects.refuse_for(reason, why);
            if !input.late {
                effects.cue(&input.slot, Cue::Refused);
            }
            return;
        }
        self.catch_up(input.now);
        self.changes = 0;
        let mut asked = Effects::default();
        self.game.on_input(input, &mut asked);
        self.hand_on(asked, Origin { entry: input.id, at: input.now }, effects);
    }

    fn on_timer(&mut self, timer: TimerId, at: Timestamp, effects: &mut Effects) {
        if self.over || !self.time.ran_out(timer) {
            return;
        }
        self.changes = 0;
        let mut asked = Effects::default();
        self.game.on_timer(timer, at, &mut asked);
        self.hand_on(asked, Origin { entry: 0, at }, effects);
    }

    fn on_operator(&mut self, act: &Act, effects: &mut Effects) {
        self.catch_up(act.at);
        self.changes = 0;
        if self.over {
            effects.refuse_act(Text::new("la partie est finie", "the session is over"));
        } else if let Err(why) = self.act(act, effects) {
            effects.refuse_act(why);
        }
    }

    fn on_resumed(&mut self, outage: Duration) {
        if self.time.outage(outage) {
            self.game.shift(outage);
        }
    }

    fn offers(&self) -> Vec<Offer> {
        if self.over { Vec::new() } else { self.offered() }
    }

    fn view(&self, for_whom: &Audience) -> View {
        let mut view = self.game.view(for_whom);
        if self.time.is_paused() && !self.over {
            view.parts.retain(|part| !matches!(part, Widget::Timer { .. }));
            let words = Text::new("La partie est en pause", "The session is paused");
            view.parts.insert(0, Widget::text(words, Level::Warn));
        }
        view
    }

    fn reads(&self) -> Vec<(SlotId, InputName)> {
        self.game.reads()
    }

    fn rewinds(&self) -> bool {
        G::REWINDS
    }

    fn is_paused(&self) -> bool {
        self.time.is_paused() && !self.over
    }

    fn carry(&self) -> serde_json::Value {
        self.game.carry()
    }

    fn explain(&self) -> Text {
        self.game.explain()
    }

    fn roster(&self) -> &Roster {
        &self.roster
    }
}

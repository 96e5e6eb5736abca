//! A code, a sequence or a knock that opens something.
//!
//! The rules stand in the README; each has a test of its name in `tests/`. A code is a secret: it stands in no view, no
//! note and no result.

mod config;
mod entry;
mod view;

pub use config::{Attempts, Config, Matching, Opens};

use eg_game::prelude::*;
use entry::{Entry, Typed};

/// Runs out when the lock-out is over.
const LOCKED_OUT: TimerId = TimerId(0);
/// The timers of the slots' entries count from here.
const FIRST_ENTRY: u16 = 1;

/// One lock.
pub struct CodeLock {
    config: Config,
    code: Vec<String>,
    /// Entry at each slot, in the order in which the slots typed first.
    entries: Vec<(SlotId, Entry)>,
    failed: u32,
    locked_until: Option<Timestamp>,
    /// Reason for which it opened, once it has.
    opened: Option<Text>,
    over: bool,
    /// The revision of the rules that it began under.
    rules: u16,
}

impl Game for CodeLock {
    const KIND: &'static str = "code-lock";
    type Config = Config;

    fn start(config: Config, roster: &Roster) -> Result<Self, StartError> {
        let code = config.check(roster)?;
        Ok(Self {
            config,
            code,
            entries: Vec::new(),
            failed: 0,
            locked_until: None,
            opened: None,
            over: false,
            rules: roster.rules(),
        })
    }

    fn on_input(&mut self, input: &Input, effects: &mut Effects) {
        if let Some(symbol) = self.config.symbol(input) {
            self.typed(input, &symbol, effects);
        }
    }

    fn on_timer(&mut self, timer: TimerId, _: Timestamp, effects: &mut Effects) {
        if timer == LOCKED_OUT {
            self.locked_until = None;
            self.failed = 0;
        } else if let Some((slot, entry)) =
            self.entries.get_mut(usize::from(timer.0.saturating_sub(FIRST_ENTRY)))
        {
            entry.clear();
            effects.note(Text::new(
                format!("{slot} : saisie effacée, trop lente"),
                format!("{slot}: too slow, the entry is cleared"),
            ));
        }
    }

    fn on_operator(&mut self, act: &Act, effects: &mut Effects) {
        let open = self.opened.is_none();
        match act.name.as_str() {
            "start" => {}
            "accept" if open => {
                let why = Text::new(
                    format!("{} l'a accepté comme résolu", act.by),
                    format!("{} accepted it as solved", act.by),
                );
                self.open(why, effects);
            }
            "reset" if open => {
                self.reset(effects);
                effects.note(Text::new("essais remis à zéro", "attempts start over"));
            }
            "abort" => {
                self.over = true;
                effects.finish(Finish::Aborted);
            }
            other => effects.refuse_act(Text::new(
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
        // What was half typed by somebody who left or moved is nobody's.
        for place in 0..self.entries.len() {
            let slot = self.entries[place].0.clone();
            if change.gone() == Some(&slot) || change.seat_of(&slot) != &slot {
                self.clear(place, effects);
            }
            // The place in the list goes along; in the first revision it stayed.
            if roster.rules() > 1 {
                self.entries[place].0 = change.seat_of(&slot).clone();
            }
        }
        if let (Some(only), RosterChange::Reseated { .. }) = (&mut self.config.slot, change) {
            *only = change.seat_of(only).clone();
        }
    }

    fn shift(&mut self, by: Duration) {
        self.locked_until = self.locked_until.map(|until| until + by);
    }

    fn offers(&self) -> Vec<Offer> {
        if self.opened.is_some() {
            return Vec::new();
        }
        let accept = Offer::new("accept", Text::new("Accepter comme résolu", "Accept as solved"));
        let reset = Offer::new("reset", Text::new("Remettre les essais à zéro", "Reset attempts"));
        // What was tried is undone, so it asks once more: since the second revision of the rules.
        let reset = if self.rules >= 2 { reset.grave() } else { reset };
        vec![accept.with_reason().grave(), reset]
    }

    fn view(&self, for_whom: &Audience) -> View {
        self.seen_by(for_whom)
    }

    fn explain(&self) -> Text {
        self.explained()
    }
}

impl CodeLock {
    fn typed(&mut self, input: &Input, symbol: &str, effects: &mut Effects) {
        if self.config.slot.as_ref().is_some_and(|only| *only != input.slot) {
            return;
        }
        let refusal = if input.late {
            Some(Text::new("touche retenue par une panne", "held back by an outage"))
        } else {
            self.locked_until.map(|_| Text::new("verrouillé pour un moment", "locked out for now"))
        };
        if let Some(why) = refusal {
            effects.refuse(why);
            if !input.late {
                effects.cue(&input.slot, Cue::Refused);
            }
            return;
        }
        let place = self.place_of(&input.slot);
        let typed = self.entries[place].1.take(symbol, &self.config, &self.code);
        let timer = TimerId(FIRST_ENTRY.saturating_add(u16::try_from(place).unwrap_or(u16::MAX)));
        let cue = match typed {
            Typed::Taken => {
                effects.after(timer, self.config.between.get());
                Cue::Accepted
            }
            Typed::Cleared => {
                effects.cancel(timer);
                Cue::Accepted
            }
            Typed::Refused => {
                let why =
                    Text::new("cette touche ne compte pas ici", "this key does not count here");
                effects.refuse_for(RefusalReason::NotAnOption, why);
                Cue::Refused
            }
            Typed::Wrong => {
                effects.cancel(timer);
                Cue::Refused
            }
            Typed::Right => {
                effects.cancel(timer);
                Cue::Accepted
            }
        };
        effects.cue(&input.slot, cue);
        match typed {
            Typed::Wrong => self.wrong(input, effects),
            Typed::Right => {
                let slot = &input.slot;
                let why = Text::new(
                    format!("le bon code a été saisi à {slot}"),
                    format!("the right code was entered at {slot}"),
                );
                self.open(why, effects);
            }
            Typed::Taken | Typed::Cleared | Typed::Refused => {}
        }
    }

    fn place_of(&mut self, slot: &SlotId) -> usize {
        if let Some(place) = self.entries.iter().position(|(known, _)| known == slot) {
            return place;
        }
        self.entries.push((slot.clone(), Entry::default()));
        self.entries.len() - 1
    }

    fn wrong(&mut self, input: &Input, effects: &mut Effects) {
        self.failed = self.failed.saturating_add(1);
        let (slot, failed) = (&input.slot, self.failed);
        effects.note(Text::new(
            format!("{slot} : code faux, essai {failed}"),
            format!("{slot}: a wrong code, attempt {failed}"),
        ));
        let Some(attempts) = self.config.attempts else { return };
        if self.failed >= attempts.allowed.get() {
            let lockout = attempts.lockout.get();
            self.locked_until = Some(input.now + lockout);
            for place in 0..self.entries.len() {
                self.clear(place, effects);
            }
            effects.after(LOCKED_OUT, lockout);
        }
    }

    fn clear(&mut self, place: usize, effects: &mut Effects) {
        if let Some((_, entry)) = self.entries.get_mut(place)
            && !entry.is_empty()
        {
            entry.clear();
            let number = u16::try_from(place).unwrap_or(u16::MAX);
            effects.cancel(TimerId(FIRST_ENTRY.saturating_add(number)));
        }
    }

    fn reset(&mut self, effects: &mut Effects) {
        self.failed = 0;
        if self.locked_until.take().is_some() {
            effects.cancel(LOCKED_OUT);
        }
    }

    fn open(&mut self, why: Text, effects: &mut Effects) {
        if let Some(Opens { slot, output, pulse }) = &self.config.opens {
            let set = pulse.map_or(Set::On, |span| {
                Set::Pulse(u64::try_from(span.as_millis()).unwrap_or(u64::MAX))
            });
            effects.set(slot, output, set);
        }
        effects.result(StepResult::success("open", why.clone()));
        self.opened = Some(why);
        self.locked_until = None;
        effects.finish(Finish::Done);
    }
}

eg_game::register!(CodeLock);

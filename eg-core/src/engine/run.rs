//! A session in memory: its game, its timers, and what was last seen of it.

mod past;
mod timers;

use super::book::{Book, OF_CORE};
use super::cause::Cause;
use super::queue::Queue;
use crate::journal::{Ending, KeptSession, Seen, digest};
use crate::state::{Session, SessionStatus};
use eg_config::{KeyPath, Source};
use eg_game::{
    Act, Audience, Effect, Effects, EntryError, Finish, GameEntry, Question, Roster, StepResult,
    Text, View,
};
use eg_proto::{RoomId, SlotId, Timestamp};
use serde_json::Value;
use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use timers::Timers;

/// A session and what the engine knows about it.
pub(super) struct Run {
    pub(super) id: i64,
    pub(super) room: RoomId,
    pub(super) kind: String,
    pub(super) roster: Roster,
    pub(super) status: SessionStatus,
    game: Option<Box<dyn eg_game::Session>>,
    timers: Timers,
    /// The latest moment of anything that happened to it.
    moment: Timestamp,
    /// What is held back until its turn.
    queue: Queue,
    revealed: bool,
    resumed: bool,
    /// Since when it is over.
    over: Option<Timestamp>,
    book: Book,
    shown: Session,
    /// The entry that happened to it last.
    pub(super) last: i64,
    /// How things stand, as slots know it.
    told: BTreeMap<(SlotId, String), Value>,
    /// Something happened to it since it was last looked at.
    touched: bool,
}

/// Checks settings that somebody sends now: there a number is no text. A panic is an error too.
pub(super) fn check(entry: &GameEntry, config: &Value) -> Result<(), String> {
    let source = Source::json("config", config);
    match catch_unwind(AssertUnwindSafe(|| (entry.check)(&source, &KeyPath::root()))) {
        Ok(checked) => checked.map_err(|problems| problems.to_string()),
        Err(panic) => Err(words(&*panic)),
    }
}

/// Starts a game with settings that are kept; a panic is an error too.
pub(super) fn start(
    entry: &GameEntry,
    config: &Value,
    roster: &Roster,
) -> Result<Box<dyn eg_game::Session>, String> {
    let source = Source::kept_json("config", config);
    let started =
        catch_unwind(AssertUnwindSafe(|| (entry.start)(&source, &KeyPath::root(), roster)));
    match started {
        Ok(Ok(game)) => Ok(game),
        Ok(Err(EntryError::Config(problems))) => Err(problems.to_string()),
        Ok(Err(EntryError::Start(error))) => Err(error.to_string()),
        Err(panic) => Err(words(&*panic)),
    }
}

impl Run {
    /// A session as it is before anything has happened to it. A game that cannot start has failed.
    pub(super) fn new(kept: KeptSession, game: Result<Box<dyn eg_game::Session>, String>) -> Self {
        let KeptSession { id, room, game: kind, roster, started, .. } = kept;
        let (game, status) = match game {
            Ok(game) => (Some(game), SessionStatus::Running),
            Err(why) => (None, SessionStatus::Failed(why)),
        };
        let nothing = View::new("", Text::default(), []);
        let shown = Session {
            id,
            game: kind.clone(),
            status: status.clone(),
            started,
            operator: nothing.clone(),
            public: nothing,
            offers: Vec::new(),
            explain: Text::default(),
            told: BTreeMap::new(),
            revealed: false,
            resumed: false,
            acts: Vec::new(),
            hints: Vec::new(),
        };
        Self {
            id,
            room,
            kind,
            roster,
            status,
            game,
            timers: Timers::default(),
            moment: started,
            queue: Queue::default(),
            revealed: false,
            resumed: false,
            over: None,
            book: Book::default(),
            shown,
            last: 0,
            told: BTreeMap::new(),
            touched: true,
        }
    }

    pub(super) fn is_running(&self) -> bool {
        self.status == SessionStatus::Running
    }

    /// Whether events of this slot are its business.
    pub(super) fn seats(&self, slot: &SlotId) -> bool {
        self.is_running() && self.roster.seat(slot).is_some()
    }

    /// Its timers.
    pub(super) fn timers(&self) -> &Timers {
        &self.timers
    }

    /// The latest moment of anything that happened to it.
    pub(super) fn moment(&self) -> Timestamp {
        self.moment
    }

    /// What is held back, when it is to be handed over, and which of it.
    pub(super) fn queue(&self) -> &Queue {
        &self.queue
    }

    /// Lets it happen. What the game asks for is returned, and its timers are kept here.
    ///
    /// # Errors
    /// What the game said when it panicked. The session has then failed.
    pub(super) fn feed(&mut self, cause: &Cause) -> Result<Vec<Effect>, String> {
        self.touched = true;
        let before = match cause {
            Cause::Act(act) => Some((act, self.glimpse(act.at))),
            Cause::Input(_)
            | Cause::Played(..)
            | Cause::Timer(..)
            | Cause::Asked(_)
            | Cause::Resumed(_) => None,
        };
        let by_time = self.hears_by_time();
        let holds_back = matches!(cause, Cause::Input(input) if self.holds_back(input));
        let (Some(game), true) = (&mut self.game, self.status == SessionStatus::Running) else {
            return Ok(Vec::new());
        };
        let in_turn;
        let cause = match cause {
            Cause::Input(input) if holds_back => {
                self.queue.push(input.clone());
                return Ok(Vec::new());
            }
            Cause::Played(entry, at) => {
                let Some(mut input) = self.queue.take(*entry, *at) else { return Ok(Vec::new()) };
                input.overtaken &= by_time;
                in_turn = Cause::Input(input);
                &in_turn
            }
            Cause::Input(_)
            | Cause::Timer(..)
            | Cause::Act(_)
            | Cause::Asked(_)
            | Cause::Resumed(_) => cause,
        };
        let mut effects = Effects::default();
        let called = catch_unwind(AssertUnwindSafe(|| match cause {
            Cause::Input(input) => game.on_input(input, &mut effects),
            Cause::Timer(timer, at) => game.on_timer(*timer, *at, &mut effects),
            Cause::Act(act) if OF_CORE.contains(&act.name.as_str()) => {}
            Cause::Act(act) | Cause::Asked(act) => game.on_operator(act, &mut effects),
            Cause::Resumed(outage) => game.on_resumed(*outage),
            Cause::Played(..) => {}
        }));
        if let Err(panic) = called {
            let why = words(&*panic);
            self.fail(why.clone());
            return Err(why);
        }
        if self.roster != *game.roster() {
            self.roster.clone_from(game.roster());
        }
        let mut effects = effects.into_vec();
        let now = match cause {
            Cause::Input(input) => input.now,
            Cause::Played(_, at) => *at,
            Cause::Timer(timer, at) => {
                self.timers.stop(*timer);
                if by_time && self.waits() {
                    self.queue.pass(*at);
                }
                *at
            }
            Cause::Act(act) => {
                self.obey(act, &mut effects);
                act.at
            }
            Cause::Asked(act) => act.at,
            Cause::Resumed(outage) => {
                self.timers.shift(*outage);
                self.resumed = true;
                return Ok(Vec::new());
            }
        };
        self.moment = self.moment.max(now);
        self.keep_time(now, &effects);
        if let Some((act, before)) = before {
            let refused = effects.iter().find_map(refusal);
            self.note(act, &before, refused);
        }
        Ok(effects)
    }

    /// Acts that every session knows: `start` and `abort` cannot be refused, `reveal` is none of the game's business.
    fn obey(&mut self, act: &Act, effects: &mut Vec<Effect>) {
        let ends = |effect: &Effect| matches!(effect, Effect::Finish(_));
        match act.name.as_str() {
            "reveal" => self.revealed = true,
            "hint" => {
                let hinted = self.book.hint(act, &self.roster);
                effects.extend(hinted.err().map(|why| Effect::RefuseAct { why }));
            }
            "start" => effects.retain(|effect| !matches!(effect, Effect::RefuseAct { .. })),
            "abort" => {
                effects.retain(|effect| !matches!(effect, Effect::RefuseAct { .. }));
                if !effects.iter().any(ends) {
                    effects.push(Effect::Finish(Finish::Aborted));
                }
            }
            _ => {}
        }
    }

    fn keep_time(&mut self, now: Timestamp, effects: &[Effect]) {
        for effect in effects {
            self.book.tells(effect);
            match effect {
                Effect::After { timer, delay } => {
                    let waits = self.hears_by_time() && self.waits();
                    self.timers.start(*timer, now + *delay, waits);
                }
                Effect::Deadline { timer, delay } => {
                    self.timers.start(*timer, now + *delay, self.waits());
                }
                Effect::Cancel { timer } => self.timers.stop(*timer),
                // What was revealed was the last question's secret, not the next one's.
                Effect::Open(_) => self.revealed = false,
                Effect::Finish(Finish::Done) => self.end(SessionStatus::Done, now),
                Effect::Finish(Finish::Aborted) => self.end(SessionStatus::Aborted, now),
                Effect::Set { .. }
                | Effect::Cue { .. }
                | Effect::Result(_)
                | Effect::Retell(_)
                | Effect::Refuse { .. }
                | Effect::RefuseAct { .. }
                | Effect::Note { .. }
                | Effect::Send { .. }
                | Effect::Out { .. }
                | Effect::Back { .. } => {}
                Effect::Retain { slot, subject, body } => {
                    self.told.insert((slot.clone(), subject.clone()), body.clone());
                }
            }
        }
    }

    fn end(&mut self, status: SessionStatus, at: Timestamp) {
        self.over.get_or_insert(at);
        self.close(status);
    }

    fn close(&mut self, status: SessionStatus) {
        self.status = status;
        self.book.clear_hints();
        self.timers.clear();
        self.queue.clear();
    }

    pub(super) fn fail(&mut self, why: String) {
        self.close(SessionStatus::Failed(why));
        self.touched = true;
    }

    /// Ends it as the journal says it ended.
    pub(super) fn ended(&mut self, ending: &Ending) {
        self.close(match ending {
            Ending::Done => SessionStatus::Done,
            Ending::Aborted => SessionStatus::Aborted,
            Ending::Failed { why, .. } => SessionStatus::Failed(why.clone()),
        });
        self.touched = true;
    }

    /// Looks at the game when something has happened to it. The digest of what was seen; none when nothing has
    /// happened, or when there is no game to look at.
    ///
    /// # Errors
    /// What the game said when it panicked. The session has then failed, and shows what was seen before.
    pub(super) fn look(&mut self) -> Result<Option<Seen>, String> {
        if !std::mem::take(&mut self.touched) {
            return Ok(None);
        }
        let failed = matches!(self.status, SessionStatus::Failed(_));
        if let (Some(game), false) = (&self.game, failed) {
            let revealed = self.revealed;
            let looked = catch_unwind(AssertUnwindSafe(|| {
                let operator = game.view(&Audience::Operator { revealed });
                (operator, game.view(&Audience::Public), game.offers(), game.explain())
            }));
            match looked {
                Ok((operator, public, offers, explain)) => {
                    self.shown =
                        Session { operator, public, offers, explain, ..self.shown.clone() };
                }
                Err(panic) => {
                    let why = words(&*panic);
                    self.fail(why.clone());
                    self.touched = false;
                    self.shown.offers.clear();
                    self.shown.status = self.status.clone();
                    return Err(why);
                }
            }
        }
        if !self.is_running() {
            self.shown.offers.clear();
        }
        self.shown.status = self.status.clone();
        self.shown.revealed = self.revealed;
        self.shown.resumed = self.resumed;
        self.shown.acts = self.book.shown();
        self.shown.hints = self.book.hints();
        let told = self.told.iter();
        self.shown.told =
            told.map(|((_, subject), body)| (subject.clone(), body.clone())).collect();
        let Session { operator, public, offers, explain, hints, .. } = &self.shown;
        let there = !failed && self.game.is_some();
        Ok(there.then(|| Seen {
            timers: digest(&self.timers.all()),
            views: digest(&(operator, public, explain, hints)),
            offers: digest(offers),
        }))
    }

    /// The questions that are open, and the last result with what it answers; nothing once it is over.
    pub(super) fn asked(&self) -> (&[Question], Option<(&str, &StepResult)>) {
        if self.is_running() { (self.book.open(), self.book.answer()) } else { (&[], None) }
    }

    /// What slots know of how things stand, by slot and subject.
    pub(super) fn told(&self) -> impl Iterator<Item = (&SlotId, &str, &Value)> {
        self.told.iter().map(|((slot, subject), body)| (slot, subject.as_str(), body))
    }

    /// What it leaves to the next session of its game.
    pub(super) fn carry(&self) -> Value {
        let Some(game) = &self.game else { return Value::Null };
        catch_unwind(AssertUnwindSafe(|| game.carry())).unwrap_or_default()
    }

    /// What was last seen of it.
    pub(super) fn shown(&self) -> &Session {
        &self.shown
    }
}

fn refusal(effect: &Effect) -> Option<Text> {
    if let Effect::RefuseAct { why } = effect { Some(why.clone()) } else { None }
}

/// What a panic said.
fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "it panicked without a word".to_owned())
}

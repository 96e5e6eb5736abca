//! Session in memory: its game, its timers, and its last rendering.

use super::act_log::{ActLog, OF_CORE, OpenQuestion};
use super::aside::Aside;
use super::cause::Cause;
use super::clock::TIME;
use super::forced::Forced;
use super::game::words;
use super::hints::{HINT, Hints};
use super::reorder::ReorderBuffer;
use super::timers::{TimerName, Timers};
use crate::engine::read_model::{Session, SessionClock, SessionStatus};
use crate::journal::{Ending, KeptSession};
use eg_game::{Act, Effect, Effects, Finish, InputFilter, Roster, StepResult, Text, View, games};
use eg_proto::{OutputName, RoomId, SlotId, Timestamp};
use serde_json::Value;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Session in memory, with everything that the engine knows about it.
pub(in crate::engine) struct LiveSession {
    pub(in crate::engine) id: i64,
    pub(in crate::engine) room: RoomId,
    pub(in crate::engine) kind: String,
    pub(in crate::engine) roster: Roster,
    pub(in crate::engine) status: SessionStatus,
    pub(super) game: Option<Box<dyn eg_game::Session>>,
    pub(super) timers: Timers,
    /// Latest moment of anything that happened to it.
    pub(super) moment: Timestamp,
    /// Inputs that are held until their turn.
    pub(super) queue: ReorderBuffer,
    pub(super) revealed: bool,
    /// `true` if its game goes by the state of every input.
    pub(in crate::engine) goes_by_state: bool,
    pub(super) resumed: bool,
    /// Time at which it ended; `None` while it runs.
    pub(super) over: Option<Timestamp>,
    pub(super) acts: ActLog,
    pub(super) hints: Hints,
    pub(super) forced: Forced,
    pub(super) clock: SessionClock,
    pub(super) shown: Session,
    /// Number of the last entry that was applied to it.
    pub(in crate::engine) last: i64,
    /// Sentences and headlines for one player alone, by slot, as last rendered; players who are told nothing else are left out.
    pub(super) asides: BTreeMap<SlotId, Aside>,
    /// States that the game shows at slots, by slot and subject.
    pub(super) told: BTreeMap<(SlotId, String), Value>,
    /// `true` if something happened to it since it was last rendered.
    pub(super) touched: bool,
}

impl LiveSession {
    /// Creates a session to which nothing has happened yet. It has failed if the game cannot start.
    pub(in crate::engine) fn new(
        kept: KeptSession,
        game: Result<Box<dyn eg_game::Session>, String>,
    ) -> Self {
        let KeptSession { id, room, game: kind, roster, started, .. } = kept;
        let entry = games().into_iter().find(|entry| entry.kind == kind);
        let goes_by_state = entry.is_some_and(|entry| entry.inputs == InputFilter::Everything);
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
            hints_given: 0,
            reads: Vec::new(),
            forced: Vec::new(),
            clock: SessionClock::from(started),
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
            queue: ReorderBuffer::default(),
            revealed: false,
            goes_by_state,
            resumed: false,
            over: None,
            acts: ActLog::default(),
            hints: Hints::default(),
            forced: Forced::default(),
            clock: SessionClock::from(started),
            shown,
            last: 0,
            asides: BTreeMap::new(),
            told: BTreeMap::new(),
            touched: true,
        }
    }

    pub(in crate::engine) fn is_running(&self) -> bool {
        self.status == SessionStatus::Running
    }

    /// Returns `true` if it takes the events of this slot.
    pub(in crate::engine) fn seats(&self, slot: &SlotId) -> bool {
        self.is_running() && self.roster.seat(slot).is_some()
    }

    /// Returns the timers of the session.
    pub(in crate::engine) fn timers(&self) -> &Timers {
        &self.timers
    }

    /// Returns the latest moment of anything that happened to it.
    pub(in crate::engine) fn moment(&self) -> Timestamp {
        self.moment
    }

    /// Returns the buffer of held inputs.
    pub(in crate::engine) fn queue(&self) -> &ReorderBuffer {
        &self.queue
    }

    /// Applies a cause. Returns the effects that the game asks for; timers are kept here.
    ///
    /// # Errors
    /// Returns the panic's message if the game panicked. The session has then failed.
    pub(in crate::engine) fn apply(&mut self, cause: &Cause) -> Result<Vec<Effect>, String> {
        self.touched = true;
        let before = match cause {
            Cause::Act(act) => Some((act, self.view_snapshot(act.at))),
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
        let (mut effects, mut of_force) = (Effects::default(), None);
        let called = catch_unwind(AssertUnwindSafe(|| match cause {
            Cause::Input(input) => self.forced.hear(&mut **game, input, &mut effects),
            Cause::Timer(TimerName::Game(timer), at) => game.on_timer(*timer, *at, &mut effects),
            Cause::Timer(TimerName::HintEnd { hint }, _) => self.hints.end(*hint),
            Cause::Act(act) if OF_CORE.contains(&act.name.as_str()) => {}
            Cause::Act(act) => {
                of_force = self.forced.act(&mut **game, act);
                if of_force.is_none() {
                    game.on_operator(act, &mut effects);
                }
            }
            Cause::Asked(act) => game.on_operator(act, &mut effects),
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
        effects.extend(of_force.into_iter().flatten());
        let now = match cause {
            Cause::Input(input) => input.now,
            Cause::Played(_, at) => *at,
            Cause::Timer(timer, at) => {
                self.timers.stop(*timer);
                if by_time && self.waits() && matches!(timer, TimerName::Game(_)) {
                    self.queue.pass(*at);
                }
                *at
            }
            Cause::Act(act) => {
                self.apply_builtin(act, &mut effects);
                act.at
            }
            Cause::Asked(act) => act.at,
            Cause::Resumed(outage) => {
                self.timers.shift(*outage);
                self.clock.pass(*outage);
                self.resumed = true;
                return Ok(Vec::new());
            }
        };
        self.moment = self.moment.max(now);
        let refused = effects.iter().any(|effect| refusal(effect).is_some());
        self.clock.hear(cause, now, refused);
        self.keep_time(now, &effects);
        if let Some((act, before)) = before {
            let refused = effects.iter().find_map(refusal);
            self.note(act, &before, refused);
        }
        Ok(effects)
    }

    /// Applies the acts that every session knows: `start` and `abort` cannot be refused, `reveal` and `hint` do not
    /// reach the game.
    fn apply_builtin(&mut self, act: &Act, effects: &mut Vec<Effect>) {
        let ends = |effect: &Effect| matches!(effect, Effect::Finish(_));
        match act.name.as_str() {
            "reveal" => self.revealed = true,
            HINT => {
                let hinted = self.hints.give(act, &self.roster, &mut self.timers);
                effects.extend(hinted.err().map(|why| Effect::RefuseAct { why }));
            }
            TIME => {
                let given = self.clock.give(act);
                effects.extend(given.err().map(|why| Effect::RefuseAct { why }));
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
            self.acts.tells(effect);
            match effect {
                Effect::After { timer, delay } => {
                    let waits = self.hears_by_time() && self.waits();
                    self.timers.start(TimerName::Game(*timer), now + *delay, waits);
                }
                Effect::Deadline { timer, delay } => {
                    self.timers.start(TimerName::Game(*timer), now + *delay, self.waits());
                }
                Effect::Cancel { timer } => self.timers.stop(TimerName::Game(*timer)),
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
        self.hints.clear();
        self.forced.clear();
        self.clock.stop(self.over.unwrap_or(self.moment));
        self.timers.clear();
        self.queue.clear();
    }

    pub(in crate::engine) fn fail(&mut self, why: String) {
        self.close(SessionStatus::Failed(why));
        self.touched = true;
    }

    /// Ends the session as the journal says it ended.
    pub(in crate::engine) fn ended(&mut self, ending: &Ending) {
        self.close(match ending {
            Ending::Done => SessionStatus::Done,
            Ending::Aborted => SessionStatus::Aborted,
            Ending::Failed { why, .. } => SessionStatus::Failed(why.clone()),
        });
        self.touched = true;
    }

    /// Returns `true` while it is paused: what players do does not count.
    pub(in crate::engine) fn is_paused(&self) -> bool {
        self.is_running() && self.game.as_ref().is_some_and(|game| game.is_paused())
    }

    /// Returns the open questions, and the last result with the question that it answers; nothing once the session is
    /// over.
    pub(in crate::engine) fn asked(&self) -> (&[OpenQuestion], Option<(&str, &StepResult)>) {
        if self.is_running() { (self.acts.open(), self.acts.answer()) } else { (&[], None) }
    }

    /// Returns the states that the game shows at slots, by slot and subject.
    pub(in crate::engine) fn told(&self) -> impl Iterator<Item = (&SlotId, &str, &Value)> {
        self.told.iter().map(|((slot, subject), body)| (slot, subject.as_str(), body))
    }

    /// Returns the value that the game passes on to its next session; null if there is none.
    pub(in crate::engine) fn carry(&self) -> Value {
        let Some(game) = &self.game else { return Value::Null };
        catch_unwind(AssertUnwindSafe(|| game.carry())).unwrap_or_default()
    }

    /// Returns the outputs that the session last set to anything other than off, in order of slots and outputs.
    pub(in crate::engine) fn left_on(&self) -> impl Iterator<Item = (&SlotId, &OutputName)> {
        self.acts.left_on()
    }

    /// Returns the last rendering of the session.
    pub(in crate::engine) fn shown(&self) -> &Session {
        &self.shown
    }
}

fn refusal(effect: &Effect) -> Option<Text> {
    if let Effect::RefuseAct { why } = effect { Some(why.clone()) } else { None }
}

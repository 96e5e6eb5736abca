//! A session in memory: its game, its timers, and what was last seen of it.

use crate::handle::Entry;
use crate::journal::{Ending, KeptSession};
use crate::state::{Session, SessionStatus};
use eg_config::{KeyPath, Source};
use eg_game::{
    Act, Audience, Effect, Effects, EntryError, Finish, GameEntry, Input, Roster, TimerId, What,
};
use eg_game::{Say, View};
use eg_proto::{DeviceName, Event, EventKind, InputName, NightVote, RoomId, SlotId, Timestamp};
use serde_json::Value;
use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

/// One thing that happens to a session. A rebuild feeds the same, in the same order.
#[derive(Debug)]
pub(super) enum Cause {
    Input(Input),
    Timer(TimerId, Timestamp),
    Act(Act),
    /// The core was away for so long, in which no timer ran.
    Resumed(Duration),
}

/// A session and what the engine knows about it.
pub(super) struct Run {
    pub(super) id: i64,
    pub(super) room: RoomId,
    pub(super) kind: String,
    pub(super) roster: Roster,
    pub(super) status: SessionStatus,
    game: Option<Box<dyn eg_game::Session>>,
    timers: BTreeMap<TimerId, Timestamp>,
    revealed: bool,
    resumed: bool,
    shown: Session,
    /// Something happened to it since it was last looked at.
    touched: bool,
}

/// Starts a game; a panic is an error too.
pub(super) fn start(
    entry: &GameEntry,
    config: &Value,
    roster: &Roster,
) -> Result<Box<dyn eg_game::Session>, String> {
    let source = Source::json("config", config);
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
        let nothing = View::new("", Say::default(), []);
        let shown = Session {
            id,
            game: kind.clone(),
            status: status.clone(),
            started,
            operator: nothing.clone(),
            public: nothing,
            offers: Vec::new(),
            explain: Say::default(),
            revealed: false,
            resumed: false,
        };
        Self {
            id,
            room,
            kind,
            roster,
            status,
            game,
            timers: BTreeMap::new(),
            revealed: false,
            resumed: false,
            shown,
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

    /// The next timer to run out, and when.
    pub(super) fn next_timer(&self) -> Option<(Timestamp, TimerId)> {
        self.timers.iter().map(|(timer, at)| (*at, *timer)).min()
    }

    /// Lets it happen. What the game asks for is returned, and its timers are kept here.
    ///
    /// # Errors
    /// What the game said when it panicked. The session has then failed.
    pub(super) fn feed(&mut self, cause: &Cause) -> Result<Vec<Effect>, String> {
        self.touched = true;
        let (Some(game), true) = (&mut self.game, self.status == SessionStatus::Running) else {
            return Ok(Vec::new());
        };
        let mut effects = Effects::default();
        let called = catch_unwind(AssertUnwindSafe(|| match cause {
            Cause::Input(input) => game.on_input(input, &mut effects),
            Cause::Timer(timer, at) => game.on_timer(*timer, *at, &mut effects),
            Cause::Act(act) if act.name == "reveal" => {}
            Cause::Act(act) => game.on_operator(act, &mut effects),
            Cause::Resumed(_) => {}
        }));
        if let Err(panic) = called {
            let why = words(&*panic);
            self.fail(why.clone());
            return Err(why);
        }
        let mut effects = effects.into_vec();
        let now = match cause {
            Cause::Input(input) => input.now,
            Cause::Timer(timer, at) => {
                self.timers.remove(timer);
                *at
            }
            Cause::Act(act) => {
                self.obey(act, &mut effects);
                act.at
            }
            Cause::Resumed(outage) => {
                self.timers.values_mut().for_each(|due| *due = *due + *outage);
                self.resumed = true;
                return Ok(Vec::new());
            }
        };
        self.keep_time(now, &effects);
        Ok(effects)
    }

    /// Acts that every session knows: `start` and `abort` cannot be refused, `reveal` is none of the game's business.
    fn obey(&mut self, act: &Act, effects: &mut Vec<Effect>) {
        let ends = |effect: &Effect| matches!(effect, Effect::Finish(_));
        match act.name.as_str() {
            "reveal" => self.revealed = true,
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
            match effect {
                Effect::After { timer, delay } => {
                    self.timers.insert(*timer, now + *delay);
                }
                Effect::Cancel { timer } => {
                    self.timers.remove(timer);
                }
                // What was revealed was the last question's secret, not the next one's.
                Effect::Open(_) => self.revealed = false,
                Effect::Finish(Finish::Done) => self.end(SessionStatus::Done),
                Effect::Finish(Finish::Aborted) => self.end(SessionStatus::Aborted),
                Effect::Set { .. }
                | Effect::Cue { .. }
                | Effect::Result(_)
                | Effect::Refuse { .. }
                | Effect::RefuseAct { .. }
                | Effect::Note { .. } => {}
            }
        }
    }

    fn end(&mut self, status: SessionStatus) {
        self.status = status;
        self.timers.clear();
    }

    pub(super) fn fail(&mut self, why: String) {
        self.end(SessionStatus::Failed(why));
        self.touched = true;
    }

    /// Ends it as the journal says it ended.
    pub(super) fn ended(&mut self, ending: &Ending) {
        self.end(match ending {
            Ending::Done => SessionStatus::Done,
            Ending::Aborted => SessionStatus::Aborted,
            Ending::Failed { why, .. } => SessionStatus::Failed(why.clone()),
        });
        self.touched = true;
    }

    /// Looks at the game when something has happened to it.
    ///
    /// # Errors
    /// What the game said when it panicked. The session has then failed, and shows what was seen before.
    pub(super) fn look(&mut self) -> Result<(), String> {
        if !std::mem::take(&mut self.touched) {
            return Ok(());
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
        Ok(())
    }

    /// What was last seen of it.
    pub(super) fn shown(&self) -> &Session {
        &self.shown
    }
}

/// What an entry means for its session. Nothing when it means nothing.
///
/// # Errors
/// What is wrong with it.
pub(super) fn cause_of(entry: &Entry) -> Result<Option<Cause>, String> {
    let body = || entry.body.clone();
    let read = |error: serde_json::Error| error.to_string();
    let slot = || entry.slot.clone().ok_or_else(|| "it has no slot".to_owned());
    Ok(Some(match entry.kind {
        "event" => {
            let event: Event = serde_json::from_value(body()).map_err(read)?;
            Cause::Input(input_of(entry.id, entry.at, slot()?, event))
        }
        "vote" => {
            let vote: NightVote = serde_json::from_value(body()).map_err(read)?;
            Cause::Input(choice_of(entry.id, entry.at, slot()?, &vote))
        }
        "act" => Cause::Act(serde_json::from_value(body()).map_err(read)?),
        "timer" => {
            let timer = entry.body.get("timer").cloned().unwrap_or_default();
            Cause::Timer(serde_json::from_value(timer).map_err(read)?, entry.at)
        }
        "resumed" => {
            let outage = entry.body.get("outage_us").and_then(Value::as_u64).unwrap_or(0);
            Cause::Resumed(Duration::from_micros(outage))
        }
        _ => return Ok(None),
    }))
}

/// An event without the core's time happened about when it arrived: ± this, when it came at once.
const ARRIVAL: Duration = Duration::from_millis(250);
/// The same for one that an outage held back for nobody knows how long.
const LATE: Duration = Duration::from_secs(24 * 3600);

/// An event as its game sees it.
pub(super) fn input_of(id: i64, now: Timestamp, slot: SlotId, event: Event) -> Input {
    let Event { device, input, kind, t, late, sim, .. } = event;
    let guess = if late { LATE } else { ARRIVAL };
    let unknown = u64::try_from(guess.as_micros()).unwrap_or(u64::MAX);
    let (at, unc_us) = match t.core_us {
        Some(at) => (at, t.unc_us),
        None => (now, t.unc_us.saturating_add(unknown)),
    };
    Input { id, slot, what: What::Event { device, input, kind }, at, unc_us, now, late, sim }
}

/// A choice by name as its game sees it. The sender's own clock says nothing: it counts from its arrival.
pub(super) fn choice_of(id: i64, now: Timestamp, slot: SlotId, vote: &NightVote) -> Input {
    let what = What::Choice { step: vote.step, choice: vote.choice.clone() };
    Input { id, slot, what, at: now, unc_us: 0, now, late: false, sim: false }
}

/// A tag of the old contract as the event it is.
pub(super) fn tag_event(uid: String) -> Option<Event> {
    let t = eg_proto::EventTime { core_us: None, unc_us: 0, src: eg_proto::Source::Driver };
    Some(Event {
        boot: eg_proto::Boot(ulid::Ulid::nil()),
        seq: 1,
        device: DeviceName::new("rfid").ok()?,
        input: InputName::new("tag").ok()?,
        kind: EventKind::Tag { uid },
        t,
        late: false,
        sim: false,
    })
}

/// What a panic said.
fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "it panicked without a word".to_owned())
}

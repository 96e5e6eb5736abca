//! Replaying a recorded session: everything is let happen again, and what follows is compared with the record.

mod difference;
mod expected;
mod moment;

pub use difference::{Difference, What};
pub use moment::{Moment, moment};

use super::read_model::SessionStatus;
use super::session::cause::{Cause, cause_of};
use super::session::live::LiveSession;
use super::session::rebuild;
use super::session::timers::ENDLESS;
use super::text;
use crate::journal::Entry;
use crate::journal::{Ending, KeptSession, Kind, Line, Record, Seen};
use eg_game::{Act, RULES};
use eg_proto::Timestamp;
use expected::{Expected, expected};
use serde::Serialize;
use serde_json::json;
use std::collections::VecDeque;
use std::convert::Infallible;

/// A replay that came out as it was recorded, as far as it was compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Replayed {
    /// Entries of the session.
    pub entries: u64,
    /// Looks at the session that showed or offered something else than was recorded, in a session that began under an
    /// earlier revision of the rules: its digests do not say whether more than words has changed. Everything else of
    /// such a session is compared; 0 for a session of the current revision.
    pub not_compared: u64,
}

/// Plays a recorded session again.
///
/// # Errors
/// The first [`Difference`] between the record and the replay.
pub fn replay(record: &Record) -> Result<Replayed, Box<Difference>> {
    let mut replay = Replay::begin(record.session.clone());
    for line in &record.entries {
        replay.take(line)?;
    }
    replay.finish()
}

/// A session that is being replayed.
pub struct Replay {
    run: LiveSession,
    /// As the record tells it.
    session: KeptSession,
    /// What happened so far: an act that is undone is taken out of it.
    past: Vec<Entry>,
    /// What must still stand in the record because of what has happened.
    expected: VecDeque<Expected>,
    /// The last entry and its time.
    at: (i64, Timestamp),
    replayed: Replayed,
}

impl Replay {
    /// A session before anything has happened to it.
    pub fn begin(session: KeptSession) -> Self {
        let (run, at) = (rebuild::started(session.clone()), (0, session.started));
        let replayed = Replayed::default();
        Self { run, session, past: Vec::new(), expected: VecDeque::new(), at, replayed }
    }

    /// Takes the session's next entry.
    ///
    /// # Errors
    /// What was recorded is not what comes out.
    pub fn take(&mut self, line: &Line) -> Result<(), Box<Difference>> {
        self.at = (line.id, line.at);
        self.replayed.entries += 1;
        let rules = self.session.roster.rules();
        if rules > RULES {
            return self.differs(What::Rules, &rules, &RULES);
        }
        let entry = line.entry(self.run.id);
        match cause_of(&entry, self.session.roster.rules()) {
            Ok(Some(cause)) => {
                // It happens in any case: whoever looks back goes on after a difference.
                let whole = self.nothing_is_missing();
                let same = match rebuild::undoing(&entry) {
                    Some((act, target)) => self.undone(line, &act, target),
                    None => self.happened(line, &cause),
                };
                self.past.push(entry);
                whole.and(same)?;
                line.seen.map_or(Ok(()), |seen| self.compare(&seen))
            }
            Ok(None) if line.cause.is_some() => self.followed(line),
            Ok(None) => Ok(()),
            Err(problem) => self.differs(What::Entry, &line.body, &problem),
        }
    }

    /// How much was replayed so far.
    pub fn replayed(&self) -> Replayed {
        self.replayed
    }

    /// The record is over.
    ///
    /// # Errors
    /// It ended otherwise than it ends now.
    pub fn finish(mut self) -> Result<Replayed, Box<Difference>> {
        self.nothing_is_missing()?;
        let recorded = match &self.session.ending {
            None => SessionStatus::Running,
            Some(Ending::Done) => SessionStatus::Done,
            Some(Ending::Aborted) => SessionStatus::Aborted,
            Some(Ending::Failed { why, .. }) => SessionStatus::Failed(why.clone()),
        };
        // A game that never started has failed before anything happened to it.
        if self.run.status != recorded {
            let status = self.run.status.clone();
            return self.differs(What::Ending, &recorded, &status);
        }
        Ok(self.replayed)
    }

    /// Lets it happen again, and notes what must follow.
    fn happened(&mut self, line: &Line, cause: &Cause) -> Result<(), Box<Difference>> {
        let ran_out = match cause {
            Cause::Timer(timer, at) => match self.run.timers().due(*timer) {
                Some(due) if due <= *at => Ok(()),
                due => self.differs(What::Timer, &json!({ "at": at }), &json!({ "due": due })),
            },
            Cause::Input(_)
            | Cause::Played(..)
            | Cause::Act(_)
            | Cause::Asked(_)
            | Cause::Resumed(_) => Ok(()),
        };
        self.run.last = line.id;
        let fed = self.run.apply(cause);
        ran_out?;
        self.expected = match fed {
            Ok(effects) => expected(line, effects)
                .or_else(|(recorded, came)| self.differs(What::Sent, &recorded, &came))?,
            Err(why) => VecDeque::from([failure(line.id, why)]),
        };
        Ok(())
    }

    /// An act is undone: the session becomes what it would be without it, and the world is told what is otherwise.
    fn undone(&mut self, line: &Line, act: &Act, target: i64) -> Result<(), Box<Difference>> {
        let before = self.run.glimpse(act.at);
        let past = |take: &mut dyn FnMut(Entry)| {
            self.past.iter().cloned().for_each(take);
            Ok::<_, Infallible>(())
        };
        let session = self.session.clone();
        let Ok(mut other) = rebuild::rebuild_without(past, session, &self.run, act, target);
        let told = other.told_otherwise(&self.run);
        other.note(act, &before, None);
        let cause = line.id;
        let said = (other.status != self.run.status).then(|| {
            let body = text::standing(&other.status, cause);
            Expected { cause, kind: Kind::Status, slot: None, body }
        });
        let note = Expected { cause, kind: Kind::Note, slot: None, body: text::undone(target) };
        self.run = other;
        let rest = expected(line, told)
            .or_else(|(recorded, came)| self.differs(What::Sent, &recorded, &came))?;
        self.expected = said.into_iter().chain([note]).chain(rest).collect();
        Ok(())
    }

    /// A line that followed from something stands in the record: it must be the next that is expected.
    fn followed(&mut self, line: &Line) -> Result<(), Box<Difference>> {
        let expected = match self.expected.pop_front() {
            None if says_failed(line) => self.failure_at(line),
            next => next,
        };
        let (slot, body) = (&line.slot, &line.body);
        let recorded = json!({ "kind": line.kind, "slot": slot, "body": body });
        let Some(Expected { cause, kind, slot, body }) = expected else {
            return self.differs(What::Line, &recorded, &());
        };
        let came = json!({ "kind": kind, "slot": slot, "body": body });
        if recorded != came || line.cause != Some(cause) {
            return self.differs(What::Line, &recorded, &came);
        }
        Ok(())
    }

    /// A session also fails when it is looked at, and when its timers never end.
    fn failure_at(&mut self, line: &Line) -> Option<Expected> {
        let endless = self.run.timers().next(line.at, |_| true).is_some();
        let why = match self.run.render() {
            Err(why) => why,
            Ok(_) if endless => {
                self.run.fail(ENDLESS.to_owned());
                ENDLESS.to_owned()
            }
            Ok(_) => return None,
        };
        Some(failure(line.cause?, why))
    }

    fn nothing_is_missing(&mut self) -> Result<(), Box<Difference>> {
        match std::mem::take(&mut self.expected).pop_front() {
            None => Ok(()),
            Some(Expected { kind, slot, body, .. }) => {
                let came = json!({ "kind": kind, "slot": slot, "body": body });
                self.differs(What::Line, &(), &came)
            }
        }
    }

    /// Compares what can be seen now with what could be seen then. Words and offers of an earlier revision may have
    /// changed since, and a digest does not tell in what: those are counted.
    fn compare(&mut self, then: &Seen) -> Result<(), Box<Difference>> {
        let now = match self.run.render() {
            Ok(now) => now,
            Err(why) => return self.differs(What::Views, &then.views, &why),
        };
        let Some(now) = now else { return Ok(()) };
        if now.timers != then.timers {
            let timers = self.run.timers().all();
            return self.differs(What::Timers, &then.timers, &timers);
        }
        if self.session.roster.rules() < RULES {
            self.replayed.not_compared += u64::from(now != *then);
            return Ok(());
        }
        let shown = self.run.shown().clone();
        if now.views != then.views {
            return self.differs(What::Views, &then.views, &shown.operator);
        }
        if now.offers != then.offers {
            return self.differs(What::Offers, &then.offers, &shown.offers);
        }
        Ok(())
    }

    fn differs<T>(
        &self,
        what: What,
        recorded: &impl serde::Serialize,
        came_out: &impl serde::Serialize,
    ) -> Result<T, Box<Difference>> {
        let (entry, at) = self.at;
        let (recorded, came_out) = (json!(recorded), json!(came_out));
        let session = self.run.id;
        Err(Box::new(Difference { session, entry, at, what, recorded, came_out }))
    }
}

fn failure(cause: i64, why: String) -> Expected {
    let body = text::ended(&Ending::Failed { at: cause, why });
    Expected { cause, kind: Kind::Status, slot: None, body }
}

fn says_failed(line: &Line) -> bool {
    line.kind == Kind::Status && line.body.get("status").is_some_and(|word| word == "failed")
}

//! Replay of a recorded session: every cause is applied again, and what follows is compared with the record.

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

/// Result of a replay that matches its record, as far as the two were compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Replayed {
    /// Number of entries of the session.
    pub entries: u64,
    /// Number of renderings that differ from the record in a session that began under an earlier revision of the rules:
    /// a digest does not tell whether more than words has changed. Everything else of such a session is compared.
    /// Always 0 for a session of the current revision.
    pub not_compared: u64,
}

/// Replays a whole recorded session.
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

/// Replay in progress: a session to which its record is applied entry by entry.
pub struct Replay {
    run: LiveSession,
    /// Session as stored.
    session: KeptSession,
    /// Entries applied so far. An undo plays them again without the act that is undone.
    past: Vec<Entry>,
    /// Entries that must still follow in the record because of what has happened.
    expected: VecDeque<Expected>,
    /// Number and time of the last entry.
    at: (i64, Timestamp),
    replayed: Replayed,
}

impl Replay {
    /// Starts a session to which nothing has happened yet.
    pub fn begin(session: KeptSession) -> Self {
        let (run, at) = (rebuild::started(session.clone()), (0, session.started));
        let replayed = Replayed::default();
        Self { run, session, past: Vec::new(), expected: VecDeque::new(), at, replayed }
    }

    /// Applies the session's next entry.
    ///
    /// # Errors
    /// Returns the [`Difference`] if the record is not what comes out. The entry is applied all the same, so that the
    /// caller may go on.
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

    /// Returns the progress so far.
    pub fn replayed(&self) -> Replayed {
        self.replayed
    }

    /// Ends the replay with the end of the record.
    ///
    /// # Errors
    /// Returns the [`Difference`] if the record lacks an entry, or ended otherwise than the replay.
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

    /// Applies a cause again, and notes the entries that must follow.
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

    /// Undoes an act: the session becomes what it would be without that act, and the effects by which the two differ
    /// must follow.
    fn undone(&mut self, line: &Line, act: &Act, target: i64) -> Result<(), Box<Difference>> {
        let before = self.run.view_snapshot(act.at);
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

    /// Compares an entry that followed from a cause with the next one that is expected.
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

    /// Returns the failure that an unexpected `failed` entry tells of: a panic while rendering, or timers without end.
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

    /// Compares the current views, offers and timers with the recorded digests. In a session of an earlier revision,
    /// whose words and offers may have changed since, differences of these are only counted.
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

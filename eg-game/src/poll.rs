//! An open question: it takes votes, closes when all are in or its time is over, and follows the roster.

mod roster;

use crate::ballot::{Ballot, Cast, CastError, Expected, Rule, Vote, When};
use crate::{Effects, SlotId, StepResult, StepStatus, TimerId, Timestamp};
use std::collections::BTreeSet;
use std::time::Duration;

/// One question from its opening to its result: a [`Ballot`], the time it has, and the players who leave and come back.
///
/// Votes count until all who are asked have voted and nobody has changed a vote for the grace, or until its time is
/// over. A player who leaves takes the vote along. When all votes are in only because of that, the poll does not close
/// by itself but [asks to be closed](Self::asks_to_close).
///
/// A game hands over each vote, timer and change of the roster, and counts when it is told to close:
///
/// ```
/// use eg_game::prelude::*;
///
/// # struct Vote { poll: Poll }
/// # impl Vote {
/// fn on_timer(&mut self, timer: TimerId, at: Timestamp, effects: &mut Effects) {
///     if self.poll.ran_out(timer).is_some() {
///         self.close(at, effects);
///     }
/// }
///
/// fn close(&mut self, at: Timestamp, effects: &mut Effects) {
///     self.poll.close(at, effects);
///     let tally = self.poll.ballot().tally();
///     let carried = if let Verdict::Won(choice) = tally.verdict(Rule::Plurality) { vec![choice] } else { vec![] };
///     effects.result(self.poll.conclude(1, &carried, Text::new("compté", "counted")));
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Poll {
    ballot: Ballot,
    rules: PollRules,
    /// Revision of the rules that the session began under.
    revision: u16,
    /// Moments at which it closes by itself; `None` while it takes no votes.
    clock: Option<Clock>,
    asks_to_close: bool,
    /// Players who left while it was open.
    gone: Vec<SlotId>,
    /// Players whose vote was for a player who is out since, until they vote again.
    struck: BTreeSet<SlotId>,
    /// Number of votes expected beyond the players who were asked at first.
    beyond: u32,
    /// Times during which this ballot was open; the last of them may still run.
    openings: Vec<Opening>,
}

/// Rules by which a [`Poll`] closes. Everybody who is asked must vote, without a grace and without a time-out, unless
/// said otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PollRules {
    grace_timer: TimerId,
    timeout_timer: TimerId,
    grace: Duration,
    timeout: Option<Duration>,
    expected: Expected,
    decided: Option<Rule>,
}

/// Reason for which a [`Poll`] closes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PollEnd {
    /// All votes have been in, unchanged, for the grace.
    AllVoted,
    /// The time is over.
    TimeOver,
}

/// Reason for which a vote is not of its [`Poll`]: the moment at which it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotOpen {
    /// Given before the poll opened.
    TooEarly,
    /// Given after the poll closed, or between two openings.
    TooLate,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Clock {
    /// Moment at which the grace ends, while it runs.
    grace: Option<Timestamp>,
    /// Moment at which the time is over, if it ends.
    ends: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Opening {
    from: Timestamp,
    until: Option<Timestamp>,
}

impl PollRules {
    /// Rules with two timers of the game: one for the grace, one for the time-out.
    pub const fn new(grace_timer: TimerId, timeout_timer: TimerId) -> Self {
        let (grace, timeout, decided) = (Duration::ZERO, None, None);
        Self { grace_timer, timeout_timer, grace, timeout, expected: Expected::Auto, decided }
    }

    /// Closes only once all votes have stood unchanged for this long; at zero with the last vote.
    #[must_use]
    pub fn grace(self, grace: Duration) -> Self {
        Self { grace, ..self }
    }

    /// Closes at the latest so long after the opening; never with `None`.
    #[must_use]
    pub fn timeout(self, timeout: Option<Duration>) -> Self {
        Self { timeout, ..self }
    }

    /// Closes with this number of votes.
    #[must_use]
    pub fn expected(self, expected: Expected) -> Self {
        Self { expected, ..self }
    }

    /// Closes once the votes that are missing can change nothing under this rule; with `None` it waits for them.
    #[must_use]
    pub fn when_decided(self, decided: Option<Rule>) -> Self {
        Self { decided, ..self }
    }
}

impl Poll {
    /// A poll that is not open yet, on this ballot. `revision` is that of the session, see
    /// [`Roster::rules`](crate::Roster::rules).
    pub fn new(ballot: Ballot, rules: PollRules, revision: u16) -> Self {
        let asked = ballot.asked();
        let beyond = rules.expected.number(asked).saturating_sub(asked);
        let (gone, struck, openings) = (Vec::new(), BTreeSet::new(), Vec::new());
        let (clock, asks_to_close) = (None, false);
        Self { ballot, rules, revision, clock, asks_to_close, gone, struck, beyond, openings }
    }

    /// Begins to take votes, or goes on with those that are in, for the time of the rules. Start the clock with
    /// [`start_clock`](Self::start_clock) after telling the question.
    pub fn open(&mut self, at: Timestamp) {
        let ends = self.rules.timeout.map(|timeout| at + timeout);
        self.open_until(at, ends);
    }

    /// Begins to take votes as [`open`](Self::open) does, until another moment; `None` for no end.
    pub fn open_until(&mut self, at: Timestamp, ends: Option<Timestamp>) {
        self.openings.push(Opening { from: at, until: None });
        self.clock = Some(Clock { grace: None, ends });
        self.asks_to_close = false;
    }

    /// Begins to take votes on another ballot. Votes, leavers and openings of the one before are forgotten.
    pub fn open_anew(&mut self, ballot: Ballot, at: Timestamp) {
        self.ballot = ballot;
        self.openings.clear();
        self.gone.clear();
        self.struck.clear();
        self.open(at);
    }

    /// Starts the timer of the time-out, anew when it runs. Does nothing while there is no end.
    pub fn start_clock(&self, now: Timestamp, effects: &mut Effects) {
        if let Some(ends) = self.ends() {
            effects.deadline(self.rules.timeout_timer, ends.since(now));
        }
    }

    /// Moves the end of an open poll to another moment; [`start_clock`](Self::start_clock) starts its timer.
    pub fn set_end(&mut self, ends: Timestamp) {
        if let Some(clock) = &mut self.clock {
            clock.ends = Some(ends);
        }
    }

    /// Takes a player's vote, given at `when`. Call [`voted`](Self::voted) when it changed something.
    ///
    /// # Errors
    /// [`CastError`]: the ballot is as it was before.
    pub fn cast(&mut self, slot: &SlotId, vote: Vote, when: When) -> Result<Cast, CastError> {
        let cast = self.ballot.cast(slot, vote, when)?;
        self.struck.remove(slot);
        Ok(cast)
    }

    /// Starts the grace when all votes are in, anew after each change, and stops it when one is missing again. `true`
    /// when the poll shall close now, because there is no grace.
    pub fn voted(&mut self, now: Timestamp, effects: &mut Effects) -> bool {
        let may_close = self.may_close();
        self.asks_to_close &= may_close;
        let Some(clock) = &mut self.clock else { return false };
        if !may_close || self.asks_to_close {
            if clock.grace.take().is_some() {
                effects.cancel(self.rules.grace_timer);
            }
            return false;
        }
        let grace = self.rules.grace;
        if !grace.is_zero() {
            clock.grace = Some(now + grace);
            effects.after(self.rules.grace_timer, grace);
        }
        grace.is_zero()
    }

    /// Reason to close now that `timer` ran out; `None` for timers of others, and for one that no longer counts.
    pub fn ran_out(&mut self, timer: TimerId) -> Option<PollEnd> {
        let clock = self.clock.as_mut()?;
        if timer == self.rules.grace_timer {
            clock.grace.take().map(|_| PollEnd::AllVoted)
        } else if timer == self.rules.timeout_timer {
            clock.ends.take().map(|_| PollEnd::TimeOver)
        } else {
            None
        }
    }

    /// Ends the taking of votes and cancels the timers that run. Votes given before `at` may still arrive.
    pub fn close(&mut self, at: Timestamp, effects: &mut Effects) {
        let Some(clock) = self.clock.take() else { return };
        if clock.grace.is_some() {
            effects.cancel(self.rules.grace_timer);
        }
        if clock.ends.is_some() {
            effects.cancel(self.rules.timeout_timer);
        }
        if let Some(last) = self.openings.last_mut() {
            last.until.get_or_insert(at);
        }
    }

    /// Result of this step when these choices carry, by their place among the options.
    pub fn conclude(&mut self, step: u32, carried: &[usize], why: crate::Text) -> StepResult {
        self.struck.clear();
        let options = self.ballot.options();
        let carried: Vec<_> = carried.iter().filter_map(|it| options.get(*it).cloned()).collect();
        StepResult {
            step,
            status: if self.is_complete() { StepStatus::Success } else { StepStatus::Incomplete },
            next_step: step.saturating_add(1),
            outcome: if let [only] = carried.as_slice() { Some(only.clone()) } else { None },
            carried,
            tally: self.ballot.tally().by_weight(),
            votes: self.ballot.votes(),
            expected: self.expected(),
            why,
        }
    }

    /// Shifts the end and the grace by time that does not count; see [`Game::shift`](crate::Game::shift).
    pub fn shift(&mut self, by: Duration) {
        let moments = self.clock.iter_mut().flat_map(|clock| [&mut clock.grace, &mut clock.ends]);
        moments.flatten().for_each(|moment| *moment = *moment + by);
    }

    /// Votes so far.
    pub fn ballot(&self) -> &Ballot {
        &self.ballot
    }

    /// Votes so far, to change them otherwise than [`cast`](Self::cast) does.
    pub fn ballot_mut(&mut self) -> &mut Ballot {
        &mut self.ballot
    }

    /// `true` while it takes votes.
    pub fn is_open(&self) -> bool {
        self.clock.is_some()
    }

    /// Moment at which the grace ends, while it runs.
    pub fn grace_ends(&self) -> Option<Timestamp> {
        self.clock?.grace
    }

    /// Moment at which the time is over, while the poll is open and has an end.
    pub fn ends(&self) -> Option<Timestamp> {
        self.clock?.ends
    }

    /// `true` when all votes are in only because a player left: it closes when the operator or the time says so.
    pub fn asks_to_close(&self) -> bool {
        self.asks_to_close
    }

    /// `true` for a player whose vote was for somebody who is out since, until they vote again.
    pub fn is_struck(&self, slot: &SlotId) -> bool {
        self.struck.contains(slot)
    }

    /// `true` when as many have voted as make it complete.
    pub fn is_complete(&self) -> bool {
        self.ballot.votes() >= self.wanted()
    }

    /// `true` when it closes by itself as its votes stand.
    pub fn may_close(&self) -> bool {
        let decided = |rule| self.ballot.tally().is_decided(rule);
        self.is_complete() || self.rules.decided.is_some_and(decided)
    }

    /// Number of votes that are expected: more than make it complete, once more have come.
    pub fn expected(&self) -> u32 {
        self.wanted().max(self.ballot.votes())
    }

    fn wanted(&self) -> u32 {
        let asked = self.ballot.asked();
        self.rules.expected.number(asked).min(asked.saturating_add(self.beyond))
    }

    /// Checks that a vote was given while this ballot was open. The moment it was given counts, not its arrival.
    ///
    /// A live press gets the benefit of its clock's doubt at the opening. A press that an outage held back does not: it
    /// may be hours old.
    ///
    /// # Errors
    /// [`NotOpen`].
    pub fn was_open(&self, when: When, late: bool) -> Result<(), NotOpen> {
        let surely_after = if late { when.earliest } else { when.latest };
        let inside = |opening: &Opening| {
            opening.from <= surely_after && opening.until.is_none_or(|until| when.latest < until)
        };
        if self.openings.iter().any(inside) {
            return Ok(());
        }
        match self.openings.first() {
            Some(first) if first.from <= surely_after => Err(NotOpen::TooLate),
            Some(_) | None => Err(NotOpen::TooEarly),
        }
    }

    /// `true` when a vote may have been given since this ballot was first opened.
    pub fn may_have_been_open(&self, when: When) -> bool {
        self.openings.first().is_some_and(|first| first.from <= when.latest)
    }
}

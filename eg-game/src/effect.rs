//! Effects, all that a game may ask of the world: data, stored with the event that caused it and then carried out.

use crate::ballot::Layout;
use crate::{RosterChange, Ruling};
use eg_proto::{OutputName, RefusalReason, Set, SlotId, Text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// A timer's name within one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TimerId(pub u16);

/// One consequence. A replay computes it again and never carries it out again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Drives an output of a slot; it expires when it cannot be done within seconds.
    Set {
        /// Slot that is addressed.
        slot: SlotId,
        /// Output of any of its boards.
        output: OutputName,
        /// State that the output takes.
        set: Set,
    },
    /// Lets a player feel that something was taken or refused. The same for every choice.
    Cue {
        /// Slot of the player.
        slot: SlotId,
        /// Signal that they feel.
        cue: Cue,
    },
    /// Starts a timer: `on_timer` is called after this long; a timer of that name that is still running starts anew.
    After {
        /// Name of the timer.
        timer: TimerId,
        /// Delay, in time in which the core runs.
        delay: Duration,
    },
    /// Starts a timer as `After` does, one that decides what came in time: it runs out only once nothing that happened
    /// before its moment can come any more, with its moment as the time.
    Deadline {
        /// Name of the timer.
        timer: TimerId,
        /// Delay, in time in which the core runs.
        delay: Duration,
    },
    /// Stops a timer.
    Cancel {
        /// Name of the timer.
        timer: TimerId,
    },
    /// A question is open: told to every slot of the session.
    Open(Question),
    /// An open question is told otherwise: a slot came whose inputs were not known when it opened.
    Retell(Question),
    /// A question is decided: told to every slot of the session. Replaces an earlier result of the same step.
    Result(StepResult),
    /// The input was not taken, with the reason; kept in the journal beside it.
    Refuse {
        /// Reason, for the operator and the player.
        why: Text,
        /// Kind of the reason, for the player's screen; not kept.
        #[serde(default, skip_serializing_if = "is_other")]
        reason: RefusalReason,
    },
    /// The operator's act was not done, with the reason; they see it.
    RefuseAct {
        /// Reason, for the operator.
        why: Text,
    },
    /// A line in the session's log, for the operator.
    Note {
        /// The line.
        line: Text,
        /// Ruling with its numbers, if the line tells who was first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ruling: Option<Box<Ruling>>,
    },
    /// Message to a slot on a topic of its own, for modules that answer requests of devices. Published once.
    #[serde(rename = "tell")]
    Send {
        /// Slot that is addressed.
        slot: SlotId,
        /// The last part of its topic, e.g. `res`.
        subject: String,
        /// JSON body of the message.
        body: serde_json::Value,
    },
    /// Retained message to a slot on a topic of its own: kept there until the next one takes its place.
    #[serde(rename = "show")]
    Retain {
        /// Slot that is addressed.
        slot: SlotId,
        /// The last part of its topic, e.g. `payouts`.
        subject: String,
        /// JSON body that is kept.
        body: serde_json::Value,
    },
    /// A player is out of the game from now on, as by the act `kill`.
    Out {
        /// Slot of the player.
        slot: SlotId,
    },
    /// A player is back in the game, as by the act `revive`.
    Back {
        /// Slot of the player.
        slot: SlotId,
    },
    /// The session is over; later events are journaled and not delivered.
    Finish(Finish),
}

/// Part of an effect that the SDK itself follows; the core carries the rest out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Followed {
    /// A timer starts, or starts anew.
    Starts {
        timer: TimerId,
        delay: Duration,
        /// `true` for a deadline, which waits for what may be earlier.
        deadline: bool,
    },
    /// A timer is forgotten.
    Cancels(TimerId),
    /// A player is out or back: the change, and the name of the act that tells the game of it.
    Roster(RosterChange, &'static str),
    /// The session ends.
    Ends,
}

impl Effect {
    /// Part that the SDK follows; `None` for what the core alone carries out.
    pub(crate) fn followed(&self) -> Option<Followed> {
        let starts = |timer: &TimerId, delay: &Duration, deadline| {
            Some(Followed::Starts { timer: *timer, delay: *delay, deadline })
        };
        match self {
            Self::After { timer, delay } => starts(timer, delay, false),
            Self::Deadline { timer, delay } => starts(timer, delay, true),
            Self::Cancel { timer } => Some(Followed::Cancels(*timer)),
            Self::Out { slot } => Some(Followed::Roster(RosterChange::Killed(slot.clone()), "out")),
            Self::Back { slot } => {
                Some(Followed::Roster(RosterChange::Revived(slot.clone()), "back"))
            }
            Self::Finish(_) => Some(Followed::Ends),
            Self::Set { .. }
            | Self::Cue { .. }
            | Self::Open(_)
            | Self::Retell(_)
            | Self::Result(_)
            | Self::Refuse { .. }
            | Self::RefuseAct { .. }
            | Self::Note { .. }
            | Self::Send { .. }
            | Self::Retain { .. } => None,
        }
    }
}

fn is_other(reason: &RefusalReason) -> bool {
    *reason == RefusalReason::Other
}

/// Signal that a player feels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cue {
    /// Accepted.
    Accepted,
    /// Refused: try again.
    Refused,
}

/// An open question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Number of the step, from 1.
    pub step: u32,
    /// The words.
    pub question: String,
    /// The choices, in the order shown.
    pub options: Vec<String>,
    /// Inputs that choose each option, at the slots that have told their inputs; see
    /// [`Keys::layouts`](crate::ballot::Keys::layouts).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<Layout>,
}

/// Result of a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepResult {
    /// Number of the step, from 1.
    pub step: u32,
    /// Way in which it ended.
    pub status: StepStatus,
    /// The step that follows.
    pub next_step: u32,
    /// The choice that carried; none for a tie without a winner, or when nobody chose.
    pub outcome: Option<String>,
    /// Choices that carried: the outcome alone, several when a tie lets all of them win, none otherwise.
    #[serde(default)]
    pub carried: Vec<String>,
    /// Votes by option, by weight.
    pub tally: BTreeMap<String, u32>,
    /// Players who voted, abstentions included.
    pub votes: u32,
    /// Players who were asked.
    pub expected: u32,
    /// Reason, in one sentence.
    pub why: Text,
}

impl StepResult {
    /// Result of step 1 that ran its course without votes, with what came of it: a game of one step is solved or won.
    pub fn success(outcome: &str, why: Text) -> Self {
        Self {
            step: 1,
            status: StepStatus::Success,
            next_step: 2,
            outcome: Some(outcome.to_owned()),
            carried: vec![outcome.to_owned()],
            tally: BTreeMap::new(),
            votes: 0,
            expected: 0,
            why,
        }
    }
}

/// Way in which a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepStatus {
    /// The expected votes came in.
    Success,
    /// Closed before that.
    Incomplete,
    /// Called off.
    Aborted,
}

/// Way in which a session ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// Ran its course.
    Done,
    /// The operator called it off.
    Aborted,
}

/// Collects the effects of one call, in order.
#[derive(Debug, Default)]
pub struct Effects(Vec<Effect>);

impl Effects {
    /// Drives an output of a slot.
    pub fn set(&mut self, slot: &SlotId, output: &OutputName, set: Set) {
        self.0.push(Effect::Set { slot: slot.clone(), output: output.clone(), set });
    }

    /// Lets a player feel that something was taken or refused.
    pub fn cue(&mut self, slot: &SlotId, cue: Cue) {
        self.0.push(Effect::Cue { slot: slot.clone(), cue });
    }

    /// Asks for `on_timer` after `delay`; a running timer of that name starts anew.
    pub fn after(&mut self, timer: TimerId, delay: Duration) {
        self.0.push(Effect::After { timer, delay });
    }

    /// Asks for `on_timer` at a deadline after `delay`: what a player did before it counts, although the message was
    /// still on its way then. The core lets it run out once nothing earlier can come, with the deadline itself as the
    /// time; until then it holds back what was done after the deadline. A running timer of that name starts anew.
    ///
    /// In a game that hears [by time](crate::Order::ByTime) every timer is such a one. In a session of the first
    /// revision of the rules it is the same as [`after`](Self::after).
    pub fn deadline(&mut self, timer: TimerId, delay: Duration) {
        self.0.push(Effect::Deadline { timer, delay });
    }

    /// Forgets a timer.
    pub fn cancel(&mut self, timer: TimerId) {
        self.0.push(Effect::Cancel { timer });
    }

    /// Tells every slot that a question is open.
    pub fn open(&mut self, question: Question) {
        self.0.push(Effect::Open(question));
    }

    /// Tells every slot an open question anew, with what the inputs of a slot mean that came meanwhile.
    pub fn retell(&mut self, question: Question) {
        self.0.push(Effect::Retell(question));
    }

    /// Tells every slot how a step came out.
    pub fn result(&mut self, result: StepResult) {
        self.0.push(Effect::Result(result));
    }

    /// Says why the input was not taken.
    pub fn refuse(&mut self, why: Text) {
        self.refuse_for(RefusalReason::Other, why);
    }

    /// Says why the input was not taken, with the kind of the reason: the player's screen tells it at a glance.
    pub fn refuse_for(&mut self, reason: RefusalReason, why: Text) {
        self.0.push(Effect::Refuse { why, reason });
    }

    /// Says why the operator's act was not done.
    pub fn refuse_act(&mut self, why: Text) {
        self.0.push(Effect::RefuseAct { why });
    }

    /// Writes a line into the session's log.
    pub fn note(&mut self, line: Text) {
        self.0.push(Effect::Note { line, ruling: None });
    }

    /// Writes down who was first, in words and with the numbers that decided it.
    pub fn ruling(&mut self, ruling: Ruling) {
        let line = ruling.said();
        self.0.push(Effect::Note { line, ruling: Some(Box::new(ruling)) });
    }

    /// Sends a message to a slot on a topic of its own, once.
    pub fn send(&mut self, slot: &SlotId, subject: &str, body: serde_json::Value) {
        let subject = subject.to_owned();
        self.0.push(Effect::Send { slot: slot.clone(), subject, body });
    }

    /// Sends a retained message to a slot on a topic of its own: it is there now and whenever the slot comes back.
    pub fn retain(&mut self, slot: &SlotId, subject: &str, body: serde_json::Value) {
        let subject = subject.to_owned();
        self.0.push(Effect::Retain { slot: slot.clone(), subject, body });
    }

    /// Takes a player out of the game, as the operator's act `kill` does: the roster, what the operator is offered and
    /// every later session of a show follow. [`on_roster`](crate::Game::on_roster) is told at once with
    /// [`Killed`](crate::RosterChange::Killed), before the effects after this one. Nothing happens when no player sits
    /// there, or one who is out already.
    pub fn out(&mut self, slot: &SlotId) {
        self.0.push(Effect::Out { slot: slot.clone() });
    }

    /// Brings a player back who is out, as the operator's act `revive` does; told with
    /// [`Revived`](crate::RosterChange::Revived), see [`out`](Self::out).
    pub fn back(&mut self, slot: &SlotId) {
        self.0.push(Effect::Back { slot: slot.clone() });
    }

    /// Ends the session.
    pub fn finish(&mut self, finish: Finish) {
        self.0.push(Effect::Finish(finish));
    }

    pub(crate) fn refuses_act(&self) -> bool {
        self.0.iter().any(|effect| matches!(effect, Effect::RefuseAct { .. }))
    }

    /// Drops what says that an act is refused: nobody acted.
    pub(crate) fn forget_refusals(&mut self) {
        self.0.retain(|effect| !matches!(effect, Effect::RefuseAct { .. }));
    }

    pub(crate) fn push(&mut self, effect: Effect) {
        self.0.push(effect);
    }

    /// Hands the effects over, in order.
    pub fn into_vec(self) -> Vec<Effect> {
        self.0
    }
}

//! One step: its question, its ballot, and how far it is.

use crate::late::HeldBack;
use crate::refusal::Refusal;
use eg_game::ballot::{Ballot, Keys, Lacking, Tally, When};
use eg_game::{Question, SlotId, Timestamp};
use std::collections::BTreeSet;
use std::time::Duration;

/// One step.
pub(crate) struct Step {
    pub(crate) number: u32,
    pub(crate) question: String,
    /// All the choices; the ballot has fewer when it is a further vote among the tied.
    pub(crate) options: Vec<String>,
    pub(crate) role: Option<String>,
    /// What the inputs mean: fixed when it was opened first.
    pub(crate) keys: Keys,
    pub(crate) ballot: Ballot,
    pub(crate) stage: Stage,
    /// So many more votes are expected than players were asked when it opened.
    pub(crate) beyond: u32,
    /// It became complete because somebody left: it closes only when the operator or the time says so.
    pub(crate) asks_to_close: bool,
    /// Who left while it was open.
    pub(crate) gone: Vec<SlotId>,
    /// Whose vote was for a player who is out since, until they choose again.
    pub(crate) struck: BTreeSet<SlotId>,
    /// Who chose last somebody who cannot be chosen.
    pub(crate) illegal: BTreeSet<SlotId>,
    /// Votes that wait for the operator.
    pub(crate) held_back: Vec<HeldBack>,
    /// The last warning that was given: so much time was left.
    pub(crate) warned: Option<Duration>,
    /// The tallies of the votes that ended in a tie and were voted on again.
    pub(crate) rounds: Vec<Tally>,
    /// When this ballot was open; the last of them may still be.
    openings: Vec<Opening>,
}

/// How far a step is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It takes votes.
    Open {
        /// When the grace ends, while it runs.
        grace: Option<Timestamp>,
        /// When the step's time ends, if it does.
        ends: Option<Timestamp>,
    },
    /// It takes no more votes and waits for the operator. A vote given in time may still arrive.
    Deciding(Matter),
    /// Its result is out.
    Closed,
}

/// What the operator must decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Matter {
    /// Votes are missing at the timeout.
    Missing,
    /// These are tied, by their place among the ballot's options.
    Tie(Vec<usize>),
    /// They were tied, until somebody left.
    Left,
}

#[derive(Clone, Copy)]
struct Opening {
    from: Timestamp,
    until: Option<Timestamp>,
}

impl Step {
    pub(crate) fn new(
        question: Question,
        role: Option<String>,
        keys: Keys,
        ballot: Ballot,
    ) -> Self {
        Self {
            number: question.step,
            question: question.question,
            options: question.options,
            role,
            keys,
            ballot,
            stage: Stage::Closed,
            beyond: 0,
            asks_to_close: false,
            gone: Vec::new(),
            struck: BTreeSet::new(),
            illegal: BTreeSet::new(),
            held_back: Vec::new(),
            warned: None,
            rounds: Vec::new(),
            openings: Vec::new(),
        }
    }

    /// As everybody is told it now.
    pub(crate) fn as_question(&self) -> Question {
        let options: Vec<_> = self.ballot.standing().cloned().collect();
        let keys = self.keys.layouts(&options);
        Question { step: self.number, question: self.question.clone(), options, keys }
    }

    /// The slots that are asked and at which some option has no input.
    pub(crate) fn lacking(&self) -> Vec<Lacking> {
        let options: Vec<_> = self.ballot.standing().cloned().collect();
        self.keys.lacking(&options, self.ballot.voters())
    }

    /// Whether it takes votes or waits for the operator.
    pub(crate) fn is_live(&self) -> bool {
        self.stage != Stage::Closed
    }

    pub(crate) fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Open { .. })
    }

    /// Whether the votes that are in can be counted now.
    pub(crate) fn can_close(&self) -> bool {
        match &self.stage {
            Stage::Open { .. } | Stage::Deciding(Matter::Missing | Matter::Left) => true,
            Stage::Deciding(Matter::Tie(_)) | Stage::Closed => false,
        }
    }

    /// Whether it has an end that can be moved, or had one.
    pub(crate) fn can_be_prolonged(&self) -> bool {
        match &self.stage {
            Stage::Open { ends, .. } => ends.is_some(),
            Stage::Deciding(matter) => *matter == Matter::Missing,
            Stage::Closed => false,
        }
    }

    /// The tied choices, when the operator must decide among them.
    pub(crate) fn tied(&self) -> Option<&[usize]> {
        match &self.stage {
            Stage::Deciding(Matter::Tie(tied)) => Some(tied),
            Stage::Open { .. } | Stage::Deciding(_) | Stage::Closed => None,
        }
    }

    /// Begins to take votes.
    pub(crate) fn open(&mut self, from: Timestamp, ends: Option<Timestamp>) {
        self.openings.push(Opening { from, until: None });
        self.stage = Stage::Open { grace: None, ends };
        self.asks_to_close = false;
        self.warned = None;
    }

    /// Begins to take votes on another ballot; what was given for the one before is forgotten.
    pub(crate) fn open_anew(&mut self, ballot: Ballot, from: Timestamp, ends: Option<Timestamp>) {
        self.ballot = ballot;
        self.openings.clear();
        self.gone.clear();
        self.struck.clear();
        self.illegal.clear();
        self.held_back.clear();
        self.open(from, ends);
    }

    /// Ends the taking of votes; those given before `until` may still arrive.
    pub(crate) fn shut(&mut self, until: Timestamp) {
        if let Some(last) = self.openings.last_mut() {
            last.until.get_or_insert(until);
        }
    }

    /// Time has passed that does not count.
    pub(crate) fn shift(&mut self, by: Duration) {
        if let Stage::Open { grace, ends } = &mut self.stage {
            for moment in [grace, ends].into_iter().flatten() {
                *moment = *moment + by;
            }
        }
    }

    /// Whether a vote was given while this ballot was open. What counts is when it was given, not when it arrived.
    ///
    /// A live press gets the benefit of its clock's doubt at the opening. One that an outage held back does not: it
    /// may be hours old.
    pub(crate) fn was_open(&self, when: When, late: bool) -> Result<(), Refusal> {
        let surely_after = if late { when.earliest } else { when.latest };
        let inside = |opening: &Opening| {
            opening.from <= surely_after && opening.until.is_none_or(|until| when.latest < until)
        };
        if self.openings.iter().any(inside) {
            return Ok(());
        }
        match self.openings.first() {
            Some(first) if surely_after < first.from => Err(Refusal::NotYetOpen),
            Some(_) | None => Err(Refusal::TooLate),
        }
    }

    /// Whether a vote may have been given since this ballot was first opened.
    pub(crate) fn may_be_of_it(&self, when: When) -> Result<(), Refusal> {
        match self.openings.first() {
            Some(first) if first.from <= when.latest => Ok(()),
            Some(_) | None => Err(Refusal::NotYetOpen),
        }
    }
}

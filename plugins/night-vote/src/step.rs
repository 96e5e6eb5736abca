//! One step: its question, its ballot, and how far it is.

use crate::voting::Refusal;
use eg_game::ballot::{Ballot, Tally, When};
use eg_game::{Question, Timestamp};

/// One step.
pub(crate) struct Step {
    pub(crate) number: u32,
    pub(crate) question: String,
    /// All the choices; the ballot has fewer when it is a further vote among the tied.
    pub(crate) options: Vec<String>,
    pub(crate) role: Option<String>,
    pub(crate) ballot: Ballot,
    pub(crate) stage: Stage,
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
}

#[derive(Clone, Copy)]
struct Opening {
    from: Timestamp,
    until: Option<Timestamp>,
}

impl Step {
    pub(crate) fn new(question: Question, role: Option<String>, ballot: Ballot) -> Self {
        Self {
            number: question.step,
            question: question.question,
            options: question.options,
            role,
            ballot,
            stage: Stage::Closed,
            rounds: Vec::new(),
            openings: Vec::new(),
        }
    }

    /// As everybody is told it now.
    pub(crate) fn as_question(&self) -> Question {
        let options = self.ballot.options().to_vec();
        Question { step: self.number, question: self.question.clone(), options }
    }

    /// Whether it takes votes or waits for the operator.
    pub(crate) fn is_live(&self) -> bool {
        self.stage != Stage::Closed
    }

    pub(crate) fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Open { .. })
    }

    /// Begins to take votes.
    pub(crate) fn open(&mut self, from: Timestamp, ends: Option<Timestamp>) {
        self.openings.push(Opening { from, until: None });
        self.stage = Stage::Open { grace: None, ends };
    }

    /// Begins to take votes on another ballot; what was given for the one before is forgotten.
    pub(crate) fn open_anew(&mut self, ballot: Ballot, from: Timestamp, ends: Option<Timestamp>) {
        self.ballot = ballot;
        self.openings.clear();
        self.open(from, ends);
    }

    /// Ends the taking of votes; those given before `until` may still arrive.
    pub(crate) fn shut(&mut self, until: Timestamp) {
        if let Some(last) = self.openings.last_mut() {
            last.until.get_or_insert(until);
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
}

//! One step: its question, its ballot, and how far it is.

use crate::held_back::HeldBack;
use eg_game::ballot::{Ballot, Keys, Lacking, Tally};
use eg_game::{Poll, Question, SlotId, Timestamp};
use std::collections::BTreeSet;
use std::time::Duration;

/// One step.
pub(crate) struct Step {
    pub(crate) number: u32,
    pub(crate) question: String,
    /// All the choices; the ballot has fewer when it is a further vote among the tied.
    pub(crate) options: Vec<String>,
    pub(crate) role: Option<String>,
    /// Meaning of the inputs: fixed when it was opened first.
    pub(crate) keys: Keys,
    pub(crate) poll: Poll,
    /// Matter for the operator to decide, once it takes no more votes. A vote given in time may still arrive.
    pub(crate) matter: Option<Matter>,
    /// Players whose last choice was somebody who cannot be chosen.
    pub(crate) illegal: BTreeSet<SlotId>,
    /// Votes that wait for the operator.
    pub(crate) held_back: Vec<HeldBack>,
    /// The last warning that was given: so much time was left.
    pub(crate) warned: Option<Duration>,
    /// The tallies of the votes that ended in a tie and were voted on again.
    pub(crate) rounds: Vec<Tally>,
}

/// Matter that the operator must decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Matter {
    /// Votes are missing at the timeout.
    Missing,
    /// These are tied, by their place among the ballot's options.
    Tie(Vec<usize>),
    /// A tie that is another since somebody left.
    Left,
}

impl Step {
    pub(crate) fn new(question: Question, role: Option<String>, keys: Keys, poll: Poll) -> Self {
        Self {
            number: question.step,
            question: question.question,
            options: question.options,
            role,
            keys,
            poll,
            matter: None,
            illegal: BTreeSet::new(),
            held_back: Vec::new(),
            warned: None,
            rounds: Vec::new(),
        }
    }

    /// The votes so far.
    pub(crate) fn ballot(&self) -> &Ballot {
        self.poll.ballot()
    }

    /// As everybody is told it now.
    pub(crate) fn as_question(&self) -> Question {
        let options: Vec<_> = self.ballot().standing().cloned().collect();
        let keys = self.keys.layouts(&options);
        Question { step: self.number, question: self.question.clone(), options, keys }
    }

    /// The slots that are asked and at which some option has no input.
    pub(crate) fn lacking(&self) -> Vec<Lacking> {
        let options: Vec<_> = self.ballot().standing().cloned().collect();
        self.keys.lacking(&options, self.ballot().voters())
    }

    /// `true` while it takes votes or waits for the operator.
    pub(crate) fn is_live(&self) -> bool {
        self.is_open() || self.matter.is_some()
    }

    pub(crate) fn is_open(&self) -> bool {
        self.poll.is_open()
    }

    /// `true` if the votes that are in can be counted now.
    pub(crate) fn can_close(&self) -> bool {
        self.is_open() || matches!(self.matter, Some(Matter::Missing | Matter::Left))
    }

    /// `true` if it has an end that can be moved, or had one.
    pub(crate) fn can_be_prolonged(&self) -> bool {
        self.poll.ends().is_some() || self.matter == Some(Matter::Missing)
    }

    /// The tied choices, when the operator must decide among them.
    pub(crate) fn tied(&self) -> Option<&[usize]> {
        match &self.matter {
            Some(Matter::Tie(tied)) => Some(tied),
            Some(Matter::Missing | Matter::Left) | None => None,
        }
    }

    /// Begins to take votes, or goes on, until then; for the time of the settings when nothing is said.
    pub(crate) fn open(&mut self, from: Timestamp, ends: Option<Timestamp>) {
        match ends {
            Some(ends) => self.poll.open_until(from, Some(ends)),
            None => self.poll.open(from),
        }
        self.matter = None;
        self.warned = None;
    }

    /// Begins to take votes on another ballot; what was given for the one before is forgotten.
    pub(crate) fn open_anew(&mut self, ballot: Ballot, from: Timestamp) {
        self.poll.open_anew(ballot, from);
        self.matter = None;
        self.warned = None;
        self.illegal.clear();
        self.held_back.clear();
    }
}

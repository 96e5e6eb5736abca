//! Panel of a slot: its inputs and outputs as they are now, and how its link does.

use eg_proto::{
    CommandAck, DeviceName, Histogram, InputName, OutputName, Set, State, Text, Timestamp,
};
use serde::Serialize;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Live state of one slot, beside its health. Nothing of it is stored: a core that was started knows nothing yet.
///
/// Inputs, and outputs that a game set, may tell what a player chose: while choices are secret, none of them is kept
/// here.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panel {
    /// Inputs and outputs of each board, as far as they are known.
    pub boards: BTreeMap<DeviceName, BoardLights>,
    /// `true` while a session at this slot keeps its choices secret.
    pub veiled: bool,
    /// Time of the latest event at any input.
    pub touched: Option<Timestamp>,
    /// Number of events in the slot's outbox that the core has not acknowledged, as the last ping told.
    pub waiting: Option<u64>,
    /// Times from a press until it had arrived here.
    pub arrived: Arc<Histogram>,
    /// Latest lines about the slot, oldest first.
    pub log: Arc<VecDeque<LogLine>>,
    /// Lamps that light up one after the other now.
    pub tour: Option<TourProgress>,
}

/// Inputs and outputs of one board.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct BoardLights {
    /// Inputs of which something was heard.
    pub inputs: BTreeMap<InputName, InputLight>,
    /// Outputs that were told something, or whose slot tells how they are.
    pub outputs: BTreeMap<OutputName, OutputLight>,
}

/// State of an input.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InputLight {
    /// Level, value or tags; null for an input that has moments alone, such as a keyboard.
    pub state: Option<State>,
    /// Time of its latest event, in µs since the Unix epoch; null if only its state was told.
    pub at: Option<Timestamp>,
}

/// State of an output.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct OutputLight {
    /// Last command that the core sent; null if none is known.
    pub told: Option<Told>,
    /// `true` for lit and `false` for dark, as the slot reports it; null if it does not.
    pub lit: Option<bool>,
}

/// Command to an output, and its answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Told {
    /// Id of the command.
    pub id: String,
    /// Value that was set.
    pub set: Set,
    /// Time of the command, in µs since the Unix epoch.
    pub at: Timestamp,
    /// Name of whoever set it; null for a game.
    pub by: Option<String>,
    /// Answer of the slot; null until it comes.
    pub answer: Option<CommandAck>,
}

/// Line about a slot, for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogLine {
    /// Time of the line, in µs since the Unix epoch.
    pub at: Timestamp,
    /// Words of the line.
    pub line: Text,
    /// `true` if something is wrong.
    pub bad: bool,
}

/// Progress of lamps that light up one after the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TourProgress {
    /// Board of the lamp that lights up.
    pub device: DeviceName,
    /// Lamp that lights up.
    pub output: OutputName,
    /// Place of that lamp among them, from 1.
    pub place: usize,
    /// Number of lamps.
    pub of: usize,
}

impl Panel {
    /// Number of lines that are kept.
    pub(crate) const LINES: usize = 24;

    /// Adds a line; the oldest goes first.
    pub(crate) fn note(&mut self, line: LogLine) {
        let log = Arc::make_mut(&mut self.log);
        if log.len() == Self::LINES {
            log.pop_front();
        }
        log.push_back(line);
    }

    /// Forgets everything that may tell a choice. What an operator set stays.
    pub(crate) fn veil(&mut self) {
        for board in self.boards.values_mut() {
            board.inputs.clear();
            board.outputs.retain(|_, output| {
                output.lit = None;
                output.told.as_ref().is_some_and(|told| told.by.is_some())
            });
        }
    }

    /// Returns `true` if [`veil`](Self::veil) has nothing to forget.
    pub(crate) fn is_blank(&self) -> bool {
        let of_operator =
            |output: &OutputLight| output.told.as_ref().is_some_and(|told| told.by.is_some());
        self.boards.values().all(|board| {
            board.inputs.is_empty()
                && board.outputs.values().all(|output| output.lit.is_none() && of_operator(output))
        })
    }

    /// Forgets how inputs and outputs are: the agent has gone or was started anew.
    pub(crate) fn forget(&mut self) {
        self.boards.clear();
        (self.waiting, self.tour) = (None, None);
    }

    /// Returns the state of an input, if it is known.
    pub fn input(&self, device: &DeviceName, input: &InputName) -> Option<&InputLight> {
        self.boards.get(device)?.inputs.get(input)
    }

    /// Returns the state of an output, if it is known.
    pub fn output(&self, device: &DeviceName, output: &OutputName) -> Option<&OutputLight> {
        self.boards.get(device)?.outputs.get(output)
    }
}

impl InputLight {
    /// Returns `true` for an input that is active: pressed, switched on, or with a tag.
    pub fn is_on(&self) -> bool {
        match &self.state {
            Some(State::On(on)) => *on,
            Some(State::Tags(tags)) => !tags.is_empty(),
            Some(State::Value(_)) | None => false,
        }
    }
}

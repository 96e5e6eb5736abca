//! Scenarios: a written course of presses and faults, played on a bench.
//!
//! ```yaml
//! name: a hurried player and a loose cable
//! steps:
//!   - at 120ms press panel/a for 80ms
//!   - at 1s tag reader/tag 04A37C91 for 2s
//!   - at 2s turn knob/volume by -3
//!   - at 2s set slider/level to 0.75
//!   - after 500ms fault GPIO5 bounces 5ms
//!   - after 0s press panel/b
//!   - after 2s release panel/b
//!   - at 6s fault i2c-1/0x20 vanishes for 3s
//! until: 12s
//! ```
//!
//! `at` counts from the start, `after` from the step before. Under virtual time a scenario takes no time at all; on a
//! live bench it takes as long as it says. Whoever reads devices between two steps spends time on the bench too: a step
//! whose moment fell into such a call happens when the call returns.

mod sentence;
mod step;

pub use sentence::StepError;
pub use step::{Act, Step, What};

use super::Bench;
use crate::BoardError;
use eg_config::{Problems, Source, Span, read};
use schemars::JsonSchema;
use serde::Deserialize;
use std::time::Duration;

/// A course of presses and faults.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Title, for people.
    #[serde(default)]
    pub name: Option<String>,
    /// Steps, one sentence each.
    pub steps: Vec<Step>,
    /// Time at which the scenario is over; unless said, with the last step.
    #[serde(default)]
    pub until: Option<Span>,
}

/// Stage of a scenario: carries out what it says of devices, as the agent does with the models and names of a slot's
/// file.
pub trait Stage {
    /// Does to an input what a player would do.
    ///
    /// # Errors
    /// [`StageError`] when there is no such device or input, or nothing that can be done to it like this.
    fn act(&mut self, device: &str, input: &str, act: &Act) -> Result<(), StageError>;

    /// A step was carried out, and time stands still until this returns. A test reads its devices here.
    fn done(&mut self, bench: &Bench) {
        let _ = bench;
    }
}

/// An act that cannot be done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct StageError(String);

impl StageError {
    /// Says what was wanted, what there is, and what would have worked.
    pub fn new(problem: impl Into<String>) -> Self {
        Self(problem.into())
    }
}

/// Error that stopped a scenario.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    /// An act could not be done.
    #[error("step {step}: {cause}")]
    Act {
        /// Number of the step, from 1.
        step: usize,
        /// Cause of the failure.
        cause: StageError,
    },
    /// A fault named something that the bench does not have.
    #[error("step {step}: {cause}")]
    Fault {
        /// Number of the step, from 1.
        step: usize,
        /// Cause of the failure.
        cause: BoardError,
    },
}

impl Scenario {
    /// Reads a scenario's file.
    ///
    /// # Errors
    /// Every mistake in it, each with its place.
    pub fn read(source: &Source) -> Result<Self, Problems> {
        read(source)
    }

    /// Everything that happens, in the order of time: begins and ends apart.
    fn course(&self) -> Vec<Due<'_>> {
        let mut course = Vec::new();
        let mut last = Duration::ZERO;
        for (number, step) in (1..).zip(&self.steps) {
            let at = if step.from_last { last + step.offset } else { step.offset };
            last = at;
            course.push(Due { at, step: number, what: &step.what, begins: true });
            if let Some(length) = step.lasts {
                course.push(Due { at: at + length, step: number, what: &step.what, begins: false });
            }
        }
        course.sort_by_key(|due| due.at);
        course
    }

    /// Plays it, from now on, until it is over.
    ///
    /// # Errors
    /// [`PlayError`] at the first step that cannot be done.
    pub fn play(&self, bench: &Bench, stage: &mut dyn Stage) -> Result<(), PlayError> {
        let start = bench.now();
        for due in self.course() {
            bench.pass((start + due.at).since(bench.now()));
            due.carry_out(bench, stage)?;
            stage.done(bench);
        }
        if let Some(until) = self.until {
            bench.pass((start + until.get()).since(bench.now()));
        }
        stage.done(bench);
        Ok(())
    }
}

/// A beginning or an end.
struct Due<'s> {
    at: Duration,
    step: usize,
    what: &'s What,
    begins: bool,
}

impl Due<'_> {
    fn carry_out(&self, bench: &Bench, stage: &mut dyn Stage) -> Result<(), PlayError> {
        let step = self.step;
        match self.what {
            What::Act { device, input, act } => {
                let act = if self.begins { Some(act.clone()) } else { act.end() };
                act.map_or(Ok(()), |act| stage.act(device, input, &act))
                    .map_err(|cause| PlayError::Act { step, cause })
            }
            What::Fault(fault) => {
                let done = if self.begins { bench.inflict(fault) } else { bench.lift(fault) };
                done.map_err(|cause| PlayError::Fault { step, cause })
            }
        }
    }
}

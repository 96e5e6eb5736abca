//! Timers of a step, each with a number of its own.

use eg_game::TimerId;

/// A timer of one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alarm {
    /// Runs out when all votes have been in, unchanged, for the grace.
    Grace,
    /// Runs out when a step's time is over.
    Timeout,
    /// Runs out when a warning is due.
    Warning,
}

/// The highest number of a step that has timers of its own.
pub(crate) const LAST_STEP: u32 = (u16::MAX / 4) as u32 - 1;

impl Alarm {
    /// The timer of this step.
    pub(crate) fn timer(self, step: u32) -> TimerId {
        let kind = match self {
            Self::Grace => 0,
            Self::Timeout => 1,
            Self::Warning => 2,
        };
        TimerId(u16::try_from(step * 4 + kind).unwrap_or(u16::MAX))
    }

    /// Alarm and step of a timer.
    pub(crate) fn of(timer: TimerId) -> Option<(Self, u32)> {
        let alarm = [Self::Grace, Self::Timeout, Self::Warning].get(usize::from(timer.0 % 4))?;
        Some((*alarm, u32::from(timer.0 / 4)))
    }
}

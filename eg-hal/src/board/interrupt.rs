//! Interrupt output of a chip: active low, open drain, pulled up by the board, on a line of its own or on none.

use super::{Board, BoardError, Edge, InputLine, LineError, LineName, Pull};
use crate::{Moment, Wake};
use std::time::Duration;

/// Time between two looks at a chip that can call: the chip may be gone, or its call was lost.
const CHECK: Duration = Duration::from_millis(500);
/// Most looks in one read of a device. Calls that come later stay in the line's queue and wake the host again.
const MOST_LOOKS: u8 = 8;

/// Interrupt line of a chip, or none: then the chip is polled.
pub struct Interrupt(Option<InputLine>);

/// Reason for one look at a chip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// The chip called: its interrupt line fell at this edge.
    Edge(Edge),
    /// No call: the first look of a read, in case that the call was lost or cannot come.
    Poll,
}

impl Trigger {
    /// The edge, unless it is older than `moment`: a look that began before the call has no later time for its findings.
    #[must_use]
    pub fn after(self, moment: Moment) -> Self {
        match self {
            Self::Edge(edge) if edge.at > moment => self,
            Self::Edge(_) | Self::Poll => Self::Poll,
        }
    }

    /// Takes the trigger for the first finding of a look and leaves `rest` for all others.
    #[must_use]
    pub fn take(&mut self, rest: Self) -> Self {
        std::mem::replace(self, rest)
    }
}

/// Number of looks at a chip in one read so far, which is bounded. Make one at the start of each read.
#[derive(Clone, Copy, Debug, Default)]
pub struct PollBudget(u8);

impl Board<'_> {
    /// Claims the line that a chip's interrupt output is wired to, if it is wired.
    ///
    /// # Errors
    /// As for [`input`](Self::input).
    pub fn interrupt(&mut self, line: Option<&LineName>) -> Result<Interrupt, BoardError> {
        Ok(Interrupt(line.map(|line| self.input(line, Pull::Up)).transpose()?))
    }
}

impl Interrupt {
    /// `true` if the chip has an interrupt line.
    pub fn is_wired(&self) -> bool {
        self.0.is_some()
    }

    /// Gives the device's [`Wake`]: at the chip's call, and every 500 ms in case that one was lost; every `poll` when
    /// the chip cannot call.
    pub fn wake(&self, poll: Duration) -> Wake {
        if self.is_wired() { Wake::EdgeOrEvery(CHECK) } else { Wake::Every(poll) }
    }

    /// Gives the reason for the next look at the chip in this read, or `None` when there is none. The first look needs no
    /// call; others follow while the chip calls again, eight in all.
    ///
    /// ```
    /// # use eg_hal::{DeviceError, Interrupt, PollBudget, Trigger};
    /// # fn read(int: &mut Interrupt, mut look: impl FnMut(Trigger)) -> Result<(), DeviceError> {
    /// let mut budget = PollBudget::default();
    /// while let Some(trigger) = int.next_look(&mut budget)? {
    ///     look(trigger);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`LineError`] when the line cannot be read any more.
    pub fn next_look(&mut self, budget: &mut PollBudget) -> Result<Option<Trigger>, LineError> {
        if budget.0 == MOST_LOOKS {
            return Ok(None);
        }
        let call = self.0.as_mut().map(|line| line.first_edge_to(false)).transpose()?.flatten();
        if budget.0 > 0 && call.is_none() {
            return Ok(None);
        }
        budget.0 += 1;
        Ok(Some(call.map_or(Trigger::Poll, Trigger::Edge)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::Bench;
    use crate::{Claims, SafeLevels};

    fn open(bench: &Bench, line: Option<&str>) -> Interrupt {
        let (claims, safe) = (Claims::default(), SafeLevels::new());
        let line = line.map(LineName::from);
        Board::new("test", bench, &claims, &safe).interrupt(line.as_ref()).unwrap()
    }

    #[test]
    fn one_look_without_a_call_and_one_more_for_each_call() {
        let bench = Bench::virtual_time();
        let mut int = open(&bench, Some("GPIO5"));
        let wire = bench.wire(&"GPIO5".into());
        let mut budget = PollBudget::default();

        let quiet = int.next_look(&mut budget).unwrap();
        wire.drive(false);
        let called = int.next_look(&mut budget).unwrap();
        let over = int.next_look(&mut budget).unwrap();

        assert_eq!((quiet, over), (Some(Trigger::Poll), None));
        assert!(matches!(called, Some(Trigger::Edge(edge)) if !edge.high));
    }

    #[test]
    fn a_chip_that_never_rests_is_left_for_the_next_read_and_its_call_stays() {
        let bench = Bench::virtual_time();
        let mut int = open(&bench, Some("GPIO5"));
        let wire = bench.wire(&"GPIO5".into());

        let call = |budget: &mut PollBudget, int: &mut Interrupt| {
            wire.drive(true);
            wire.drive(false);
            int.next_look(budget).unwrap()
        };
        let mut budget = PollBudget::default();
        let count = std::iter::from_fn(|| call(&mut budget, &mut int)).count();
        let next = int.next_look(&mut PollBudget::default()).unwrap();

        assert_eq!(count, usize::from(MOST_LOOKS));
        assert!(matches!(next, Some(Trigger::Edge(_))));
    }

    #[test]
    fn a_chip_that_cannot_call_is_polled_and_looked_at_once() {
        let mut int = open(&Bench::virtual_time(), None);
        let mut budget = PollBudget::default();

        assert_eq!(int.wake(Duration::from_millis(5)), Wake::Every(Duration::from_millis(5)));
        assert_eq!(int.next_look(&mut budget).unwrap(), Some(Trigger::Poll));
        assert_eq!(int.next_look(&mut budget).unwrap(), None);
    }

    #[test]
    fn a_look_that_began_before_the_call_has_its_edge_once_more() {
        let edge = Edge { high: false, at: Moment(900), src: crate::Source::Kernel, seq: 1 };
        let mut trigger = Trigger::Edge(edge);

        let late = trigger.after(Moment(800));

        assert_eq!((late, trigger.after(Moment(900))), (trigger, Trigger::Poll));
        assert_eq!([trigger.take(Trigger::Poll), trigger], [Trigger::Edge(edge), Trigger::Poll]);
    }
}

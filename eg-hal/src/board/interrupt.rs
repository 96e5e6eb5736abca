//! A chip's interrupt output: active low, open drain, pulled up by the board, on a line of its own or on none.

use super::{Board, BoardError, Edge, InputLine, LineError, LineName, Pull};
use crate::Wake;
use std::time::Duration;

/// Between two looks at a chip that can call: it may be gone, or its call was lost.
const CHECK: Duration = Duration::from_millis(500);
/// Looks in one read of a device, at most. Calls that come later stay in the line's queue and wake the host again.
const LOOKS: u8 = 8;

/// The line that a chip calls on. Without one the chip is polled.
pub struct Interrupt(Option<InputLine>);

/// How often a chip was looked at in one read.
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
    /// Whether the chip can call.
    pub fn is_wired(&self) -> bool {
        self.0.is_some()
    }

    /// When to look at the chip: at its call, and every half second in case that one was lost; every `poll` when it
    /// cannot call.
    pub fn wake(&self, poll: Duration) -> Wake {
        if self.is_wired() { Wake::EdgeOrEvery(CHECK) } else { Wake::Every(poll) }
    }

    /// Whether to look at the chip once more in this read, and the call that it is for: the edge by which the line fell.
    /// The first look needs no call; others follow while the chip calls again, eight in all.
    ///
    /// ```
    /// # use eg_hal::{DeviceError, Edge, Interrupt, PollBudget};
    /// # fn read(int: &mut Interrupt, mut look: impl FnMut(Option<Edge>)) -> Result<(), DeviceError> {
    /// let mut looks = PollBudget::default();
    /// while let Some(call) = int.next_look(&mut looks)? {
    ///     look(call);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`LineError`] when the line cannot be read any more.
    pub fn next_look(&mut self, looks: &mut PollBudget) -> Result<Option<Option<Edge>>, LineError> {
        if looks.0 == LOOKS {
            return Ok(None);
        }
        let call = self.0.as_mut().map(|line| line.first_edge_to(false)).transpose()?.flatten();
        if looks.0 > 0 && call.is_none() {
            return Ok(None);
        }
        looks.0 += 1;
        Ok(Some(call))
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
        let mut looks = PollBudget::default();

        let quiet = int.next_look(&mut looks).unwrap();
        wire.drive(false);
        let called = int.next_look(&mut looks).unwrap();
        let over = int.next_look(&mut looks).unwrap();

        assert_eq!((quiet, over), (Some(None), None));
        assert!(called.flatten().is_some_and(|edge| !edge.high));
    }

    #[test]
    fn a_chip_that_never_rests_is_left_for_the_next_read_and_its_call_stays() {
        let bench = Bench::virtual_time();
        let mut int = open(&bench, Some("GPIO5"));
        let wire = bench.wire(&"GPIO5".into());

        let call = |looks: &mut PollBudget, int: &mut Interrupt| {
            wire.drive(true);
            wire.drive(false);
            int.next_look(looks).unwrap()
        };
        let mut looks = PollBudget::default();
        let count = std::iter::from_fn(|| call(&mut looks, &mut int)).count();
        let next = int.next_look(&mut PollBudget::default()).unwrap();

        assert_eq!(count, usize::from(LOOKS));
        assert!(next.flatten().is_some());
    }

    #[test]
    fn a_chip_that_cannot_call_is_polled_and_looked_at_once() {
        let mut int = open(&Bench::virtual_time(), None);
        let mut looks = PollBudget::default();

        assert_eq!(int.wake(Duration::from_millis(5)), Wake::Every(Duration::from_millis(5)));
        assert_eq!(int.next_look(&mut looks).unwrap(), Some(None));
        assert_eq!(int.next_look(&mut looks).unwrap(), None);
    }
}

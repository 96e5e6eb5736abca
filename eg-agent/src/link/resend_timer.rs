//! Timer for sending again what the core does not acknowledge. Pure: it counts the ticks it is given.

/// The longest pause, in ticks.
const LONGEST: u32 = 8;

/// Counts ticks without an answer: sends again after one, two, four and then every eight of them.
#[derive(Debug)]
pub(super) struct ResendTimer {
    quiet: u32,
    pause: u32,
    answered: bool,
}

impl Default for ResendTimer {
    fn default() -> Self {
        Self { quiet: 0, pause: 1, answered: true }
    }
}

impl ResendTimer {
    /// The core acknowledged something.
    pub(super) fn answered(&mut self) {
        *self = Self::default();
    }

    /// Time passed. `true`: send everything again.
    pub(super) fn tick(&mut self, something_waits: bool) -> bool {
        if !something_waits || std::mem::take(&mut self.answered) {
            (self.quiet, self.pause) = (0, 1);
            return false;
        }
        self.quiet += 1;
        if self.quiet < self.pause {
            return false;
        }
        self.quiet = 0;
        self.pause = (self.pause * 2).min(LONGEST);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_again_with_growing_pauses_until_it_is_answered() {
        let mut resend_timer = ResendTimer::default();

        let asked: Vec<usize> = (0..25).filter(|_| resend_timer.tick(true)).collect();
        resend_timer.answered();
        let after = [resend_timer.tick(true), resend_timer.tick(true)];

        assert_eq!(asked, [1, 3, 7, 15, 23]);
        assert_eq!(after, [false, true]);
    }

    #[test]
    fn waits_for_nothing_when_nothing_waits() {
        let mut resend_timer = ResendTimer::default();

        assert!((0..9).all(|_| !resend_timer.tick(false)));
    }
}

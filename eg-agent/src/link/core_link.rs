//! The link to the core: words of the core make it, and silence is its loss. Pure: time is an argument.
//!
//! A broker that lives is no core. Pings go out every few seconds, and whatever comes from the core is a word of it: a
//! pong above all. What the broker had kept is none.

use eg_hal::Moment;
use eg_proto::Topic;
use std::time::Duration;

/// Silence of the core after which the link is lost: more than two pings without an answer.
const SILENCE: Duration = Duration::from_secs(7);
/// Shortest time between two requests of the core that are obeyed, to send everything again.
const AGAIN: Duration = Duration::from_secs(1);

/// State of the link to the core.
#[derive(Debug, Default)]
pub(super) struct CoreLink {
    linked: bool,
    /// Moment of the core's last word.
    last: Option<Moment>,
    /// Moment at which everything was last sent again because the core asked for it.
    again: Option<Moment>,
}

impl CoreLink {
    /// Notes a word of the core. Returns `true` if the link was lost before it.
    pub(super) fn heard(&mut self, now: Moment) -> bool {
        self.last = Some(now);
        !std::mem::replace(&mut self.linked, true)
    }

    /// Notes that the link is lost. Returns the moment of the core's last word; `None` if it was lost before.
    pub(super) fn lost(&mut self) -> Option<Moment> {
        std::mem::take(&mut self.linked).then_some(self.last).flatten()
    }

    pub(super) fn is_linked(&self) -> bool {
        self.linked
    }

    /// Returns the time that is left at `now` until the core has been silent for too long; `None` while there is no link
    /// to lose.
    pub(super) fn patience(&self, now: Moment) -> Option<Duration> {
        self.last.filter(|_| self.linked).map(|last| (last + SILENCE).since(now))
    }

    /// Returns `true` if a request of the core to send again is obeyed at `now`: not one right after another.
    pub(super) fn may_repeat(&mut self, now: Moment) -> bool {
        let may = self.again.is_none_or(|last| now.since(last) >= AGAIN);
        if may {
            self.again = Some(now);
        }
        may
    }
}

/// Tells whether a live message on this topic is a word of the core. The old topics, by which others move outputs too,
/// and the slot's own are none.
pub(super) fn is_word(topic: &Topic) -> bool {
    matches!(
        topic,
        Topic::ClockPong(_)
            | Topic::InputAck(_)
            | Topic::InputAsk(_)
            | Topic::Command(_)
            | Topic::Hint(_)
            | Topic::Question(_)
            | Topic::Result(_)
            | Topic::Answer(_)
            | Topic::Scene(_)
            | Topic::CoreHello
            | Topic::Mode
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Moment {
        Moment(seconds * 1_000_000)
    }

    #[test]
    fn the_first_word_makes_the_link_and_its_loss_counts_from_the_last() {
        let mut core = CoreLink::default();

        let made = [1, 4].map(|second| core.heard(at(second)));
        let left = [5, 11, 20].map(|second| core.patience(at(second)).unwrap().as_secs());
        let lost = [core.lost(), core.lost()];

        assert_eq!((made, left), ([true, false], [6, 0, 0]));
        assert_eq!(lost, [Some(at(4)), None]);
        assert_eq!(core.patience(at(20)), None);
        assert!(core.heard(at(21)), "the next word makes it again");
    }

    #[test]
    fn a_core_that_asks_again_and_again_is_obeyed_once_a_second() {
        let mut core = CoreLink::default();

        let obeyed = [0, 0, 0, 1, 1].map(|second| core.may_repeat(at(second)));

        assert_eq!(obeyed, [true, false, false, true, false]);
    }
}

//! Another machine of this slot's name, such as one with a copied card. Pure.
//!
//! Two clients of one name throw each other off the broker, and no broker tells a 3.1.1 client why. What gives the
//! other one away is its `hello`, which the broker keeps: after this agent has heard its own there, another one can only
//! be of somebody who speaks in its name.

use eg_hal::Moment;
use eg_proto::Boot;
use std::time::Duration;

/// Number of times that a kept `hello` of somebody else is found before it is believed: a broker that was restored from
/// a copy of last week may have one once.
const BELIEVED: u32 = 2;
/// Time without a sign after which the other machine is gone.
const CALM: Duration = Duration::from_secs(120);

/// Signs of another machine of this name.
#[derive(Debug)]
pub(super) struct Twin {
    own: Boot,
    /// The agent has heard its own `hello`.
    greeted: bool,
    signs: u32,
    last: Option<Moment>,
}

/// Meaning of a `hello` on the slot's own topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// Nothing: it is this agent's, or stood there before it.
    Nothing,
    /// Somebody else spoke in this slot's name.
    Stranger,
    /// Another machine of this name is there: it spoke often enough.
    Twin,
}

impl Twin {
    /// Knows nothing of another machine yet; `own` is this start of the agent.
    pub(super) fn new(own: Boot) -> Self {
        Self { own, greeted: false, signs: 0, last: None }
    }

    /// A `hello` came on the slot's own topic; `kept`: the broker had kept it.
    pub(super) fn heard(&mut self, boot: Option<Boot>, kept: bool, now: Moment) -> Sign {
        self.greeted |= boot == Some(self.own);
        if boot == Some(self.own) || !self.greeted {
            return Sign::Nothing;
        }
        self.forget_old(now);
        self.signs += if kept { 1 } else { BELIEVED };
        self.last = Some(now);
        if self.signs < BELIEVED { Sign::Stranger } else { Sign::Twin }
    }

    /// Tells whether there is another machine of this name, as far as is known.
    pub(super) fn is_there(&mut self, now: Moment) -> bool {
        self.forget_old(now);
        self.signs >= BELIEVED
    }

    fn forget_old(&mut self, now: Moment) {
        if self.last.is_some_and(|last| now.since(last) >= CALM) {
            (self.signs, self.last) = (0, None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boot(number: u128) -> Option<Boot> {
        Some(Boot(number.into()))
    }

    fn at(seconds: u64) -> Moment {
        Moment(seconds * 1_000_000)
    }

    fn greeted() -> Twin {
        let mut twin = Twin::new(Boot(1.into()));
        twin.heard(boot(1), false, at(0));
        twin
    }

    #[test]
    fn takes_no_earlier_start_of_this_machine_for_another() {
        let mut twin = Twin::new(Boot(1.into()));

        assert_eq!(twin.heard(boot(9), true, at(0)), Sign::Nothing);
        assert_eq!(twin.heard(boot(1), false, at(1)), Sign::Nothing);
        assert_eq!(twin.heard(boot(1), true, at(2)), Sign::Nothing);
        assert!(!twin.is_there(at(2)));
    }

    #[test]
    fn believes_what_is_found_twice_or_comes_live() {
        let mut kept = greeted();
        let mut live = greeted();
        let mut old = greeted();

        let found = [1, 2].map(|second| kept.heard(boot(2), true, at(second)));

        assert_eq!(found, [Sign::Stranger, Sign::Twin]);
        assert_eq!(live.heard(boot(2), false, at(1)), Sign::Twin);
        old.heard(None, true, at(1));
        assert_eq!(old.heard(None, true, at(2)), Sign::Twin, "an agent of the old contract");
    }

    #[test]
    fn forgets_it_when_it_has_gone() {
        let mut twin = greeted();
        twin.heard(boot(2), false, at(1));

        assert!(twin.is_there(at(120)));
        assert!(!twin.is_there(at(121)));
        assert_eq!(twin.heard(boot(2), true, at(130)), Sign::Stranger);
    }
}

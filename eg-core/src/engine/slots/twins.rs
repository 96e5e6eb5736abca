//! Twins: machines that share one slot id, such as one with a copied card. Each throws the other off the broker.
//!
//! An agent draws a new boot id at each start and never goes back to an earlier one, and a machine that moves to
//! another address does not keep going back to the one before. Therefore a speaker that is followed by another and then
//! speaks again is a second machine.

use crate::engine::read_model::Twin;
use crate::ingest::Speaker;
use eg_proto::{Boot, Timestamp};
use std::net::IpAddr;
use std::time::Duration;

/// Absence after which a speaker may return without counting as a second machine.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Time without a sign of a second machine after which there is one again.
pub(super) const CALM: Duration = Duration::from_secs(5 * 60);
/// Number of speakers of one slot that are remembered.
const KNOWN: usize = 4;

/// Speakers of one slot, the latest last.
#[derive(Clone, Debug)]
struct Trail<T>(Vec<(T, Timestamp)>);

impl<T> Default for Trail<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy + PartialEq> Trail<T> {
    /// Notes a speaker. Returns `true` if it speaks again after another did.
    fn pass(&mut self, who: T, at: Timestamp) -> bool {
        self.0.retain(|(_, last)| at.since(*last) < WINDOW);
        let place = self.0.iter().position(|(known, _)| *known == who);
        let is_back = place.is_some_and(|place| place + 1 < self.0.len());
        if let Some(place) = place {
            self.0.remove(place);
        } else if self.0.len() >= KNOWN {
            self.0.remove(0);
        }
        self.0.push((who, at));
        is_back
    }

    /// Returns the last two speakers, if there are two.
    fn pair(&self) -> Option<[T; 2]> {
        let [.., (one, _), (two, _)] = self.0.as_slice() else { return None };
        Some([*one, *two])
    }
}

/// History of the machines that speak as one slot.
#[derive(Clone, Debug, Default)]
pub(in crate::engine) struct SpeakerHistory {
    starts: Trail<Option<Boot>>,
    addresses: Trail<IpAddr>,
    since: Option<Timestamp>,
    pub(super) last: Option<Timestamp>,
}

impl SpeakerHistory {
    pub(super) fn pass(&mut self, who: Speaker, at: Timestamp) -> bool {
        let is_back = match who {
            Speaker::Start(boot) => self.starts.pass(boot, at),
            Speaker::Address(address) => self.addresses.pass(address, at),
        };
        if is_back {
            self.since.get_or_insert(at);
            self.last = Some(at);
        }
        is_back
    }

    pub(super) fn is_over(&self, now: Timestamp) -> bool {
        self.last.is_some_and(|last| now.since(last) >= CALM)
    }

    pub(super) fn twin(&self) -> Option<Twin> {
        let since = self.since?;
        let boots = self.starts.pair().into_iter().flatten().flatten().collect();
        let addresses = self.addresses.pair().into_iter().flatten().collect();
        Some(Twin { since, boots, addresses })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::default() + Duration::from_secs(seconds)
    }

    #[test]
    fn one_that_is_started_again_and_again_is_one() {
        let mut trail = Trail::default();

        assert!(!(1..=99).any(|n| trail.pass(n, at(n)) || trail.pass(n, at(n))));
        assert!(trail.0.len() <= KNOWN);
    }

    #[test]
    fn one_that_comes_back_after_another_is_a_second() {
        let mut trail = Trail::default();

        let told = ["a", "b", "a", "a", "b"].map(|who| trail.pass(who, at(1)));

        assert_eq!(told, [false, false, true, false, true]);
        assert_eq!(trail.pair(), Some(["a", "b"]));
    }

    #[test]
    fn one_that_has_its_old_address_again_tomorrow_is_one() {
        let mut trail = Trail::default();
        trail.pass("a", at(0));
        trail.pass("b", at(1));

        assert!(!trail.pass("a", at(1 + WINDOW.as_secs())));
    }
}

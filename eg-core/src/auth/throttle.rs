//! Throttle of logins: a bucket of tries for each address, so that nobody guesses a password by machine.

use eg_proto::Timestamp;
use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

/// Number of tries in a row that an address has at first.
const TRIES: u32 = 5;

/// Time after which an address gets one more try.
const REFILL: Duration = Duration::from_secs(10);

/// Number of addresses that are remembered: more at once are an attack, and those whose last refill is older than
/// [`REFILL`] are forgotten first.
const ADDRESSES: usize = 4_096;

#[derive(Default)]
pub(super) struct Throttle(HashMap<IpAddr, Bucket>);

struct Bucket {
    left: u32,
    since: Timestamp,
}

impl Throttle {
    /// Takes one try from an address's bucket, or returns how long it must wait.
    pub(super) fn admit(&mut self, address: IpAddr, now: Timestamp) -> Result<(), Duration> {
        if self.0.len() >= ADDRESSES && !self.0.contains_key(&address) {
            self.0.retain(|_, bucket| now.since(bucket.since) < REFILL);
            if self.0.len() >= ADDRESSES {
                return Err(REFILL);
            }
        }
        let bucket = self.0.entry(address).or_insert(Bucket { left: TRIES, since: now });
        let waited = now.since(bucket.since);
        let gained = u32::try_from(waited.as_secs() / REFILL.as_secs()).unwrap_or(TRIES);
        if gained > 0 {
            bucket.left = bucket.left.saturating_add(gained).min(TRIES);
            bucket.since = now;
        }
        if bucket.left == 0 {
            return Err(REFILL.saturating_sub(now.since(bucket.since)));
        }
        bucket.left -= 1;
        Ok(())
    }

    /// Forgets the wrong tries of an address, because a login has succeeded.
    pub(super) fn forgive(&mut self, address: IpAddr) {
        self.0.remove(&address);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn lets_a_person_mistype_and_stops_a_machine() {
        let mut throttle = Throttle::default();
        let start = Timestamp(0);

        let tries: Vec<bool> = (0..7).map(|_| throttle.admit(HERE, start).is_ok()).collect();

        assert_eq!(tries, [true, true, true, true, true, false, false]);
        assert_eq!(throttle.admit(HERE, start), Err(REFILL));
        assert!(throttle.admit(HERE, start + REFILL).is_ok());
        assert!(throttle.admit(HERE, start + REFILL).is_err());
    }

    #[test]
    fn one_address_does_not_spend_the_tries_of_another() {
        let mut throttle = Throttle::default();
        let other: IpAddr = [192, 168, 1, 9].into();
        while throttle.admit(HERE, Timestamp(0)).is_ok() {}

        assert!(throttle.admit(other, Timestamp(0)).is_ok());
    }
}

//! Throttle of logins: a bucket of tries for each address, and longer waits for a name that is being guessed, so that
//! nobody guesses a password by machine, and nobody locks anybody else out.

use eg_page::AddressKey;
use eg_proto::Timestamp;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::time::Duration;

/// Number of tries in a row that an address has at first.
const TRIES: u32 = 5;

/// Time after which an address gets one more try.
const REFILL: Duration = Duration::from_secs(10);

/// Number of addresses that are remembered: more at once are an attack, and those that have all their tries again are
/// forgotten first.
const ADDRESSES: usize = 4_096;

/// Number of wrong passwords for one name, from all addresses together, from which on the name is being guessed.
const GUESSED: u32 = 20;

/// Time after which half of a name's wrong passwords are forgotten.
const HALF: Duration = Duration::from_secs(600);

/// Number of counters that names share: a name has always the same, and unknown names have one too.
const NAMES: usize = 256;

/// Number of times that a wait doubles while a name is guessed: 10 s become 10 min and 40 s.
const DOUBLINGS: u32 = 6;

pub(super) struct Throttle {
    addresses: HashMap<AddressKey, Bucket>,
    names: Vec<Pressure>,
    places: RandomState,
}

struct Bucket {
    left: u32,
    since: Timestamp,
    /// Number of tries since the last login that succeeded.
    wrong: u32,
    /// Time of the last try.
    last: Timestamp,
}

/// Number of wrong passwords for a name, halved every [`HALF`].
#[derive(Clone, Copy, Default)]
struct Pressure {
    wrong: u32,
    since: Timestamp,
}

impl Default for Throttle {
    fn default() -> Self {
        let (addresses, places) = (HashMap::new(), RandomState::new());
        Self { addresses, names: vec![Pressure::default(); NAMES], places }
    }
}

impl Throttle {
    /// Takes one try at the password of `name` from an address's bucket, or returns how long it must wait. While the
    /// name is being guessed, an address that has tried before waits twice as long after each try; one that has not
    /// tried, or has signed in, is let through at once.
    pub(super) fn admit(
        &mut self,
        address: IpAddr,
        name: &str,
        now: Timestamp,
    ) -> Result<(), Duration> {
        let key = AddressKey::of(address);
        if self.addresses.len() >= ADDRESSES && !self.addresses.contains_key(&key) {
            self.addresses.retain(|_, bucket| now.since(bucket.last) < REFILL * TRIES);
            if self.addresses.len() >= ADDRESSES {
                return Err(REFILL);
            }
        }
        let guessed = self.pressure(name, now).wrong >= GUESSED;
        let new = Bucket { left: TRIES, since: now, wrong: 0, last: now };
        let bucket = self.addresses.entry(key).or_insert(new);
        let waited = now.since(bucket.since);
        let gained = u32::try_from(waited.as_secs() / REFILL.as_secs()).unwrap_or(TRIES);
        if gained > 0 {
            bucket.left = bucket.left.saturating_add(gained).min(TRIES);
            bucket.since = now;
        }
        if guessed && bucket.wrong > 0 {
            let wait = REFILL * 2_u32.pow((bucket.wrong - 1).min(DOUBLINGS));
            let waited = now.since(bucket.last);
            if waited < wait {
                return Err(wait - waited);
            }
        } else if bucket.left == 0 {
            return Err(REFILL.saturating_sub(now.since(bucket.since)));
        }
        bucket.left = bucket.left.saturating_sub(1);
        bucket.wrong = bucket.wrong.saturating_add(1);
        bucket.last = now;
        let pressure = self.pressure(name, now);
        pressure.wrong = pressure.wrong.saturating_add(1);
        Ok(())
    }

    /// Forgets the wrong tries of an address, because a login as `name` has succeeded.
    pub(super) fn forgive(&mut self, address: IpAddr, name: &str, now: Timestamp) {
        self.addresses.remove(&AddressKey::of(address));
        let pressure = self.pressure(name, now);
        pressure.wrong = pressure.wrong.saturating_sub(1);
    }

    fn pressure(&mut self, name: &str, now: Timestamp) -> &mut Pressure {
        let place = usize::try_from(self.places.hash_one(name) % 256).unwrap_or_default();
        let pressure = &mut self.names[place];
        let halvings = now.since(pressure.since).as_secs() / HALF.as_secs();
        if halvings > 0 {
            pressure.wrong =
                pressure.wrong.checked_shr(u32::try_from(halvings).unwrap_or(32)).unwrap_or(0);
            pressure.since = now;
        }
        pressure
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv6Addr;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
    const ANNA: &str = "anna";

    #[test]
    fn lets_a_person_mistype_and_stops_a_machine() {
        let mut throttle = Throttle::default();
        let start = Timestamp(0);

        let tries: Vec<bool> = (0..7).map(|_| throttle.admit(HERE, ANNA, start).is_ok()).collect();

        assert_eq!(tries, [true, true, true, true, true, false, false]);
        assert_eq!(throttle.admit(HERE, ANNA, start), Err(REFILL));
        assert!(throttle.admit(HERE, ANNA, start + REFILL).is_ok());
        assert!(throttle.admit(HERE, ANNA, start + REFILL).is_err());
    }

    #[test]
    fn one_address_does_not_spend_the_tries_of_another() {
        let mut throttle = Throttle::default();
        let other: IpAddr = [192, 168, 1, 9].into();
        while throttle.admit(HERE, ANNA, Timestamp(0)).is_ok() {}

        assert!(throttle.admit(other, ANNA, Timestamp(0)).is_ok());
    }

    #[test]
    fn the_addresses_of_one_ipv6_host_share_their_tries() {
        let mut throttle = Throttle::default();
        let host = |last: u16| IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 7, 1, 2, 3, last));
        let neighbour = IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 8, 1, 2, 3, 4));

        let admitted = (0..100).filter(|n| throttle.admit(host(*n), ANNA, Timestamp(0)).is_ok());

        assert_eq!(admitted.count(), 5);
        assert!(throttle.admit(neighbour, ANNA, Timestamp(0)).is_ok());
    }

    #[test]
    fn a_name_that_is_guessed_from_everywhere_slows_the_guessers_and_not_its_owner() {
        let mut throttle = Throttle::default();
        let guesser = |n: u8| IpAddr::from([10, 0, 0, n]);
        let start = Timestamp(0);
        for n in 0..10 {
            assert!(throttle.admit(guesser(n), ANNA, start).is_ok());
            assert!(throttle.admit(guesser(n), ANNA, start).is_ok());
        }

        let again = throttle.admit(guesser(1), ANNA, start);
        let owner = throttle.admit(HERE, ANNA, start);

        assert_eq!(again, Err(REFILL * 2));
        assert_eq!(owner, Ok(()));
        throttle.forgive(HERE, ANNA, start);
        assert_eq!(throttle.admit(HERE, ANNA, start), Ok(()), "who signs in is let in again");
        assert_eq!(throttle.admit(guesser(1), ANNA, start + REFILL * 2), Ok(()));
        assert_eq!(throttle.admit(guesser(1), ANNA, start + REFILL * 2), Err(REFILL * 4));
    }

    #[test]
    fn a_name_is_left_alone_when_the_guessing_has_stopped() {
        let mut throttle = Throttle::default();
        for n in 0..40 {
            throttle.admit([10, 0, 0, n].into(), ANNA, Timestamp(0)).unwrap();
        }
        let later = Timestamp(0) + HALF * 2;

        let tries = (0..5).filter(|_| throttle.admit(HERE, ANNA, later).is_ok());

        assert_eq!(tries.count(), 5);
    }
}

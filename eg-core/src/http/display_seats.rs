//! Seats of displays: streams that anybody may open, bounded for each address and in all.

use super::problem::Problem;
use super::problem_type::ProblemType;
use eg_page::AddressKey;
use eg_proto::Text;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Largest number of displays that are open at a time.
const DISPLAYS: usize = 64;
/// Largest number of them from one address.
const DISPLAYS_EACH: usize = 16;

/// Seats of displays. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct DisplaySeats(Arc<Mutex<BTreeMap<AddressKey, usize>>>);

impl DisplaySeats {
    /// Takes a seat for a display at this address.
    ///
    /// # Errors
    /// [`Problem`] if the address, or all together, have as many as there may be.
    pub(crate) fn take(&self, address: IpAddr) -> Result<DisplaySeat, Problem> {
        let key = AddressKey::of(address);
        let mut taken = self.taken();
        let own = taken.get(&key).copied().unwrap_or(0);
        if own >= DISPLAYS_EACH {
            return Err(full(DISPLAYS_EACH, "de cette adresse", "from this address"));
        }
        if taken.values().sum::<usize>() >= DISPLAYS {
            return Err(full(DISPLAYS, "ouverts", "open"));
        }
        taken.insert(key, own + 1);
        drop(taken);
        Ok(DisplaySeat { key, seats: self.clone() })
    }

    fn taken(&self) -> MutexGuard<'_, BTreeMap<AddressKey, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn full(most: usize, whose_fr: &str, whose: &str) -> Problem {
    let detail = Text::new(
        format!("{most} écrans {whose_fr} au plus ; fermez-en un, ou connectez-vous sur celui-ci"),
        format!("at most {most} displays {whose}; close one, or sign in on this one"),
    );
    Problem::new(ProblemType::Unavailable, detail)
}

/// Seat of one display; dropping it frees the seat.
#[derive(Debug)]
pub(crate) struct DisplaySeat {
    key: AddressKey,
    seats: DisplaySeats,
}

impl Drop for DisplaySeat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken();
        match taken.get_mut(&self.key) {
            Some(count) if *count > 1 => *count -= 1,
            Some(_) | None => drop(taken.remove(&self.key)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn one_address_does_not_take_the_displays_of_others() {
        let seats = DisplaySeats::default();

        let mut crowd: Vec<_> = (0..DISPLAYS_EACH).map(|_| seats.take(at(9)).unwrap()).collect();
        let surplus = seats.take(at(9));
        let other = seats.take(at(1));

        assert!(surplus.is_err() && other.is_ok());
        crowd.pop();
        assert!(seats.take(at(9)).is_ok());
    }

    #[test]
    fn displays_are_bounded_in_all_and_free_when_they_go() {
        let seats = DisplaySeats::default();
        let address = |n: usize| at(u8::try_from(n).unwrap());

        let all: Vec<_> = (0..DISPLAYS).map(|n| seats.take(address(n)).unwrap()).collect();
        let surplus = seats.take(address(DISPLAYS));

        assert!(surplus.is_err());
        drop(all);
        assert!(seats.taken().is_empty());
    }
}

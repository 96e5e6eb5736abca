//! Keys in rows and columns: those that are surely down, and those that may be ghosts.
//!
//! With three keys of a rectangle down, current goes round and the fourth looks down too, unless each key has a diode
//! of its own ([Rollover](https://en.wikipedia.org/wiki/Rollover_(keyboard)); TCA8418 data sheet SCPS215G, section 9.1.1).

use crate::{Channel, Reading, Readings, bits};

/// State of a key matrix after one scan: the keys that are surely down, and those that nobody can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatrixState {
    /// The keys that are down: bit n of a row is column n.
    pub down: Vec<u16>,
    /// Keys that look down and may be ghosts.
    pub ghosts: Vec<u16>,
}

impl MatrixState {
    /// Resolves a scan of a matrix without diodes: `seen` are the keys that look down, `before` those that were down before;
    /// bit n of a row is column n. Two rows that share two columns may hide a ghost: those keys stay as they were until
    /// that is over.
    pub fn resolve(seen: &[u16], before: &[u16]) -> Self {
        let unsure = |row: usize| {
            let others = seen.iter().enumerate().filter(|(other, _)| *other != row);
            let shared = others.map(|(_, keys)| keys & seen[row]);
            shared.filter(|keys| keys.count_ones() > 1).fold(0, |unsure, keys| unsure | keys)
        };
        let rows = || seen.iter().zip(before).enumerate();
        let down = rows().map(|(row, (seen, before))| seen & !unsure(row) | before & unsure(row));
        let ghosts = rows().map(|(row, (_, before))| unsure(row) & !before);
        Self { down: down.collect(), ghosts: ghosts.collect() }
    }

    /// Takes a scan of a matrix with a diode at each key: every key that looks down is down.
    pub fn with_diodes(seen: &[u16]) -> Self {
        Self { down: seen.to_vec(), ghosts: vec![0; seen.len()] }
    }

    /// Checks that current could make this scan without a diode at each key: rows that share a column are connected, and
    /// so share them all. `false` for long proves that there are diodes; for a moment, that the scan is not complete yet.
    pub fn is_closed(seen: &[u16]) -> bool {
        let apart = |one: u16, two: u16| one & two == 0 || one == two;
        seen.iter()
            .enumerate()
            .all(|(row, keys)| seen[..row].iter().all(|other| apart(*keys, *other)))
    }

    /// Gives the level of each key, row by row: `true` if it is down.
    pub fn levels(&self, columns: usize) -> impl Iterator<Item = bool> {
        self.down.iter().flat_map(move |keys| bits(*keys).take(columns))
    }

    /// Reports the keys whose ghosts differ from those of `before`; a row has this many `columns`.
    pub fn report_ghosts(&self, before: &[u16], columns: Channel, readings: &mut Readings) {
        for (row, (now, before)) in (0..).zip(self.ghosts.iter().zip(before)) {
            for column in (0..columns).filter(|column| (now ^ before) >> column & 1 == 1) {
                let ghost = now >> column & 1 == 1;
                readings.push(row * columns + column, Reading::Ghost(ghost));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::MatrixState;
    use proptest::prelude::*;

    #[test]
    fn keys_that_make_no_rectangle_are_all_down() {
        let seen = [0b0011, 0b0100, 0b0001, 0b1000];

        let sure = MatrixState::resolve(&seen, &[0; 4]);

        assert_eq!((sure.down.as_slice(), sure.ghosts), (seen.as_slice(), vec![0; 4]));
    }

    #[test]
    fn the_keys_of_a_rectangle_stay_as_they_were() {
        let before = [0b0011, 0b0000, 0b0000];

        let sure = MatrixState::resolve(&[0b0011, 0b0011, 0b0100], &before);

        assert_eq!(sure.down, [0b0011, 0b0000, 0b0100]);
        assert_eq!(sure.ghosts, [0b0000, 0b0011, 0b0000], "they look down, and one of them is not");
    }

    #[test]
    fn three_keys_of_a_rectangle_without_the_fourth_need_diodes() {
        assert!(!MatrixState::is_closed(&[0b0011, 0b0001]));
        assert!(MatrixState::is_closed(&[0b0011, 0b0011, 0b0100, 0b0000]));
    }

    /// Scan of keys that are down: current reaches a row through any chain of them.
    fn scanned(down: &[u16]) -> Vec<u16> {
        let mut seen = down.to_vec();
        for _ in 0..seen.len() {
            let reached = |keys: u16| {
                seen.iter().filter(|other| **other & keys != 0).fold(keys, |all, other| all | other)
            };
            seen = seen.iter().map(|keys| reached(*keys)).collect();
        }
        seen
    }

    proptest! {
        #[test]
        fn whatever_keys_are_down_a_whole_scan_is_closed(down in proptest::collection::vec(0..16_u16, 4)) {
            prop_assert!(MatrixState::is_closed(&scanned(&down)));
        }

        #[test]
        fn no_ghost_is_ever_down(down in proptest::collection::vec(0..16_u16, 4)) {
            let told = MatrixState::resolve(&scanned(&down), &[0; 4]).down;

            for (told, down) in told.iter().zip(&down) {
                prop_assert_eq!(told & !down, 0);
            }
        }

        #[test]
        fn two_keys_are_never_held_back(one in 0..16_usize, two in 0..16_usize) {
            let mut down = vec![0; 4];
            for key in [one, two] {
                down[key / 4] |= 1 << (key % 4);
            }

            prop_assert_eq!(MatrixState::resolve(&scanned(&down), &[0; 4]).down, down);
        }
    }
}

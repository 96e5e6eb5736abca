//! Ghost keys: where three keys of a rectangle are down, current goes round and the fourth looks down too.

/// The keys that are surely down. `seen` is what a scan found, `before` what was down before it; bit n of a row is
/// column n. Two rows that share two columns may hide a ghost: those keys stay as they were until that is over.
pub(crate) fn without_ghosts(seen: &[u16], before: &[u16]) -> Vec<u16> {
    let unsure = |row: usize| {
        let others = seen.iter().enumerate().filter(|(other, _)| *other != row);
        let shared = others.map(|(_, keys)| keys & seen[row]);
        shared.filter(|keys| keys.count_ones() > 1).fold(0, |unsure, keys| unsure | keys)
    };
    let rows = seen.iter().zip(before).enumerate();
    rows.map(|(row, (seen, before))| seen & !unsure(row) | before & unsure(row)).collect()
}

#[cfg(test)]
mod tests {
    use super::without_ghosts;
    use proptest::prelude::*;

    #[test]
    fn keys_that_make_no_rectangle_are_all_down() {
        let seen = [0b0011, 0b0100, 0b0001, 0b1000];

        assert_eq!(without_ghosts(&seen, &[0; 4]), seen);
    }

    #[test]
    fn the_keys_of_a_rectangle_stay_as_they_were() {
        let before = [0b0011, 0b0000, 0b0000];

        let down = without_ghosts(&[0b0011, 0b0011, 0b0100], &before);

        assert_eq!(down, [0b0011, 0b0000, 0b0100]);
    }

    /// What a scan sees of keys that are down: current reaches a row through any chain of them.
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
        fn no_ghost_is_ever_down(down in proptest::collection::vec(0..16_u16, 4)) {
            let told = without_ghosts(&scanned(&down), &[0; 4]);

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

            prop_assert_eq!(without_ghosts(&scanned(&down), &[0; 4]), down);
        }
    }
}

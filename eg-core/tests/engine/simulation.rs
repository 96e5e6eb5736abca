//! Simulation of nine slots with clocks and links of their own, which press close together: nobody is put before
//! somebody who pressed earlier. The agent's own clock and the core's own engine run under virtual time, from a seed.

mod world;

use proptest::prelude::*;
use world::{Census, World};

#[test]
fn no_pair_of_ten_thousand_close_presses_is_put_in_the_wrong_order() {
    let seed = std::env::var("EG_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(2_026);

    let census = World::new(seed).play(10_000);

    println!("seed {seed}: {census}");
    assert_eq!(census.wrong, 0, "seed {seed}: {census}");
    assert!(census.pairs >= 10_000 && census.decided > 1_000 && census.ties > 1_000, "{census}");
    let Census { pairs, ties, explained, .. } = census;
    assert!(ties <= 2 * explained && explained <= 2 * ties, "seed {seed}, {pairs} pairs: {census}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn no_order_is_wrong_whatever_the_clocks_and_the_links(seed: u64) {
        let census = World::new(seed).play(60);

        prop_assert_eq!(census.wrong, 0, "{}", census);
    }
}

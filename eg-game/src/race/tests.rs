use super::*;
use proptest::prelude::*;

fn slot(name: &str) -> SlotId {
    SlotId::new(name).unwrap()
}

fn race(runners: &[(&str, i64, u64)]) -> Race {
    let mut race = Race::default();
    for (name, at, unc_us) in runners {
        race.enter(TimedPress { slot: slot(name), at: Timestamp(*at), unc_us: *unc_us });
    }
    race
}

fn first(race: &Race) -> Vec<&str> {
    race.first().map(|runner| runner.slot.as_str()).collect()
}

#[test]
fn whoever_was_surely_before_everybody_is_first_whatever_the_rule() {
    let race = race(&[("b", 12_300, 250), ("a", 0, 150), ("c", 90_000, 50_000)]);

    let ruling = race.rule(&Tie::Random { seed: 7, round: 1 });

    assert_eq!(ruling.first, [slot("a")]);
    assert_eq!((ruling.rule, ruling.seed), (None, None));
    assert_eq!(race.rule(&Tie::All).said().en, "a before b by 12.3 ms ± 0.4 ms");
    assert_eq!(race.rule(&Tie::All).said().fr, "a avant b de 12,3 ms ± 0,4 ms");
}

#[test]
fn those_whose_intervals_overlap_are_tied_and_the_rule_is_named_with_its_numbers() {
    let race = race(&[("a", 0, 400), ("b", 500, 300)]);

    let drawn = race.rule(&Tie::Random { seed: 7, round: 1 });
    let least = race.rule(&Tie::Least(&|slot| u32::from(slot.as_str() == "a")));

    assert_eq!(drawn.tied, [slot("a"), slot("b")]);
    assert_eq!((drawn.gap_us, drawn.gap_unc_us, drawn.seed), (Some(500), 700, Some(7)));
    let winner = drawn.first[0].as_str();
    let said = format!("a and b together: 0.5 ms apart, ± 0.7 ms; the draw 7 gives {winner}");
    assert_eq!(drawn.said().en, said);
    assert_eq!(least.first, [slot("b")]);
    assert_eq!(race.rule(&Tie::Operator).first.len(), 2);
}

#[test]
fn in_a_chain_of_overlaps_those_are_tied_whom_nobody_was_surely_before() {
    let race = race(&[("a", 0, 100), ("b", 150, 100), ("c", 300, 100)]);

    assert_eq!(first(&race), ["a", "b"]);
}

#[test]
fn intervals_that_touch_are_tied() {
    assert_eq!(first(&race(&[("a", 0, 100), ("b", 200, 100)])), ["a", "b"]);
    assert_eq!(first(&race(&[("a", 0, 100), ("b", 201, 100)])), ["a"]);
}

#[test]
fn a_vague_clock_is_not_beaten_by_an_exact_one_that_it_may_have_preceded() {
    let race = race(&[("sharp", 1_000, 10), ("vague", 4_000, 5_000)]);

    assert_eq!(first(&race), ["sharp", "vague"]);
}

#[test]
fn the_earliest_press_of_a_player_counts() {
    let mut race = race(&[("a", 900, 10), ("b", 500, 10)]);

    assert!(race.enter(TimedPress { slot: slot("a"), at: Timestamp(100), unc_us: 10 }));
    assert!(!race.enter(TimedPress { slot: slot("a"), at: Timestamp(700), unc_us: 10 }));

    assert_eq!(first(&race), ["a"]);
    assert_eq!(race.order().len(), 2);
}

proptest! {
    #[test]
    fn nobody_surely_later_is_first_and_arrival_does_not_matter(
        presses in prop::collection::vec((0_i64..20_000, 0_u64..5_000), 1..8),
        turned in 0_usize..8,
        seed: u64,
    ) {
        let names: Vec<String> = (0..presses.len()).map(|n| format!("slot-{n}")).collect();
        let mut runners: Vec<_> =
            names.iter().zip(&presses).map(|(name, (at, unc))| (&**name, *at, *unc)).collect();
        let one = race(&runners);
        runners.rotate_left(turned % presses.len());
        runners.reverse();
        let other = race(&runners);

        prop_assert_eq!(&one, &other);
        for tie in [Tie::All, Tie::Random { seed, round: 3 }, Tie::Least(&|_| 0)] {
            let ruling = one.rule(&tie);
            prop_assert!(!ruling.first.is_empty());
            prop_assert!(ruling.first.iter().all(|slot| ruling.tied.contains(slot)));
            for runner in one.order() {
                let beaten = one.order().iter().any(|other| other.surely_before(runner));
                prop_assert_eq!(ruling.tied.contains(&runner.slot), !beaten);
            }
        }
    }
}

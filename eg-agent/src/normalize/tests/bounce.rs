//! Random bounce.

use super::{Bench, button, device};
use crate::normalize::{Action, Normalizer};
use eg_hal::{Moment, Reading, Sample};
use eg_proto::EventKind::{Press, Release};
use eg_proto::{EventKind, Source};
use proptest::collection::vec;
use proptest::prelude::*;

/// Edges of a wire that starts at rest: the gap before each, in microseconds.
fn play(gaps: &[u64], start: u64) -> Vec<Sample> {
    let mut at = Moment(start);
    let mut high = true;
    let samples = gaps.iter().map(|gap| {
        at = Moment(at.0 + gap);
        high = !high;
        let reading = Reading::Level(high);
        Sample { channel: 0, reading, at, unc_us: 0, src: Source::Kernel }
    });
    samples.collect()
}

fn told(samples: &[Sample], ticks: bool) -> Vec<Action> {
    let mut bench = Bench::at_rest(vec![button("red", 0)]);
    for sample in samples {
        let before = Moment(sample.at.0 - 1);
        if ticks {
            bench.normalizer.tick(before, &mut bench.actions);
        }
        bench.normalizer.feed(sample.clone(), &mut bench.actions);
        if ticks {
            bench.normalizer.tick(sample.at, &mut bench.actions);
        }
    }
    bench.normalizer.tick(Moment(u64::MAX / 2), &mut bench.actions);
    let edges = |action: &Action| matches!(action.kind, Press | Release);
    bench.actions.into_iter().filter(edges).collect()
}

fn kinds(actions: &[Action]) -> Vec<EventKind> {
    actions.iter().map(|action| action.kind.clone()).collect()
}

proptest! {
    #[test]
    fn a_bouncing_press_is_one_press_and_one_release(
        make in vec(1_u64..400, 0..20),
        held in 20_000_u64..5_000_000,
        break_ in vec(1_u64..9_999, 0..20),
    ) {
        // An odd number of edges closes the contact, an even one more leaves it closed; likewise it opens.
        let mut gaps = vec![1_000];
        gaps.extend(make.iter().take(make.len() / 2 * 2));
        let settled: u64 = gaps.iter().sum::<u64>() - 1_000;
        gaps.push(held.max(settled));
        gaps.extend(break_.iter().take(break_.len() / 2 * 2));
        let samples = play(&gaps, 1_000_000);

        let told = told(&samples, false);

        prop_assert_eq!(kinds(&told), [Press, Release]);
        prop_assert_eq!(told[0].at, samples[0].at, "the first edge");
        prop_assert_eq!(told[1].at, samples[samples.len() - 1].at, "the last edge");
    }

    #[test]
    fn presses_and_releases_alternate_and_end_at_the_final_level(
        gaps in vec(prop_oneof![1_u64..2_000, 2_000_u64..60_000], 1..300),
    ) {
        let samples = play(&gaps, 1_000_000);

        let told = told(&samples, false);

        let expected = [Press, Release];
        prop_assert!(told.iter().zip(expected.iter().cycle()).all(|(a, kind)| a.kind == *kind));
        let pressed_at_last = told.len() % 2 == 1;
        prop_assert_eq!(pressed_at_last, gaps.len() % 2 == 1);
        prop_assert!(told.windows(2).all(|pair| pair[0].at <= pair[1].at));
    }

    #[test]
    fn how_often_it_is_ticked_changes_nothing(
        gaps in vec(prop_oneof![1_u64..2_000, 2_000_u64..60_000], 1..200),
    ) {
        let samples = play(&gaps, 1_000_000);

        prop_assert_eq!(told(&samples, true), told(&samples, false));
    }

    #[test]
    fn any_samples_leave_nothing_due_for_ever(
        samples in vec((0_u16..4, any::<bool>(), 0_u64..20_000, 0_u64..40), 0..400),
    ) {
        let inputs = (0..3).map(|n| button(&format!("b{n}"), n)).collect();
        let mut normalizer = Normalizer::new(&device(inputs));
        let mut actions = Vec::new();
        let mut at = Moment(0);

        for (channel, high, gap, lost) in samples {
            at = Moment(at.0 + gap);
            let reading = if lost == 0 { Reading::Lost(1) } else { Reading::Level(high) };
            let sample = Sample { channel, reading, at, unc_us: 0, src: Source::Kernel };
            normalizer.feed(sample, &mut actions);
        }
        normalizer.tick(Moment(at.0 + 60_000_000), &mut actions);

        prop_assert_eq!(normalizer.deadline(), None);
    }
}

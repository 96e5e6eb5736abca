//! Promises of a ballot, whatever the players do.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use eg_game::ballot::{Ballot, Cast, CastError, Change, Rule, Tally, Verdict, Vote, When};
use eg_game::testkit::slots;
use eg_game::{Seat, Timestamp};
use proptest::prelude::*;
use proptest::sample::Index;

const OPTIONS: [&str; 4] = ["A", "B", "C", "D"];

fn seats(weights: &[u32]) -> Vec<Seat> {
    let seat = |(slot, weight): (_, &u32)| Seat { weight: *weight, ..Seat::at(slot) };
    slots(weights.len()).zip(weights).map(seat).collect()
}

/// A player, a choice (the last means abstaining) and a moment that no other choice shares.
type Choice = (Index, usize, i64);

fn choices() -> impl Strategy<Value = Vec<Choice>> {
    let choice = (any::<Index>(), 0..=OPTIONS.len());
    prop::collection::vec(choice, 0..40).prop_map(|choices| {
        let numbered = choices.into_iter().enumerate();
        numbered.map(|(number, (who, what))| (who, what, i64::try_from(number).unwrap())).collect()
    })
}

fn play(seats: &[Seat], choices: &[Choice], change: Change) -> Ballot {
    let mut ballot = Ballot::open(OPTIONS, seats, change);
    for (who, what, time) in choices {
        let vote = if *what < OPTIONS.len() { Vote::For(*what) } else { Vote::Abstain };
        let _ = ballot.cast(&who.get(seats).slot, vote, When::exactly(Timestamp(*time)));
    }
    ballot
}

fn leaders(tally: &Tally) -> Vec<usize> {
    let most = tally.counts.iter().map(|count| count.weight).max().unwrap();
    let places = tally.counts.iter().enumerate();
    places.filter(|(_, count)| count.weight == most).map(|(place, _)| place).collect()
}

proptest! {
    #[test]
    fn the_order_of_arrival_does_not_matter(
        weights in prop::collection::vec(0..4_u32, 1..10),
        (sent, arrived) in choices().prop_flat_map(|sent| {
            (Just(sent.clone()), Just(sent).prop_shuffle())
        }),
        change in prop_oneof![Just(Change::Last), Just(Change::First)],
    ) {
        let seats = seats(&weights);

        prop_assert_eq!(play(&seats, &sent, change).tally(), play(&seats, &arrived, change).tally());
    }

    #[test]
    fn choices_and_abstentions_add_up_to_the_votes(
        weights in prop::collection::vec(0..4_u32, 1..10),
        choices in choices(),
        change in prop_oneof![Just(Change::Last), Just(Change::First), Just(Change::Confirm)],
    ) {
        let ballot = play(&seats(&weights), &choices, change);

        prop_assert_eq!(ballot.tally().votes(), ballot.votes());
        prop_assert_eq!(ballot.votes() as usize + ballot.missing().count(), weights.len());
        prop_assert_eq!(ballot.tally().asked_weight, weights.iter().map(|w| u64::from(*w)).sum::<u64>());
    }

    #[test]
    fn a_repeated_choice_changes_nothing(
        weights in prop::collection::vec(1..3_u32, 1..10),
        choices in choices(),
        change in prop_oneof![Just(Change::Last), Just(Change::First)],
    ) {
        let seats = seats(&weights);
        let doubled: Vec<_> = choices.iter().flat_map(|choice| [*choice, *choice]).collect();

        prop_assert_eq!(play(&seats, &choices, change), play(&seats, &doubled, change));
    }

    #[test]
    fn a_verdict_never_follows_the_order_of_the_list(
        weights in prop::collection::vec(0..4_u32, 1..10),
        choices in choices(),
        rule in prop_oneof![Just(Rule::Plurality), Just(Rule::Majority), Just(Rule::Unanimous)],
    ) {
        let tally = play(&seats(&weights), &choices, Change::Last).tally();
        let mut mirrored = tally.clone();
        mirrored.counts.reverse();
        let mirror = |place: usize| OPTIONS.len() - 1 - place;

        let wanted = match tally.verdict(rule) {
            Verdict::Won(place) => Verdict::Won(mirror(place)),
            Verdict::Tie(places) => Verdict::Tie(places.into_iter().rev().map(mirror).collect()),
            other @ (Verdict::NoChoice | Verdict::NotReached) => other,
        };
        prop_assert_eq!(mirrored.verdict(rule), wanted);
    }

    #[test]
    fn a_winner_has_what_its_rule_asks_for(
        weights in prop::collection::vec(0..4_u32, 1..10),
        choices in choices(),
    ) {
        let tally = play(&seats(&weights), &choices, Change::Last).tally();
        let leaders = leaders(&tally);
        let most = tally.counts[leaders[0]].weight;

        let plurality = tally.verdict(Rule::Plurality);
        let majority = tally.verdict(Rule::Majority);
        let unanimous = tally.verdict(Rule::Unanimous);

        prop_assert_eq!(plurality == Verdict::NoChoice, most == 0);
        prop_assert_eq!(matches!(plurality, Verdict::Won(_)), most > 0 && leaders.len() == 1);
        prop_assert_eq!(matches!(majority, Verdict::Won(_)), 2 * most > tally.asked_weight);
        prop_assert_eq!(
            matches!(unanimous, Verdict::Won(_)), most > 0 && most == tally.asked_weight
        );
    }

    #[test]
    fn a_player_who_is_withdrawn_takes_the_vote_along(
        weights in prop::collection::vec(1..3_u32, 2..10),
        choices in choices(),
        who in any::<Index>(),
    ) {
        let seats = seats(&weights);
        let slot = who.get(&seats).slot.clone();
        let others: Vec<_> = seats.iter().filter(|seat| seat.slot != slot).cloned().collect();
        let mut ballot = play(&seats, &choices, Change::Last);
        let kept: Vec<_> = ballot.cast_votes().filter(|(voter, _)| **voter != slot).map(|(_, v)| v).collect();

        prop_assert!(ballot.withdraw(&slot));

        prop_assert_eq!(ballot.asked() as usize, others.len());
        prop_assert_eq!(ballot.cast_votes().map(|(_, vote)| vote).collect::<Vec<_>>(), kept);
        prop_assert_eq!(
            ballot.cast(&slot, Vote::Abstain, When::exactly(Timestamp(99))), Err(CastError::NotAsked)
        );
    }
}

#[test]
fn half_of_the_weight_is_no_majority() {
    let mut ballot = Ballot::open(OPTIONS, &seats(&[1, 1, 1, 1]), Change::Last);
    let slots: Vec<_> = slots(4).collect();
    let now = When::exactly(Timestamp(0));
    ballot.cast(&slots[0], Vote::For(0), now).unwrap();
    ballot.cast(&slots[1], Vote::For(0), now).unwrap();

    assert_eq!(ballot.tally().verdict(Rule::Majority), Verdict::NotReached);

    assert_eq!(ballot.cast(&slots[2], Vote::For(0), now), Ok(Cast::Taken));
    assert_eq!(ballot.tally().verdict(Rule::Majority), Verdict::Won(0));
    assert_eq!(ballot.tally().verdict(Rule::Unanimous), Verdict::NotReached);
}

#[test]
fn abstentions_alone_are_no_choice() {
    let mut ballot = Ballot::open(OPTIONS, &seats(&[1]), Change::Last);
    let slot = slots(1).next().unwrap();

    ballot.cast(&slot, Vote::Abstain, When::exactly(Timestamp(0))).unwrap();

    assert_eq!((ballot.votes(), ballot.missing().count()), (1, 0));
    assert_eq!(ballot.tally().verdict(Rule::Plurality), Verdict::NoChoice);
}

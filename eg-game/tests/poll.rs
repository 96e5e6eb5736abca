//! Promises of a poll: when it closes, and what players who leave, come back or change seats do to it.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use eg_game::ballot::{Ballot, CastError, Change, Expected, Rule, Vote, When};
use eg_game::testkit::{START, secs, slots};
use eg_game::{
    Act, Cue, Effect, Effects, NotOpen, Poll, PollEnd, PollRules, Roster, RosterChange, SlotId,
    StepStatus, Text, TimerId, Timestamp,
};

const GRACE: TimerId = TimerId(1);
const TIMEOUT: TimerId = TimerId(2);

/// Three players, a grace of two seconds and a time-out of sixty; open since [`START`].
fn rules() -> PollRules {
    PollRules::new(GRACE, TIMEOUT).grace(secs(2)).timeout(Some(secs(60)))
}

fn opened(rules: PollRules, revision: u16) -> (Poll, Roster) {
    let roster = Roster::of(slots(3)).with_rules(revision);
    let ballot = Ballot::open(["A", "B"], roster.alive(None), Change::Last).among(&roster);
    let mut poll = Poll::new(ballot, rules, revision);
    poll.open(START);
    (poll, roster)
}

fn slot(number: usize) -> SlotId {
    slots(number).last().unwrap()
}

/// A player votes so many seconds after the opening.
fn vote(poll: &mut Poll, player: usize, choice: usize, after: u64) -> (bool, Vec<Effect>) {
    let (at, mut effects) = (START + secs(after), Effects::default());
    poll.cast(&slot(player), Vote::For(choice), When::exactly(at)).unwrap();
    let closes = poll.voted(at, &mut effects);
    (closes, effects.into_vec())
}

/// The roster changes so many seconds after the opening; seats follow as the SDK lets them.
fn change(
    poll: &mut Poll,
    roster: &mut Roster,
    change: &RosterChange,
    after: u64,
) -> (bool, Vec<Effect>) {
    for seat in &mut roster.seats {
        if change.gone() == Some(&seat.slot) {
            seat.alive = false;
        } else if change.back() == Some(&seat.slot) {
            seat.alive = true;
        }
        seat.slot = change.seat_of(&seat.slot).clone();
    }
    let (at, by, name) = (START + secs(after), "operator".to_owned(), "change".to_owned());
    let act = Act { id: 1, at, by, reason: None, name, args: serde_json::Map::new() };
    let mut effects = Effects::default();
    let closes = poll.on_roster(change, &act, roster, &mut effects);
    (closes, effects.into_vec())
}

fn starts_grace() -> Effect {
    Effect::After { timer: GRACE, delay: secs(2) }
}

fn cancels(timer: TimerId) -> Effect {
    Effect::Cancel { timer }
}

fn notes(effects: &[Effect]) -> Vec<&str> {
    let mut lines = Vec::new();
    for effect in effects {
        if let Effect::Note { line, .. } = effect {
            lines.push(line.en.as_str());
        }
    }
    lines
}

#[test]
fn it_closes_when_all_votes_have_stood_for_the_grace() {
    let (mut poll, _) = opened(rules(), 2);

    assert_eq!(vote(&mut poll, 1, 0, 1), (false, vec![]));
    assert_eq!(vote(&mut poll, 2, 0, 2), (false, vec![]));
    assert_eq!(vote(&mut poll, 3, 1, 3), (false, vec![starts_grace()]));
    assert_eq!(vote(&mut poll, 3, 0, 4), (false, vec![starts_grace()]), "a change starts it anew");

    assert_eq!(poll.grace_ends(), Some(START + secs(6)));
    assert_eq!(poll.ran_out(GRACE), Some(PollEnd::AllVoted));
    assert_eq!(poll.ran_out(GRACE), None, "once");
}

#[test]
fn without_a_grace_it_closes_with_the_last_vote() {
    let (mut poll, _) = opened(PollRules::new(GRACE, TIMEOUT), 2);
    vote(&mut poll, 1, 0, 1);
    vote(&mut poll, 2, 0, 2);

    assert_eq!(vote(&mut poll, 3, 0, 3), (true, vec![]));
}

#[test]
fn it_closes_when_its_time_is_over_and_cancels_what_runs() {
    let (mut poll, _) = opened(rules(), 2);
    let mut effects = Effects::default();
    poll.start_clock(START, &mut effects);
    let deadline = Effect::Deadline { timer: TIMEOUT, delay: secs(60) };
    assert_eq!(effects.into_vec(), [deadline]);
    for player in 1..=3 {
        vote(&mut poll, player, 0, 59);
    }

    assert_eq!(poll.ran_out(TIMEOUT), Some(PollEnd::TimeOver));
    let mut effects = Effects::default();
    poll.close(START + secs(60), &mut effects);

    assert_eq!(effects.into_vec(), [cancels(GRACE)], "the time-out runs no longer");
    assert!(!poll.is_open());
    assert_eq!(poll.ran_out(GRACE), None);
}

#[test]
fn time_that_does_not_count_moves_the_end_and_the_grace() {
    let (mut poll, _) = opened(rules(), 2);
    for player in 1..=3 {
        vote(&mut poll, player, 0, 1);
    }

    poll.shift(secs(30));

    assert_eq!(poll.ends(), Some(START + secs(90)));
    assert_eq!(poll.grace_ends(), Some(START + secs(33)));
}

#[test]
fn a_number_of_votes_or_a_decision_that_stands_is_enough() {
    let two = Expected::Votes(2.try_into().unwrap());
    let (mut counted, _) = opened(rules().expected(two), 2);
    let (mut decided, _) = opened(rules().when_decided(Some(Rule::Majority)), 2);

    for poll in [&mut counted, &mut decided] {
        assert_eq!(vote(poll, 1, 0, 1), (false, vec![]));
        assert_eq!(vote(poll, 2, 0, 2), (false, vec![starts_grace()]));
    }

    assert!(counted.is_complete() && !decided.is_complete());
    vote(&mut counted, 3, 0, 3);
    assert_eq!(counted.expected(), 3, "more than were wanted");
}

#[test]
fn complete_by_a_player_who_left_it_asks_before_it_closes() {
    let (mut poll, mut roster) = opened(rules(), 2);
    vote(&mut poll, 1, 0, 1);
    vote(&mut poll, 2, 0, 2);

    let killed = RosterChange::Killed(slot(3));
    let (closes, effects) = change(&mut poll, &mut roster, &killed, 3);

    assert!(!closes && poll.asks_to_close());
    assert_eq!(notes(&effects), [Poll::closing_question().en]);
    assert_eq!(poll.grace_ends(), None);

    let revived = RosterChange::Revived(slot(3));
    assert_eq!(change(&mut poll, &mut roster, &revived, 4), (false, vec![]));
    assert!(poll.ballot().asks(&slot(3)) && !poll.asks_to_close());
}

#[test]
fn a_player_who_was_not_asked_before_is_not_asked_when_back() {
    let (mut poll, mut roster) = opened(rules(), 2);
    poll.ballot_mut().withdraw(&slot(3));

    change(&mut poll, &mut roster, &RosterChange::Revived(slot(3)), 1);

    assert!(!poll.ballot().asks(&slot(3)));
}

/// Three players who choose among themselves; the third is wanted by the first, then killed.
fn struck(revision: u16) -> (Poll, Vec<Effect>) {
    let mut roster = Roster::of(slots(3)).with_rules(revision);
    let ballot =
        Ballot::open(slots(3).map(|slot| slot.to_string()), roster.alive(None), Change::Last);
    let mut poll = Poll::new(ballot.among(&roster), rules(), revision);
    poll.open(START);
    vote(&mut poll, 1, 2, 1);
    vote(&mut poll, 2, 0, 2);
    vote(&mut poll, 3, 0, 3);
    let (_, effects) = change(&mut poll, &mut roster, &RosterChange::Killed(slot(3)), 4);
    (poll, effects)
}

#[test]
fn votes_for_a_player_who_is_out_are_withdrawn_and_their_givers_feel_it() {
    let (mut poll, effects) = struck(2);

    assert_eq!(notes(&effects), ["votes withdrawn, the player chosen is out of the game: 1"]);
    let felt = Effect::Cue { slot: slot(1), cue: Cue::Refused };
    assert_eq!(effects[1..], [felt, cancels(GRACE)]);
    assert!(poll.is_struck(&slot(1)) && poll.ballot().vote_of(&slot(1)).is_none());

    assert_eq!(vote(&mut poll, 1, 1, 5), (false, vec![starts_grace()]));
    assert!(!poll.is_struck(&slot(1)));
}

#[test]
fn in_the_first_revision_votes_do_not_follow_the_roster() {
    let (poll, effects) = struck(1);

    assert_eq!(effects[0], cancels(GRACE));
    assert_eq!(notes(&effects), [Poll::closing_question().en]);
    assert!(poll.ballot().vote_of(&slot(1)).is_some());
}

#[test]
fn votes_missing_again_stop_the_grace_since_the_second_revision() {
    let two = Expected::Votes(2.try_into().unwrap());
    for (revision, wanted) in [(1, vec![]), (2, vec![cancels(GRACE)])] {
        let (mut poll, mut roster) = opened(rules().expected(two), revision);
        vote(&mut poll, 1, 0, 1);
        vote(&mut poll, 2, 0, 2);

        let killed = RosterChange::Killed(slot(2));
        let (_, effects) = change(&mut poll, &mut roster, &killed, 3);

        assert_eq!(effects, wanted, "revision {revision}");
    }
}

#[test]
fn a_poll_that_asked_went_on_asking_until_the_third_revision() {
    for (revision, asks) in [(2, true), (3, false)] {
        let (mut poll, mut roster) = opened(rules(), revision);
        vote(&mut poll, 1, 0, 1);
        vote(&mut poll, 2, 0, 2);
        change(&mut poll, &mut roster, &RosterChange::Killed(slot(3)), 3);
        poll.ballot_mut().admit(roster.seat(&slot(3)).unwrap());

        let (_, effects) = change(&mut poll, &mut roster, &RosterChange::Excused(slot(2)), 4);

        assert_eq!(poll.asks_to_close(), asks, "revision {revision}");
        assert_eq!(notes(&effects).len(), 0);
    }
}

#[test]
fn a_player_who_changes_seats_takes_the_vote_along() {
    let (mut poll, mut roster) = opened(rules(), 2);
    vote(&mut poll, 1, 0, 1);

    let reseated = RosterChange::Reseated { from: slot(1), to: slot(2) };
    assert_eq!(change(&mut poll, &mut roster, &reseated, 2), (false, vec![]));

    assert_eq!(poll.ballot().vote_of(&slot(2)), Some(Vote::For(0)));
    assert_eq!(poll.ballot().vote_of(&slot(1)), None);
}

#[test]
fn the_operator_chooses_for_a_player_among_what_is_offered() {
    let (mut poll, mut roster) = opened(rules(), 2);
    let choosing = Poll::proxy_choices([&poll], &roster).unwrap();
    assert_eq!(choosing.options, ["A", "B", "abstain"]);
    assert_eq!(choosing.slots, slots(3).collect::<Vec<_>>());
    vote(&mut poll, 1, 0, 1);
    vote(&mut poll, 2, 0, 1);

    let proxy = |choice: &str| RosterChange::Proxy { slot: slot(3), choice: choice.to_owned() };
    assert_eq!(change(&mut poll, &mut roster, &proxy("B"), 2), (false, vec![starts_grace()]));
    assert_eq!(change(&mut poll, &mut roster, &proxy("B"), 3), (false, vec![]), "no change");
    let (_, effects) = change(&mut poll, &mut roster, &proxy("C"), 4);

    assert!(matches!(effects.as_slice(), [Effect::RefuseAct { .. }]));
    assert_eq!(poll.ballot().vote_of(&slot(3)), Some(Vote::For(1)));
}

#[test]
fn a_vote_counts_by_the_moment_at_which_it_was_given() {
    let (mut poll, _) = opened(rules(), 2);
    let at = |seconds: i64| Timestamp(START.0 + seconds * 1_000_000);
    poll.close(at(10), &mut Effects::default());
    poll.open(at(20));
    let when = |from, until| When { earliest: at(from), latest: at(until) };

    assert_eq!(poll.was_open(when(5, 5), false), Ok(()));
    assert_eq!(poll.was_open(when(15, 15), false), Err(NotOpen::TooLate));
    assert_eq!(poll.was_open(when(-1, 1), false), Ok(()), "the doubt is the player's");
    assert_eq!(poll.was_open(when(-1, 1), true), Err(NotOpen::TooEarly), "not after an outage");
    assert!(poll.may_have_been_open(when(-1, 1)) && !poll.may_have_been_open(when(-2, -1)));
}

#[test]
fn the_result_tells_what_carried_and_whether_all_had_voted() {
    let (mut poll, _) = opened(rules(), 2);
    vote(&mut poll, 1, 1, 1);

    let result = poll.conclude(4, &[1], Text::same("B carries"));

    assert_eq!((result.step, result.next_step, result.status), (4, 5, StepStatus::Incomplete));
    assert_eq!((result.outcome.as_deref(), result.votes, result.expected), (Some("B"), 1, 3));
    assert_eq!(poll.conclude(4, &[0, 1], Text::default()).outcome, None, "two carry");
}

#[test]
fn another_ballot_begins_without_votes_leavers_and_openings() {
    let (mut poll, mut roster) = opened(rules(), 2);
    vote(&mut poll, 1, 0, 1);
    change(&mut poll, &mut roster, &RosterChange::Killed(slot(3)), 2);

    let ballot = Ballot::open(["A", "B"], roster.alive(None), Change::Last);
    poll.open_anew(ballot, START + secs(10));

    assert_eq!(poll.ballot().votes(), 0);
    assert!(!poll.readmit(&slot(3), &Roster::of(slots(3))));
    assert_eq!(poll.was_open(When::exactly(START), false), Err(NotOpen::TooEarly));
    let nobody = poll.choose_for(&slot(3), Vote::For(0), START);
    assert_eq!(nobody, Err(CastError::NotAsked));
}

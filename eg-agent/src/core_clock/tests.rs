use super::*;
use std::time::Duration;

/// A core that is `ahead` µs ahead of the slot.
fn pong(ping: ClockPing, ahead: i64, out: u64, held: i64) -> ClockPong {
    let t2 = i64::try_from(ping.t1_us + out).unwrap() + ahead;
    ClockPong { n: ping.n, t1_us: ping.t1_us, t2_us: Timestamp(t2), t3_us: Timestamp(t2 + held) }
}

fn exchange(sync: &mut ClockSync, at: u64, ahead: i64, out: u64, back: u64) -> bool {
    let ping = sync.ping(Moment(at));
    sync.pong(&pong(ping, ahead, out, 30), Moment(at + out + 30 + back))
}

#[test]
fn knows_nothing_before_the_first_answer() {
    let clock = CoreClock::default();

    let time = clock.event_time(Moment(5), 7, Source::Kernel);

    assert_eq!(time, EventTime { core_us: None, unc_us: 7, src: Source::Kernel });
}

#[test]
fn is_wrong_by_no_more_than_it_says_whatever_the_two_ways_take() {
    for (out, back) in [(100, 100), (0, 800), (800, 0), (13, 4_000)] {
        let mut sync = ClockSync::default();

        exchange(&mut sync, 1_000_000, 5_000_000, out, back);
        let offset = sync.offset(Moment(1_005_000)).unwrap();

        let wrong = offset.micros.abs_diff(5_000_000);
        assert!(wrong <= offset.bound_us, "{out} {back}: {wrong} of {}", offset.bound_us);
        assert!(offset.bound_us <= u64::midpoint(out, back) + 3);
    }
}

#[test]
fn prefers_a_quick_answer_until_it_has_drifted_away() {
    let mut sync = ClockSync::default();

    exchange(&mut sync, 1_000_000, 40, 100, 100);
    exchange(&mut sync, 2_000_000, 40, 1_000, 1_000);
    let soon = sync.offset(Moment(2_003_000)).unwrap().bound_us;
    let later = sync.offset(Moment(1_000_000_000)).unwrap().bound_us;

    assert!((100..=160).contains(&soon), "{soon}");
    assert!((50_000..=51_200).contains(&later), "{later}");
}

#[test]
fn follows_a_core_whose_clock_was_set() {
    let mut sync = ClockSync::default();

    exchange(&mut sync, 1_000_000, 5_000_000, 50, 50);
    exchange(&mut sync, 2_000_000, 9_000_000, 400, 400);

    assert_eq!(sync.offset(Moment(2_001_000)).unwrap().micros, 9_000_000);
}

#[test]
fn ignores_answers_to_questions_it_did_not_ask() {
    let mut sync = ClockSync::default();
    let ping = sync.ping(Moment(1_000));
    let answer = pong(ping, 0, 10, 10);

    let stranger = sync.pong(&ClockPong { n: 99, ..answer }, Moment(1_050));
    let first = sync.pong(&answer, Moment(1_050));
    let again = sync.pong(&answer, Moment(9_050));

    assert_eq!((stranger, first, again), (false, true, false));
}

#[test]
fn ignores_an_answer_that_arrived_before_it_left() {
    let mut sync = ClockSync::default();
    let ping = sync.ping(Moment(1_000));

    let taken = sync.pong(&pong(ping, 0, 10, 5_000), Moment(1_050));

    assert!(!taken);
    assert_eq!(sync.offset(Moment(2_000)), None);
}

#[test]
fn adds_the_source_s_own_uncertainty() {
    let clock = CoreClock::default();
    exchange(&mut clock.sync(), 1_000_000, 5_000_000, 100, 100);
    let at = Moment(1_000_300);

    let time = clock.event_time(at, 2_000, Source::Poll);
    let back = clock.slot_time(time.core_us.unwrap(), at + Duration::from_millis(1));

    assert!((2_100..=2_110).contains(&time.unc_us), "{}", time.unc_us);
    assert_eq!(back, Some(at));
}

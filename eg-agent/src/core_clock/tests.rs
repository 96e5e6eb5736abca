use super::*;
use eg_proto::Boot;
use proptest::prelude::*;
use std::time::Duration;

/// A core that is `ahead` µs ahead of the slot.
fn pong(ping: ClockPing, ahead: i64, out: u64, held: i64) -> ClockPong {
    let t2 = i64::try_from(ping.t1_us + out).unwrap() + ahead;
    let (t2_us, t3_us) = (Timestamp(t2), Timestamp(t2 + held));
    ClockPong { n: ping.n, t1_us: ping.t1_us, t2_us, t3_us, boot: None }
}

fn exchange(sync: &mut ClockSync, at: u64, ahead: i64, out: u64, back: u64) -> bool {
    let ping = sync.ping(Moment(at));
    sync.pong(&pong(ping, ahead, out, 30), Moment(at + out + 30 + back))
}

/// A core whose clock runs `ppb` parts per billion faster than the slot's and stood `ahead` µs ahead of it at its start.
#[derive(Clone, Copy)]
struct Core {
    ahead: i64,
    ppb: i64,
}

impl Core {
    fn ahead_at(self, at: u64) -> i64 {
        let drifted = i128::from(at) * i128::from(self.ppb) / 1_000_000_000;
        self.ahead + i64::try_from(drifted).unwrap()
    }

    fn exchange(self, sync: &mut ClockSync, at: u64, out: u64, back: u64) {
        let ping = sync.ping(Moment(at));
        let stamp = |at: u64| Timestamp(i64::try_from(at).unwrap() + self.ahead_at(at));
        let (t2_us, t3_us) = (stamp(at + out), stamp(at + out + 30));
        let pong = ClockPong { n: ping.n, t1_us: at, t2_us, t3_us, boot: None };
        assert!(sync.pong(&pong, Moment(at + out + 30 + back)));
    }

    /// By how much the estimate is wrong, and by how much it says it may be.
    fn wrong(self, sync: &ClockSync, at: u64) -> (u64, u64) {
        let offset = sync.offset(Moment(at)).unwrap();
        (offset.micros.abs_diff(self.ahead_at(at)), offset.bound_us)
    }
}

#[test]
fn knows_nothing_before_the_first_answer() {
    let clock = CoreClock::virtual_time();

    let time = clock.date(clock.take(Moment(5), 7, Source::Kernel));

    assert_eq!(time, EventTime { core_us: None, unc_us: 7, src: Source::Kernel, core: None });
}

#[test]
fn is_wrong_by_no_more_than_it_says_whatever_the_two_ways_take() {
    for (out, back) in [(100, 100), (0, 800), (800, 0), (13, 4_000), (50_000, 5_000)] {
        let mut sync = ClockSync::default();

        exchange(&mut sync, 1_000_000, 5_000_000, out, back);
        let offset = sync.offset(Moment(1_005_000)).unwrap();

        let wrong = offset.micros.abs_diff(5_000_000);
        assert!(wrong <= offset.bound_us, "{out} {back}: {wrong} of {}", offset.bound_us);
        assert!(offset.bound_us >= u64::midpoint(out, back), "less than half the round trip");
        // Of the drift nothing is known yet: 500 ppm during the exchange, and as much since.
        assert!(offset.bound_us <= u64::midpoint(out, back) + 15 + (out + back) / 1_000);
    }
}

#[test]
fn prefers_a_quick_answer_until_it_has_drifted_away() {
    let mut sync = ClockSync::default();

    exchange(&mut sync, 1_000_000, 40, 100, 100);
    exchange(&mut sync, 2_000_000, 40, 1_000, 1_000);
    let soon = sync.offset(Moment(2_003_000)).unwrap().bound_us;
    let later = sync.offset(Moment(1_000_000_000)).unwrap().bound_us;

    assert!((100..=620).contains(&soon), "{soon}");
    assert!((499_000..=501_500).contains(&later), "nothing is known of the drift: {later}");
}

#[test]
fn ways_that_are_slow_in_turn_bound_the_offset_from_both_sides() {
    let mut sync = ClockSync::default();

    exchange(&mut sync, 1_000_000, 40, 9_000, 100);
    exchange(&mut sync, 1_050_000, 40, 100, 9_000);

    let offset = sync.offset(Moment(1_060_000)).unwrap();
    assert!(offset.bound_us < 200, "each alone knows it to 4.5 ms: {}", offset.bound_us);
    assert!(offset.micros.abs_diff(40) <= offset.bound_us);
}

#[test]
fn measures_the_drift_and_holds_longer_by_it() {
    for ppb in [-95_000, -7_000, 0, 40_000, 95_000] {
        let core = Core { ahead: 3_000_000, ppb };
        let mut sync = ClockSync::default();
        for n in 1..=20 {
            core.exchange(&mut sync, n * 10_000_000, 200, 200);
        }

        let told = sync.ping(Moment(201_000_000)).sync.unwrap();
        let (wrong, bound) = core.wrong(&sync, 260_000_000);

        assert!(told.drift_ppb.unwrap().abs_diff(ppb) < 5_000, "{told:?}, in truth {ppb}");
        assert!(wrong <= bound, "{wrong} of {bound} at {ppb}");
        assert!(bound < 1_500, "a minute of any drift would be 6 ms: {bound}");
    }
}

#[test]
fn a_long_silence_makes_it_say_less_and_never_something_wrong() {
    let core = Core { ahead: -9_000_000_000, ppb: 88_000 };
    let mut sync = ClockSync::default();
    for n in 1..=6 {
        core.exchange(&mut sync, n * 50_000, 300, 300);
    }

    let bounds: Vec<u64> = [1, 60, 3_600, 86_400]
        .map(|seconds| {
            let (wrong, bound) = core.wrong(&sync, seconds * 1_000_000);
            assert!(wrong <= bound, "{wrong} of {bound} after {seconds} s");
            bound
        })
        .to_vec();

    assert!(bounds.is_sorted(), "{bounds:?}");
}

#[test]
fn follows_a_core_whose_clock_was_set() {
    let mut sync = ClockSync::default();

    exchange(&mut sync, 1_000_000, 5_000_000, 50, 50);
    exchange(&mut sync, 2_000_000, 9_000_000, 400, 400);

    assert_eq!(sync.offset(Moment(2_000_830)).unwrap().micros, 9_000_000);
}

#[test]
fn a_core_that_was_started_again_is_measured_anew() {
    let mut sync = ClockSync::default();
    let first =
        |ping, ahead| ClockPong { boot: Some(Boot(ulid::Ulid(1))), ..pong(ping, ahead, 50, 30) };
    let ping = sync.ping(Moment(1_000_000));
    assert!(sync.pong(&first(ping, 5_000_000), Moment(1_000_130)));

    let ping = sync.ping(Moment(2_000_000));
    let answer = pong(ping, 5_000_140, 400, 30);
    sync.pong(&ClockPong { boot: Some(Boot(ulid::Ulid(2))), ..answer }, Moment(2_000_830));

    let offset = sync.offset(Moment(2_000_830)).unwrap();
    assert_eq!(
        offset.micros, 5_000_140,
        "what agrees with the old core is not that of the new one"
    );
    assert!(offset.bound_us >= 400);
}

#[test]
fn a_slot_that_was_suspended_is_measured_anew() {
    let (mut sync, awake) = (ClockSync::default(), Duration::from_secs(70));
    sync.notice(awake, Moment(900_000));
    exchange(&mut sync, 1_000_000, 5_000_000, 50, 50);
    let in_flight = sync.ping(Moment(1_900_000));

    sync.notice(awake + Duration::from_micros(900), Moment(1_950_000));
    assert!(sync.offset(Moment(1_950_000)).is_some(), "two readings differ, nothing slept");
    sync.notice(awake + Duration::from_secs(3_600), Moment(2_000_000));

    assert_eq!(sync.offset(Moment(2_000_000)), None);
    assert!(!sync.pong(&pong(in_flight, 3_605_000_000, 50, 30), Moment(2_000_200)));
    exchange(&mut sync, 2_100_000, 3_605_000_000, 50, 50);
    assert_eq!(sync.offset(Moment(2_100_200)).unwrap().micros, 3_605_000_000);
    assert_eq!(sync.offset(Moment(1_950_000)), None, "it happened before, nobody knows when");
}

#[test]
fn a_drift_that_no_crystal_has_does_not_stay_unnoticed() {
    let mut sync = ClockSync::default();
    let calm = Core { ahead: 0, ppb: 0 };
    for n in 1..=20 {
        calm.exchange(&mut sync, n * 10_000_000, 100, 100);
    }
    // Something slews the slot's clock by 500 ppm from here on.
    let slewed =
        |at: u64| Core { ahead: i64::try_from((at - 200_000_000) / 2_000).unwrap(), ppb: 0 };

    for n in 21..=24 {
        let at = n * 10_000_000;
        slewed(at).exchange(&mut sync, at, 100, 100);
        let (wrong, bound) = slewed(at).wrong(&sync, at + 230);
        assert!(wrong <= bound, "{wrong} of {bound} at ping {n}");
    }
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
    let clock = CoreClock::virtual_time();
    exchange(&mut clock.awake().sync, 1_000_000, 5_000_000, 100, 100);
    let at = Moment(1_000_300);

    let time = clock.date(clock.take(at, 2_000, Source::Poll));
    let back = clock.slot_time(time.core_us.unwrap(), at + Duration::from_millis(1));

    assert!((2_100..=2_110).contains(&time.unc_us), "{}", time.unc_us);
    assert_eq!(back, Some(at));
}

#[test]
fn tells_the_core_what_it_knows_and_how_far_its_own_date_is_ahead() {
    let clock = CoreClock::virtual_time();
    let silent = clock.ping(Moment(500_000), Timestamp(0));
    exchange(&mut clock.awake().sync, 1_000_000, 5_000_000, 100, 300);

    let told = clock.ping(Moment(1_001_000), Timestamp(6_001_500)).sync.unwrap();

    assert_eq!(silent.sync, None);
    assert!(told.bound_us >= 200 && (400..420).contains(&told.trip_us), "{told:?}");
    let offset = clock.offset(Moment(1_001_000)).unwrap().micros;
    assert_eq!(told.ahead_us, Some(6_001_500 - 1_001_000 - offset));
}

/// The moments at which a slot asks within the first minutes, µs.
fn asked() -> impl Iterator<Item = u64> {
    let quick = (0..4).map(|n| 1_000_000 + n * 50_000);
    let doubled = (0..7).map(|n| 1_200_000 + 100_000 * ((1 << n) - 1));
    quick.chain(doubled).chain((2..).map(|n| n * 10_000_000))
}

#[test]
fn clocks_that_differ_as_no_crystals_do_are_told_and_measured() {
    for ppb in [-500_000, 150_000, 400_000] {
        let core = Core { ahead: 3_000_000, ppb };
        let mut sync = ClockSync::default();
        let mut before = 1_000_000;
        for at in asked().take_while(|at| *at < 120_000_000) {
            if at > 1_000_000 {
                let (wrong, bound) = core.wrong(&sync, at);
                assert!(wrong <= bound, "{wrong} of {bound} between {before} and {at}");
            }
            core.exchange(&mut sync, at, 100, 100);
            before = at;
        }

        let (wrong, bound) = core.wrong(&sync, 129_000_000);

        assert!(sync.beyond().is_some(), "{ppb}");
        assert!(wrong <= bound && bound < 1_000, "{wrong} of {bound} at {ppb}");
    }
}

#[test]
fn a_rate_that_changes_as_no_crystal_s_does_widens_the_bound_for_some_minutes() {
    // 300 ppm for 20 s of every 40, for four minutes, and nothing after them.
    let gained = |at: u64| {
        let (whole, rest) = (at.min(240_000_000) / 40_000_000, at.min(240_000_000) % 40_000_000);
        i64::try_from((whole * 20_000_000 + rest.min(20_000_000)) * 300 / 1_000_000).unwrap()
    };
    let mut sync = ClockSync::default();
    let mut wide = 0;
    for at in asked().take_while(|at| *at < 1_200_000_000) {
        exchange(&mut sync, at, gained(at), 100, 100);
        let offset = sync.offset(Moment(at + 5_000_000)).unwrap();
        let wrong = offset.micros.abs_diff(gained(at + 5_000_000));
        wide += usize::from(offset.bound_us > 1_500);
        if (120_000_000..240_000_000).contains(&at) {
            assert!(wrong <= offset.bound_us, "{wrong} of {} at {at}", offset.bound_us);
        }
    }

    assert!(wide > 10, "it was trusted soon: {wide}");
    assert_eq!(sync.beyond(), None, "and is trusted again");
    assert!(sync.offset(Moment(1_205_000_000)).unwrap().bound_us < 500);
}

#[test]
fn what_bends_the_slot_s_clock_is_taken_out() {
    let clock = CoreClock::virtual_time();
    // The slot's clock runs 500 ppm fast from 20 s on, and the core's as the crystal does.
    let bent = |raw: u64| Moment(raw + raw.saturating_sub(20_000_000) / 2_000);
    let look = |raw: u64| {
        clock.awake().bend.look(&eg_hal::clock::Look {
            now: bent(raw),
            raw: Moment(raw),
            ..Default::default()
        });
    };
    for raw in asked().take_while(|at| *at < 60_000_000) {
        look(raw);
        exchange(&mut clock.awake().sync, raw, 5_000_000, 100, 100);
    }

    look(57_400_000);
    let t = clock.date(clock.take(bent(57_399_000), 50, Source::Kernel));

    let wrong = t.core_us.unwrap().0.abs_diff(57_399_000 + 5_000_000);
    assert!(wrong <= t.unc_us && t.unc_us < 500, "{wrong} of {}", t.unc_us);
    assert!(clock.told(bent(57_400_000)).unwrap().bent_ppb.is_some());
    assert_eq!(clock.told(bent(57_400_000)).unwrap().beyond_ppb, None);
}

#[test]
fn a_suspension_has_somebody_ask_at_once() {
    let clock = CoreClock::virtual_time();
    let ask = clock.awake().sync.notice(Duration::from_secs(5), Moment(1_000_000));
    let again = clock.awake().sync.notice(Duration::from_secs(9), Moment(2_000_000));

    assert_eq!((ask, again), (false, true));
}

#[test]
fn nothing_goes_out_between_a_greeting_and_the_next_answer() {
    let clock = CoreClock::virtual_time();
    clock.ask();
    let before = clock.is_asking();
    let ping = clock.ping(Moment(1_000_000), Timestamp(0));

    let taken = clock.pong(&pong(ping, 0, 50, 30), Moment(1_000_130));

    assert_eq!((before, taken, clock.is_asking()), (true, true, false));
}

proptest! {
    #[test]
    fn the_truth_is_always_within_the_bound(
        ahead in -10_000_000_000_i64..10_000_000_000,
        ppb in -100_000_i64..100_000,
        pings in prop::collection::vec((10_000_u64..20_000_000, 0_u64..60_000, 0_u64..60_000), 1..60),
        later in prop::collection::vec(0_u64..30_000_000, 1..8),
    ) {
        let core = Core { ahead, ppb };
        let (mut sync, mut now) = (ClockSync::default(), 1_000_000_000);
        for (pause, out, back) in pings {
            now += pause + out + back + 30;
            core.exchange(&mut sync, now, out, back);
            for after in &later {
                let at = now + out + 30 + back + after;
                let (wrong, bound) = core.wrong(&sync, at);
                prop_assert!(wrong <= bound, "{} of {}", wrong, bound);
                let (wrong, bound) = core.wrong(&sync, now - after);
                prop_assert!(wrong <= bound, "{} of {}, looking back", wrong, bound);
            }
        }
    }
}

//! Times: rows wait for the core's, and are dated by the clock of the core that is there.

use super::*;
use eg_proto::{ClockPong, EventTime, Timestamp};

/// An answer of this core, whose clock is so far ahead of the slot's.
fn answer(clock: &CoreClock, core: u128, ahead: i64) {
    let ping = clock.ping(START, Timestamp(0));
    let t2_us = Timestamp(i64::try_from(START.0).unwrap() + ahead);
    let boot = Some(Boot(ulid::Ulid(core)));
    let pong = ClockPong { n: ping.n, t1_us: ping.t1_us, t2_us, t3_us: t2_us, boot };
    assert!(clock.pong(&pong, START + Duration::from_micros(100)));
}

fn times(rows: &[Row]) -> Vec<EventTime> {
    rows.iter().map(|row| decode::<Event>(row.json.as_bytes()).unwrap().t).collect()
}

/// A slot's outbox, and the clock that dates its rows.
fn start() -> (Slot, Worker, CoreClock) {
    let mut slot = Slot::new();
    let worker = slot.start();
    let clock = worker.settings.clock.clone();
    (slot, worker, clock)
}

#[test]
fn what_was_dated_by_the_core_before_is_dated_again() {
    let (_slot, mut worker, clock) = start();
    answer(&clock, 1, 5_000_000);
    worker.turn(presses(2), START);

    answer(&clock, 2, 9_000_000);
    let rows = worker.turn(link_command(LinkCommand::Rewind), START);

    let start = i64::try_from(START.0).unwrap();
    for t in times(&rows) {
        let off = t.core_us.unwrap().0.abs_diff(start + 9_000_000);
        assert!(off <= t.unc_us && t.unc_us < 100, "{t:?}");
        assert_eq!(t.core, Some(Boot(ulid::Ulid(2))));
    }
    assert_eq!(rows.len(), 2);
}

#[test]
fn waits_for_an_answer_and_dates_by_it_what_waited() {
    let (_slot, mut worker, clock) = start();
    worker.turn(presses(2), START);
    clock.ask();

    let before = worker.turn(link_command(LinkCommand::Rewind), START);
    let fresh = worker.turn(presses(1), START);
    answer(&clock, 1, 5_000_000);
    let rows = worker.turn(Work { look: true, ..Work::default() }, START);

    assert_eq!((before, fresh), (Vec::new(), Vec::new()));
    assert_eq!(numbers(&rows), run(1, 1..=3));
    assert!(times(&rows).iter().all(|t| t.core_us.is_some()));
    assert!(rows[0].late && !rows[2].late, "it did not wait for a link");
}

#[test]
fn waits_for_no_answer_longer_than_a_second() {
    let (_slot, mut worker, clock) = start();
    clock.ask();
    worker.turn(link_command(LinkCommand::Rewind), START);

    let at_once = worker.turn(presses(1), START);
    let due = worker.deadline().unwrap();
    let rows = worker.turn(Work::default(), due);

    assert_eq!((at_once, due), (Vec::new(), START + Duration::from_secs(1)));
    assert_eq!(times(&rows).iter().map(|t| t.core_us).collect::<Vec<_>>(), [None]);
    assert_eq!(worker.deadline(), None);
}

#[test]
fn a_link_that_is_lost_before_an_answer_leaves_nothing_to_wake_for() {
    let (_slot, mut worker, clock) = start();
    clock.ask();
    worker.turn(presses(1), START);
    worker.turn(link_command(LinkCommand::Rewind), START);
    let waits = worker.deadline();

    worker.turn(link_command(LinkCommand::Pause), START);

    assert_eq!((waits, worker.deadline()), (Some(START + Duration::from_secs(1)), None));
}

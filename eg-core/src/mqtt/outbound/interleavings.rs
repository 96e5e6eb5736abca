//! Interleavings of the engine, the reader and the writer of the link.

use super::*;
use shuttle::future::block_on;
use shuttle::thread;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Number of schedules that each test tries out.
const SCHEDULES: usize = 3000;
/// Number of rounds of the engine.
const ROUNDS: i64 = 4;
const BOOT: Boot = Boot(ulid::Ulid(1));

fn slot() -> SlotId {
    SlotId::new("slot-01").unwrap()
}

/// A round with a message, the next state of a slot, and an acknowledgement, all of this number.
fn round(number: i64) -> Committed {
    let message = OutgoingMessage {
        topic: Topic::Command(slot()),
        payload: Vec::new(),
        retained: false,
        effect: Some(number),
        expires: None,
    };
    let state = OutgoingMessage { retained: true, topic: Topic::NightStep, ..message.clone() };
    let ack = Ack::new(BOOT, number.unsigned_abs());
    Committed { acks: vec![(slot(), ack)], messages: vec![message, state], ..Committed::default() }
}

/// Everything that a writer took until it had the message of this number.
#[derive(Debug, Default)]
struct Taken {
    messages: Vec<i64>,
    state: Option<i64>,
    ack: Option<u64>,
    pongs: Vec<u64>,
    hellos: usize,
}

impl Taken {
    async fn until(outbound: &Outbound, enough: impl Fn(&Self) -> bool) -> Self {
        let mut taken = Self::default();
        while !enough(&taken) {
            let pending = outbound.take().await;
            taken.hellos += usize::from(pending.hello);
            taken.pongs.extend(pending.pongs.iter().map(|(_, ping, _)| ping.n));
            taken.messages.extend(pending.messages.iter().filter_map(|message| message.effect));
            taken.state = pending.states.values().next().map_or(taken.state, |state| state.effect);
            taken.ack = pending.acks.values().next().map(|ack| ack.seq).or(taken.ack);
        }
        taken
    }
}

fn every_round_is_taken_once() {
    let outbound = Arc::new(Outbound::default());
    let shared = Arc::clone(&outbound);
    let engine = thread::spawn(move || (0..ROUNDS).for_each(|number| shared.put(round(number))));
    let shared = Arc::clone(&outbound);
    let reader = thread::spawn(move || {
        for n in 0..3 {
            let ping = ClockPing { n, t1_us: 0, sync: None, waiting: None, next_ms: None };
            shared.pong(slot(), ping, Timestamp(0));
        }
    });

    let enough = |taken: &Taken| taken.messages.len() >= 4 && taken.pongs.len() >= 3;
    let taken = block_on(Taken::until(&outbound, enough));
    engine.join().unwrap();
    reader.join().unwrap();

    assert!(taken.messages.iter().copied().eq(0..ROUNDS), "{taken:?}");
    assert_eq!((taken.state, taken.ack, taken.hellos), (Some(ROUNDS - 1), Some(3), 0));
    assert_eq!(taken.pongs, [0, 1, 2]);
    assert!(outbound.pending().is_empty());
}

#[test]
fn every_round_is_taken_once_and_the_writer_is_woken_for_the_last() {
    shuttle::check_random(every_round_is_taken_once, SCHEDULES);
    shuttle::check_pct(every_round_is_taken_once, SCHEDULES, 3);
}

#[test]
fn a_renewal_drops_what_came_before_and_nothing_that_comes_after() {
    let promise = || {
        let outbound = Arc::new(Outbound::default());
        let renewed = Arc::new(AtomicBool::default());
        let (shared, is_renewed) = (Arc::clone(&outbound), Arc::clone(&renewed));
        let engine = thread::spawn(move || {
            let put = |number| {
                let after = is_renewed.load(Ordering::SeqCst);
                shared.put(round(number));
                after.then_some(number)
            };
            (0..ROUNDS).filter_map(put).collect::<Vec<_>>()
        });
        let shared = Arc::clone(&outbound);
        let reader = thread::spawn(move || {
            shared.renew();
            renewed.store(true, Ordering::SeqCst);
        });
        let shared = Arc::clone(&outbound);
        let writer = thread::spawn(move || {
            block_on(Taken::until(&shared, |taken| taken.messages.last() == Some(&ROUNDS)))
        });

        let after = engine.join().unwrap();
        reader.join().unwrap();
        outbound.put(round(ROUNDS));
        let taken = writer.join().unwrap();

        assert!(taken.messages.is_sorted_by(|one, next| one < next), "{taken:?}");
        let lost: Vec<_> = after.iter().filter(|number| !taken.messages.contains(number)).collect();
        assert!(lost.is_empty(), "{lost:?} came after the renewal");
        assert_eq!(taken.hellos, 1, "{taken:?}");
        assert_eq!((taken.state, taken.ack), (Some(ROUNDS), Some(4)));
    };

    shuttle::check_random(promise, SCHEDULES);
}

#[test]
fn whoever_waits_for_the_first_connection_is_told_of_it() {
    let promise = || {
        let outbound = Arc::new(Outbound::default());
        let waiting = [(); 2].map(|()| {
            let shared = Arc::clone(&outbound);
            thread::spawn(move || shared.wait_connected(Duration::from_secs(1)))
        });
        let shared = Arc::clone(&outbound);
        let writer =
            thread::spawn(move || block_on(Taken::until(&shared, |taken| taken.hellos > 0)));
        outbound.renew();

        assert!(waiting.into_iter().all(|waiting| waiting.join().unwrap()));
        writer.join().unwrap();
        assert!(outbound.wait_connected(Duration::ZERO), "it stays known when the hello was taken");
    };

    shuttle::check_random(promise, SCHEDULES);
}

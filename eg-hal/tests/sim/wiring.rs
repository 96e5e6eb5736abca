//! Wires that share, follow and are watched.

use crate::{edges, input};
use eg_hal::sim::{Bench, Lead};
use eg_hal::{Board, Claims, SafeLevels};
use embedded_hal::digital::OutputPin as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

#[test]
fn open_drain_outputs_share_a_wire_and_the_last_one_to_let_go_releases_it() {
    let bench = Bench::virtual_time();
    let wire = bench.wire(&"GPIO17".into());
    let (mut line, waits) = input(&bench, "GPIO17");
    let (one, other) = (wire.open_drain(), wire.open_drain());

    one.sink();
    other.sink();
    one.release();
    assert!(!wire.level());
    drop(other);

    assert!(wire.level());
    assert!(waits.ready());
    assert_eq!(edges(&mut line), [false, true]);
}

#[test]
fn an_output_moves_an_input_after_its_time() {
    let bench = Bench::virtual_time();
    let (solenoid, bolt) = (bench.wire(&"GPIO18".into()), bench.wire(&"GPIO5".into()));
    let span = Duration::from_millis(50);
    solenoid.leads(&bolt, Lead { inverted: true, after: span });
    let (mut contact, _waits) = input(&bench, "GPIO5");
    let (claims, safe) = (Claims::default(), SafeLevels::new());
    let mut board = Board::new("slot-01/lock", &bench, &claims, &safe);
    let mut lock = board.output(&"GPIO18".into(), 0).unwrap();
    assert!(bolt.level());

    let fired = bench.now();
    lock.set_high().unwrap();
    bench.advance(span - Duration::from_micros(1));
    assert_eq!(contact.next_edge().unwrap(), None);
    bench.advance(Duration::from_millis(10));

    let moved = contact.next_edge().unwrap().unwrap();
    assert_eq!((moved.high, moved.at), (false, fired + span));
}

#[test]
fn a_watcher_hears_each_change_once() {
    let bench = Bench::virtual_time();
    let wire = bench.wire(&"GPIO5".into());
    let heard = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&heard);
    wire.watch(move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
    });

    for high in [true, true, false, false, true] {
        wire.drive(high);
    }

    assert_eq!(heard.load(Ordering::Relaxed), 3);
}

#[test]
fn two_wires_that_lead_each_other_the_same_way_come_to_rest() {
    let bench = Bench::virtual_time();
    let (one, other) = (bench.wire(&"GPIO5".into()), bench.wire(&"GPIO6".into()));
    one.leads(&other, Lead::default());
    other.leads(&one, Lead::default());

    other.drive(true);

    assert!(one.level());
}

#[test]
#[should_panic(expected = "never comes to rest")]
fn a_ring_that_never_comes_to_rest_is_told() {
    let bench = Bench::virtual_time();
    let (one, other) = (bench.wire(&"GPIO5".into()), bench.wire(&"GPIO6".into()));
    one.leads(&other, Lead::default());
    other.leads(&one, Lead { inverted: true, ..Lead::default() });

    one.drive(true);
    one.drive(false);
}

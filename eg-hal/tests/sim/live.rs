//! The bench under the real clock.

use crate::input;
use eg_hal::sim::{Bench, Lead};
use rustix::event::{EventfdFlags, eventfd};
use std::os::fd::AsFd;
use std::time::Duration;

#[test]
fn what_happens_later_wakes_a_waiting_host() {
    let bench = Bench::live();
    let (lamp, sensor) = (bench.wire(&"GPIO18".into()), bench.wire(&"GPIO5".into()));
    let span = Duration::from_millis(5);
    lamp.leads(&sensor, Lead { inverted: false, after: span });
    let (mut line, waits) = input(&bench, "GPIO5");
    let nudge = eventfd(0, EventfdFlags::CLOEXEC).unwrap();

    let lit = eg_hal::clock::now();
    lamp.drive(true);
    let woken = waits.wait(nudge.as_fd(), Some(Duration::from_secs(20))).unwrap();

    assert!(woken.device);
    let edge = line.next_edge().unwrap().unwrap();
    assert!(edge.high && edge.at.since(lit) >= span);
}

use super::fuse::FUSED;
use super::*;

const ROW: &str = "
driver: button-row
config: { inputs: [GPIO5, GPIO6], pull: up }
inputs:
  a: { channel: 0, active: low }
  b: { channel: 1, active: low }
";

#[test]
fn a_button_held_at_the_start_is_no_press() {
    let bench = Bench::virtual_time();
    bench.wire(&LineName::from("GPIO5")).drive(false);
    let mut rig = Rig::on(bench, ROW);

    let start = rig.wait(1_000);

    let EventKind::Snapshot { levels, .. } = &start[0] else { panic!("{start:?}") };
    assert_eq!((levels.as_slice(), start.len()), ([true, false].as_slice(), 1));
}

#[test]
fn tells_a_press_at_once_and_a_release_when_it_rests() {
    let mut rig = Rig::new(ROW);
    rig.wait(100);

    rig.wire("GPIO6").drive(false);
    let press = rig.step();
    rig.bench.advance(Duration::from_millis(80));
    rig.wire("GPIO6").drive(true);
    let release = rig.wait(100);

    assert_eq!((press, release), (vec![EventKind::Press], vec![EventKind::Release]));
}

#[test]
fn sleeps_without_a_timer_while_nobody_plays() {
    let mut rig = Rig::new(ROW);

    rig.wait(60_000);

    assert_eq!(rig.host.deadline(), None);
    assert!(rig.host.waits().is_some());
}

#[test]
fn shows_a_fault_while_edges_are_missing() {
    let mut rig = Rig::new(FUSED);
    rig.wait(100);

    for _ in 0..40 {
        rig.wire("GPIO5").drive(false);
        rig.wire("GPIO5").drive(true);
    }
    let told = rig.step();

    let standing = rig.host.standing();
    assert!(told.iter().any(|kind| matches!(kind, EventKind::Fault { .. })), "{told:?}");
    assert_eq!(standing.state, eg_proto::DeviceState::Fault);
    assert!(standing.error.as_deref().unwrap().contains("a:"), "{standing:?}");
}

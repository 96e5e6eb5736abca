use super::fuse::FUSED;
use super::*;

/// The lamp is active low: dark is high.
fn dark(rig: &Rig) -> bool {
    rig.wire("GPIO18").level()
}

#[test]
fn outputs_are_safe_from_the_first_moment_and_after_the_last() {
    let mut rig = Rig::new(FUSED);

    rig.step();
    let at_start = dark(&rig);
    let done = rig.command("lamp", Set::On, None);
    let lit = !dark(&rig);
    rig.host.close(rig.bench.now(), &mut Vec::new());

    assert_eq!((at_start, done, lit, dark(&rig)), (true, CommandOutcome::Done, true, true));
    let changes: Vec<bool> = rig.wire("GPIO18").history().iter().map(|(_, high)| *high).collect();
    assert_eq!(changes, [true, false, true]);
}

#[test]
fn outputs_are_safe_once_the_link_is_lost_for_too_long() {
    let mut rig = Rig::new(FUSED);
    rig.step();
    rig.command("lamp", Set::On, None);

    rig.link_lost = Some(rig.bench.now());
    rig.step();
    rig.wait(9_999);
    let before = dark(&rig);
    rig.wait(1);

    assert_eq!((before, dark(&rig)), (false, true));
    assert_eq!(rig.host.outputs(), [Set::Off]);
}

#[test]
fn a_link_that_comes_back_in_time_changes_nothing() {
    let mut rig = Rig::new(FUSED);
    rig.step();
    rig.command("lamp", Set::On, None);

    rig.link_lost = Some(rig.bench.now());
    rig.wait(5_000);
    rig.link_lost = None;
    rig.wait(60_000);

    assert!(!dark(&rig));
}

#[test]
fn a_command_that_comes_too_late_expires_and_moves_nothing() {
    let mut rig = Rig::new(FUSED);
    rig.wait(10_000);

    let late = rig.command("lamp", Set::On, Some(rig.bench.now() - Duration::from_micros(1)));
    let dark_then = dark(&rig);
    let in_time = rig.command("lamp", Set::On, Some(rig.bench.now()));

    assert_eq!((late, in_time), (CommandOutcome::Expired, CommandOutcome::Done));
    assert!(dark_then && !dark(&rig));
}

#[test]
fn a_pulse_ends_by_itself() {
    let mut rig = Rig::new(FUSED);
    rig.step();

    rig.command("lamp", Set::Pulse(500), None);
    let start = rig.bench.now();
    rig.wait(2_000);

    let history = rig.wire("GPIO18").history();
    let (end, high) = *history.last().unwrap();
    assert_eq!((end.since(start).as_millis(), high), (500, true));
}

#[test]
fn what_an_output_cannot_do_is_refused_and_costs_nothing() {
    let mut rig = Rig::new(FUSED);
    rig.step();

    let refused = rig.command("lamp", Set::Rgb([1, 2, 3]), None);
    let unknown = rig.command("lock", Set::On, None);

    assert!(matches!(refused, CommandOutcome::Refused(why) if why.contains("on or off")));
    assert!(matches!(unknown, CommandOutcome::Refused(why) if why.contains("has lamp")));
    assert_eq!(rig.host.standing().state, eg_proto::DeviceState::Ready);
}

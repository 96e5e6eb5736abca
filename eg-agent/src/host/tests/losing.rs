use super::fuse::{FUSED, panicking};
use super::*;
use eg_proto::DeviceState;

const READER: &str = "
driver: serial-tag
config: { port: /dev/ttyUSB0 }
inputs: { tag: { channel: 0 } }
";

#[test]
fn a_reader_that_is_unplugged_is_lost_and_comes_back_by_itself() {
    let mut rig = Rig::new(READER);
    rig.step();
    let ready = rig.host.standing().state;

    rig.pipe().unplug();
    rig.step();
    let lost = rig.host.standing().clone();
    rig.wait(20_000);
    let still = rig.host.standing().clone();
    rig.pipe().plug();
    rig.wait(5_000);
    rig.pipe().send(b"04A37C91\r\n");
    let told = rig.step();

    assert_eq!((ready, lost.state), (DeviceState::Ready, DeviceState::Lost));
    assert!(lost.error.unwrap().contains("hung up"));
    assert_eq!(still.since, lost.since);
    assert!(still.error.unwrap().contains("plugged in"));
    assert_eq!(rig.host.standing().state, DeviceState::Ready);
    assert_eq!(told, [EventKind::Tag { uid: "04A37C91".to_owned() }]);
}

#[test]
fn tries_again_soon_and_then_less_often() {
    let mut rig = Rig::new(READER);
    rig.pipe().unplug();

    let pauses: Vec<u128> = (0..6)
        .map(|_| {
            rig.step();
            let pause = rig.host.deadline().unwrap().since(rig.bench.now());
            rig.bench.advance(pause);
            pause.as_millis()
        })
        .collect();

    assert!((300..=375).contains(&pauses[0]), "{pauses:?}");
    assert!((2_400..=3_000).contains(&pauses[3]), "{pauses:?}");
    assert_eq!(pauses[5], 5_000);
}

#[test]
fn a_panic_in_a_driver_costs_its_device_until_it_is_opened_again() {
    let mut rig = Rig::new(&panicking());
    rig.wait(100);

    rig.wire("GPIO27").drive(true);
    rig.step();
    let lost = rig.host.standing().clone();
    rig.wire("GPIO27").drive(false);
    rig.wait(1_000);

    assert_eq!(lost.state, DeviceState::Lost);
    assert_eq!(lost.error.as_deref(), Some("the driver panicked: the fuse blew"));
    assert_eq!(rig.host.standing().state, DeviceState::Ready);
}

#[test]
fn a_button_that_is_held_while_its_device_comes_back_is_no_press() {
    let mut rig = Rig::new(FUSED);
    rig.wait(100);

    rig.wire("GPIO27").drive(true);
    rig.step();
    rig.wire("GPIO5").drive(false);
    rig.wire("GPIO27").drive(false);
    let back = rig.wait(2_000);

    assert_eq!(rig.host.standing().state, DeviceState::Ready);
    let EventKind::Snapshot { levels, .. } = &back[0] else { panic!("{back:?}") };
    assert_eq!((levels.as_slice(), back.len()), ([true].as_slice(), 1));
}

#[test]
fn a_button_that_was_held_when_its_device_went_is_released_and_never_pressed_twice() {
    let mut rig = Rig::new(FUSED);
    rig.wait(100);

    rig.wire("GPIO5").drive(false);
    let pressed = rig.step();
    rig.wire("GPIO27").drive(true);
    rig.wait(100);
    rig.wire("GPIO5").drive(true);
    rig.wire("GPIO27").drive(false);
    let back = rig.wait(2_000);

    assert_eq!(pressed, [EventKind::Press]);
    assert!(back.contains(&EventKind::Release) && !back.contains(&EventKind::Press), "{back:?}");
}

#[test]
fn a_lost_device_refuses_commands_and_says_why() {
    let mut rig = Rig::new(FUSED);
    rig.wire("GPIO27").drive(true);
    rig.step();

    let refused = rig.command("lamp", Set::On, None);

    let CommandOutcome::Refused(why) = refused else { panic!("{refused:?}") };
    assert!(why.contains("device is lost") && why.contains("blown"), "{why}");
}

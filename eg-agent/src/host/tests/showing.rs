//! Displays and colours: what stands there comes back with a device that was away.

use super::*;
use eg_hal::sim::{BusFault, Fault};
use eg_proto::DeviceState;

const DISPLAY: &str = "
driver: ht16k33
config: { bus: i2c-1 }
outputs: { countdown: { channel: 0, safe: { text: '--:--' } } }
";

const CONSOLE: &str = "
driver: seesaw
config: { console: neokey, bus: i2c-1, brightness: 1 }
inputs: { a: { channel: 0 } }
outputs: { lamp-a: { channel: 0 }, lamp-b: { channel: 1 }, lamp-c: { channel: 2, max_on: 60s } }
";

fn text(text: &str) -> Set {
    Set::Text(text.to_owned())
}

/// A bench with the device's model on it, which the rig's device opens on.
fn with_model(device: &str) -> (Rig, Box<dyn eg_hal::sim::Model>) {
    let bench = Bench::virtual_time();
    let slot = config(device);
    let known = &slot.devices[0];
    let model = (known.entry.model)(&slot.source, &known.config_path, &bench).unwrap();
    let mut rig = Rig::on(bench, device);
    rig.step();
    (rig, model)
}

fn away(address: u8) -> Fault {
    Fault::Chip("i2c-1".into(), address, BusFault::Vanishes)
}

#[test]
fn a_display_shows_its_safe_state_at_the_start_and_at_the_end() {
    let (mut rig, model) = with_model(DISPLAY);

    let start = model.shown(0);
    rig.command("countdown", text("12:34"), None);
    let told = model.shown(0);
    rig.host.close(rig.bench.now(), &mut Vec::new());

    assert_eq!((start, told), (Some(text("--:--")), Some(text("12:34"))));
    assert_eq!(model.shown(0), Some(text("--:--")));
}

#[test]
fn a_display_that_was_away_shows_again_what_stood_on_it() {
    let (mut rig, model) = with_model(DISPLAY);
    rig.command("countdown", text("12:34"), None);
    rig.command("countdown", Set::Level(0.5), None);

    rig.bench.inflict(&away(0x70)).unwrap();
    rig.wait(3_000);
    let lost = rig.host.standing().state;
    rig.bench.inflict(&Fault::BrownOut("i2c-1".into(), 0x70)).unwrap();
    rig.bench.lift(&away(0x70)).unwrap();
    rig.wait(6_000);

    assert_eq!(lost, DeviceState::Lost);
    assert_eq!(model.shown(0), Some(text("12:34")));
    assert_eq!(rig.host.outputs(), [text("12:34")]);
}

#[test]
fn what_was_to_change_while_it_was_away_does_not_come_back() {
    let (mut rig, model) = with_model(DISPLAY);
    rig.command("countdown", text("12:34"), None);
    rig.bench.inflict(&away(0x70)).unwrap();
    rig.wait(3_000);

    let refused = rig.command("countdown", Set::Off, None);
    rig.bench.lift(&away(0x70)).unwrap();
    rig.wait(6_000);

    assert!(matches!(refused, CommandOutcome::Refused(why) if why.contains("is lost")));
    assert_eq!(model.shown(0), Some(text("--:--")));
}

#[test]
fn what_may_not_go_on_without_a_link_does_not_come_back() {
    let (mut rig, model) = with_model(DISPLAY);
    rig.command("countdown", text("12:34"), None);
    rig.bench.inflict(&away(0x70)).unwrap();
    rig.wait(3_000);

    rig.link_lost = Some(rig.bench.now());
    rig.wait(11_000);
    rig.bench.lift(&away(0x70)).unwrap();
    rig.wait(6_000);

    assert_eq!(model.shown(0), Some(text("--:--")));
}

#[test]
fn colours_come_back_and_what_was_only_on_does_not() {
    let (mut rig, model) = with_model(CONSOLE);
    rig.command("lamp-a", Set::Rgb([9, 8, 7]), None);
    rig.command("lamp-b", Set::On, None);
    rig.command("lamp-c", Set::Rgb([1, 2, 3]), None);

    rig.bench.inflict(&Fault::BrownOut("i2c-1".into(), 0x30)).unwrap();
    rig.wait(6_000);

    assert_eq!(rig.host.standing().state, DeviceState::Ready);
    let shown: Vec<_> = (0..3).map(|channel| model.shown(channel).unwrap()).collect();
    assert_eq!(shown, [Set::Rgb([9, 8, 7]), Set::Off, Set::Off]);
}

#[test]
fn a_text_that_does_not_fit_is_refused_with_what_would() {
    let (mut rig, model) = with_model(DISPLAY);
    rig.command("countdown", text("12:34"), None);

    let refused = rig.command("countdown", text("12345"), None);

    assert!(
        matches!(refused, CommandOutcome::Refused(why) if why.contains("at most as many characters"))
    );
    assert_eq!((model.shown(0), rig.host.outputs()), (Some(text("12:34")), vec![text("12:34")]));
}

//! Nine identical boards on one Pi, behind one bus switch, from one file.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that fails says where")]

use eg_agent::config::{Overrides, read_slot};
use eg_agent::slot::{RunningSlot, Slot, SlotState};
use eg_config::Source;
use eg_proto::{DeviceName, DeviceState, InputName};
use std::path::Path;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::timeout;

/// Nothing here takes nearly as long; a test that does is wrong.
const TOO_LONG: Duration = Duration::from_secs(60);

/// The example file, with an outbox of the test's own and no core.
fn start(folder: &Path) -> RunningSlot {
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../configs/boards/nine-behind-a-switch.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    let nobody =
        format!("core: {{ host: 127.0.0.1, port: 9 }}\noutbox: {}/outbox.db", folder.display());
    let text = text.replace("core: { host: 127.0.0.1 }", &nobody);
    let source = Source::text(file.display().to_string(), &text);
    let config = read_slot(source, &Overrides::default()).unwrap_or_else(|why| panic!("{why}"));
    Slot::start(config, &Handle::current()).unwrap()
}

async fn see(slot: &RunningSlot, like: impl FnMut(&SlotState) -> bool) {
    let mut watched = slot.watch();
    let seen = timeout(TOO_LONG, watched.wait_for(like)).await;
    drop(seen.expect("what was waited for did not come").unwrap());
}

/// The inputs that are pressed, as `device/input`.
fn pressed(state: &SlotState) -> Vec<String> {
    let inputs = state.devices.iter().flat_map(|device| {
        let pressed = device.inputs.iter().filter(|input| input.pressed);
        pressed.map(|input| format!("{}/{}", device.name, input.name))
    });
    inputs.collect()
}

#[tokio::test]
async fn nine_identical_boards_behind_one_switch_are_each_told_under_their_own_name() {
    let folder = tempfile::tempdir().unwrap();
    let slot = start(folder.path());
    see(&slot, |state| {
        state.devices.len() == 9 && state.devices.iter().all(|d| d.state == DeviceState::Ready)
    })
    .await;

    for seat in 1..=9 {
        for pad in ["left", "right"] {
            let device = DeviceName::new(format!("seat-{seat}")).unwrap();
            let input = InputName::new(pad).unwrap();

            slot.press(&device, &input).unwrap();
            see(&slot, |state| pressed(state) == [format!("seat-{seat}/{pad}")]).await;
            slot.release(&device, &input).unwrap();
            see(&slot, |state| pressed(state).is_empty()).await;
        }
    }
    slot.stop().await;
}

#[tokio::test]
async fn all_nine_are_pressed_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let slot = start(folder.path());
    see(&slot, |state| state.devices.iter().all(|d| d.state == DeviceState::Ready)).await;
    let seats: Vec<_> = (1..=9).map(|n| DeviceName::new(format!("seat-{n}")).unwrap()).collect();
    let right = InputName::new("right").unwrap();

    seats.iter().for_each(|seat| slot.press(seat, &right).unwrap());

    let all: Vec<_> = (1..=9).map(|n| format!("seat-{n}/right")).collect();
    see(&slot, |state| pressed(state) == all).await;
    slot.stop().await;
}

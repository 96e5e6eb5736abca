//! Order in which a device's thread says what it did.

use super::*;
use crate::core_clock::CoreClock;
use crate::host::{DeviceThread, Sinks};
use crate::normalize::Memory;
use crate::outbox::{DRAFTS, Draft, Intake, Limits, Outbox, Settings};
use crate::state::{Generation, SlotStatus};
use eg_proto::{Boot, DeviceState, SlotId};
use std::sync::mpsc::{Sender, channel};

const BUTTON: &str = "
driver: button-row
config: { inputs: [GPIO5], pull: up }
inputs: { a: { channel: 0, active: low } }
";

/// An outbox that takes nothing as long as the sender lives, and is full.
fn full_outbox() -> (Sender<()>, Outbox) {
    let (held, release) = channel::<()>();
    let (boot, clock) = (Boot(ulid::Ulid::new()), CoreClock::default());
    let settings = Settings { path: None, boot, limits: Limits::default(), clock, events: None };
    let outbox = Outbox::start(settings, move |_| {
        let _ = release.recv();
    })
    .unwrap();
    fill(&outbox.intake());
    (held, outbox)
}

fn fill(intake: &Intake) {
    let draft = Draft {
        device: "other".parse().unwrap(),
        input: "a".parse().unwrap(),
        kind: EventKind::Press,
        at: eg_hal::clock::now(),
        unc_us: 0,
        src: eg_hal::Source::Synthetic,
        sim: true,
    };
    intake.record(std::iter::repeat_n(draft, DRAFTS)).unwrap();
}

#[tokio::test]
async fn a_device_is_shown_open_before_what_it_says_is_sent() {
    let slot = config(BUTTON);
    let backend: Arc<dyn Backend> = Arc::new(Bench::live());
    let context = OpenContext::new(&slot, &slot.devices[0], &backend, &Claims::default());
    let (held, outbox) = full_outbox();
    let slot_status =
        SlotStatus::new(SlotId::new("slot-01").unwrap(), Boot(ulid::Ulid::new()), true);
    let generation = Generation::default().next();
    slot_status.set_devices([(&slot.devices[0], generation)], eg_hal::clock::now());
    let mut state = slot_status.watch();
    let hang_timeout = Duration::from_secs(60);
    let sinks = Sinks { intake: outbox.intake(), slot_status, hang_timeout };

    // Its first snapshot finds no place in the outbox.
    let mut device = DeviceThread::prepare(context, generation, sinks).unwrap();
    device.go(Memory::new());
    let ready = state.wait_for(|state| state.devices[0].state == DeviceState::Ready);
    let shown = tokio::time::timeout(Duration::from_secs(30), ready).await.is_ok();

    drop(held);
    assert!(shown, "it told its first levels while the page said that it is not open");
}

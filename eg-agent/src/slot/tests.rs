//! A slot whose driver hangs, and one whose file changes.

mod gate;

use super::*;
use crate::config::{Overrides, read_slot};
use eg_proto::DeviceState;
use gate::Gate;
use tempfile::TempDir;

/// Far more than a busy machine keeps a driver's call from a processor: only the gate makes a call take so long.
const SHORT_HANG_TIMEOUT: Duration = Duration::from_secs(1);
const PANEL: &str = "
  panel:
    driver: button-row
    config: { inputs: [GPIO5], outputs: [GPIO18], pull: up }
    inputs: { a: { channel: 0, active: low } }
    outputs: { lamp: { channel: 0 } }
";
const GATED: &str = "
  gated:
    driver: test-gate
    config: { button: GPIO6, gate: GATE }
    inputs: { a: { channel: 0, active: low } }
    outputs: { lamp: { channel: 0 } }
";

/// A slot without a core.
struct Rig {
    slot: RunningSlot,
    folder: TempDir,
}

fn config(folder: &TempDir, devices: &str) -> SlotConfig {
    let outbox = folder.path().join("outbox.db");
    let head = "slot: slot-01\ncore: { host: 127.0.0.1, port: 9 }\nhal: sim";
    let text = format!("{head}\noutbox: {}\ndevices:{devices}", outbox.display());
    read_slot(eg_config::Source::text("slot-01.yaml", text), &Overrides::default())
        .unwrap_or_else(|problems| panic!("{problems}"))
}

impl Rig {
    async fn start(devices: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = config(&folder, devices);
        let options = StartOptions { hang_timeout: SHORT_HANG_TIMEOUT, ..StartOptions::default() };
        let slot = Slot::start_with(config, options, &Handle::current()).unwrap();
        let rig = Self { slot, folder };
        rig.see(|state| state.devices.iter().all(|d| d.state == DeviceState::Ready)).await;
        rig
    }

    async fn reload(&mut self, devices: &str) -> Result<Swap, ReloadError> {
        self.slot.reload(config(&self.folder, devices)).await
    }

    /// Stops the slot; what it told but for snapshots, from its outbox.
    async fn stop(self) -> Vec<(InputName, EventKind)> {
        self.slot.stop().await;
        let outbox = rusqlite::Connection::open(self.folder.path().join("outbox.db")).unwrap();
        let mut rows = outbox.prepare("SELECT json FROM events ORDER BY id").unwrap();
        let rows = rows.query_map([], |row| row.get::<_, String>(0)).unwrap();
        let events =
            rows.map(|json| eg_proto::decode::<eg_proto::Event>(json.unwrap().as_bytes()).unwrap());
        let told = events.filter(|event| !matches!(event.kind, EventKind::Snapshot { .. }));
        told.map(|event| (event.input, event.kind)).collect()
    }

    async fn see(&self, like: impl FnMut(&SlotState) -> bool) {
        let mut state = self.slot.watch();
        let seen = tokio::time::timeout(Duration::from_secs(60), state.wait_for(like)).await;
        seen.expect("it was never like that").unwrap();
    }

    async fn order(&self, device: &str, set: Set) -> CommandOutcome {
        let (device, lamp) = (device.parse().unwrap(), "lamp".parse().unwrap());
        self.slot.set_output(&device, &lamp, set).await
    }

    fn press(&self, device: &str) {
        self.slot.press(&device.parse().unwrap(), &"a".parse().unwrap()).unwrap();
    }

    /// Shuts the gate and has the driver run into it.
    async fn hang(&self, gate: &Gate) {
        gate.shut();
        self.press("gated");
        self.see(|state| view(state, "gated").state == DeviceState::Lost).await;
    }
}

fn view<'s>(state: &'s SlotState, device: &str) -> &'s DeviceView {
    state.devices.iter().find(|view| view.name.as_str() == device).unwrap()
}

fn pressed(device: &'static str) -> impl FnMut(&SlotState) -> bool {
    move |state| view(state, device).inputs[0].pressed
}

#[tokio::test]
async fn a_driver_that_hangs_costs_its_device_and_nothing_else() {
    let gate = Gate::new("one");
    let rig = Rig::start(&format!("{PANEL}{}", GATED.replace("GATE", "one"))).await;

    rig.hang(&gate).await;
    let told = view(&rig.slot.watch().borrow(), "gated").error.clone().unwrap();
    let refused = rig.order("gated", Set::On).await;
    rig.press("panel");
    rig.see(pressed("panel")).await;
    let done = rig.order("panel", Set::On).await;
    rig.slot.roll_call().await;

    assert!(told.contains("the driver hangs") && told.contains("from read"), "{told}");
    assert!(matches!(refused, CommandOutcome::Refused(why) if why.contains("the driver hangs")));
    assert_eq!(done, CommandOutcome::Done);
}

#[tokio::test]
async fn a_driver_that_comes_back_is_opened_again() {
    let gate = Gate::new("two");
    let rig = Rig::start(&GATED.replace("GATE", "two")).await;
    rig.hang(&gate).await;

    gate.open();
    rig.see(|state| view(state, "gated").state == DeviceState::Ready).await;

    assert_eq!(view(&rig.slot.watch().borrow(), "gated").error, None);
    assert_eq!(rig.order("gated", Set::On).await, CommandOutcome::Done);
}

#[tokio::test]
async fn a_slot_stops_although_a_driver_hangs_and_leaves_the_others_safe() {
    let gate = Gate::new("three");
    let rig = Rig::start(&format!("{PANEL}{}", GATED.replace("GATE", "three"))).await;
    rig.order("panel", Set::On).await;
    rig.hang(&gate).await;

    let state = rig.slot.watch();
    rig.slot.stop().await;

    assert_eq!(view(&state.borrow(), "panel").outputs[0].set, Set::Off);
    assert!(gate.is_waited_for(), "the driver was to hang");
}

#[tokio::test]
async fn a_change_swaps_the_devices_that_differ() {
    let mut rig = Rig::start(PANEL).await;
    rig.order("panel", Set::On).await;

    let other = PANEL.replace("panel", "door").replace("GPIO5", "GPIO7");
    let swap = rig.reload(&other).await.unwrap();
    rig.see(|state| view(state, "door").state == DeviceState::Ready).await;
    let gone = rig.order("panel", Set::On).await;

    let names = |names: &[DeviceName]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(
        (names(&swap.opened), names(&swap.closed)),
        (vec!["door".to_owned()], vec!["panel".to_owned()])
    );
    assert!(matches!(gone, CommandOutcome::Refused(why) if why.contains("no device called")));
    assert_eq!(rig.order("door", Set::On).await, CommandOutcome::Done);
    rig.press("door");
    rig.see(pressed("door")).await;
}

#[tokio::test]
async fn what_is_removed_is_brought_to_its_safe_state() {
    let mut rig = Rig::start(PANEL).await;
    rig.order("panel", Set::On).await;
    let wire = rig.slot.simulated_inputs().unwrap().bench().wire(&"GPIO18".into());
    let lit = wire.level();

    rig.reload(" {}").await.unwrap();

    assert_eq!((lit, wire.level()), (true, false));
    assert_eq!(rig.slot.watch().borrow().devices, []);
}

#[tokio::test]
async fn a_change_that_a_running_slot_cannot_take_keeps_what_runs() {
    let mut rig = Rig::start(PANEL).await;
    rig.order("panel", Set::On).await;
    let mut other =
        config(&rig.folder, "\n  reader: { driver: serial-tag, config: { port: /dev/ttyUSB0 } }");
    other.core.host = "core.local".to_owned();

    let refused = rig.slot.reload(other).await.unwrap_err();
    rig.press("panel");
    rig.see(pressed("panel")).await;

    assert!(refused.to_string().contains("restart the agent"), "{refused}");
    rig.see(|state| view(state, "panel").outputs[0].set == Set::On).await;
}

#[tokio::test]
async fn a_device_whose_driver_hangs_is_left_alone_by_a_change_of_another() {
    let gate = Gate::new("four");
    let gated = GATED.replace("GATE", "four");
    let mut rig = Rig::start(&format!("{PANEL}{gated}")).await;
    rig.hang(&gate).await;

    let swap =
        rig.reload(&format!("{}{gated}", PANEL.replace("low }", "low, lockout: 50ms }"))).await;

    let swap = swap.unwrap();
    assert_eq!((swap.kept.len(), swap.changed.len()), (1, 1));
    rig.see(|state| view(state, "panel").state == DeviceState::Ready).await;
    gate.open();
    rig.see(|state| view(state, "gated").state == DeviceState::Ready).await;
}

#[tokio::test]
async fn a_device_that_a_change_swaps_is_not_shown_open_while_the_old_one_ends() {
    let gate = Gate::new("five");
    let gated = GATED.replace("GATE", "five");
    let mut rig = Rig::start(&gated).await;
    rig.hang(&gate).await;

    let mut state = rig.slot.watch();
    let other = config(&rig.folder, &gated.replace("low }", "low, lockout: 50ms }"));
    let mut reload = Box::pin(rig.slot.reload(other));
    let shown = tokio::select! {
        biased;
        _ = &mut reload => false,
        _ = state.wait_for(|state| !view(state, "gated").was_tried()) => true,
    };
    gate.open();

    assert!(shown, "a hand at the old board was taken, and nobody saw it");
    assert_eq!(reload.await.unwrap().changed.len(), 1);
    rig.see(|state| view(state, "gated").state == DeviceState::Ready).await;
}

const ALTAR: &str = "
  altar:
    driver: mfrc522
    config: { select: spi0.0 }
    inputs: { relic: { channel: 0, stuck_after: 5s } }
";

fn lies(uid: Option<&'static str>) -> impl FnMut(&SlotState) -> bool {
    move |state| view(state, "altar").inputs[0].last.as_deref() == uid
}

#[tokio::test]
async fn a_tag_that_lies_there_is_not_told_again_by_a_device_that_a_change_swapped() {
    let mut rig = Rig::start(ALTAR).await;
    let (altar, relic) = ("altar".parse().unwrap(), "relic".parse().unwrap());
    rig.slot.poke(&altar, &relic, &Poke::Tag("04A37C91".to_owned())).unwrap();
    rig.see(lies(Some("04A37C91"))).await;

    let swap = rig.reload(&ALTAR.replace("5s", "6s")).await.unwrap();
    rig.see(lies(Some("04A37C91"))).await;
    let away = ALTAR.replace("relic", "idol");
    rig.reload(&away).await.unwrap();
    rig.see(lies(Some("04A37C91"))).await;

    assert_eq!(swap.changed.len(), 1);
    // The device that took its place tells nothing; what nobody listens to any more ends; a new input finds it.
    let told = rig.stop().await;
    let told: Vec<_> = told.iter().map(|(input, kind)| (input.as_str(), kind.name())).collect();
    assert_eq!(told, [("relic", "tag"), ("relic", "tag_removed"), ("idol", "tag")]);
}

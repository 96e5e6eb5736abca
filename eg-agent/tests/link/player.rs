//! A simulated slot and the hand that plays on it.

use std::path::Path;

use eg_agent::config::{Overrides, SlotConfig, read_slot};
use eg_agent::outbox::Limits;
use eg_agent::slot::{RunningSlot, Slot, SlotState, StartOptions};
use eg_config::Source;
use eg_hal::sim::Poke;
use eg_proto::{DeviceName, InputName, OutputName};
use tokio::runtime::Handle;

use crate::soon;

/// Six buttons and lamps, one of them a lock, and a tag reader.
pub(crate) fn config(port: u16, folder: &Path) -> SlotConfig {
    read(&text(port, folder))
}

pub(crate) fn read(text: &str) -> SlotConfig {
    read_slot(Source::text("slot-01.yaml", text), &Overrides::default())
        .unwrap_or_else(|problems| panic!("{problems}"))
}

/// The slot's file.
pub(crate) fn text(port: u16, folder: &Path) -> String {
    format!(
        "
slot: slot-01
core: {{ host: 127.0.0.1, port: {port} }}
compat: true
hal: sim
outbox: {}/outbox.db
devices:
  panel:
    driver: button-row
    config: {{ inputs: [GPIO5, GPIO6], outputs: [GPIO18, GPIO19], pull: up }}
    inputs:
      a: {{ channel: 0, active: low, lockout: 1ms, release: 1ms }}
      b: {{ channel: 1, active: low, lockout: 1ms, release: 1ms }}
    outputs:
      lamp: {{ channel: 0 }}
      lock: {{ channel: 1, max_on: 60s }}
  reader:
    driver: serial-tag
    config: {{ port: /dev/ttyUSB0, quiet: 0s }}
    inputs:
      tag: {{ channel: 0 }}
",
        folder.display()
    )
}

pub(crate) struct Player {
    pub(crate) slot: RunningSlot,
    panel: DeviceName,
}

impl Player {
    pub(crate) async fn start(port: u16, folder: &Path) -> Self {
        Self::start_with(port, folder, Limits::default()).await
    }

    pub(crate) async fn start_with(port: u16, folder: &Path, limits: Limits) -> Self {
        let options = StartOptions { limits, ..StartOptions::default() };
        let slot = Slot::start_with(config(port, folder), options, &Handle::current()).unwrap();
        let player = Self { slot, panel: DeviceName::new("panel").unwrap() };
        let ready = |state: &SlotState| {
            let mut devices = state.devices.iter();
            devices.all(|device| device.state == eg_proto::DeviceState::Ready)
        };
        player.see(ready).await;
        player
    }

    /// Waits until the slot's state is like this.
    pub(crate) async fn see(&self, like: impl FnMut(&SlotState) -> bool) {
        soon(async { self.slot.watch().wait_for(like).await.map(drop) }).await.unwrap();
    }

    /// Waits until the clock is known and the first snapshot has gone all the way.
    pub(crate) async fn settled(&self) {
        let told = |state: &SlotState| state.outbox.taken > 0 && state.outbox.waiting == 0;
        self.see(|state| state.clock.is_some() && told(state)).await;
    }

    /// Presses a button and lets it go, each until the slot has seen it.
    pub(crate) async fn play(&self, button: &str) {
        let input = InputName::new(button).unwrap();
        let is = |pressed: bool| {
            let input = input.clone();
            move |state: &SlotState| {
                let mut inputs = state.devices[0].inputs.iter();
                inputs.any(|seen| seen.name == input && seen.pressed == pressed)
            }
        };
        self.slot.press(&self.panel, &input).unwrap();
        self.see(is(true)).await;
        self.slot.release(&self.panel, &input).unwrap();
        self.see(is(false)).await;
    }

    pub(crate) async fn play_times(&self, times: usize) {
        for time in 0..times {
            self.play(["a", "b"][time % 2]).await;
        }
    }

    pub(crate) fn present(&self, uid: &str) {
        let (reader, tag) = (DeviceName::new("reader").unwrap(), InputName::new("tag").unwrap());
        self.slot.poke(&reader, &tag, &Poke::Tag(uid.to_owned())).unwrap();
    }

    pub(crate) fn is_on(state: &SlotState, output: &str) -> bool {
        let output = OutputName::new(output).unwrap();
        state.outputs().any(|(_, seen)| seen.name == output && seen.set == eg_proto::Set::On)
    }
}

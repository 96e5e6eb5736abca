//! A core in this process, and one agent with a button and a lamp.

use crate::held_port::HeldPort;
use eg_agent::config::{Overrides, Source, read_slot};
use eg_agent::pairing::Admission;
use eg_agent::slot::{RunningSlot, Slot, SlotState};
use eg_core::access::{Access, Waiting};
use eg_core::clock::{Clock as _, SteadyClock};
use eg_core::config::{CoreConfig, Environment};
use eg_core::server::Core;
use eg_core::tls::RoomFiles;
use eg_proto::{DeviceName, InputName, OutputName, Set, SlotId};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;
use tokio::runtime::Handle;

pub(crate) fn slot() -> SlotId {
    SlotId::new("slot-01").unwrap()
}

pub(crate) struct Room {
    config: CoreConfig,
    folder: TempDir,
    _mqtt: HeldPort,
    core: Option<Core>,
}

impl Room {
    pub(crate) fn open() -> Self {
        Self::with("", tempfile::tempdir().unwrap())
    }

    /// Opens a room whose core has a certificate of the room's own authority.
    pub(crate) fn under_tls() -> Self {
        let folder = tempfile::tempdir().unwrap();
        RoomFiles::new(folder.path().join("tls")).make(&[], SteadyClock::default().now()).unwrap();
        Self::with("tls: { cert: tls/core.crt, key: tls/core.key, ca: tls/ca.crt }\n", folder)
    }

    fn with(more: &str, folder: TempDir) -> Self {
        let text = format!("ports: {{ mqtt: 0, websocket: 0, api: 0, page: 0 }}\n{more}");
        let source = Source::text(folder.path().join("core.yaml").display().to_string(), text);
        let mut config = CoreConfig::from_source(&source, &Environment::default()).unwrap();
        config.db = folder.path().join("eg.db");
        let mqtt = HeldPort::take();
        config.ports.mqtt = mqtt.number;
        let mut room = Self { config, folder, _mqtt: mqtt, core: None };
        room.restart();
        room
    }

    /// Ends the core, and starts it again on the same port.
    pub(crate) fn restart(&mut self) {
        self.core = None;
        let core = Core::start(&self.config, Arc::new(SteadyClock::default())).unwrap();
        self.core = Some(core);
    }

    fn core(&self) -> &Core {
        self.core.as_ref().unwrap()
    }

    /// Returns the folder of the agent whose card has this name.
    pub(crate) fn card(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn access(&self) -> Arc<Access> {
        self.core().access()
    }

    /// Waits until the slot waits, and gives what it says of itself.
    pub(crate) async fn waiting(&self) -> Waiting {
        let (access, mut changed) = (self.access(), self.access().changed());
        loop {
            if let Some(waiting) = access.waiting().remove(&slot()) {
                return waiting;
            }
            changed.changed().await.unwrap();
        }
    }

    /// Waits until a press is stored.
    pub(crate) async fn stored_press(&self) {
        let mut live = self.core().handle().live();
        let is_press = |entry: &eg_core::journal::Entry| entry.body["kind"] == "press";
        let stored = self.core().journal().entries(0, 1_000).unwrap();
        if stored.iter().any(is_press) {
            return;
        }
        while !is_press(&live.recv().await.unwrap()) {}
    }
}

/// Makes the file of a slot whose agent keeps its things in this folder.
pub(crate) fn file(port: u16, folder: &Path) -> String {
    format!(
        "slot: slot-01\ncore: {{ host: 127.0.0.1, port: {port} }}\nhal: sim\noutbox: {}/outbox.db\n\
         devices:\n  panel:\n    driver: button-row\n    \
         config: {{ inputs: [GPIO5], outputs: [GPIO18], pull: up }}\n    \
         inputs: {{ a: {{ channel: 0, active: low, lockout: 1ms, release: 1ms }} }}\n    \
         outputs: {{ lamp: {{ channel: 0, safe: off, safe_after: 100ms }} }}\n",
        folder.display()
    )
}

pub(crate) struct Seat {
    running: RunningSlot,
}

impl Seat {
    /// Starts the agent whose card has this name.
    pub(crate) async fn take(room: &Room, card: &str) -> Self {
        let folder = room.folder.path().join(card);
        let port = room.config.ports.mqtt;
        Self::start(port, &folder, Overrides::default()).await
    }

    /// Starts the agent whose card has this name and that speaks under TLS alone.
    pub(crate) async fn under_tls(room: &Room, card: &str) -> Self {
        let (port, folder) = (room.config.ports.mqtt, room.folder.path().join(card));
        Self::start(port, &folder, Overrides { core_tls: Some(true), ..Overrides::default() }).await
    }

    pub(crate) async fn sit(port: u16, folder: PathBuf) -> Self {
        Self::start(port, &folder, Overrides::default()).await
    }

    async fn start(port: u16, folder: &Path, overrides: Overrides) -> Self {
        let source = Source::text("slot-01.yaml", file(port, folder));
        let config = read_slot(source, &overrides).unwrap();
        let seat = Self { running: Slot::start(config, &Handle::current()).unwrap() };
        seat.see(|state| {
            state.devices.iter().all(|device| device.state == eg_proto::DeviceState::Ready)
        })
        .await;
        seat
    }

    /// Starts the agent, and adopts it.
    pub(crate) async fn adopted(room: &Room, card: &str) -> Self {
        let seat = Self::take(room, card).await;
        let code = seat.code().await;
        room.waiting().await;
        room.access().adopt(&slot(), &code, "operator").unwrap();
        // Until the core's first word: what is lost then has been there.
        seat.see(|state| state.admission == Admission::Admitted && state.disconnected.is_none())
            .await;
        seat
    }

    /// Waits until the slot's state is like this.
    pub(crate) async fn see(&self, like: impl Fn(&SlotState) -> bool) {
        self.running.watch().wait_for(like).await.map(drop).unwrap();
    }

    /// Waits until the slot shows a code, and gives it.
    pub(crate) async fn code(&self) -> String {
        let mut state = self.running.watch();
        let state = state.wait_for(|state| state.admission.code().is_some()).await.unwrap();
        state.admission.code().unwrap().to_owned()
    }

    pub(crate) async fn press(&self) {
        let (panel, a) = (DeviceName::new("panel").unwrap(), InputName::new("a").unwrap());
        let before = self.running.watch().borrow().outbox.taken;
        self.running.press(&panel, &a).unwrap();
        self.see(|state| state.outbox.taken > before).await;
    }

    pub(crate) async fn set(&self, set: Set) {
        let (panel, lamp) = (DeviceName::new("panel").unwrap(), OutputName::new("lamp").unwrap());
        self.running.set_output(&panel, &lamp, set).await;
    }

    pub(crate) fn is_lit(state: &SlotState) -> bool {
        state.outputs().any(|(_, output)| output.set == Set::On)
    }

    pub(crate) async fn leave(self) {
        self.running.stop().await;
    }
}

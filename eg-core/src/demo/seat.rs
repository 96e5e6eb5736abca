//! Seat of the demo's room: a simulated slot, and the player who presses its buttons.

use super::player::{Pace, Plan};
use crate::access::{Access, AccessError};
use eg_agent::config::{Overrides, Problems, Source, read_slot};
use eg_agent::page::{self, PageError, PageOptions, ServedPage};
use eg_agent::pairing::SecretError;
use eg_agent::slot::{RunningSlot, SimulatedInputs, Slot, SlotState, StartError};
use eg_proto::{DeviceName, InputName, SlotId};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// File of every slot of the demo, with `SLOT`, `OUTBOX` and `MQTT` to be replaced.
const BOARD: &str = include_str!("../../../configs/demo/slot.yaml");

/// Running slot of the demo.
pub(super) struct DemoSlot {
    pub(super) slot: SlotId,
    pub(super) page: SocketAddr,
    running: RunningSlot,
    served: ServedPage,
    player: Option<JoinHandle<()>>,
}

/// Error of a slot that did not start.
#[derive(Debug, thiserror::Error)]
pub(super) enum SeatError {
    #[error(transparent)]
    File(#[from] Problems),
    #[error(transparent)]
    Slot(#[from] StartError),
    #[error(transparent)]
    Page(#[from] PageError),
    #[error(transparent)]
    Secret(#[from] SecretError),
    #[error(transparent)]
    Adopted(#[from] AccessError),
}

/// Settings of one seat: its folder, ports and player.
pub(super) struct DemoFolder<'a> {
    /// Index of the seat, from 0.
    pub(super) number: usize,
    /// Folder of the slot's outbox.
    pub(super) folder: &'a Path,
    /// TCP port of the broker on this machine.
    pub(super) mqtt: u16,
    /// TCP port of the slot's page; 0 is any that is free.
    pub(super) page: u16,
    /// Seed and pace of the player; `None` leaves the seat without a player.
    pub(super) player: Option<(u64, Pace)>,
    /// Identities of the core's slots, among which this one is.
    pub(super) access: &'a Access,
}

/// Name of whoever adopts the slots of a demo.
const DEMO: &str = "demo";

impl DemoSlot {
    /// Starts the slot, serves its page and seats its player.
    pub(super) async fn take(place: DemoFolder<'_>) -> Result<Self, SeatError> {
        let name = format!("slot-{:02}", place.number + 1);
        let outbox = place.folder.join(format!("{name}.outbox.db"));
        let text = BOARD
            .replace("SLOT", &name)
            .replace("OUTBOX", &outbox.display().to_string())
            .replace("MQTT", &place.mqtt.to_string());
        let mut seat = Self::sit(text, place.page, place.access).await?;
        seat.player = place.player.zip(seat.hands()).map(|((seed, pace), hands)| {
            tokio::spawn(play(hands, seat.watch(), seed, place.number, pace))
        });
        Ok(seat)
    }

    /// Starts the slot of this file, which the core adopts without being asked, and serves its page, without a player.
    pub(super) async fn sit(file: String, page: u16, access: &Access) -> Result<Self, SeatError> {
        let source = Source::text("configs/demo/slot.yaml", file);
        let config = read_slot(source, &Overrides::default())?;
        let slot = config.slot.clone();
        let secret = config.secret.open()?;
        let known = access.adopted().get(&slot).map(|adopted| adopted.sha256);
        if known != Some(secret.digest()) {
            access.enlist(&slot, secret.digest(), None, DEMO, DEMO)?;
        }
        let running = Slot::start(config, &tokio::runtime::Handle::current())?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, page));
        let inputs = running.simulated_inputs().ok().cloned();
        let options = PageOptions { inputs, ..PageOptions::default() };
        let served = page::serve(address, running.watch(), options).await?;
        Ok(Self { slot, page: served.address, running, served, player: None })
    }

    /// Returns the handle that presses buttons of the slot's boards.
    pub(super) fn hands(&self) -> Option<SimulatedInputs> {
        self.running.simulated_inputs().ok().cloned()
    }

    /// Returns a receiver of the slot's state.
    pub(super) fn watch(&self) -> watch::Receiver<SlotState> {
        self.running.watch()
    }

    /// Stops the player, then the slot in good order.
    pub(super) async fn leave(self) {
        if let Some(player) = self.player {
            player.abort();
        }
        self.served.stop().await;
        self.running.stop().await;
    }
}

/// Answers every question that opens, as the player's plan for it says.
async fn play(
    hands: SimulatedInputs,
    mut state: watch::Receiver<SlotState>,
    seed: u64,
    place: usize,
    pace: Pace,
) {
    let Ok(panel) = DeviceName::new("panel") else { return };
    let mut answered = None;
    let mut night: u64 = 0;
    loop {
        let question = state.borrow_and_update().question.clone();
        if let Some(question) = question.filter(|question| answered != Some(question.step)) {
            // Steps count up; another night begins with the first again.
            night += u64::from(answered.replace(question.step) > Some(question.step));
            let plan = Plan::of(
                seed.wrapping_add(night),
                place,
                question.step,
                question.options.len(),
                pace,
            );
            for press in plan.presses {
                sleep(press.pause).await;
                let option = question.options.get(press.option).map(|option| option.to_lowercase());
                let Some(Ok(input)) = option.map(InputName::new) else { continue };
                if let Err(error) = hands.press(&panel, &input) {
                    tracing::warn!(%error, "a player found no button");
                }
                sleep(press.held).await;
                if let Err(error) = hands.release(&panel, &input) {
                    tracing::warn!(%error, "a player found no button");
                }
            }
        }
        if state.changed().await.is_err() {
            return;
        }
    }
}

//! Inputs of real boards, touched on the slot's own screen: a touch is told as a press of the input beside it.

use crate::config::{InputKind, SlotConfig};
use crate::link::Layout;
use crate::normalize::Action;
use crate::outbox::{Draft, Intake};
use crate::simulated_inputs::TouchError;
use crate::state::SlotStatus;
use eg_hal::clock;
use eg_hal::sim::Touch;
use eg_proto::{DeviceName, EventKind, InputName, Source};
use std::sync::Arc;
use tokio::sync::watch;

/// Inputs of a slot whose file says `touch: true`. Clones touch the same inputs.
#[derive(Clone)]
pub struct TouchPanel {
    intake: Intake,
    slot_status: SlotStatus,
    layout: watch::Receiver<Arc<Layout>>,
}

impl TouchPanel {
    pub(crate) fn new(
        intake: Intake,
        slot_status: SlotStatus,
        layout: watch::Receiver<Arc<Layout>>,
    ) -> Self {
        Self { intake, slot_status, layout }
    }

    /// Tells whether an input can be touched: one that springs back can.
    pub fn takes(&self, device: &DeviceName, input: &InputName) -> bool {
        is_button(&self.layout.borrow().config, device, input)
    }

    /// Presses an input, or lets it go. What is so already stays so: a finger beside a hand is one press. Waits while the
    /// outbox has no place.
    ///
    /// # Errors
    /// [`TouchError::Real`] for an input that cannot be touched.
    pub fn touch(
        &self,
        device: &DeviceName,
        input: &InputName,
        down: bool,
    ) -> Result<(), TouchError> {
        let config = Arc::clone(&self.layout.borrow().config);
        if !is_button(&config, device, input) {
            return Err(TouchError::Real);
        }
        let kind = if down { EventKind::Press } else { EventKind::Release };
        let (input, at) = (input.clone(), clock::now());
        let action = Action { input, kind, at, unc_us: 0, src: Source::Synthetic };
        if !self.slot_status.touched(device, &action, down) {
            return Ok(());
        }
        if self.intake.record([Draft::new(device.clone(), action, false)]).is_err() {
            tracing::error!(%device, "a touch is lost: no outbox");
        }
        Ok(())
    }
}

fn is_button(config: &SlotConfig, device: &DeviceName, input: &InputName) -> bool {
    let board = config.devices.iter().find(|known| known.name == *device);
    let known = board.and_then(|board| Some((board, board.input(input.as_str())?)));
    known.is_some_and(|(board, input)| {
        let contact = board.touches.get(&input.channel) == Some(&Touch::Contact);
        contact && input.kind == InputKind::Momentary
    })
}

impl std::fmt::Debug for TouchPanel {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("TouchPanel").finish_non_exhaustive()
    }
}

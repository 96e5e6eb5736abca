//! Faults of a room: its slots that are away, and boards that do not work.

use crate::engine::read_model::{Device, ReadModel, Room, Slot};
use crate::http::page::text::Localizer;
use eg_proto::{DeviceState, Presence, SlotId};
use maud::{Markup, html};

/// Slot that is away, or one of its boards that does not work.
pub(super) struct Broken<'a> {
    slot: &'a SlotId,
    /// The board; `None` if the whole slot is away.
    device: Option<&'a Device>,
}

/// Returns what is broken in a room, in the order of its slots. A slot that never spoke is away too.
pub(super) fn broken<'a>(room: &'a Room, state: &'a ReadModel) -> Vec<Broken<'a>> {
    let of_slot = |slot: &'a SlotId| {
        let known = state.slots.get(slot).map(AsRef::as_ref);
        let online = |known: &&Slot| known.presence == Presence::Online;
        let Some(known) = known.filter(online) else {
            return vec![Broken { slot, device: None }];
        };
        let faulty = known.devices.iter().filter(|device| device.state != DeviceState::Ready);
        faulty.map(|device| Broken { slot, device: Some(device) }).collect()
    };
    room.slots.iter().flat_map(of_slot).collect()
}

impl Broken<'_> {
    /// Renders the slot or board, with the reason if the driver gave one.
    pub(super) fn show(&self, voice: Localizer<'_>) -> Markup {
        let Self { slot, device } = self;
        let Some(device) = device else {
            return html! { strong { (voice.both(slot.as_str())) } " : " (voice.say("start-offline")) };
        };
        let word = match device.state {
            DeviceState::Ready => "device-ready",
            DeviceState::Lost => "device-lost",
            DeviceState::Fault => "device-fault",
        };
        html! {
            strong { (voice.both(slot.as_str())) " " (device.name) } " : "
            @match &device.error {
                Some(why) => (voice.cause(why)),
                None => (voice.say(word)),
            }
        }
    }
}

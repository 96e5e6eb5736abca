//! Messages of the slot about itself: built from its state, the same words for the same state.

use super::wall_clock;
use crate::config::{DeviceConfig, InputConfig, InputKind, SlotConfig};
use crate::core_clock::CoreClock;
use crate::host::is_lit;
use crate::state::SlotState;
use eg_hal::sim::Touch;
use eg_proto::{
    AgentHello, Boot, DeviceHello, DeviceName, DeviceState, DeviceStatus, Hello, InputName,
    InputStatus, Leds, Overall, PROTOCOL, Timestamp,
};
use std::collections::BTreeMap;

/// Name under which `input/status` tells what is wrong with the outbox, beside the devices.
const OUTBOX: &str = "outbox";

/// Builds the slot's `hello`: its devices, inputs and outputs.
pub(crate) fn hello(config: &SlotConfig, boot: Boot, restarts: bool) -> Hello {
    let devices = config.devices.iter().map(|device| DeviceHello {
        name: device.name.clone(),
        driver: device.entry.kind.to_owned(),
        inputs: device.inputs.iter().map(|input| input.name.clone()).collect(),
        outputs: device.outputs.iter().map(|output| output.name.clone()).collect(),
        kinds: Some(kinds(device)),
        version: Some(device.entry.version.to_owned()),
    });
    Hello {
        kind: "slot".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ts: Some(wall_clock::now()),
        boot: Some(boot),
        devices: devices.collect(),
        agent: Some(AgentHello {
            protocol: PROTOCOL,
            restarts,
            page: (!config.page_listen.is_loopback()).then_some(config.page_port),
        }),
    }
}

/// Lists the kind of each input, as far as the driver's model shows; an input of unknown kind has no entry.
fn kinds(device: &DeviceConfig) -> BTreeMap<InputName, eg_proto::InputKind> {
    let kind = |input: &InputConfig| {
        let kind = match (device.touches.get(&input.channel)?, input.kind) {
            (Touch::Contact, InputKind::Momentary) => eg_proto::InputKind::Press,
            (Touch::Contact, InputKind::Switch) => eg_proto::InputKind::Switch,
            (Touch::Tag, _) => eg_proto::InputKind::Tag,
            (Touch::Dial, _) => eg_proto::InputKind::Turn,
            (Touch::Range, _) => eg_proto::InputKind::Value,
            (Touch::Contact, InputKind::Key) | (Touch::Text, _) => eg_proto::InputKind::Text,
            (Touch::Nothing, _) => return None,
        };
        Some((input.name.clone(), kind))
    };
    device.inputs.iter().filter_map(kind).collect()
}

/// Builds the slot's `input/status`. Undated, so that two of them compare; see [`dated`].
pub(crate) fn input_status(state: &SlotState, clock: &CoreClock) -> InputStatus {
    let (readers, boards): (Vec<_>, Vec<_>) =
        state.devices.iter().partition(|device| device.reads_tags);
    let buttons: usize = boards.iter().map(|device| device.inputs.len()).sum();
    let leds = state.outputs().count();
    let has = [("buttons", buttons > 0), ("leds", leds > 0), ("rfid", !readers.is_empty())];
    let mut devices: BTreeMap<DeviceName, DeviceStatus> = BTreeMap::new();
    if let (Some(error), Ok(name)) = (state.outbox.error(), DeviceName::new(OUTBOX)) {
        let (state, error) = (DeviceState::Fault, Some(error));
        let status = DeviceStatus { state, since: None, error, noise: None };
        devices.insert(name, status);
    }
    for device in &state.devices {
        let since = clock.core_time(device.since);
        let (state, error, noise) = (device.state, device.error.clone(), device.noise.clone());
        let status = DeviceStatus { state, since, error, noise };
        devices.insert(device.name.clone(), status);
    }
    InputStatus {
        status: if state.is_degraded() { Overall::Degraded } else { Overall::Online },
        device_id: state.slot.to_string(),
        button_count: u32::try_from(buttons).unwrap_or(u32::MAX),
        led_count: u32::try_from(leds).unwrap_or(u32::MAX),
        capabilities: has.iter().filter(|(_, has)| *has).map(|(it, _)| (*it).to_owned()).collect(),
        timestamp: None,
        devices,
        latency: state.latency.told(),
    }
}

/// Dates a status: it is said now.
pub(super) fn dated(status: &InputStatus) -> InputStatus {
    InputStatus { timestamp: Some(wall_clock::now()), ..status.clone() }
}

/// Tells whether both say the same. The clock's estimate moves by itself, so of a device's `since` only counts that it
/// is known; how long presses took is told now and then.
pub(super) fn same(one: &InputStatus, other: &InputStatus) -> bool {
    let plain = |status: &InputStatus| {
        let mut plain = status.clone();
        let known = |device: &mut DeviceStatus| device.since = device.since.map(|_| Timestamp(0));
        plain.devices.values_mut().for_each(known);
        plain.latency = None;
        plain
    };
    plain(one) == plain(other)
}

/// Lists the outputs that are lit, in the order of the file. Undated.
pub(super) fn leds(state: &SlotState) -> Leds {
    let states = state.outputs().map(|(_, output)| is_lit(&output.set)).collect();
    Leds { states, timestamp: None }
}

/// Dates the lamps: they are said now.
pub(super) fn dated_leds(leds: &Leds) -> Leds {
    Leds { timestamp: Some(wall_clock::now()), ..leds.clone() }
}

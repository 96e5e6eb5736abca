//! Simulated boards with every button that was pressed in a record.

use super::script::{PlaybackStep, press};
use crate::journal::{Kind, Record};
use eg_proto::SlotId;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// GPIO lines of a Pi's header that may be inputs.
const LINES: std::ops::RangeInclusive<u8> = 2..=27;

/// Builds a slot's file: each device that was pressed in the record, as a row of buttons.
pub(super) fn board(slot: &SlotId, record: &Record, folder: &Path, mqtt: u16) -> String {
    let mut buttons: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let events = record.entries.iter().filter(|line| line.kind == Kind::Event);
    for line in events.filter(|line| line.slot.as_ref() == Some(slot)) {
        if let Ok(PlaybackStep::Press { device, input, .. }) = press(line) {
            buttons.entry(device.to_string()).or_default().insert(input.to_string());
        }
    }
    let mut lines = LINES;
    let mut devices = Map::new();
    for (device, inputs) in buttons {
        let wired: Vec<_> = inputs.iter().zip(lines.by_ref()).collect();
        let gpio: Vec<_> = wired.iter().map(|(_, line)| format!("GPIO{line}")).collect();
        let input = |(channel, (name, _)): (usize, &(&String, u8))| {
            ((*name).clone(), json!({ "channel": channel, "active": "low", "lockout": "1ms" }))
        };
        let inputs: Map<String, Value> = wired.iter().enumerate().map(input).collect();
        let config = json!({ "inputs": gpio, "pull": "up" });
        let device_file = json!({ "driver": "button-row", "config": config, "inputs": inputs });
        devices.insert(device, device_file);
    }
    let outbox = folder.join(format!("{slot}.outbox.db"));
    json!({
        "slot": slot, "core": { "host": "127.0.0.1", "port": mqtt }, "hal": "sim",
        "outbox": outbox, "devices": devices,
    })
    .to_string()
}

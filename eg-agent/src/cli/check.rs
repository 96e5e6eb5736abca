//! `check`: what is wrong with a file, before it is run.

use super::exit::{MISTAKE, complain};
use super::sources::read;
use crate::config::{Overrides, SlotConfig};
use eg_config::Problems;
use std::path::PathBuf;
use std::process::ExitCode;

pub(super) fn check(
    files: &[PathBuf],
    overrides: Result<Overrides, Problems>,
    json: bool,
) -> ExitCode {
    let slots = read(files, &overrides);
    if json {
        let problems = slots.err().unwrap_or_default();
        let text = serde_json::to_string_pretty(&problems).unwrap_or_default();
        anstream::println!("{text}");
        return if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(MISTAKE) };
    }
    match slots {
        Ok(slots) => {
            slots.iter().for_each(praise);
            ExitCode::SUCCESS
        }
        Err(problems) => complain(&problems),
    }
}

fn praise(slot: &SlotConfig) {
    let inputs: usize = slot.devices.iter().map(|device| device.inputs.len()).sum();
    let outputs: usize = slot.devices.iter().map(|device| device.outputs.len()).sum();
    anstream::println!(
        "{}: {} is well formed: {}, {}, {}",
        slot.source.name(),
        slot.slot,
        many(slot.devices.len(), "device"),
        many(inputs, "input"),
        many(outputs, "output"),
    );
}

fn many(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

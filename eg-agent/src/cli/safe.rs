//! `safe`: the outputs of a slot whose agent died.
//!
//! An agent that is killed leaves every output as it is: a maglock stays held, an expander keeps its pins. What starts
//! the agent calls this whenever it has ended, however it ended.

use super::exit::{FAILED, complain};
use super::sources::read;
use crate::config::{DeviceConfig, Overrides, SlotConfig};
use crate::host::{Host, Mail, OpenContext};
use crate::slot::open_hal;
use eg_config::Problems;
use eg_hal::{Claims, Woken};
use eg_proto::DeviceState;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

/// A device that answers nothing for so long is given up: a wedged bus must not keep a door from its safe state, nor the
/// agent from starting again.
const SAFE_TIMEOUT: Duration = Duration::from_secs(4);

pub(super) fn safe(files: &[PathBuf], overrides: Result<Overrides, Problems>) -> ExitCode {
    let slots = match read(files, &overrides) {
        Ok(slots) => slots,
        Err(problems) => return complain(&problems),
    };
    let mut all_safe = true;
    for slot in slots {
        let name = slot.slot.clone();
        all_safe &= make_safe(slot).unwrap_or_else(|error| {
            anstream::eprintln!("{name}: nothing is safe: {error:#}");
            false
        });
    }
    if all_safe { ExitCode::SUCCESS } else { ExitCode::from(FAILED) }
}

/// Opens each device that has outputs, all at once, and lets go of it again. Tells whether that worked for all.
fn make_safe(slot: SlotConfig) -> anyhow::Result<bool> {
    let config = Arc::new(slot);
    let (backend, _bench) = open_hal(config.hal)?;
    let claims = Claims::default();
    let mut waited = Vec::new();
    for device in config.devices.iter().filter(|device| !device.outputs.is_empty()) {
        let context = OpenContext::new(&config, device, &backend, &claims);
        let (tell, told) = mpsc::channel();
        thread::Builder::new().spawn(move || tell.send(open_and_close(context)))?;
        waited.push((device, told));
    }
    let mut all_safe = true;
    for (device, told) in waited {
        let holder = format!("{}/{}", config.slot, device.name);
        match told
            .recv_timeout(SAFE_TIMEOUT)
            .unwrap_or_else(|_| Err("it does not answer".to_owned()))
        {
            Ok(()) => anstream::println!("{holder}: safe: {}", outputs(device)),
            Err(why) => {
                anstream::eprintln!("{holder}: NOT safe: {}: {why}", outputs(device));
                all_safe = false;
            }
        }
    }
    Ok(all_safe)
}

/// Opens a device and lets go of it, as the agent does at its start and at its end.
fn open_and_close(context: OpenContext) -> Result<(), String> {
    let backend = Arc::clone(&context.backend);
    let now = backend.now();
    let mut host = Host::new(context, now);
    host.step(now, Woken::default(), Mail::default(), &mut Vec::new());
    let standing = host.standing();
    let opened = match standing.state {
        DeviceState::Ready | DeviceState::Fault => Ok(()),
        DeviceState::Lost => Err(standing.error.clone().unwrap_or_default()),
    };
    host.close(backend.now(), &mut Vec::new());
    opened
}

fn outputs(device: &DeviceConfig) -> String {
    device.outputs.iter().map(|output| output.name.as_str()).collect::<Vec<_>>().join(", ")
}

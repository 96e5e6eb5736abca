//! I2C buses, and what answers on them.

use super::likely::{Likely, likely_at};
use super::machine::{Machine, NoAccess};
use super::question::question_to;
use super::wires::Wires;
use crate::library::Catalog;
use rustix::io::Errno;
use serde::Serialize;
use std::ops::RangeInclusive;
use std::path::PathBuf;

/// Addresses that a chip may have: those below and above mean something else (I2C-bus specification UM10204, 3.1.12).
const ADDRESSES: RangeInclusive<u8> = 0x08..=0x77;

/// Buses of a number below this can be those of a header; above are those of cameras, screens and bus switches.
const HEADER_BUSES: u32 = 10;

/// Words in the names of buses that no board of a slot is on: monitors, memory modules, graphics cards.
const FOREIGN: [&str; 7] = ["SMBus", "DDC", "DPDDC", "i915", "AMDGPU", "NVIDIA", "hdmi"];

/// Buses whose addresses are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked<'a> {
    /// Those that the boards of a slot may hang on.
    Headers,
    /// These, as in a slot's file.
    Named(&'a [String]),
}

/// A bus of the machine.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FoundBus {
    /// Name as in a slot's file, `i2c-1`.
    pub bus: String,
    /// Path of its file.
    pub path: PathBuf,
    /// Name of the controller, as the kernel has it.
    pub controller: String,
    /// `true` if its addresses were asked.
    pub asked: bool,
    /// Chips that answered, and addresses that drivers of the kernel have.
    pub chips: Vec<FoundChip>,
    /// Reason why it could not be asked.
    pub refused: Option<NoAccess>,
}

/// An address at which a chip is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FoundChip {
    /// The seven-bit address.
    pub address: u8,
    /// Driver of the kernel that has it; such an address is not asked.
    pub kernel: Option<String>,
    /// Drivers of the agent that may know it, the likeliest first.
    pub likely: Vec<Likely>,
}

pub(super) fn buses(
    machine: &Machine,
    wires: &mut dyn Wires,
    catalog: &Catalog,
    asked: Asked<'_>,
) -> Vec<FoundBus> {
    let files = machine.names("/dev").into_iter().filter(|name| number(name).is_some());
    let found = files.map(|bus| {
        let controller = machine.read(&format!("/sys/class/i2c-dev/{bus}/name"));
        let controller = controller.unwrap_or_default();
        let path = machine.path(&format!("/dev/{bus}"));
        let wanted = match asked {
            Asked::Headers => may_be_a_slots(&bus, &controller),
            Asked::Named(named) => named.iter().any(|name| name.trim_start_matches("/dev/") == bus),
        };
        let mut found =
            FoundBus { bus, path, controller, asked: wanted, chips: Vec::new(), refused: None };
        if wanted {
            ask(machine, wires, catalog, &mut found);
        }
        found
    });
    found.collect()
}

fn number(bus: &str) -> Option<u32> {
    bus.strip_prefix("i2c-")?.parse().ok()
}

fn may_be_a_slots(bus: &str, controller: &str) -> bool {
    number(bus).is_some_and(|number| number < HEADER_BUSES)
        && !FOREIGN.iter().any(|word| controller.contains(word))
}

fn ask(machine: &Machine, wires: &mut dyn Wires, catalog: &Catalog, bus: &mut FoundBus) {
    for address in ADDRESSES {
        let kernel = kernel_driver(machine, &bus.bus, address);
        let found = match &kernel {
            Some(_) => Ok(true),
            None => wires.ask(&bus.path, address, question_to(address)),
        };
        match found {
            Ok(false) => {}
            Ok(true) => {
                let likely = likely_at(catalog, address);
                bus.chips.push(FoundChip { address, kernel, likely });
            }
            // A driver of the kernel took it between the look and the question.
            Err(error) if error.raw_os_error() == Some(Errno::BUSY.raw_os_error()) => {
                let kernel = Some("the kernel".to_owned());
                let likely = likely_at(catalog, address);
                bus.chips.push(FoundChip { address, kernel, likely });
            }
            Err(error) => {
                bus.refused = Some(machine.no_access(&bus.path, &error));
                return;
            }
        }
    }
}

/// The driver of the kernel that has an address (sysfs: `1-0068/driver`), or the chip that it was told of without one.
pub(crate) fn kernel_driver(machine: &Machine, bus: &str, address: u8) -> Option<String> {
    let device = format!("/sys/bus/i2c/devices/{}-{address:04x}", number(bus)?);
    machine.target(&format!("{device}/driver")).or_else(|| machine.read(&format!("{device}/name")))
}

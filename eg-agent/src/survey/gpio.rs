//! GPIO chips of a machine.

use super::lines::ChipUse;
use super::machine::Machine;
use super::wires::Wires;

/// The chips of the machine. One that has two files is told once.
pub(super) fn chips(machine: &Machine, wires: &mut dyn Wires) -> Vec<ChipUse> {
    let files = machine.names("/dev").into_iter().filter(|name| name.starts_with("gpiochip"));
    let mut chips: Vec<ChipUse> = Vec::new();
    for name in files {
        let path = machine.path(&format!("/dev/{name}"));
        // The Pi 5's header has a link beside its chip, for programs of older kernels.
        if path.is_symlink() {
            continue;
        }
        chips.push(wires.chip(&path).unwrap_or_else(|error| ChipUse {
            path: path.clone(),
            label: String::new(),
            count: 0,
            lines: Vec::new(),
            refused: Some(machine.no_access(&path, &error)),
            name,
        }));
    }
    chips
}

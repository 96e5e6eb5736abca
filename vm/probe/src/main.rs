//! Checks of EG's real code on a real kernel's devices: gpio-sim, i2c-dev, spidev, evdev and ttys.
//!
//! `vm-probe list` names the checks, on any machine. `vm-probe run` runs them all and is for the virtual machine of
//! `cargo eg vm` alone: it makes chips and keyboards appear and vanish.

mod agent;
mod check;
mod chips;
mod ear;
mod gpio;
mod i2c;
mod keys;
mod place;
mod rights;
mod run;
mod serial;
mod sim_chip;
mod spi;

use std::process::ExitCode;

use button_row as _;
use evdev_keys as _;
use mcp23017 as _;
use serial_tag as _;

/// Every check, in the order in which they run.
fn all() -> impl Iterator<Item = &'static check::Check> {
    [
        gpio::CHECKS,
        i2c::CHECKS,
        chips::CHECKS,
        spi::CHECKS,
        keys::CHECKS,
        serial::CHECKS,
        rights::CHECKS,
        agent::CHECKS,
    ]
    .into_iter()
    .flatten()
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["list"] => all().for_each(|check| println!("{}", check.full_name())),
        ["run"] => run::all(all()),
        ["check", name] => return run::one(all(), name),
        _ => {
            eprintln!("vm-probe list | run | check NAME");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

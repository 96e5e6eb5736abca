//! Checks of EG's real code on a real kernel's devices: gpio-sim, i2c-dev, spidev, evdev and ttys.
//!
//! `vm-probe list MACHINE` names the checks, on any machine. `vm-probe run MACHINE` runs them all and is for the virtual
//! machines of `cargo eg vm` alone: it makes chips and keyboards appear and vanish, and drives a Pi's outputs.

mod agent;
mod check;
mod chips;
mod ear;
mod gpio;
mod i2c;
mod keys;
mod lock;
#[cfg(feature = "rppal")]
mod pi;
mod place;
mod rights;
mod run;
mod scan;
mod serial;
mod sim_chip;
mod spi;

use std::process::ExitCode;

use check::Check;

use ads1115 as _;
use button_row as _;
use evdev_keys as _;
use mcp23017 as _;
use relay as _;
use serial_tag as _;

/// The checks of the PC with its simulated chips, in the order in which they run.
const PC: &[&[Check]] = &[
    gpio::CHECKS,
    i2c::CHECKS,
    chips::CHECKS,
    spi::CHECKS,
    keys::CHECKS,
    serial::CHECKS,
    rights::CHECKS,
    agent::CHECKS,
    lock::CHECKS,
    scan::CHECKS,
];

/// Checks of the Raspberry Pi, of which there are none without its backend.
#[cfg(feature = "rppal")]
const PI: &[&[Check]] = &[pi::CHECKS];
#[cfg(not(feature = "rppal"))]
const PI: &[&[Check]] = &[];

/// The checks of that machine; nothing for one that there is not.
fn checks_of(machine: &str) -> impl Iterator<Item = &'static Check> {
    let groups: &[&[Check]] = match machine {
        "x86_64" => PC,
        "raspi3b" => PI,
        _ => &[],
    };
    groups.iter().copied().flatten()
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["list", machine] => checks_of(machine).for_each(|check| println!("{}", check.full_name())),
        ["run", machine] => run::all(checks_of(machine)),
        ["check", name] => return run::one(checks_of("x86_64").chain(checks_of("raspi3b")), name),
        _ => {
            eprintln!(
                "vm-probe list MACHINE | run MACHINE | check NAME; machines are x86_64, raspi3b"
            );
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

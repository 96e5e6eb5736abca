//! `scan`: what hangs on this machine's wires, as YAML to paste.

use super::exit::FAILED;
use crate::library::Catalog;
use crate::survey::{Asked, ChipUse, KernelWires, Machine, NoAccess, Survey, snippet};
use std::process::ExitCode;

pub(super) fn scan(catalog: &Catalog, buses: &[String], json: bool) -> ExitCode {
    let machine = Machine::default();
    let asked = if buses.is_empty() { Asked::Headers } else { Asked::Named(buses) };
    let survey = Survey::of(&machine, &mut KernelWires, catalog, asked);
    if json {
        anstream::println!("{}", serde_json::to_string_pretty(&survey).unwrap_or_default());
    } else {
        told(&machine, &survey).iter().for_each(|line| anstream::println!("# {line}"));
        anstream::print!("{}", snippet(&survey));
    }
    let missing = buses.iter().filter(|bus| {
        let name = bus.trim_start_matches("/dev/");
        !survey.i2c.iter().any(|found| found.bus == name)
    });
    let missing: Vec<_> = missing.map(String::as_str).collect();
    if missing.is_empty() {
        return ExitCode::SUCCESS;
    }
    let there: Vec<_> = survey.i2c.iter().map(|found| found.bus.as_str()).collect();
    let there = if there.is_empty() { "none".to_owned() } else { there.join(", ") };
    anstream::eprintln!("no bus {}; this machine has {there}", missing.join(", "));
    ExitCode::from(FAILED)
}

/// Notes beside the YAML, a line each.
fn told(machine: &Machine, survey: &Survey) -> Vec<String> {
    let model = machine.model().unwrap_or_else(|| "this machine".to_owned());
    let mut lines = vec![format!("Found on {model}. A line with # is a remark or another way.")];
    if survey.i2c.is_empty() {
        lines.push(format!("no I2C bus{}", switch_on(machine, "do_i2c 0")));
    }
    for bus in &survey.i2c {
        let head = format!("{} ({})", bus.bus, bus.controller);
        match &bus.refused {
            Some(refused) => lines.push(format!("{head}: {}", refusal(refused))),
            None if !bus.asked => {
                lines.push(format!("{head}: not asked; eg-agent scan {} asks it", bus.bus));
            }
            None if bus.chips.is_empty() => lines.push(format!("{head}: nothing answers")),
            None => lines.push(format!("{head}: {} answer", bus.chips.len())),
        }
        for chip in &bus.chips {
            if let Some(kernel) = &chip.kernel {
                let address = chip.address;
                lines.push(format!("{} {address:#04x}: in use by the kernel's {kernel}", bus.bus));
            }
        }
    }
    if survey.spi.is_empty() {
        lines.push(format!("no SPI chip select{}", switch_on(machine, "do_spi 0")));
    }
    lines.extend(survey.gpio.iter().map(chip));
    let refused = survey.spi.iter().map(|it| (&it.select, &it.refused));
    let refused = refused.chain(survey.keyboards.iter().map(|it| (&it.path, &it.refused)));
    let refused = refused.chain(survey.serial.iter().map(|it| (&it.port, &it.refused)));
    for (name, why) in refused {
        lines.extend(why.as_ref().map(|why| format!("{name}: {}", refusal(why))));
    }
    for port in survey.serial.iter().filter(|port| port.console) {
        lines.push(format!(
            "{}: the console is on it{}",
            port.port,
            switch_on(machine, "do_serial_cons 1")
        ));
    }
    lines
}

fn switch_on(machine: &Machine, how: &str) -> String {
    if machine.is_pi() { format!("; sudo raspi-config nonint {how}") } else { String::new() }
}

fn chip(chip: &ChipUse) -> String {
    if let Some(refused) = &chip.refused {
        return format!("{}: {}", chip.name, refusal(refused));
    }
    let held: Vec<_> = chip
        .held()
        .map(|(line, holder)| {
            let name =
                if line.name.is_empty() { line.offset.to_string() } else { line.name.clone() };
            let holder = if holder.is_empty() { "the kernel" } else { holder };
            format!("{name} by {holder}")
        })
        .collect();
    let held = if held.is_empty() { "none in use".to_owned() } else { held.join(", ") };
    format!("{} ({}): {} lines; in use: {held}", chip.name, chip.label, chip.count)
        .replace("in use: none in use", "none in use")
}

fn refusal(NoAccess { cause, group, .. }: &NoAccess) -> String {
    match group {
        Some(group) => format!("{cause}; sudo usermod -aG {group} $USER, and log in again"),
        None => cause.clone(),
    }
}

//! The wires of a slot's devices: buses and what answers where, chip selects, ports, lines.

use super::holdings::holdings;
use super::lines::line;
use crate::config::{Hal, SlotConfig};
use crate::library::Catalog;
use crate::survey::{Asked, FoundBus, Machine, NoAccess, Survey, Wires};
use eg_hal::{BusName, PortName, Resource, SpiName};
use eg_page::Finding;
use eg_proto::DeviceName;
use std::collections::BTreeSet;

/// Looks at everything that the devices of a slot hold on a machine. Only the buses that they are on are asked.
pub fn wires(
    config: &SlotConfig,
    catalog: &Catalog,
    machine: &Machine,
    system: &mut dyn Wires,
) -> Vec<Finding> {
    if config.hal == Hal::Sim {
        return vec![Finding::good("simulated")];
    }
    let held = holdings(config);
    let all = held.iter().flat_map(|(_, held)| held);
    let buses: BTreeSet<String> = all
        .filter_map(|what| match what {
            Resource::Address(bus, _) => Some(root(bus).0.to_owned()),
            Resource::Line(_) | Resource::Spi(_) | Resource::Port(_) => None,
        })
        .collect();
    let buses: Vec<_> = buses.into_iter().collect();
    let survey = Survey::of(machine, system, catalog, Asked::Named(&buses));
    let look = Look { config, machine, survey };
    let each = held.iter().flat_map(|(device, held)| held.iter().map(move |what| (device, what)));
    let mut found: Vec<Finding> = Vec::new();
    for finding in each.map(|(device, what)| look.at(device, what)) {
        // One missing right or bus is one finding, whatever hangs on it.
        if !found.iter().any(|other| other.is_about_the_same(&finding)) {
            found.push(finding);
        }
    }
    found
}

/// The bus of the machine itself, and the address of the first switch on the way to a bus behind one.
fn root(bus: &BusName) -> (&str, Option<u8>) {
    let name = bus.as_str().trim_start_matches("/dev/");
    match name.split_once("/0x") {
        Some((root, rest)) => {
            (root, rest.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok()))
        }
        None => (name, None),
    }
}

struct Look<'a> {
    config: &'a SlotConfig,
    machine: &'a Machine,
    survey: Survey,
}

impl Look<'_> {
    fn at(&self, device: &DeviceName, what: &Resource) -> Finding {
        match what {
            Resource::Line(name) => line(&self.config.slot, device, name, &self.survey.gpio),
            Resource::Address(bus, address) => self.address(device, bus, *address),
            Resource::Spi(select) => self.select(device, select),
            Resource::Port(port) => self.port(device, port),
        }
    }

    fn address(&self, device: &DeviceName, bus: &BusName, address: u8) -> Finding {
        let (name, switch) = root(bus);
        let wanted = switch.unwrap_or(address);
        let Some(found) = self.survey.i2c.iter().find(|found| found.bus == name) else {
            return self.missing("bus", name, device);
        };
        if let Some(refused) = &found.refused {
            return self.refused(&found.path.display().to_string(), "i2c", device, refused);
        }
        let at = format!("{wanted:#04x}");
        let said = |finding: Finding| {
            finding.with("bus", name).with("address", &at).with("device", device)
        };
        match found.chips.iter().find(|chip| chip.address == wanted) {
            None => said(Finding::bad("address")).because(others(found)),
            Some(chip) => match &chip.kernel {
                Some(kernel) => said(Finding::bad("address-taken")).with("holder", kernel),
                None if switch.is_some() => said(Finding::good("switch")),
                None => said(Finding::good("address")),
            },
        }
    }

    fn select(&self, device: &DeviceName, select: &SpiName) -> Finding {
        let name = select.as_str().trim_start_matches("/dev/").replacen("spidev", "spi", 1);
        match self.survey.spi.iter().find(|found| found.select == name) {
            None => self.missing("select", &name, device),
            Some(found) => match &found.refused {
                Some(refused) => self.refused(&name, "spi", device, refused),
                None => Finding::good("select").with("name", name).with("device", device),
            },
        }
    }

    fn port(&self, device: &DeviceName, port: &PortName) -> Finding {
        let name = port.as_str();
        let said = |finding: Finding| finding.with("name", name).with("device", device);
        let keyboard = |it: &&crate::survey::FoundKeyboard| it.keyboard == name || it.path == name;
        if let Some(found) = self.survey.keyboards.iter().find(keyboard) {
            return match &found.refused {
                Some(refused) => self.refused(&found.path, "input", device, refused),
                None => said(Finding::good("port")),
            };
        }
        if !name.starts_with('/') {
            let known = self.survey.keyboards.iter().map(|it| it.keyboard.as_str());
            let known: Vec<_> = known.collect();
            return said(Finding::bad("keyboard")).because(listed(&known));
        }
        let file =
            self.machine.target(name).map_or_else(|| name.to_owned(), |tty| format!("/dev/{tty}"));
        let known =
            self.survey.serial.iter().find(|found| found.port == name || found.port == file);
        if known.is_some_and(|found| found.console) {
            return said(Finding::bad("console"));
        }
        match self.machine.access(name) {
            Ok(()) => said(Finding::good("port")),
            Err(refused) if refused.missing => {
                let known: Vec<_> = self.survey.serial.iter().map(|it| it.port.as_str()).collect();
                said(Finding::bad("port")).because(listed(&known))
            }
            Err(refused) => self.refused(name, "dialout", device, &refused),
        }
    }

    /// A bus or a select that is not switched on; a Pi says how.
    fn missing(&self, what: &'static str, name: &str, device: &DeviceName) -> Finding {
        let check = match (what, self.machine.is_pi()) {
            ("bus", true) => "pi-bus",
            ("bus", false) => "bus",
            (_, true) => "pi-select",
            (_, false) => "select",
        };
        Finding::bad(check).with("name", name).with("device", device)
    }

    fn refused(&self, path: &str, group: &str, device: &DeviceName, refused: &NoAccess) -> Finding {
        let check = if refused.denied { "rights" } else { "opens" };
        Finding::bad(check)
            .with("path", path)
            .with("device", device)
            .with("group", refused.group.as_deref().unwrap_or(group))
            .because(refused)
    }
}

fn others(bus: &FoundBus) -> String {
    let others: Vec<_> = bus.chips.iter().map(|chip| format!("{:#04x}", chip.address)).collect();
    match others.as_slice() {
        [] => format!("nothing answers on {}", bus.bus),
        some => format!("on {} these answer: {}", bus.bus, some.join(", ")),
    }
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() {
        "there is none".to_owned()
    } else {
        format!("there is only {}", names.join(", "))
    }
}

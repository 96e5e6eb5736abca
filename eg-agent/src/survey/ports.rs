//! Chip selects, keyboards and serial ports, as the kernel lists them.

use super::likely::{Likely, likely_on};
use super::machine::{Machine, NoAccess};
use crate::library::Catalog;
use eg_hal::Port;
use serde::Serialize;

/// A chip select of an SPI bus.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FoundSelect {
    /// Name as in a slot's file, `spi0.0`.
    pub select: String,
    /// Drivers for SPI: nothing tells which chip it is.
    pub likely: Vec<Likely>,
    /// Reason why it cannot be opened.
    pub refused: Option<NoAccess>,
}

/// A keyboard, or what calls itself one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FoundKeyboard {
    /// Name that the device gives itself, as in a slot's file.
    pub keyboard: String,
    /// Path of its file, `/dev/input/event0`.
    pub path: String,
    /// Drivers for keyboards.
    pub likely: Vec<Likely>,
    /// Reason why it cannot be opened.
    pub refused: Option<NoAccess>,
}

/// A serial port.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FoundPort {
    /// Path of its file; the one that stays when another port is plugged in, where there is one.
    pub port: String,
    /// Driver of the kernel.
    pub kernel: String,
    /// `true` if the kernel's console is on it.
    pub console: bool,
    /// Drivers for serial ports.
    pub likely: Vec<Likely>,
    /// Reason why it cannot be opened.
    pub refused: Option<NoAccess>,
}

pub(super) fn selects(machine: &Machine, catalog: &Catalog) -> Vec<FoundSelect> {
    let files = machine.names("/dev");
    let numbers = files.iter().filter_map(|name| name.strip_prefix("spidev"));
    let found = numbers.map(|number| FoundSelect {
        select: format!("spi{number}"),
        likely: likely_on(catalog, &Port::Spi),
        refused: machine.access(&format!("/dev/spidev{number}")).err(),
    });
    found.collect()
}

/// Keys that a device needs one of to be a keyboard: `KEY_ESC` to `KEY_SPACE` (input-event-codes.h, 1 to 57), so that
/// power buttons, remote controls and mice are none.
const KEYS: u64 = ((1 << 58) - 1) & !1;

pub(super) fn keyboards(machine: &Machine, catalog: &Catalog) -> Vec<FoundKeyboard> {
    let devices = machine.read("/proc/bus/input/devices").unwrap_or_default();
    let found = devices.split("\n\n").filter_map(|device| {
        let of = |head: &str| device.lines().find_map(|line| line.strip_prefix(head));
        let keyboard = of("N: Name=")?.strip_prefix('"')?.strip_suffix('"')?.to_owned();
        // Words of the machine's size, the highest first.
        let keys = u64::from_str_radix(of("B: KEY=")?.split(' ').next_back()?, 16).ok()?;
        let event = of("H: Handlers=")?.split(' ').find(|name| name.starts_with("event"))?;
        (keys & KEYS != 0).then(|| {
            let path = format!("/dev/input/{event}");
            let refused = machine.access(&path).err();
            let likely = likely_on(catalog, &Port::Keyboard);
            FoundKeyboard { keyboard, path, likely, refused }
        })
    });
    found.collect()
}

pub(super) fn serial(machine: &Machine, catalog: &Catalog) -> Vec<FoundPort> {
    let console = machine.read("/sys/class/tty/console/active").unwrap_or_default();
    let found = machine.names("/sys/class/tty").into_iter().filter_map(|tty| {
        let folder = format!("/sys/class/tty/{tty}");
        let kernel = machine.target(&format!("{folder}/device/driver"))?;
        // Of a PC's four old ports most are not there: their type is unknown (PORT_UNKNOWN of serial_core.h).
        if machine.read(&format!("{folder}/type")).as_deref() == Some("0") {
            return None;
        }
        Some(FoundPort {
            port: lasting(machine, &tty),
            kernel,
            console: console.split(' ').any(|on| on == tty),
            likely: likely_on(catalog, &Port::Serial),
            refused: machine.access(&format!("/dev/{tty}")).err(),
        })
    });
    found.collect()
}

/// A name of the port that does not depend on what else is plugged in: udev's link, or the Pi's own.
fn lasting(machine: &Machine, tty: &str) -> String {
    let links = machine.names("/dev/serial/by-id");
    let mut links: Vec<_> = links.iter().map(|link| format!("/dev/serial/by-id/{link}")).collect();
    links.push("/dev/serial0".to_owned());
    let to_it = |link: &String| machine.target(link).is_some_and(|target| target == tty);
    links.into_iter().find(to_it).unwrap_or_else(|| format!("/dev/{tty}"))
}

//! The machine under a slot: its disk, its clock, its supply.

use crate::survey::Machine;
use eg_page::Finding;
use rustix::fs::{Access, access, statvfs};
use std::path::Path;

/// Free space below which events may soon find no room, 64 MiB.
const LITTLE: u64 = 64 << 20;

/// Bits of the firmware's word about the supply: too low now, or since the start (raspberrypi.com/documentation, vcgencmd
/// get_throttled).
const LOW_NOW: u64 = 1;
const LOW_ONCE: u64 = 1 << 16;

/// Looks whether events can be stored where the outbox is to be.
pub fn storage(outbox: &Path) -> Finding {
    let folder = outbox.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let there = folder.ancestors().find(|folder| folder.exists()).unwrap_or(folder);
    let there = if there.as_os_str().is_empty() { Path::new(".") } else { there };
    let said = |finding: Finding| finding.with("path", folder.display());
    if let Err(error) = access(there, Access::WRITE_OK | Access::EXEC_OK) {
        return said(Finding::bad("writable")).because(error);
    }
    match statvfs(there) {
        Err(error) => said(Finding::bad("disk")).with("free", "?").because(error),
        Ok(disk) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let finding = if free < LITTLE { Finding::bad("disk") } else { Finding::good("disk") };
            said(finding).with("free", format!("{} MB", free / 1_000_000))
        }
    }
}

/// Looks whether the machine's clock follows somebody, where systemd says so.
pub fn clock(machine: &Machine) -> Option<Finding> {
    machine.path("/run/systemd/timesync").exists().then(|| {
        let synchronized = machine.path("/run/systemd/timesync/synchronized").exists();
        if synchronized { Finding::good("ntp") } else { Finding::doubtful("ntp") }
    })
}

/// Looks whether a Pi's supply has been too weak.
pub fn power(machine: &Machine) -> Option<Finding> {
    let word = machine.read("/sys/devices/platform/soc/soc:firmware/get_throttled")?;
    let word = u64::from_str_radix(word.trim_start_matches("0x"), 16).ok()?;
    Some(match (word & LOW_NOW, word & LOW_ONCE) {
        (0, 0) => Finding::good("power"),
        (0, _) => Finding::doubtful("power"),
        (_, _) => Finding::bad("power"),
    })
}

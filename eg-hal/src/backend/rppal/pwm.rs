//! The PWM controller behind a Pi's header.

use rppal::gpio::Mode;
use rppal::pwm::{Error, Polarity, Pwm as Channel};
use rppal::system::SoC;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Fast enough that no eye and no camera sees it, slow enough for a transistor and an optocoupler.
const HERTZ: f64 = 1_000.0;

/// Folder in which the kernel lists its PWM controllers.
const LISTED: &str = "/sys/class/pwm";

/// Channel that a line is wired to, and the function that connects it. BCM2835 ARM Peripherals, table 6-31; BCM2711 ARM
/// Peripherals, table 94.
const BROADCOM: [(u8, u8, Mode); 4] =
    [(12, 0, Mode::Alt0), (13, 1, Mode::Alt0), (18, 0, Mode::Alt5), (19, 1, Mode::Alt5)];
/// RP1 Peripherals, table 4.
const RP1: [(u8, u8, Mode); 4] =
    [(12, 0, Mode::Alt0), (13, 1, Mode::Alt0), (18, 2, Mode::Alt3), (19, 3, Mode::Alt3)];

/// A controller that the Pi was booted with.
#[derive(Debug)]
pub(super) struct Controller {
    /// Number of the controller among the kernel's.
    chip: u8,
    wires: &'static [(u8, u8, Mode)],
    taken: Arc<Mutex<BTreeSet<u8>>>,
}

impl Controller {
    /// Finds the controller of the header, if the Pi was booted with it.
    pub(super) fn of_this_pi(soc: SoC) -> Option<Self> {
        let (address, wires) = match soc {
            SoC::Bcm2712 => ("98000.pwm", &RP1),
            SoC::Bcm2835 | SoC::Bcm2836 | SoC::Bcm2837A1 | SoC::Bcm2837B0 | SoC::Bcm2711 => {
                ("20c000.pwm", &BROADCOM)
            }
            // Nobody knows yet how the next Pi is wired.
            _ => return None,
        };
        Some(Self { chip: chip_at(Path::new(LISTED), address)?, wires, taken: Arc::default() })
    }

    /// The channel of a line; `None` where it has none, or another line of this process has it: GPIO12 and 18 share one
    /// on Pis before the 5, and so do GPIO13 and 19.
    pub(super) fn take(&self, number: u8) -> Option<Pwm> {
        let (_, channel, mode) = *self.wires.iter().find(|wire| wire.0 == number)?;
        let is_free = self.taken.lock().unwrap_or_else(PoisonError::into_inner).insert(channel);
        let taken = Arc::clone(&self.taken);
        is_free.then(|| Pwm { chip: self.chip, channel, mode, running: None, taken })
    }
}

/// The number of the controller at that address: it differs among kernels, as those of GPIO chips do.
fn chip_at(listed: &Path, address: &str) -> Option<u8> {
    fs::read_dir(listed).ok()?.flatten().find_map(|chip| {
        let device = fs::canonicalize(chip.path().join("device")).ok()?;
        let is_it = device.file_name()?.to_str()?.ends_with(address);
        let number = chip.file_name().to_str()?.strip_prefix("pwmchip")?.parse().ok();
        number.filter(|_| is_it)
    })
}

/// One line's channel.
pub(super) struct Pwm {
    chip: u8,
    channel: u8,
    mode: Mode,
    running: Option<Channel>,
    taken: Arc<Mutex<BTreeSet<u8>>>,
}

impl Pwm {
    /// The function that connects the line to it.
    pub(super) fn mode(&self) -> Mode {
        self.mode
    }

    /// `true` if a duty was set and not stopped since.
    pub(super) fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// Drives the line high for this share of the time from now on, 0 to 1.
    pub(super) fn set_duty(&mut self, share: f64) -> Result<(), Error> {
        if let Some(running) = &self.running {
            return running.set_duty_cycle(share);
        }
        let channel = Channel::with_pwmchip(self.chip, self.channel)?;
        channel.set_frequency(HERTZ, share)?;
        channel.set_polarity(Polarity::Normal)?;
        channel.enable()?;
        self.running = Some(channel);
        Ok(())
    }

    /// Drives the line low from now on.
    pub(super) fn stop(&mut self) {
        self.running = None;
    }
}

impl Drop for Pwm {
    fn drop(&mut self) {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.channel);
    }
}

#[cfg(test)]
mod tests {
    use super::{BROADCOM, Controller, RP1, chip_at};
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::sync::Arc;

    #[test]
    fn finds_the_headers_controller_whatever_its_number() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for (chip, device) in
            [("pwmchip0", "1f0009c000.pwm"), ("pwmchip2", "1f00098000.pwm"), ("other", "98000.pwm")]
        {
            fs::create_dir_all(at("devices").join(device)).unwrap();
            fs::create_dir_all(at("class").join(chip)).unwrap();
            symlink(at("devices").join(device), at("class").join(chip).join("device")).unwrap();
        }

        assert_eq!(chip_at(&at("class"), "98000.pwm"), Some(2));
        assert_eq!(chip_at(&at("class"), "20c000.pwm"), None);
        assert_eq!(chip_at(&at("nowhere"), "98000.pwm"), None);
    }

    #[test]
    fn two_lines_of_one_channel_do_not_both_get_it() {
        let on = |wires| Controller { chip: 0, wires, taken: Arc::default() };
        let (old, new) = (on(&BROADCOM), on(&RP1));

        let first = old.take(18);
        let shared = old.take(12);
        drop(first);

        assert!(shared.is_none() && old.take(12).is_some());
        assert!(old.take(5).is_none());
        assert!(new.take(12).is_some_and(|_held| new.take(18).is_some()));
    }
}

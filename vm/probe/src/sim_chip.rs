//! A GPIO chip of gpio-sim, and the hand on its lines (Documentation/admin-guide/gpio/gpio-sim.rst).

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

/// Where gpio-sim's chips are made.
const MAKE: &str = "/sys/kernel/config/gpio-sim";

/// A chip that is there as long as this is.
pub(crate) struct SimChip {
    made: PathBuf,
    lines: PathBuf,
    /// `gpiochip0`.
    pub(crate) name: String,
    live: bool,
}

impl SimChip {
    /// Makes a chip with that label and so many lines, of which some have names.
    pub(crate) fn new(label: &str, lines: u32, names: &[(u32, &str)]) -> anyhow::Result<Self> {
        Self::with_hog(label, lines, names, None)
    }

    /// Makes a chip of which the kernel itself uses one line, under that name.
    pub(crate) fn with_hog(
        label: &str,
        lines: u32,
        names: &[(u32, &str)],
        hog: Option<(u32, &str)>,
    ) -> anyhow::Result<Self> {
        let made = Path::new(MAKE).join(label);
        let bank = made.join("bank0");
        fs::create_dir(&made).context("is gpio-sim loaded?")?;
        fs::create_dir(&bank)?;
        fs::write(bank.join("num_lines"), lines.to_string())?;
        fs::write(bank.join("label"), label)?;
        for (offset, name) in names {
            let line = bank.join(format!("line{offset}"));
            fs::create_dir(&line)?;
            fs::write(line.join("name"), name)?;
        }
        if let Some((offset, holder)) = hog {
            let hog = bank.join(format!("line{offset}/hog"));
            fs::create_dir_all(&hog)?;
            fs::write(hog.join("name"), holder)?;
            fs::write(hog.join("direction"), "input")?;
        }
        fs::write(made.join("live"), "1").context("the chip does not come alive")?;
        let device = fs::read_to_string(made.join("dev_name"))?;
        let name = fs::read_to_string(bank.join("chip_name"))?.trim().to_owned();
        let lines = Path::new("/sys/devices/platform").join(device.trim()).join(&name);
        Ok(Self { made, lines, name, live: true })
    }

    /// Pulls a line from outside, as a closing contact does.
    pub(crate) fn pull(&self, offset: u32, high: bool) -> anyhow::Result<()> {
        let pull = if high { "pull-up" } else { "pull-down" };
        fs::write(self.file(offset, "pull"), pull).with_context(|| format!("line {offset}"))
    }

    /// The level on a line, seen from outside.
    pub(crate) fn level(&self, offset: u32) -> anyhow::Result<bool> {
        Ok(fs::read_to_string(self.file(offset, "value"))?.trim() == "1")
    }

    /// Takes the chip away, whoever uses it.
    pub(crate) fn vanish(&mut self) -> anyhow::Result<()> {
        self.live = false;
        fs::write(self.made.join("live"), "0").context("the chip does not go")
    }

    fn file(&self, offset: u32, name: &str) -> PathBuf {
        self.lines.join(format!("sim_gpio{offset}")).join(name)
    }
}

impl Drop for SimChip {
    fn drop(&mut self) {
        if self.live {
            drop(self.vanish());
        }
        // configfs gives its own folders and files back with each `rmdir` of what was made.
        let bank = self.made.join("bank0");
        for line in fs::read_dir(&bank).into_iter().flatten().flatten() {
            drop(fs::remove_dir(line.path().join("hog")));
            drop(fs::remove_dir(line.path()));
        }
        drop(fs::remove_dir(&bank));
        drop(fs::remove_dir(&self.made));
    }
}

/// Returns the kernel's list of its lines in use, one per line of text: `gpio-512 (GPIO5 |eg:slot/panel ) in hi IRQ`.
pub(crate) fn in_use() -> anyhow::Result<String> {
    fs::read_to_string("/sys/kernel/debug/gpio").context("is debugfs mounted?")
}

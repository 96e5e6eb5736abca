//! Who holds the lines of a GPIO chip.

use super::machine::NoAccess;
use serde::Serialize;
use std::path::PathBuf;

/// A GPIO chip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChipUse {
    /// Path of its file.
    pub path: PathBuf,
    /// `gpiochip0`.
    pub name: String,
    /// `pinctrl-bcm2711`.
    pub label: String,
    /// Number of its lines.
    pub count: u32,
    /// Lines by offset.
    pub lines: Vec<LineUse>,
    /// Reason why it could not be read.
    pub refused: Option<NoAccess>,
}

/// A line of a chip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineUse {
    /// Number of the line on the chip.
    pub offset: u32,
    /// Name of the line; empty where it has none.
    pub name: String,
    /// Name by which whoever holds it goes; `None` for a free line.
    pub holder: Option<String>,
}

impl ChipUse {
    /// The lines that somebody holds.
    pub fn held(&self) -> impl Iterator<Item = (&LineUse, &str)> {
        self.lines.iter().filter_map(|line| Some((line, line.holder.as_deref()?)))
    }
}

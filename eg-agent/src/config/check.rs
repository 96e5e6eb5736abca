//! From the file's shape to a checked slot.

use super::{Overrides, SlotConfig};
use eg_config::{Problems, Source};

/// Reads one slot's file.
///
/// # Errors
/// Every mistake in it.
pub fn read_slot(source: Source, overrides: &Overrides) -> Result<SlotConfig, Problems> {
    let _ = (source, overrides);
    todo!()
}

/// Reads several.
///
/// # Errors
/// Every mistake in all of them.
pub fn read_slots(
    sources: Vec<Source>,
    overrides: &Overrides,
) -> Result<Vec<SlotConfig>, Problems> {
    let _ = (sources, overrides);
    todo!()
}

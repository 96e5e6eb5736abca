//! Lines of the GPIO chips: are they there, and who has them.

use crate::survey::{ChipUse, LineUse};
use eg_hal::LineName;
use eg_hal::backend::linux::is_pi_header;
use eg_page::Finding;
use eg_proto::{DeviceName, SlotId};

/// Looks for a line that a device of this slot wants.
pub(super) fn line(
    slot: &SlotId,
    device: &DeviceName,
    name: &LineName,
    chips: &[ChipUse],
) -> Finding {
    let said = |finding: Finding| finding.with("line", name).with("device", device);
    if chips.is_empty() {
        return said(Finding::bad("gpio"));
    }
    let denied = chips.iter().filter_map(|chip| chip.refused.as_ref()).next();
    match (find(name, chips), denied) {
        (Some((_, line)), _) => match &line.holder {
            Some(holder) if !holder.starts_with(&format!("eg:{slot}/")) => {
                let holder = if holder.is_empty() { "the kernel" } else { holder };
                said(Finding::bad("line-taken")).with("holder", holder)
            }
            Some(_) | None => said(Finding::good("line")),
        },
        (None, Some(denied)) => said(Finding::bad("rights"))
            .with("path", "/dev/gpiochip*")
            .with("group", denied.group.as_deref().unwrap_or("gpio"))
            .because(denied),
        (None, None) => said(Finding::bad("line")),
    }
}

/// Finds a line by chip and offset, by its name, or by its number on a Pi's header.
fn find<'c>(name: &LineName, chips: &'c [ChipUse]) -> Option<(&'c ChipUse, &'c LineUse)> {
    let name = name.as_str();
    let at = |chip: &'c ChipUse, offset: u32| {
        chip.lines.iter().find(|line| line.offset == offset).map(|line| (chip, line))
    };
    if let Some((chip_name, offset)) = name.rsplit_once(':')
        && let Ok(offset) = offset.parse()
        && let Some(chip) =
            chips.iter().find(|chip| chip.label == chip_name || chip.name == chip_name)
    {
        return at(chip, offset);
    }
    let by_name = chips
        .iter()
        .find_map(|chip| chip.lines.iter().find(|line| line.name == name).map(|line| (chip, line)));
    by_name.or_else(|| {
        let header = chips.iter().find(|chip| is_pi_header(&chip.label))?;
        at(header, name.strip_prefix("GPIO")?.parse().ok()?)
    })
}

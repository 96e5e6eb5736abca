//! The machine's GPIO chips, and which of their lines a name means.

use super::error::denied;
use crate::backend::listing::listing;
use crate::{BoardError, LineName};
use gpiocdev::Chip;
use rustix::io::Errno;
use std::path::PathBuf;

/// Chips whose line n is GPIOn of a Pi's header, by label; their number differs among models and kernels.
pub(super) const HEADERS: [&str; 4] =
    ["pinctrl-bcm2835", "pinctrl-bcm2711", "pinctrl-bcm2712", "pinctrl-rp1"];

/// The lines of a Pi's header.
const HEADER_LINES: u32 = 28;

/// View of one GPIO chip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ChipView {
    /// Path of the device file.
    pub(super) path: PathBuf,
    /// `gpiochip0`.
    pub(super) name: String,
    /// `pinctrl-bcm2711`.
    pub(super) label: String,
    /// Names of the lines by offset; empty where a line has none.
    pub(super) lines: Vec<String>,
}

/// Location of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LineLocation {
    pub(super) chip: PathBuf,
    pub(super) offset: u32,
}

/// Finds a line on this machine.
pub(super) fn find(line: &LineName) -> Result<LineLocation, BoardError> {
    let (chips, forbidden) = scan();
    match resolve(line.as_str(), &chips) {
        Some(place) => Ok(place),
        None if forbidden => {
            Err(BoardError::Refused { what: format!("line {line}"), cause: denied("gpio") })
        }
        None => {
            Err(BoardError::Unknown { kind: "line", name: line.to_string(), known: known(&chips) })
        }
    }
}

/// The number of a line on a Pi's header; `None` where another chip has the line.
#[cfg(feature = "rppal")]
pub(super) fn gpio_number(place: &LineLocation) -> Option<u8> {
    let label = Chip::from_path(&place.chip).and_then(|chip| chip.info()).ok()?.label;
    let number = u8::try_from(place.offset).ok()?;
    (HEADERS.contains(&label.as_str()) && place.offset < HEADER_LINES).then_some(number)
}

/// The chips that can be opened, and whether one was forbidden.
fn scan() -> (Vec<ChipView>, bool) {
    let mut forbidden = false;
    let mut chips = Vec::new();
    for path in gpiocdev::chip::chips().unwrap_or_default() {
        let chip = match Chip::from_path(&path) {
            Ok(chip) => chip,
            Err(error) => {
                forbidden |= matches!(error, gpiocdev::Error::Os(errno) if errno.0 == Errno::ACCESS.raw_os_error());
                continue;
            }
        };
        let Ok(info) = chip.info() else { continue };
        let name_of = |offset| chip.line_info(offset).map(|line| line.name).unwrap_or_default();
        let lines = (0..info.num_lines).map(name_of).collect();
        chips.push(ChipView { path, name: info.name, label: info.label, lines });
    }
    (chips, forbidden)
}

/// Finds the line of a name: `chip:offset` by label or name of the chip, a line's own name, `GPIOn` on a Pi's header.
pub(super) fn resolve(name: &str, chips: &[ChipView]) -> Option<LineLocation> {
    let place = |chip: &ChipView, offset: u32| LineLocation { chip: chip.path.clone(), offset };
    let has = |chip: &ChipView, offset: u32| (offset as usize) < chip.lines.len();

    if let Some((chip_name, offset)) = name.rsplit_once(':')
        && let Ok(offset) = offset.parse::<u32>()
        && let Some(chip) =
            chips.iter().find(|chip| chip.label == chip_name || chip.name == chip_name)
    {
        return has(chip, offset).then(|| place(chip, offset));
    }
    for chip in chips {
        if let Some(offset) = chip.lines.iter().position(|line| line == name && !line.is_empty()) {
            return Some(place(chip, u32::try_from(offset).ok()?));
        }
    }
    let offset: u32 = name.strip_prefix("GPIO")?.parse().ok()?;
    let header = chips.iter().find(|chip| HEADERS.contains(&chip.label.as_str()))?;
    (offset < HEADER_LINES && has(header, offset)).then(|| place(header, offset))
}

/// The lines that would have worked: those with names, then the chips whose offsets can be used.
fn known(chips: &[ChipView]) -> String {
    if chips.is_empty() {
        return "no GPIO chip that can be opened".to_owned();
    }
    let named = chips.iter().flat_map(|chip| &chip.lines).filter(|line| !line.is_empty());
    let named = listing(named.map(String::as_str));
    let by_offset = chips.iter().filter(|chip| !chip.lines.is_empty());
    let by_offset: Vec<_> =
        by_offset.map(|chip| format!("{}:0…{}", chip.label, chip.lines.len() - 1)).collect();
    format!("{named}; by chip and offset {}", by_offset.join(", "))
}

#[cfg(test)]
mod tests {
    use super::{ChipView, LineLocation, known, resolve};

    fn chip(number: u32, label: &str, lines: &[&str]) -> ChipView {
        ChipView {
            path: format!("/dev/gpiochip{number}").into(),
            name: format!("gpiochip{number}"),
            label: label.to_owned(),
            lines: lines.iter().map(|&line| line.to_owned()).collect(),
        }
    }

    fn at(number: u32, offset: u32) -> Option<LineLocation> {
        Some(LineLocation { chip: format!("/dev/gpiochip{number}").into(), offset })
    }

    #[test]
    fn finds_a_line_by_name_by_label_and_by_chip_name() {
        let chips = [
            chip(0, "raspberrypi-exp-gpio", &["BT_ON", ""]),
            chip(4, "pinctrl-rp1", &["ID_SDA", "ID_SCL", "GPIO2"]),
        ];

        assert_eq!(resolve("GPIO2", &chips), at(4, 2));
        assert_eq!(resolve("pinctrl-rp1:1", &chips), at(4, 1));
        assert_eq!(resolve("gpiochip0:1", &chips), at(0, 1));
    }

    #[test]
    fn finds_a_pis_gpio_number_where_its_line_has_another_name() {
        let chips = [chip(0, "pinctrl-bcm2711", &["ID_SDA", "ID_SCL", "SDA1"])];

        assert_eq!(resolve("GPIO0", &chips), at(0, 0));
        assert_eq!(resolve("GPIO2", &chips), at(0, 2));
        assert_eq!(resolve("GPIO3", &chips), None);
    }

    #[test]
    fn never_guesses_a_gpio_number_on_a_chip_that_is_no_pis() {
        let chips = [chip(0, "some-expander", &["", "", ""])];

        assert_eq!(resolve("GPIO1", &chips), None);
        assert_eq!(resolve("", &chips), None);
        assert_eq!(resolve("some-expander:3", &chips), None);
    }

    #[test]
    fn tells_what_would_have_worked() {
        let chips = [chip(0, "pinctrl-bcm2711", &["GPIO0", "GPIO1", "", "GPIO3"])];

        assert_eq!(known(&chips), "GPIO0…GPIO1, GPIO3; by chip and offset pinctrl-bcm2711:0…3");
        assert_eq!(known(&[]), "no GPIO chip that can be opened");
    }
}

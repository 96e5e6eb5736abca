//! What was found, as YAML that can stand in a slot's file.

use super::Survey;
use super::i2c::{FoundBus, FoundChip};
use super::likely::Likely;
use std::fmt::Write;

/// Longest name of a device in a slot's file.
const NAME: usize = 32;

/// Blocks of YAML to be pasted into a slot's file: `devices:` with the likeliest driver for each chip and each keyboard,
/// and the others beside it as comments. What cannot be told apart, a chip select or a serial port, is a comment.
pub fn snippet(survey: &Survey) -> String {
    let mut out = Snippet::default();
    for bus in &survey.i2c {
        bus.chips.iter().filter(|chip| chip.kernel.is_none()).for_each(|chip| out.chip(bus, chip));
    }
    for found in &survey.keyboards {
        let said = format!("{} is {:?}", found.path, found.keyboard);
        let place = format!("keyboard: {}", quoted(&found.keyboard));
        out.board(&said, &found.likely, "", true, |_| place.clone());
    }
    for found in &survey.spi {
        let said = format!("{} can have one of these; nothing tells which", found.select);
        let suffix = found.select.trim_start_matches("spi").replace('.', "-");
        out.board(&said, &found.likely, &suffix, false, |_| format!("select: {}", found.select));
    }
    for found in survey.serial.iter().filter(|found| !found.console) {
        let said = format!("{} may have a reader", found.port);
        out.board(&said, &found.likely, "", false, |_| format!("port: {}", quoted(&found.port)));
    }
    if out.devices == 0 {
        return format!("devices: {{}}\n{}", out.text);
    }
    format!("devices:\n{}", out.text)
}

#[derive(Default)]
struct Snippet {
    text: String,
    /// Devices that are no comments.
    devices: usize,
    names: Vec<String>,
}

impl Snippet {
    fn chip(
        &mut self,
        FoundBus { bus, .. }: &FoundBus,
        FoundChip { address, likely, .. }: &FoundChip,
    ) {
        let place = |likely: &Likely| match likely.says_address {
            true => format!("bus: {bus}, address: {address:#04x}"),
            false => format!("bus: {bus}"),
        };
        let said = match likely.len() {
            0 if (0x70..=0x77).contains(address) => {
                format!(
                    "{address:#04x} on {bus}: a bus switch? write {bus}/{address:#04x}/0 for the bus behind it"
                )
            }
            0 => format!("{address:#04x} on {bus}: no driver here knows a chip of that address"),
            1 => format!("{address:#04x} on {bus}"),
            _ => format!("{address:#04x} on {bus}: keep the one that it is"),
        };
        self.board(&said, likely, &format!("{address:x}"), true, place);
    }

    /// One place and what may be there. `certain`: the first of them stands as it is.
    fn board(
        &mut self,
        said: &str,
        likely: &[Likely],
        suffix: &str,
        certain: bool,
        place: impl Fn(&Likely) -> String,
    ) {
        // Writing to a text never fails.
        let _ = writeln!(self.text, "  # {said}");
        for (rank, it) in likely.iter().enumerate() {
            let stands = certain && rank == 0;
            let lead = if stands { "  " } else { "  # " };
            let name = self.name(&it.driver, suffix);
            let more =
                if it.config.is_empty() { String::new() } else { format!("{}, ", it.config) };
            let Likely { driver, chip, .. } = it;
            let config = place(it);
            let _ = writeln!(self.text, "{lead}{name}: # {chip}");
            let _ = writeln!(self.text, "{lead}  driver: {driver}");
            let _ = writeln!(self.text, "{lead}  config: {{ {more}{config} }}");
            self.devices += usize::from(stands);
        }
    }

    /// A name for a device that no other here has.
    fn name(&mut self, driver: &str, suffix: &str) -> String {
        let wanted =
            if suffix.is_empty() { driver.to_owned() } else { format!("{driver}-{suffix}") };
        let taken = |name: &String| self.names.contains(name);
        let numbered = (2..).map(|number| format!("{wanted}-{number}"));
        let all = std::iter::once(wanted.clone()).chain(numbered);
        let name = all.map(|name| name.chars().take(NAME).collect()).find(|name| !taken(name));
        let name = name.unwrap_or(wanted);
        self.names.push(name.clone());
        name
    }
}

/// A text as YAML reads it, whatever is in it (YAML 1.2, 7.3.1: JSON's strings are YAML's).
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

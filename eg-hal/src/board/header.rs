//! The 40 pins of a Pi's header, and every way to name a line of it.
//!
//! The kernel and most boards say `GPIO17`; books and shops also say `BCM17`, `pin 11` or `J8:11` and mean the same line.
//! One line has one name in claims and messages: `GPIO17`.

use super::LineName;

/// Pins of the header, pin 1 first (Raspberry Pi documentation, "GPIO and the 40-pin header"; the same
/// on every model since the B+).
const PINS: [Pin; 40] = {
    use Pin::{Five, Ground, Line, Three};
    [
        Three,
        Five,
        Line(2),
        Five,
        Line(3),
        Ground,
        Line(4),
        Line(14),
        Ground,
        Line(15),
        Line(17),
        Line(18),
        Line(27),
        Ground,
        Line(22),
        Line(23),
        Three,
        Line(24),
        Line(10),
        Ground,
        Line(9),
        Line(25),
        Line(11),
        Line(8),
        Ground,
        Line(7),
        Line(0),
        Line(1),
        Line(5),
        Ground,
        Line(6),
        Line(12),
        Line(13),
        Ground,
        Line(19),
        Line(16),
        Line(26),
        Line(20),
        Ground,
        Line(21),
    ]
};

/// Line or supply on a pin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pin {
    /// GPIO of this number.
    Line(u8),
    Three,
    Five,
    Ground,
}

/// A pin of the header that is no line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NoLine {
    /// Names that would have worked, after "this board has".
    pub(crate) known: String,
}

impl LineName {
    /// The same for all ways to write it: `GPIO17` for `BCM17`, `gpio17`, `pin 11` and `J8:11`. Names that are none of a
    /// Pi's header, and pins that carry no line, stay as they are.
    #[must_use]
    pub fn short(&self) -> Self {
        self.on_header().unwrap_or_else(|_| self.clone())
    }

    pub(crate) fn on_header(&self) -> Result<Self, NoLine> {
        let name = self.as_str().trim().to_ascii_lowercase();
        let number = |prefix: &str| name.strip_prefix(prefix)?.trim_start().parse::<usize>().ok();
        if let Some(line) = number("gpio").or_else(|| number("bcm")) {
            return Ok(Self::new(format!("GPIO{line}")));
        }
        let Some(pin) = number("pin").or_else(|| number("j8:")) else { return Ok(self.clone()) };
        let carries = match pin.checked_sub(1).and_then(|pin| PINS.get(pin)) {
            Some(Pin::Line(line)) => return Ok(Self::new(format!("GPIO{line}"))),
            Some(Pin::Three) => "3.3 V on that pin",
            Some(Pin::Five) => "5 V on that pin",
            Some(Pin::Ground) => "ground on that pin",
            None => "pins 1 to 40",
        };
        let lines = PINS.iter().zip(1..).filter(|(pin, _)| matches!(pin, Pin::Line(_)));
        let lines: Vec<String> = lines.map(|(_, number): (_, u32)| number.to_string()).collect();
        Err(NoLine { known: format!("{carries}; its lines are on pins {}", lines.join(", ")) })
    }
}

#[cfg(test)]
mod tests {
    use super::{LineName, PINS, Pin};

    fn short(name: &str) -> String {
        LineName::from(name).short().to_string()
    }

    #[test]
    fn a_line_has_one_name_however_it_is_written() {
        for name in
            ["GPIO17", "gpio17", "BCM17", "bcm 17", "pin 11", "Pin11", "PIN 11", "J8:11", "GPIO017"]
        {
            assert_eq!(short(name), "GPIO17", "{name}");
        }
    }

    #[test]
    fn a_name_of_another_chip_is_left_as_it_is() {
        for name in [
            "pinctrl-bcm2711:5",
            "gpiochip0:3",
            "gpio-sim:0",
            "ID_SDA",
            "17",
            "pinball",
            "GPIO",
            "P0",
        ] {
            assert_eq!(short(name), name);
        }
    }

    #[test]
    fn a_pin_without_a_line_tells_what_it_carries() {
        let told = |name: &str| LineName::from(name).on_header().unwrap_err().known;

        assert!(
            told("pin 1").starts_with("3.3 V on that pin; its lines are on pins 3, 5, 7, 8, 10")
        );
        assert!(told("pin 2").starts_with("5 V"));
        assert!(told("J8:39").starts_with("ground"));
        assert!(told("pin 41").starts_with("pins 1 to 40"));
        assert!(told("pin 0").starts_with("pins 1 to 40"));
    }

    #[test]
    fn the_header_has_each_line_once() {
        let mut lines: Vec<u8> = PINS
            .iter()
            .filter_map(|pin| match pin {
                Pin::Line(line) => Some(*line),
                Pin::Three | Pin::Five | Pin::Ground => None,
            })
            .collect();
        lines.sort_unstable();

        assert_eq!(lines, (0..28).collect::<Vec<u8>>());
        assert_eq!(PINS.iter().filter(|pin| **pin == Pin::Ground).count(), 8);
    }
}

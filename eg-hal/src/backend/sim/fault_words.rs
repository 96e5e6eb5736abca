//! Reads a fault from its words.

use super::{Bounce, BusFault, Fault};
use crate::{BusName, LineName, PortName, Span, SpiName, nearest};
use std::str::FromStr;

/// Verbs of faults: the second word.
const VERBS: [&str; 10] = [
    "stuck",
    "bounces",
    "loses",
    "nacks",
    "vanishes",
    "reads",
    "slow",
    "browns-out",
    "unplugged",
    "rolls-over",
];

/// Error of a text that is not a [`Fault`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// The text does not consist of a thing and a verb.
    #[error("{found:?} is no fault; write one like \"{}\"", Fault::WORDS.join("\", \""))]
    NotAFault {
        /// The text.
        found: String,
    },
    /// There is no such verb.
    #[error("no fault called {verb:?}; did you mean {nearest:?}?")]
    NoSuchVerb {
        /// The word that stands there.
        verb: String,
        /// The nearest one.
        nearest: &'static str,
    },
    /// The words after the verb are not those that it takes.
    #[error("{verb} takes {wanted}, not {found:?}")]
    Wanted {
        /// The verb.
        verb: String,
        /// Words that the verb takes.
        wanted: &'static str,
        /// Words that stand there.
        found: String,
    },
    /// The verb is for chips.
    #[error("{verb} is for a chip such as i2c-1/0x20 or spi0.0, not {found:?}")]
    NotAChip {
        /// The verb.
        verb: String,
        /// Text that stands there.
        found: String,
    },
}

/// A chip on one bus or the other.
enum Chip {
    I2c(BusName, u8),
    Spi(SpiName),
}

fn chip(thing: &str) -> Option<Chip> {
    if let Some((bus, address)) = thing.rsplit_once('/')
        && let Some(digits) = address.strip_prefix("0x")
    {
        let address = u8::from_str_radix(digits, 16).ok()?;
        return Some(Chip::I2c(BusName::new(bus), address));
    }
    (thing.starts_with("spi") || thing.starts_with("/dev/spi"))
        .then(|| Chip::Spi(SpiName::new(thing)))
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let words: Vec<_> = text.split_whitespace().collect();
        let (thing, verb, rest) = match words[..] {
            [thing, verb] => (thing, verb, ""),
            [thing, verb, rest] => (thing, verb, rest),
            _ => return Err(FaultError::NotAFault { found: text.to_owned() }),
        };
        let wanted =
            |wanted| FaultError::Wanted { verb: verb.to_owned(), wanted, found: rest.to_owned() };
        let number = || rest.parse::<u32>().map_err(|_| wanted("a number"));
        let bytes = || rest.parse::<usize>().map_err(|_| wanted("a number"));
        let span = || rest.parse::<Span>().map_err(|_| wanted("a length of time like 5ms"));
        let not_a_chip = || FaultError::NotAChip { verb: verb.to_owned(), found: thing.to_owned() };
        let ill = |fault| match chip(thing).ok_or_else(not_a_chip)? {
            Chip::I2c(bus, address) => Ok(Self::Chip(bus, address, fault)),
            Chip::Spi(select) => Ok(Self::SpiChip(select, fault)),
        };
        let (line, port) = (|| LineName::new(thing), || PortName::new(thing));
        if ["vanishes", "browns-out", "unplugged"].contains(&verb) && !rest.is_empty() {
            return Err(wanted("nothing"));
        }
        match verb {
            "stuck" => match rest {
                "high" => Ok(Self::Stuck(line(), true)),
                "low" => Ok(Self::Stuck(line(), false)),
                _ => Err(wanted("high or low")),
            },
            "bounces" => Ok(Self::Bounces(line(), Bounce::within(span()?.get()))),
            "loses" => Ok(Self::Loses(line(), number()?)),
            "nacks" => ill(BusFault::Nacks(number()?)),
            "vanishes" => ill(BusFault::Vanishes),
            "slow" => ill(BusFault::Slow(span()?.get())),
            "reads" if chip(thing).is_none() => Ok(Self::Dribbles(port(), bytes()?)),
            "reads" => ill(BusFault::ShortReads(bytes()?)),
            "browns-out" => match chip(thing).ok_or_else(not_a_chip)? {
                Chip::I2c(bus, address) => Ok(Self::BrownOut(bus, address)),
                Chip::Spi(select) => Ok(Self::SpiBrownOut(select)),
            },
            "unplugged" => Ok(Self::Unplugged(port())),
            "rolls-over" => Ok(Self::RollsOver(port(), bytes()?)),
            _ => Err(match nearest(verb, VERBS) {
                Some(nearest) => FaultError::NoSuchVerb { verb: verb.to_owned(), nearest },
                None => FaultError::NotAFault { found: text.to_owned() },
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Fault;

    #[test]
    fn every_fault_reads_as_it_is_written() {
        for words in Fault::WORDS {
            let fault: Fault = words.parse().unwrap();

            assert_eq!(fault.to_string(), words);
        }
        for words in ["i2c-1/0x70/3/0x20 vanishes", "spi0.0 reads 2", "/dev/ttyUSB0 reads 3"] {
            assert_eq!(words.parse::<Fault>().unwrap().to_string(), words);
        }
    }

    #[test]
    fn a_wrong_word_is_told_with_what_would_work() {
        let refusal = |text: &str| text.parse::<Fault>().unwrap_err().to_string();

        assert_eq!(refusal("GPIO5 stuk low"), r#"no fault called "stuk"; did you mean "stuck"?"#);
        assert_eq!(refusal("GPIO5 stuck on"), r#"stuck takes high or low, not "on""#);
        assert_eq!(
            refusal("GPIO5 bounces 5"),
            r#"bounces takes a length of time like 5ms, not "5""#
        );
        assert_eq!(
            refusal("GPIO5 nacks 3"),
            r#"nacks is for a chip such as i2c-1/0x20 or spi0.0, not "GPIO5""#
        );
        assert!(refusal("fire").starts_with(r#""fire" is no fault; write one like "#));
    }
}

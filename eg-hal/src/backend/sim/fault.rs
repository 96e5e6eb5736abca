//! Faults by their words: one language for scenarios, slots' files and the slot page.

use super::{Bounce, BusFault};
use crate::{BusName, LineName, PortName, SpiName};
use std::fmt;
use std::time::Duration;

/// Something that goes wrong on a bench. It is written as a sentence, see [`Fault::WORDS`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A line stays at this level whatever drives it.
    Stuck(LineName, bool),
    /// The contacts of a line bounce.
    Bounces(LineName, Bounce),
    /// The next edges of a line are not heard: an interrupt gets lost.
    Loses(LineName, u32),
    /// A chip on I2C fails.
    Chip(BusName, u8, BusFault),
    /// A chip on SPI fails.
    SpiChip(SpiName, BusFault),
    /// A chip on I2C loses its power for a moment: its registers are as after power-on.
    BrownOut(BusName, u8),
    /// A chip on SPI loses its power for a moment: its registers are as after power-on.
    SpiBrownOut(SpiName),
    /// A serial port or keyboard is unplugged.
    Unplugged(PortName),
    /// A serial port gives at most this many bytes a read.
    Dribbles(PortName, usize),
    /// A keyboard reports at most this many keys at once: with one more down, nothing changes.
    RollsOver(PortName, usize),
}

impl Fault {
    /// An example of each fault as it is written.
    pub const WORDS: [&str; 10] = [
        "GPIO5 stuck high",
        "GPIO5 bounces 5ms",
        "GPIO5 loses 3",
        "i2c-1/0x20 nacks 3",
        "i2c-1/0x20 vanishes",
        "i2c-1/0x20 reads 2",
        "i2c-1/0x20 slow 1ms",
        "i2c-1/0x20 browns-out",
        "/dev/ttyUSB0 unplugged",
        "/dev/input/event0 rolls-over 6",
    ];
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stuck(line, high) => {
                write!(f, "{line} stuck {}", if *high { "high" } else { "low" })
            }
            Self::Bounces(line, bounce) => write!(f, "{line} bounces {}", span(bounce.span)),
            Self::Loses(line, edges) => write!(f, "{line} loses {edges}"),
            Self::Chip(bus, address, fault) => write!(f, "{bus}/{address:#04x} {}", words(*fault)),
            Self::SpiChip(select, fault) => write!(f, "{select} {}", words(*fault)),
            Self::BrownOut(bus, address) => write!(f, "{bus}/{address:#04x} browns-out"),
            Self::SpiBrownOut(select) => write!(f, "{select} browns-out"),
            Self::Unplugged(port) => write!(f, "{port} unplugged"),
            Self::Dribbles(port, bytes) => write!(f, "{port} reads {bytes}"),
            Self::RollsOver(keyboard, keys) => write!(f, "{keyboard} rolls-over {keys}"),
        }
    }
}

fn words(fault: BusFault) -> String {
    match fault {
        BusFault::Nacks(times) => format!("nacks {times}"),
        BusFault::Vanishes => "vanishes".to_owned(),
        BusFault::ShortReads(bytes) => format!("reads {bytes}"),
        BusFault::Slow(per_byte) => format!("slow {}", span(per_byte)),
    }
}

fn span(length: Duration) -> crate::Span {
    crate::Span::from(length)
}

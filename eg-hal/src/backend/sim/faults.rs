//! Faults that last on a bench, and those that could befall a device.

use super::{Bench, Bounce, BusFault, Fault};
use crate::{PortName, Resource};
use std::time::Duration;

impl Fault {
    /// `true` if the fault goes on until it is lifted. Others are over by themselves: at once, or after a number of
    /// times.
    pub fn lasts(&self) -> bool {
        match self {
            Self::Loses(..) | Self::BrownOut(..) | Self::SpiBrownOut(_) => false,
            Self::Chip(_, _, fault) | Self::SpiChip(_, fault) => match fault {
                BusFault::Nacks(_) => false,
                BusFault::Vanishes | BusFault::ShortReads(_) | BusFault::Slow(_) => true,
            },
            Self::Stuck(..)
            | Self::Bounces(..)
            | Self::Unplugged(_)
            | Self::Dribbles(..)
            | Self::RollsOver(..) => true,
        }
    }

    /// `true` if the same thing fails in the same way, if to another degree: the later of both counts.
    pub fn is_like(&self, other: &Self) -> bool {
        let words = |fault: &Self| {
            let words = fault.to_string();
            words.split(' ').take(2).map(str::to_owned).collect::<Vec<_>>()
        };
        words(self) == words(other)
    }
}

impl Bench {
    /// The faults that last, oldest first.
    pub fn faults(&self) -> Vec<Fault> {
        self.parts().faults.clone()
    }

    /// Faults that can befall a line, chip or port that a device holds, to a sensible degree: the choice of a page or a
    /// drill. A line that an output drives does not bounce, and nobody waits for its edges.
    pub fn possible_faults(&self, what: &Resource) -> Vec<Fault> {
        match what {
            Resource::Line(line) => {
                let stuck = [Fault::Stuck(line.clone(), false), Fault::Stuck(line.clone(), true)];
                let driven = self.wire(line).is_output();
                let heard = [
                    Fault::Bounces(line.clone(), Bounce::within(Duration::from_millis(5))),
                    Fault::Loses(line.clone(), 3),
                ];
                stuck.into_iter().chain(heard.into_iter().filter(|_| !driven)).collect()
            }
            Resource::Address(bus, address) => {
                let ill = |fault| Fault::Chip(bus.clone(), *address, fault);
                let mut all = vec![ill(BusFault::Nacks(3))];
                all.extend(chip_faults().map(ill));
                all.push(Fault::BrownOut(bus.clone(), *address));
                all
            }
            Resource::Spi(select) => {
                let faults = chip_faults().map(|fault| Fault::SpiChip(select.clone(), fault));
                faults.into_iter().chain([Fault::SpiBrownOut(select.clone())]).collect()
            }
            Resource::Port(port) => {
                let unplugged = Fault::Unplugged(port.clone());
                vec![unplugged, self.slow_port(port)]
            }
        }
    }

    fn slow_port(&self, port: &PortName) -> Fault {
        if self.parts().keyboards.contains_key(port) {
            Fault::RollsOver(port.clone(), 2)
        } else {
            Fault::Dribbles(port.clone(), 1)
        }
    }

    /// Takes note that a fault began, or ended.
    pub(super) fn note(&self, fault: &Fault, begins: bool) {
        let faults = &mut self.parts().faults;
        faults.retain(|known| !fault.is_like(known));
        if begins && fault.lasts() {
            faults.push(fault.clone());
        }
    }
}

fn chip_faults() -> [BusFault; 3] {
    [BusFault::Vanishes, BusFault::ShortReads(1), BusFault::Slow(Duration::from_millis(20))]
}

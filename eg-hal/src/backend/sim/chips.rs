//! The chips on a bench's buses: where they sit, what is wrong with them, and which of them a master reaches.

use super::switch::SwitchChip;
use super::{I2cChip, SharedChip, SpiChip};
use crate::{BusName, SpiName};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(super) type Shared<C> = Arc<Mutex<Box<C>>>;

/// Failure of a chip on a virtual bus. Several at once are possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BusFault {
    /// The next I2C transactions, this many, are not acknowledged. An SPI chip cannot: nothing happens.
    Nacks(u32),
    /// The chip is gone from the bus: no acknowledge on I2C, ones on SPI.
    Vanishes,
    /// Each read gets this many bytes; then the chip lets go of the wire, and ones are read.
    ShortReads(usize),
    /// The chip stretches the clock: each byte takes this much longer.
    Slow(Duration),
}

/// Faults of one chip.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Faults {
    pub(super) nacks: u32,
    pub(super) vanished: bool,
    pub(super) short: Option<usize>,
    pub(super) per_byte: Duration,
}

impl Faults {
    pub(super) fn add(&mut self, fault: BusFault) {
        match fault {
            BusFault::Nacks(times) => self.nacks = times,
            BusFault::Vanishes => self.vanished = true,
            BusFault::ShortReads(bytes) => self.short = Some(bytes),
            BusFault::Slow(per_byte) => self.per_byte = per_byte,
        }
    }

    pub(super) fn end(&mut self, fault: BusFault) {
        match fault {
            BusFault::Nacks(_) => self.nacks = 0,
            BusFault::Vanishes => self.vanished = false,
            BusFault::ShortReads(_) => self.short = None,
            BusFault::Slow(_) => self.per_byte = Duration::ZERO,
        }
    }
}

/// A chip at its place.
struct Seat<C: ?Sized> {
    chip: Shared<C>,
    faults: Faults,
    /// The chip itself, when it is a bus switch.
    switch: Option<SharedChip<SwitchChip>>,
}

impl<C: ?Sized> Seat<C> {
    fn of(chip: Box<C>) -> Self {
        Self { chip: Arc::new(Mutex::new(chip)), faults: Faults::default(), switch: None }
    }
}

/// All chips of a bench.
#[derive(Default)]
pub(super) struct Chips {
    i2c: BTreeMap<(BusName, u8), Seat<dyn I2cChip>>,
    spi: BTreeMap<SpiName, Seat<dyn SpiChip>>,
}

impl Chips {
    /// Puts a chip there, with the switches that lead to it.
    pub(super) fn attach_i2c(&mut self, bus: &BusName, address: u8, chip: Box<dyn I2cChip>) {
        let mut behind = bus.clone();
        while let Ok(Some(hop)) = behind.hop() {
            let at = (hop.bus.clone(), hop.address);
            self.i2c.entry(at).or_insert_with(|| {
                let switch = SharedChip::new(SwitchChip::default());
                let seat = Seat::<dyn I2cChip>::of(Box::new(switch.clone()));
                Seat { switch: Some(switch), ..seat }
            });
            behind = hop.bus;
        }
        self.i2c.insert((bus.short(), address), Seat::of(chip));
    }

    pub(super) fn detach_i2c(&mut self, bus: &BusName, address: u8) {
        self.i2c.remove(&(bus.short(), address));
    }

    pub(super) fn attach_spi(&mut self, select: &SpiName, chip: Box<dyn SpiChip>) {
        self.spi.insert(select.short(), Seat::of(chip));
    }

    pub(super) fn detach_spi(&mut self, select: &SpiName) {
        self.spi.remove(&select.short());
    }

    /// The places of all I2C chips, as `i2c-1/0x20`.
    pub(super) fn i2c_places(&self) -> Vec<String> {
        self.i2c.keys().map(|(bus, address)| format!("{bus}/{address:#04x}")).collect()
    }

    /// The chip selects with a chip.
    pub(super) fn spi_places(&self) -> Vec<String> {
        self.spi.keys().map(ToString::to_string).collect()
    }

    /// Faults of a chip, to change them; `None` when there is no chip.
    pub(super) fn i2c_faults(&mut self, bus: &BusName, address: u8) -> Option<&mut Faults> {
        self.i2c.get_mut(&(bus.short(), address)).map(|seat| &mut seat.faults)
    }

    /// As [`i2c_faults`](Self::i2c_faults).
    pub(super) fn spi_faults(&mut self, select: &SpiName) -> Option<&mut Faults> {
        self.spi.get_mut(&select.short()).map(|seat| &mut seat.faults)
    }

    /// The chip there, whatever is wrong with it and with the way to it.
    pub(super) fn i2c_chip(&self, bus: &BusName, address: u8) -> Option<Shared<dyn I2cChip>> {
        self.i2c.get(&(bus.short(), address)).map(|seat| Arc::clone(&seat.chip))
    }

    pub(super) fn spi_chip(&self, select: &SpiName) -> Option<(Shared<dyn SpiChip>, Faults)> {
        let seat = self.spi.get(&select.short())?;
        Some((Arc::clone(&seat.chip), seat.faults))
    }

    /// Chips that acknowledge this address on this bus now: those on the bus itself, and those behind open channels of
    /// its switches. One transaction is counted on each.
    pub(super) fn reach(
        &mut self,
        bus: &BusName,
        address: u8,
    ) -> Vec<(Shared<dyn I2cChip>, Faults)> {
        let mut reached = Vec::new();
        let mut open = vec![bus.short()];
        while let Some(bus) = open.pop() {
            for ((at, own), seat) in &mut self.i2c {
                if *at != bus || seat.faults.vanished {
                    continue;
                }
                if let Some(switch) = &seat.switch {
                    let channels = switch.lock().open();
                    open.extend(channels.map(|channel| bus.behind(*own, channel)));
                }
                if *own == address {
                    if seat.faults.nacks > 0 {
                        seat.faults.nacks = seat.faults.nacks.saturating_sub(1);
                    } else {
                        reached.push((Arc::clone(&seat.chip), seat.faults));
                    }
                }
            }
        }
        reached
    }
}

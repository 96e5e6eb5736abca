//! The bench: everything simulated that a slot's devices share.

use super::chips::{Chips, Faults, Shared};
use super::time::Time;
use super::{Fault, I2cChip, Keyboard, Pipe, SpiChip, Wire};
use crate::backend::listing::listing;
use crate::{BoardError, BusName, Claims, LineName, Moment, PortName, SpiName};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A simulated board with its clock. Clones are the same bench.
///
/// It has the lines it was made with: GPIO0 to GPIO27 of a Pi's header, or others. Ports, keyboards and buses come into
/// being when first named. What happens on a bench is stamped [`Source::Synthetic`](crate::Source::Synthetic), live and
/// under virtual time alike: no kernel saw it, so none is claimed. Only what is read back after a keyboard's queue
/// overflowed is a `Poll`, as on real hardware.
///
/// Time passes while a driver works, as on real hardware: a transfer takes as long as its bits, and a
/// [`Delay`](crate::Delay) as long as it says. Under virtual time both move the clock, so a chip that is busy meanwhile is late for a
/// driver that does not wait; on a live bench both put the device's own thread to sleep.
#[derive(Clone, Debug)]
pub struct Bench {
    time: Time,
    claims: Claims,
    parts: Arc<Mutex<Parts>>,
}

#[derive(Default)]
pub(super) struct Parts {
    lines: Vec<Wire>,
    pub(super) pipes: BTreeMap<PortName, Pipe>,
    pub(super) keyboards: BTreeMap<PortName, Keyboard>,
    pub(super) chips: Chips,
    /// The faults that last, oldest first.
    pub(super) faults: Vec<Fault>,
}

impl std::fmt::Debug for Parts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parts").field("lines", &self.lines).finish_non_exhaustive()
    }
}

impl Bench {
    /// A Pi's header under the real clock.
    pub fn live() -> Self {
        Self::new(Time::live())
    }

    /// A Pi's header under a clock that stands at one second. It moves by [`advance`](Self::advance), and by what drivers do
    /// on the bench: transfers and pauses take time.
    pub fn virtual_time() -> Self {
        Self::new(Time::frozen())
    }

    fn new(time: Time) -> Self {
        let bench = Self { time, claims: Claims::default(), parts: Arc::default() };
        let header: Vec<String> = (0..28).map(|offset| format!("GPIO{offset}")).collect();
        bench.with_lines(header.iter().map(String::as_str))
    }

    /// The same bench with these lines instead; to be said before anything is wired to it.
    #[must_use]
    pub fn with_lines<'n>(self, names: impl IntoIterator<Item = &'n str>) -> Self {
        self.parts().lines =
            names.into_iter().map(|name| Wire::new(name, self.time.clone())).collect();
        self
    }

    /// Reads the bench's clock.
    pub fn now(&self) -> Moment {
        self.time.now()
    }

    /// Moves the virtual clock.
    ///
    /// # Panics
    /// On a live bench.
    pub fn advance(&self, span: Duration) {
        self.time.advance(span);
    }

    /// A line's wire. A name that the bench does not have gives a loose end that leads nowhere: opening the device will
    /// refuse the name.
    pub fn wire(&self, line: &LineName) -> Wire {
        self.find(line).unwrap_or_else(|| Wire::new(line.as_str(), self.time.clone()))
    }

    /// The far end of a serial port.
    pub fn pipe(&self, port: &PortName) -> Pipe {
        let mut parts = self.parts();
        parts.pipes.entry(port.clone()).or_insert_with(|| Pipe::new(port.as_str())).clone()
    }

    /// A keyboard's keys.
    pub fn keyboard(&self, keyboard: &PortName) -> Keyboard {
        let mut parts = self.parts();
        let make = || Keyboard::new(keyboard.as_str(), self.time.clone());
        parts.keyboards.entry(keyboard.clone()).or_insert_with(make).clone()
    }

    /// Puts a chip at a seven-bit address of an I2C bus, in place of one that is there. On a bus behind a switch
    /// (`i2c-1/0x70/3`) the switch is put there too.
    pub fn attach_i2c(&self, bus: &BusName, address: u8, chip: impl I2cChip + 'static) {
        self.parts().chips.attach_i2c(bus, address, Box::new(chip));
    }

    /// Takes the chip away: its address is not acknowledged any more.
    pub fn detach_i2c(&self, bus: &BusName, address: u8) {
        self.parts().chips.detach_i2c(bus, address);
    }

    /// Puts a chip behind a chip select of an SPI bus, in place of one that is there.
    pub fn attach_spi(&self, select: &SpiName, chip: impl SpiChip + 'static) {
        self.parts().chips.attach_spi(select, Box::new(chip));
    }

    /// Takes the chip away: reads give ones.
    pub fn detach_spi(&self, select: &SpiName) {
        self.parts().chips.detach_spi(select);
    }

    /// Has something done on the bench when this much of its time has passed.
    pub fn after(&self, span: Duration, action: impl FnOnce() + Send + 'static) {
        self.time.after(span, action);
    }

    /// Lets time pass: moves the virtual clock, or waits on a live bench.
    pub fn pass(&self, span: Duration) {
        self.time.pass(span);
    }

    pub(super) fn time(&self) -> Time {
        self.time.clone()
    }

    pub(super) fn reach(&self, bus: &BusName, address: u8) -> Vec<(Shared<dyn I2cChip>, Faults)> {
        self.parts().chips.reach(bus, address)
    }

    pub(super) fn spi_chip(&self, select: &SpiName) -> Option<(Shared<dyn SpiChip>, Faults)> {
        self.parts().chips.spi_chip(select)
    }

    pub(super) fn claims(&self) -> &Claims {
        &self.claims
    }

    /// Finds a line by any of its names, or by chip and offset: `pin 29` and `pinctrl-bcm2711:5` are the header's GPIO5
    /// here too.
    pub(super) fn find(&self, line: &LineName) -> Option<Wire> {
        let line = line.short();
        let parts = self.parts();
        let named = |name: &str| parts.lines.iter().find(|wire| wire.name() == name).cloned();
        named(line.as_str()).or_else(|| {
            let (chip, offset) = line.as_str().split_once(':')?;
            let offset: u32 = offset.parse().ok()?;
            chip.starts_with("pinctrl-").then(|| named(&format!("GPIO{offset}")))?
        })
    }

    pub(super) fn line(&self, line: &LineName) -> Result<Wire, BoardError> {
        self.find(line).ok_or_else(|| BoardError::Unknown {
            kind: "line",
            name: line.to_string(),
            known: listing(self.parts().lines.iter().map(Wire::name)),
        })
    }

    pub(super) fn parts(&self) -> MutexGuard<'_, Parts> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

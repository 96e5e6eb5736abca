//! Who holds what. Hardware is claimed, not merely opened.

use super::{BoardError, BusName, LineName, PortName, SpiName};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Something that only one device may hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resource {
    /// A GPIO line.
    Line(LineName),
    /// One seven-bit address on an I2C bus.
    Address(BusName, u8),
    /// A chip select of an SPI bus.
    Spi(SpiName),
    /// A serial port or a keyboard.
    Port(PortName),
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line}"),
            Self::Address(bus, address) => write!(f, "address {address:#04x} on {bus}"),
            Self::Spi(slot) => write!(f, "chip select {slot}"),
            Self::Port(port) => write!(f, "port {port}"),
        }
    }
}

/// Who holds what, for all devices that share a board.
#[derive(Clone, Debug, Default)]
pub struct Claims(Arc<Mutex<BTreeMap<Resource, String>>>);

/// Something held. Dropping it gives it back.
#[derive(Debug)]
pub struct Claim {
    claims: Claims,
    what: Resource,
}

impl Claims {
    /// Claims `what` for `holder`.
    ///
    /// # Errors
    /// [`BoardError::Taken`], naming the holder.
    pub fn claim(&self, what: Resource, holder: &str) -> Result<Claim, BoardError> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(holder) = held.get(&what) {
            return Err(BoardError::Taken { what, holder: holder.clone() });
        }
        held.insert(what.clone(), holder.to_owned());
        Ok(Claim { claims: self.clone(), what })
    }

    /// Everything that is held now, with its holder.
    pub fn held(&self) -> Vec<(Resource, String)> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.iter().map(|(what, holder)| (what.clone(), holder.clone())).collect()
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.claims.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.what);
    }
}
